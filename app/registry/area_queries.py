"""Finding planting areas, and what an area grows."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.catalogue import Crop
from app.models.places import AdminUnit
from app.models.registry import AreaCrop, Organisation, PlantingArea
from app.registry.finding_queries import having, matching, words_sought


@dataclass(frozen=True)
class AreaLine:
    """An area with the names a list shows beside it."""

    area: PlantingArea
    organisation: Organisation
    commune: AdminUnit


@dataclass(frozen=True)
class AreaChoice:
    """An area one can harvest from, with what it grows."""

    area: PlantingArea
    crops: tuple[Crop, ...]


def area_by_uid(session: Session, uid: UUID, *, within: Reach) -> PlantingArea:
    """The area with this public id."""
    return area_line(session, uid, within=within).area


def area_line(session: Session, uid: UUID, *, within: Reach) -> AreaLine:
    """The same with its names."""
    row = session.execute(_areas(within).where(col(PlantingArea.uid) == uid)).one_or_none()
    if row is None:
        raise NotFound(say("There is no such planting area."))
    return AreaLine(*row)


def areas(
    session: Session, *, within: Reach, q: str = "", after: str | None = None, limit: int = 50
) -> Page[AreaLine]:
    """Areas, newest first; `q`: every word must begin a word of the name, organisation, place or a code.

    Places are found by their names of today and by the area's own former ones.
    """
    wanted = _areas(within).where(_found(session, words_sought(q), within))
    if after is not None:
        wanted = wanted.where(col(PlantingArea.id) < decode(after, int)[0])
    newest = wanted.order_by(col(PlantingArea.id).desc()).limit(limit + 1)
    rows = [AreaLine(*row) for row in session.execute(newest).all()]
    return page_of(rows, limit=limit, key=lambda line: (line.area.pk,))


def area_choices(session: Session, organisation_id: int) -> list[AreaChoice]:
    """The areas of an organisation that are not closed, by name, with their crops."""
    wanted = (
        select(PlantingArea)
        .where(
            col(PlantingArea.organisation_id) == organisation_id,
            col(PlantingArea.closed_on).is_(None),
        )
        .order_by(col(PlantingArea.name_key))
    )
    open_areas = list(session.execute(wanted).scalars())
    crops = crops_by_area(session, {area.pk for area in open_areas})
    return [AreaChoice(area, tuple(crops.get(area.pk, ()))) for area in open_areas]


def crops_of(session: Session, area: PlantingArea) -> list[Crop]:
    """The crops an area grows, by name."""
    return crops_by_area(session, {area.pk}).get(area.pk, [])


def crops_by_area(session: Session, area_ids: set[int]) -> dict[int, list[Crop]]:
    """The crops of several areas, by name, in one statement."""
    wanted = (
        select(col(AreaCrop.area_id), Crop)
        .join(Crop, col(Crop.id) == col(AreaCrop.crop_id))
        .where(col(AreaCrop.area_id).in_(area_ids))
        .order_by(col(Crop.name_key))
    )
    grown: defaultdict[int, list[Crop]] = defaultdict(list)
    for area_id, crop in session.execute(wanted):
        grown[area_id].append(crop)
    return dict(grown)


def area_grows(session: Session, area: PlantingArea, crop: Crop) -> bool:
    """Whether a crop is among those of an area."""
    return session.get(AreaCrop, (area.pk, crop.pk)) is not None


def find_area_named(session: Session, organisation_id: int, name_key: str) -> PlantingArea | None:
    """The area of an organisation with this folded name."""
    wanted = select(PlantingArea).where(
        col(PlantingArea.organisation_id) == organisation_id,
        col(PlantingArea.name_key) == name_key,
    )
    return session.execute(wanted).scalar_one_or_none()


def _areas(within: Reach) -> Any:
    return (
        select(PlantingArea, Organisation, AdminUnit)
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .join(AdminUnit, col(AdminUnit.id) == col(PlantingArea.commune_id))
        .where(within.limits(col(PlantingArea.organisation_id)))
    )


def _found(session: Session, words: tuple[str, ...], within: Reach) -> ColumnElement[bool]:
    # Who sees some organisations only sees few areas: each of them is probed.
    if within.everything:
        return matching(session, words, col(PlantingArea.id))
    return having(words, col(PlantingArea.id))
