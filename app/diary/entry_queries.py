"""Finding entries: one, those of a list, the whole of one with what was used and shown."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.diary.queries import inputs_of_entries, plots_of_entries
from app.diary.writing import Using, Writing
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.kit.quantities import Grams, SquareMetres
from app.models.catalogue import Crop
from app.models.diary import DiaryEntry, EntryInput, EntryPicture, Planting, Work
from app.models.inputs import InputProduct
from app.models.pictures import Picture
from app.models.registry import Grower, Organisation, PlantingArea, Plot


@dataclass(frozen=True)
class EntryLine:
    """An entry with the names a list shows beside it."""

    entry: DiaryEntry
    planting: Planting
    area: PlantingArea
    crop: Crop
    organisation: Organisation
    grower: Grower | None


@dataclass(frozen=True)
class EntryDetails:
    """What belongs to an entry besides its own row."""

    inputs: tuple[EntryInput, ...]
    plots: tuple[Plot, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class EntryFilter:
    """Which entries are wanted; what is corrected or void only with `whole`."""

    planting: Planting | None = None
    organisation_id: int | None = None
    work: Work | None = None
    since: date | None = None
    until: date | None = None
    back_dated: bool = False
    whole: bool = False


def entry_line(session: Session, uid: UUID, *, within: Reach) -> EntryLine:
    """The entry with this public id, with its names; NotFound outside the reach."""
    row = session.execute(entry_lines(within).where(col(DiaryEntry.uid) == uid)).one_or_none()
    if row is None:
        raise NotFound(say("There is no such entry."))
    return EntryLine(*row)


def entries(
    session: Session,
    *,
    within: Reach,
    wanted: EntryFilter,
    after: str | None = None,
    limit: int = 50,
) -> Page[EntryLine]:
    """Entries by the day they were done on, the newest first."""
    found = _narrowed(entry_lines(within), wanted)
    if after is not None:
        day, key = decode(after, str, int)
        last, same = col(DiaryEntry.done_on), date.fromisoformat(str(day))
        found = found.where((last < same) | ((last == same) & (col(DiaryEntry.id) < key)))
    newest = found.order_by(col(DiaryEntry.done_on).desc(), col(DiaryEntry.id).desc())
    rows = [EntryLine(*row) for row in session.execute(newest.limit(limit + 1)).all()]
    return page_of(
        rows, limit=limit, key=lambda line: (line.entry.done_on.isoformat(), line.entry.pk)
    )


def details_of(session: Session, entry_ids: Collection[int]) -> dict[int, EntryDetails]:
    """What belongs to entries, by their keys, in four statements."""
    used = inputs_of_entries(session, entry_ids)
    taken = plots_of_entries(session, entry_ids)
    plots = _plots(session, {plot for keys in taken.values() for plot in keys})
    shown = pictures_of_entries(session, entry_ids)
    return {
        key: EntryDetails(
            inputs=tuple(used.get(key, ())),
            plots=tuple(plots[plot] for plot in sorted(taken.get(key, ()))),
            pictures=tuple(shown.get(key, ())),
        )
        for key in entry_ids
    }


def pictures_of_entries(session: Session, entry_ids: Collection[int]) -> dict[int, list[Picture]]:
    """The photographs of entries, by their keys."""
    wanted = (
        select(col(EntryPicture.entry_id), Picture)
        .join(Picture, col(Picture.id) == col(EntryPicture.picture_id))
        .where(col(EntryPicture.entry_id).in_(entry_ids))
        .order_by(col(Picture.id))
    )
    found: defaultdict[int, list[Picture]] = defaultdict(list)
    for key, picture in session.execute(wanted):
        found[key].append(picture)
    return dict(found)


def find_entry(session: Session, uid: UUID) -> DiaryEntry | None:
    """The entry with this id, of any organisation: ids are made by devices and given once."""
    wanted = select(DiaryEntry).where(col(DiaryEntry.uid) == uid)
    found: DiaryEntry | None = session.execute(wanted).scalar_one_or_none()
    return found


def standing_of(session: Session, entry: DiaryEntry) -> DiaryEntry:
    """The entry that stands in the place of one: itself, or the last of those that corrected it."""
    while entry.corrected:
        wanted = select(DiaryEntry).where(col(DiaryEntry.corrects_id) == entry.pk)
        entry = session.execute(wanted).scalar_one()
    return entry


def versions_of(session: Session, entry: DiaryEntry) -> list[DiaryEntry]:
    """Every version of what an entry says, the first one first."""
    while entry.corrects_id is not None:
        entry = session.get_one(DiaryEntry, entry.corrects_id)
    found = [entry]
    while found[-1].corrected:
        wanted = select(DiaryEntry).where(col(DiaryEntry.corrects_id) == found[-1].pk)
        found.append(session.execute(wanted).scalar_one())
    return found


def writing_of(session: Session, entry: DiaryEntry) -> Writing:
    """An entry as somebody would write it."""
    details = details_of(session, [entry.pk])[entry.pk]
    grower = None if entry.grower_id is None else session.get_one(Grower, entry.grower_id)
    products = _products(session, details.inputs)
    corrects = session.get(DiaryEntry, entry.corrects_id) if entry.corrects_id else None
    return Writing(
        planting=session.get_one(Planting, entry.planting_id).uid,
        work=entry.work,
        done_on=entry.done_on,
        uid=entry.uid,
        written_at=entry.written_at,
        plots=tuple(plot.uid for plot in details.plots),
        area=None if entry.area_m2 is None else SquareMetres(entry.area_m2),
        quantity=None if entry.quantity_g is None else Grams(entry.quantity_g),
        grower=None if grower is None else grower.uid,
        operator=entry.operator,
        weather=entry.weather,
        pest=entry.pest,
        reason=entry.reason,
        note=entry.note,
        inputs=tuple(_using(one, products) for one in details.inputs),
        corrects=None if corrects is None else corrects.uid,
        void=entry.void,
    )


def _using(one: EntryInput, products: dict[int, UUID]) -> Using:
    return Using(
        name=one.name,
        product=None if one.product_id is None else products[one.product_id],
        actives=one.actives,
        amount=one.amount,
        unit=one.unit,
        water_ml=one.water_ml,
        interval_days=one.interval_days,
        batch_number=one.batch_number,
    )


def _products(session: Session, used: Sequence[EntryInput]) -> dict[int, UUID]:
    keys = {one.product_id for one in used if one.product_id is not None}
    if not keys:
        return {}
    wanted = select(col(InputProduct.id), col(InputProduct.uid)).where(
        col(InputProduct.id).in_(keys)
    )
    return dict(session.execute(wanted).all())


def _plots(session: Session, plot_ids: set[int]) -> dict[int, Plot]:
    if not plot_ids:
        return {}
    found = session.execute(select(Plot).where(col(Plot.id).in_(plot_ids))).scalars()
    return {plot.pk: plot for plot in found}


def _narrowed(found: Any, wanted: EntryFilter) -> Any:
    entry = DiaryEntry
    chosen: list[ColumnElement[bool]] = []
    if wanted.planting is not None:
        chosen.append(col(entry.planting_id) == wanted.planting.pk)
    if wanted.organisation_id is not None:
        chosen.append(col(entry.organisation_id) == wanted.organisation_id)
    if wanted.work is not None:
        chosen.append(col(entry.work) == wanted.work)
    if wanted.since is not None:
        chosen.append(col(entry.done_on) >= wanted.since)
    if wanted.until is not None:
        chosen.append(col(entry.done_on) <= wanted.until)
    if wanted.back_dated:
        chosen.append(col(entry.back_dated).is_(True))
    if not wanted.whole:
        chosen += [col(entry.corrected).is_(False), col(entry.void).is_(False)]
    return found.where(*chosen)


def entry_lines(within: Reach) -> Any:
    """The SELECT of entries within reach with their names, to be narrowed."""
    return (
        select(DiaryEntry, Planting, PlantingArea, Crop, Organisation, Grower)
        .join(Planting, col(Planting.id) == col(DiaryEntry.planting_id))
        .join(PlantingArea, col(PlantingArea.id) == col(Planting.area_id))
        .join(Crop, col(Crop.id) == col(Planting.crop_id))
        .join(Organisation, col(Organisation.id) == col(DiaryEntry.organisation_id))
        .outerjoin(Grower, col(Grower.id) == col(DiaryEntry.grower_id))
        .where(within.limits(col(DiaryEntry.organisation_id)))
    )
