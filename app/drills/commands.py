"""A drill from its beginning to its report. No lot is stopped, and the log learns of it when it is over.

Whatever enters the ledger grows the public log by an entry: a drill that runs must not be seen there.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from time import perf_counter
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.db import insert_rows
from app.drills.queries import consignees_of, mass_of_drill
from app.drills.report_pdf import drill_report_pdf
from app.drills.rules import LONGEST_LESSONS
from app.errors import Conflict, refuse
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.drills import Drill, DrillConsignee, DrillLot, DrillReport, DrillState
from app.models.movements import Holding, HoldingState
from app.models.registry import Organisation
from app.notices.commands import tell
from app.recalls.consignee_queries import receivers_of
from app.recalls.scope_queries import batches, reached_from
from app.tracing.start_queries import Asked, starts_of

_GONE = (HoldingState.MISSING, HoldingState.UNACCOUNTED)
_MILLISECONDS = 1_000


def start_drill(
    session: Session, asked: Asked, *, caller: Caller, reach: Reach, now: datetime
) -> Drill:
    """Find everything a recall would reach, and note how long that took."""
    began = perf_counter()
    begun = starts_of(session, asked, reach=reach)
    if begun.more:
        raise refuse("q", say("This stands for too many lots: choose days as well."))
    lots = reached_from(session, begun.lots)
    if not lots:
        raise refuse("q", say("All of these lots were withdrawn."))
    total, missing = _grams_of(session, lots)
    drill = Drill(
        organisation_id=caller.organisation_id,
        asked_for=_asked_for(asked),
        started_at=now,
        traced_ms=round((perf_counter() - began) * _MILLISECONDS),
        total_g=total,
        missing_g=missing,
    )
    session.add(drill)
    session.flush()  # its id, for its lots
    roots = set(begun.lots)
    rows = [{"drill_id": drill.pk, "lot_id": lot, "root": lot in roots} for lot in lots]
    insert_rows(session, DrillLot, rows)
    return drill


def ask_for_drill(session: Session, drill: Drill, *, now: datetime) -> Drill:
    """Ask everybody who has goods, as a recall would; every word says that it is a drill."""
    if drill.state is not DrillState.BEGUN:
        raise Conflict(say("They were asked already."))
    drill.state, drill.asked_at = DrillState.ASKING, now
    session.flush()  # of two that ask at once, one must fail before anybody is told
    lots = list(session.execute(_lots_of(drill)).scalars())
    found = receivers_of(session, lots, home=drill.organisation_id)
    asked = [
        DrillConsignee(
            drill_id=drill.pk,
            seller_id=receiver.seller_id,
            to_organisation_id=receiver.organisation_id,
            party_id=receiver.party_id,
            expected_g=grams,
        )
        for receiver, grams in found.items()
    ]
    session.add_all(asked)
    session.flush()
    _tell(session, drill, asked, now)
    return drill


def end_drill(session: Session, drill: Drill, lessons: str, *, by: Actor, now: datetime) -> Drill:
    """End it: the report is kept as it is now, and the ledger is told what came of it."""
    if drill.state is not DrillState.ASKING:
        raise Conflict(say("A drill ends after those who have goods were asked, and once."))
    words = clean(lessons, longest=LONGEST_LESSONS, multiline=True)
    if not words:
        raise refuse("lessons", say("Write down what was learnt: the report is about that."))
    drill.state, drill.ended_at, drill.lessons = DrillState.ENDED, now, words
    session.flush()
    content = drill_report_pdf(session, drill, now=now)
    digest = sha256(content).hexdigest()
    session.add(DrillReport(drill_id=drill.pk, content=content, sha256=digest))
    session.flush()
    home = session.get_one(Organisation, drill.organisation_id)
    record(
        session,
        kind="drill.reported",
        subject=str(drill.uid),
        by=by,
        now=now,
        organisation=home.uid,
        facts=_told(session, drill, digest),
    )
    return drill


def _told(session: Session, drill: Drill, digest: str) -> dict[str, object]:
    mass = mass_of_drill(session, drill)
    asked = [one.consignee for one in consignees_of(session, drill, within=Reach.all())]
    return {
        "asked_for": drill.asked_for,
        "started_at": drill.started_at,
        "traced_ms": drill.traced_ms,
        "asked_at": drill.asked_at,
        "total_g": mass.total.value,
        "accounted_g": mass.accounted.value,
        "missing_g": mass.missing.value,
        "asked": [
            {
                "consignee": one.uid,
                "expected_g": one.expected_g,
                "remaining_g": one.remaining_g,
                "passed_on_g": one.passed_on_g,
                "answered_at": one.answered_at,
            }
            for one in asked
        ],
        "lessons": drill.lessons,
        "report_sha256": digest,
    }


def _asked_for(asked: Asked) -> str:
    days = [f"{day:%d/%m/%Y}" for day in (asked.since, asked.until) if day]
    return clean(" ".join([asked.text.strip()[:250], " – ".join(days)]), longest=300)


def _lots_of(drill: Drill) -> Any:
    return select(col(DrillLot.lot_id)).where(col(DrillLot.drill_id) == drill.pk)


def _grams_of(session: Session, lots: Sequence[int]) -> tuple[int, int]:
    total = missing = 0
    for some in batches(lots):
        wanted = (
            select(col(Holding.state), func.sum(col(Holding.quantity_g)))
            .where(col(Holding.lot_id).in_(some))
            .group_by(col(Holding.state))
        )
        for state, grams in session.execute(wanted):
            total += int(grams)
            missing += int(grams) if state in _GONE else 0
    return total, missing


def _tell(session: Session, drill: Drill, asked: Sequence[DrillConsignee], now: datetime) -> None:
    starter = session.get_one(Organisation, drill.organisation_id).name
    sentence = say(
        "DRILL, no recall: {who} practises a recall. Say how many kilograms of these goods you have.",
        who=starter,
    )
    links = say(
        "DRILL, no recall: {who} practises a recall. Send your buyers its links, marked as a drill.",
        who=starter,
    )
    inside = dict.fromkeys(one.to_organisation_id for one in asked if one.to_organisation_id)
    sellers = dict.fromkeys(one.seller_id for one in asked if one.party_id)
    for keys, kind, words in ((inside, "drill.asked", sentence), (sellers, "drill.links", links)):
        for key in keys:
            tell(
                session,
                organisation=session.get_one(Organisation, key),
                kind=kind,
                about=f"{kind} {drill.uid}",
                sentence=words,
                address=f"/work/drills/{drill.uid}",
                now=now,
            )
