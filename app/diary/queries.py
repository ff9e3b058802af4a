"""Finding plantings and what their diary says; only what stands counts, unless the whole is asked for."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.catalogue import Crop
from app.models.diary import DiaryEntry, EntryInput, EntryPlot, Planting, PlantingPlot, Work
from app.models.registry import Organisation, PlantingArea, Plot


@dataclass(frozen=True)
class PlantingLine:
    """A planting with the names a list shows beside it."""

    planting: Planting
    area: PlantingArea
    crop: Crop
    organisation: Organisation


@dataclass(frozen=True)
class Application:
    """One input of one standing entry: what was applied, when, on which plots (none: the whole planting)."""

    entry: DiaryEntry
    used: EntryInput
    plots: frozenset[int]


def planting_line(session: Session, uid: UUID, *, within: Reach) -> PlantingLine:
    """The planting with this public id, with its names; NotFound outside the reach."""
    row = session.execute(_lines(within).where(col(Planting.uid) == uid)).one_or_none()
    if row is None:
        raise NotFound(say("There is no such planting."))
    return PlantingLine(*row)


def planting_by_uid(session: Session, uid: UUID, *, within: Reach) -> Planting:
    """The same without its names."""
    return planting_line(session, uid, within=within).planting


def plantings(
    session: Session,
    *,
    within: Reach,
    area: PlantingArea | None = None,
    crop_id: int | None = None,
    standing_on: date | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[PlantingLine]:
    """Plantings, the newest first: of one area, of one crop, or those that stand on a day."""
    wanted = _lines(within)
    if area is not None:
        wanted = wanted.where(col(Planting.area_id) == area.pk)
    if crop_id is not None:
        wanted = wanted.where(col(Planting.crop_id) == crop_id)
    if standing_on is not None:
        wanted = wanted.where(_stands(standing_on))
    if after is not None:
        wanted = wanted.where(col(Planting.id) < decode(after, int)[0])
    newest = wanted.order_by(col(Planting.id).desc()).limit(limit + 1)
    rows = [PlantingLine(*row) for row in session.execute(newest).all()]
    return page_of(rows, limit=limit, key=lambda line: (line.planting.pk,))


def plantings_by_ids(session: Session, planting_ids: Collection[int]) -> list[PlantingLine]:
    """Plantings by their keys, with their names, whosever they are."""
    wanted = _lines(Reach.all()).where(col(Planting.id).in_(planting_ids))
    return [PlantingLine(*row) for row in session.execute(wanted).all()]


def plantings_on(session: Session, area_id: int, crop_id: int, day: date) -> list[Planting]:
    """The plantings of a crop on an area that stood on a day (or ended within it), oldest first."""
    wanted = (
        select(Planting)
        .where(col(Planting.area_id) == area_id, col(Planting.crop_id) == crop_id, _stands(day))
        .order_by(col(Planting.sown_on), col(Planting.id))
    )
    return list(session.execute(wanted).scalars())


# Put together once: every public page of a lot with a diary asks for these.
_PLOTS: Any = select(col(PlantingPlot.planting_id), col(PlantingPlot.plot_id)).where(
    col(PlantingPlot.planting_id).in_(bindparam("plantings", expanding=True))
)
_INPUTS: Any = (
    select(EntryInput)
    .where(col(EntryInput.entry_id).in_(bindparam("entries", expanding=True)))
    .order_by(col(EntryInput.id))
)
_PLOTS_OF_ENTRIES: Any = select(col(EntryPlot.entry_id), col(EntryPlot.plot_id)).where(
    col(EntryPlot.entry_id).in_(bindparam("entries", expanding=True))
)


def plots_of_plantings(
    session: Session, planting_ids: Collection[int]
) -> dict[int, frozenset[int]]:
    """The plots of plantings by their keys; a planting without stands on the area as a whole."""
    if not planting_ids:
        return {}
    return _gathered(session.execute(_PLOTS, {"plantings": list(planting_ids)}).all())


def plots_of_planting(session: Session, planting: Planting) -> list[Plot]:
    """The plots a planting stands on, by name; none: the area as a whole."""
    wanted = (
        select(Plot)
        .join(PlantingPlot, col(PlantingPlot.plot_id) == col(Plot.id))
        .where(col(PlantingPlot.planting_id) == planting.pk)
        .order_by(col(Plot.name_key), col(Plot.id))
    )
    return list(session.execute(wanted).scalars())


def standing_entries(
    session: Session,
    planting_ids: Collection[int],
    *,
    works: Collection[Work] | None = None,
    until: date | None = None,
) -> list[DiaryEntry]:
    """What counts in the diary of plantings, by day: no corrected entry and no note of a mistake."""
    wanted = (
        select(DiaryEntry)
        .where(col(DiaryEntry.planting_id).in_(planting_ids), _counts())
        .order_by(col(DiaryEntry.done_on), col(DiaryEntry.id))
    )
    if works is not None:
        wanted = wanted.where(col(DiaryEntry.work).in_(works))
    if until is not None:
        wanted = wanted.where(col(DiaryEntry.done_on) <= until)
    return list(session.execute(wanted).scalars())


def inputs_of_entries(session: Session, entry_ids: Collection[int]) -> dict[int, list[EntryInput]]:
    """What was used in entries, by their keys."""
    found: defaultdict[int, list[EntryInput]] = defaultdict(list)
    for used in session.execute(_INPUTS, {"entries": list(entry_ids)}).scalars():
        found[used.entry_id].append(used)
    return dict(found)


def plots_of_entries(session: Session, entry_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The plots entries are about, by their keys; an entry without is about all of its planting's."""
    return _gathered(session.execute(_PLOTS_OF_ENTRIES, {"entries": list(entry_ids)}).all())


def applications_of(
    session: Session,
    planting_ids: Collection[int],
    *,
    works: Collection[Work] | None = None,
    until: date | None = None,
) -> list[Application]:
    """Everything that was applied to plantings, by day, in three statements.

    An input counts whatever the work was called: a pesticide may be spread with the soil.
    """
    entries = standing_entries(session, planting_ids, works=works, until=until)
    keys = [entry.pk for entry in entries]
    used, plots = inputs_of_entries(session, keys), plots_of_entries(session, keys)
    return [
        Application(entry, one, plots.get(entry.pk, frozenset()))
        for entry in entries
        for one in used.get(entry.pk, ())
    ]


def _counts() -> ColumnElement[bool]:
    return and_(col(DiaryEntry.corrected).is_(False), col(DiaryEntry.void).is_(False))


def _stands(day: date) -> ColumnElement[bool]:
    ended = col(Planting.ended_on)
    return and_(col(Planting.sown_on) <= day, or_(ended.is_(None), ended >= day))


def _gathered(pairs: Iterable[Any]) -> dict[int, frozenset[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return {key: frozenset(values) for key, values in found.items()}


def _lines(within: Reach) -> Any:
    return (
        select(Planting, PlantingArea, Crop, Organisation)
        .join(PlantingArea, col(PlantingArea.id) == col(Planting.area_id))
        .join(Crop, col(Crop.id) == col(Planting.crop_id))
        .join(Organisation, col(Organisation.id) == col(Planting.organisation_id))
        .where(within.limits(col(Planting.organisation_id)))
    )
