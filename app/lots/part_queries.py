"""The parts of a lot: what each planting, plot and member brought, and who belonged when."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.db import once_a_reading
from app.diary.rules import is_standing
from app.errors import Conflict, NotFound, refuse
from app.kit.messages import say
from app.lots.presence_queries import beside
from app.models.diary import DiaryEntry, Planting, Work
from app.models.lots import HarvestLot, LotSource
from app.models.registry import Grower, GrowerMembership, Plot
from app.registry.grower_list_queries import batches


@dataclass(frozen=True)
class PartLine:
    """A part of a lot with the rows behind it."""

    source: LotSource
    planting: Planting | None
    plot: Plot | None
    grower: Grower | None


_SOURCES: Any = (
    select(LotSource).where(col(LotSource.lot_id) == bindparam("lot")).order_by(col(LotSource.id))
)


@once_a_reading
def sources_of(session: Session, lot: HarvestLot) -> list[LotSource]:
    """The parts of a lot, as they were recorded; none: it came from its area as a whole."""
    if not beside(session, lot).parts:
        return []
    return list(session.execute(_SOURCES, {"lot": lot.pk}).scalars())


def parts_of(session: Session, lot: HarvestLot) -> list[PartLine]:
    """The same with their names, in one statement."""
    wanted = (
        select(LotSource, Planting, Plot, Grower)
        .outerjoin(Planting, col(Planting.id) == col(LotSource.planting_id))
        .outerjoin(Plot, col(Plot.id) == col(LotSource.plot_id))
        .outerjoin(Grower, col(Grower.id) == col(LotSource.grower_id))
        .where(col(LotSource.lot_id) == lot.pk)
        .order_by(col(LotSource.id))
    )
    return [PartLine(*row) for row in session.execute(wanted)]


_MEMBERS: Any = select(col(GrowerMembership.grower_id)).where(
    col(GrowerMembership.grower_id).in_(bindparam("growers", expanding=True)),
    col(GrowerMembership.organisation_id) == bindparam("organisation"),
    col(GrowerMembership.valid_from) <= bindparam("day"),
    or_(
        col(GrowerMembership.valid_to).is_(None),
        col(GrowerMembership.valid_to) >= bindparam("day"),
    ),
)


def members_on(
    session: Session, grower_ids: Collection[int], organisation_id: int, day: date
) -> set[int]:
    """Those of these growers who belonged to an organisation on a day (both ends inclusive)."""
    asked = {"growers": list(grower_ids), "organisation": organisation_id, "day": day}
    return set(session.execute(_MEMBERS, asked).scalars()) if grower_ids else set()


def find_lot_of_entry(session: Session, entry_id: int) -> HarvestLot | None:
    """The lot that was made from a diary entry, by the first of its versions."""
    wanted = (
        select(HarvestLot)
        .join(LotSource, col(LotSource.lot_id) == col(HarvestLot.id))
        .where(col(LotSource.entry_id) == entry_id)
    )
    return session.execute(wanted).scalars().first()


def require_in_no_lot(session: Session, entries: Sequence[UUID]) -> None:
    """Raise Conflict, naming one, when a lot was made from some of these diary entries."""
    for some in batches(entries):
        wanted = (
            select(col(HarvestLot.code))
            .join(LotSource, col(LotSource.lot_id) == col(HarvestLot.id))
            .join(DiaryEntry, col(DiaryEntry.id) == col(LotSource.entry_id))
            .where(col(DiaryEntry.uid).in_(some))
        )
        code = session.execute(wanted.limit(1)).scalars().first()
        if code is not None:
            raise Conflict(say("It cannot be undone: lot {code} was made from it.", code=code))


def first_version_of(session: Session, entry: DiaryEntry) -> DiaryEntry:
    """The entry as it was first written, behind all its corrections."""
    first = entry
    while first.corrects_id is not None:
        first = session.get_one(DiaryEntry, first.corrects_id)
    return first


def growers_of(lot: HarvestLot, sources: Sequence[LotSource]) -> set[int]:
    """Everybody whose harvest is in a lot, as far as it is named."""
    named = {source.grower_id for source in sources} | {lot.grower_id}
    return {grower_id for grower_id in named if grower_id is not None}


def harvest_entry(session: Session, uid: UUID, *, within: Reach) -> DiaryEntry:
    """A harvest that stands in the diary; NotFound outside the reach, refused when corrected."""
    wanted = select(DiaryEntry).where(
        col(DiaryEntry.uid) == uid, within.limits(col(DiaryEntry.organisation_id))
    )
    entry: DiaryEntry | None = session.execute(wanted).scalar_one_or_none()
    if entry is None:
        raise NotFound(say("There is no such entry in the diary."))
    if entry.work is not Work.HARVEST or not is_standing(entry):
        raise refuse("parts", say("This entry is no harvest, or was corrected since."))
    return entry
