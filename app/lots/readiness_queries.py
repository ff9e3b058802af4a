"""Gathers whether a lot is ready for its labels and for leaving: state, wait, balance, completeness."""

from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.catalogue.queries import rule_on, value_of
from app.errors import Refused
from app.lots.claims import INPUTS, WAITING_TIME
from app.lots.completeness import Completeness, Wanted, completeness_of
from app.lots.evidence import findings_of
from app.lots.findings import Findings
from app.lots.leaving import Readiness, obstacles_to_labels
from app.lots.origin_queries import deciding_lot
from app.lots.presence_queries import beside
from app.lots.queries import LotLine
from app.models.catalogue import RowSource
from app.models.lots import HarvestLot, LotPicture
from app.models.pictures import Picture

ITEMS_RULE = "traceability.data_items"
PUBLIC_RULE = "traceability.public_items"
IF_ANY_RULE = "traceability.items_if_any"
# These say what was kept to, and name no standard.
OF_THE_DIARY = frozenset({WAITING_TIME, INPUTS})


def readiness_of(
    session: Session, line: LotLine, *, today: date, findings: Findings | None = None
) -> Readiness:
    """What decides whether a lot may leave and be labelled; `findings` where they are at hand."""
    known = findings or findings_of(session, line.lot, today=today)
    return Readiness(
        state=deciding_lot(session, line.lot).state,
        sellable_from=known.sellable_from,
        season=known.evidence.season,
        completeness=completeness_of_lot(session, line, known, today=today),
    )


def require_ready_for_labels(session: Session, line: LotLine, *, today: date) -> None:
    """Refuse labels for a lot that is stopped, still waits, is over its cap, or lacks public items."""
    obstacles = obstacles_to_labels(readiness_of(session, line, today=today), today)
    if obstacles:
        raise Refused(obstacles[0])


def completeness_of_lot(
    session: Session, line: LotLine, findings: Findings, *, today: date
) -> Completeness:
    """The score of a lot by the items that the rules of today name."""
    return completeness_of(_there(session, line, findings), _wanted(session, today))


_PICTURES: Any = (
    select(Picture)
    .join(LotPicture, col(LotPicture.picture_id) == col(Picture.id))
    .where(col(LotPicture.lot_id) == bindparam("lot"))
    .order_by(col(LotPicture.rank), col(Picture.id))
)


def pictures_of(session: Session, lot: HarvestLot) -> list[Picture]:
    """The photographs of a lot, the one its page shows first."""
    if not beside(session, lot).pictures:
        return []
    return list(session.execute(_PICTURES, {"lot": lot.pk}).scalars())


def _wanted(session: Session, today: date) -> Wanted:
    items, public, if_any = (
        rule_on(session, key, today) for key in (ITEMS_RULE, PUBLIC_RULE, IF_ANY_RULE)
    )
    return Wanted(
        items=value_of(items) if items else (),
        public=value_of(public) if public else (),
        if_any=value_of(if_any) if if_any else (),
        law=items.legal_ref if items else "",
    )


def _there(session: Session, line: LotLine, findings: Findings) -> set[str]:
    lot, organisation = line.lot, line.organisation
    evidence = findings.evidence
    written = evidence.diary is not None and evidence.diary.entries > 0
    standards = [claim for claim in findings.claims if claim.granted]
    known = {
        "name": bool(line.crop.name_vi),
        # The drawing of a shipped crop stands in for a photograph; a new crop has none of its own.
        "image": line.crop.source is RowSource.SHIPPED or bool(pictures_of(session, lot)),
        "producer": bool(organisation.name),
        "producer_address": bool(organisation.address or organisation.commune_id),
        # A lot made of others has the areas of its sources.
        "origin": True,
        "events": lot.packed_on is not None or written,
        "lot": bool(lot.code),
        "expiry": lot.best_before is not None,
        "standards": any(claim.kind not in OF_THE_DIARY for claim in standards),
    }
    return {slug for slug, there in known.items() if there}
