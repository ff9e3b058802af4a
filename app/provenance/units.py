"""Where the number of a carton or pallet (SSCC, AI 00) leads: to the lot that is packed in it."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.clock import day_of
from app.kit.gs1_links import DigitalLink
from app.kit.messages import say
from app.labels.run_product import names_of, product_of_run
from app.labels.sscc_queries import LogisticUnit, unit_of
from app.lots.queries import line_of
from app.models.lots import LotState
from app.models.print_runs import RunState
from app.provenance.link_levels import LotFacts, unit_level
from app.provenance.links import Levels
from app.provenance.queries import story_of
from app.provenance.resolved import Resolved, Unknown, WrongWay
from app.provenance.subjects import next_flip, next_step, subjects_of
from app.registry.finding_queries import is_named

UNIT = "00"


def resolve_unit(session: Session, link: DigitalLink, root: str, now: datetime) -> Resolved:
    """The one level of an SSCC that was printed here. Raises Unknown for any other."""
    unit = _printed(session, link.value)
    line = line_of(session, unit.lot)
    subjects = subjects_of(session, line)
    if unit.lot.state is LotState.WITHDRAWN:
        return Resolved(Levels(()), subjects, None, gone=True)
    story = story_of(session, unit.lot.code, address=f"{root}/t/{unit.lot.code}", now=now)
    facts = LotFacts(
        code=unit.lot.code,
        names=names_of(line, product_of_run(session, unit.run)),
        producer=line.organisation.name if is_named(line.organisation) else "",
        certificates=tuple(
            dict.fromkeys(one.number for one in story.claims if one.granted_now and one.number)
        ),
        recalled=story.state is LotState.RECALLED,
    )
    levels = Levels((unit_level(link.path(qualifiers=0), unit.sscc, facts, root),))
    flip = next_flip(story, next_step(session, line, day_of(now)))
    return Resolved(levels, subjects, flip, gone=False)


def _printed(session: Session, sscc: str) -> LogisticUnit:
    try:
        unit = unit_of(session, sscc, within=Reach.all())
    except NotFound as unknown:
        raise Unknown(WrongWay.UNIT, unknown.why) from None
    if unit.run.state is not RunState.READY:
        # Given out with a run of which nothing reached paper.
        raise Unknown(WrongWay.UNIT, say("No carton or pallet was given this SSCC here."))
    return unit
