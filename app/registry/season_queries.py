"""Finding seasonal declarations, and what they say about an area's output."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, extract, func, or_, select, tuple_
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.queries import rule_on, value_of
from app.catalogue.rules import severity
from app.errors import NotFound
from app.kit.cursor import Page, UnreadableCursor, decode, page_of
from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres
from app.models.catalogue import Crop, Standard
from app.models.registry import Organisation, PlantingArea
from app.models.seasons import SeasonDeclaration
from app.registry.law_queries import Concern
from app.registry.season_rules import (
    HARVEST_LEEWAY,
    Growing,
    exceeds,
    find_warning_of_land,
    growing_of,
    most_at_once,
)
from app.registry.words import words_of

OUTPUT_RULE = "season.most_output_kg_per_m2"


class SeasonState(StrEnum):
    """Which seasons are wanted: those whose output is still to be reported, the others, or all."""

    OPEN = "open"
    ENDED = "ended"
    ALL = "all"


@dataclass(frozen=True)
class SeasonLine:
    """A declaration with the names a list shows beside it."""

    season: SeasonDeclaration
    area: PlantingArea
    organisation: Organisation
    crop: Crop
    standard: Standard | None


@dataclass(frozen=True)
class YearOutput:
    """The declarations whose harvest ends in one year.

    `expected_of_reported` is what was expected of those whose `actual` output is known.
    """

    year: int
    declared: int
    reported: int
    expected: Grams
    expected_of_reported: Grams
    actual: Grams


def seasons_of(session: Session, area: PlantingArea) -> list[SeasonLine]:
    """Every declaration of an area, the newest season first."""
    wanted = _lines(Reach.all()).where(col(SeasonDeclaration.area_id) == area.pk)
    newest = wanted.order_by(
        col(SeasonDeclaration.starts_on).desc(), col(SeasonDeclaration.id).desc()
    )
    return [SeasonLine(*row) for row in session.execute(newest)]


def season_line(session: Session, uid: UUID, *, within: Reach) -> SeasonLine:
    """The declaration with this public id, with its names; NotFound outside the reach."""
    wanted = _lines(within).where(col(SeasonDeclaration.uid) == uid)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(say("There is no such season."))
    return SeasonLine(*row)


def seasons(
    session: Session,
    *,
    within: Reach,
    area: PlantingArea | None = None,
    state: SeasonState = SeasonState.ALL,
    q: str = "",
    after: str | None = None,
    limit: int = 50,
) -> Page[SeasonLine]:
    """Declarations, of one area if given: open ones first, by the end of their harvest.

    What ended follows, the latest first. `q`: every word must occur in the area, the organisation
    or the crop.
    """
    wanted = _lines(within)
    if area is not None:
        wanted = wanted.where(col(SeasonDeclaration.area_id) == area.pk)
    for word in words_of(q):
        wanted = wanted.where(_holds(f"%{word}%"))
    parts = _PARTS[state]
    first, place = (parts[0], None) if after is None else _place(after, parts)
    rows: list[SeasonLine] = []
    for part in parts[parts.index(first) :]:
        ordered = _ordered(wanted, part, place if part is first else None)
        some = session.execute(ordered.limit(limit + 1 - len(rows)))
        rows += [SeasonLine(*row) for row in some]
    return page_of(rows, limit=limit, key=_key)


def find_season(
    session: Session, area_id: int, crop_id: int, starts_on: date
) -> SeasonDeclaration | None:
    """The declaration of one crop on one area that starts on a day."""
    wanted = select(SeasonDeclaration).where(
        col(SeasonDeclaration.area_id) == area_id,
        col(SeasonDeclaration.crop_id) == crop_id,
        col(SeasonDeclaration.starts_on) == starts_on,
    )
    return session.execute(wanted).scalar_one_or_none()


def sown_at_once(
    session: Session, area_id: int, new: Growing, *, besides: int | None
) -> SquareMetres:
    """The most that is sown on an area on any day of `new`'s, `new` and other declarations together.

    `besides`: the key of the declaration that `new` stands for.
    """
    wanted = select(SeasonDeclaration).where(
        col(SeasonDeclaration.area_id) == area_id,
        col(SeasonDeclaration.starts_on) <= new.until,
        _last_day() >= new.since,
    )
    known = session.execute(wanted).scalars()
    return most_at_once(new, [growing_of(one) for one in known if one.id != besides])


def sown_with(session: Session, season: SeasonDeclaration) -> SquareMetres:
    """The most that is sown on a season's area at one time while it grows, the season included."""
    return sown_at_once(session, season.area_id, growing_of(season), besides=season.pk)


def find_output_concern(
    session: Session, output: Grams, sown: SquareMetres, *, day: date
) -> Concern | None:
    """What speaks against an output of some land, by the rule of a day; None when nothing does."""
    rule = rule_on(session, OUTPUT_RULE, day)
    if rule is None or not exceeds(output, sown, int(value_of(rule))):
        return None
    why = say(
        "{output} from {area} is more than {most} kg on each m² ({law}).",
        output=output,
        area=sown,
        most=value_of(rule),
        law=rule.legal_ref,
    )
    return Concern(severity(rule.confidence, enforced=rule.enforced), why)


def warnings_of_season(session: Session, line: SeasonLine) -> list[Message]:
    """What deserves a second look at a declaration without being refused."""
    season, sown = line.season, SquareMetres(line.season.area_m2)
    outputs = [season.expected_output_g, season.actual_output_g]
    concerns = [
        find_output_concern(session, Grams(grams), sown, day=season.starts_on)
        for grams in outputs
        if grams is not None
    ]
    land = find_warning_of_land(sown_with(session, season), SquareMetres(line.area.area_m2))
    return [*([land] if land else []), *(concern.why for concern in concerns if concern)]


def declared_cap(session: Session, area_id: int, crop_id: int, day: date) -> Grams | None:
    """How much of a crop an area may have given around a day, by its declarations.

    Sums the actual output where it is reported, else the expected one, of the seasons whose
    harvest, 30 days earlier and later, holds the day. None when nothing was declared.
    """
    grams = func.coalesce(
        col(SeasonDeclaration.actual_output_g), col(SeasonDeclaration.expected_output_g)
    )
    wanted = select(func.sum(grams)).where(
        col(SeasonDeclaration.area_id) == area_id,
        col(SeasonDeclaration.crop_id) == crop_id,
        col(SeasonDeclaration.harvest_from) <= day + HARVEST_LEEWAY,
        # A harvest that took longer than expected lasted until it was reported to have ended.
        or_(
            col(SeasonDeclaration.harvest_to) >= day - HARVEST_LEEWAY,
            _last_day() >= day - HARVEST_LEEWAY,
        ),
    )
    total = session.execute(wanted).scalar_one()
    return None if total is None else Grams(int(total))


def expected_and_actual_by_year(session: Session, within: Reach) -> list[YearOutput]:
    """What was expected and what came of it, by the year in which the harvest ends, oldest first."""
    year = extract("year", col(SeasonDeclaration.harvest_to))
    expected, actual = (
        col(SeasonDeclaration.expected_output_g),
        col(SeasonDeclaration.actual_output_g),
    )
    wanted = (
        select(
            year,
            func.count(),
            func.count(actual),
            func.sum(expected),
            func.coalesce(func.sum(expected).filter(actual.is_not(None)), 0),
            func.coalesce(func.sum(actual), 0),
        )
        .join(PlantingArea, col(PlantingArea.id) == col(SeasonDeclaration.area_id))
        .where(within.limits(col(PlantingArea.organisation_id)))
        .group_by(year)
        .order_by(year)
    )
    return [
        YearOutput(int(row[0]), row[1], row[2], *(Grams(int(grams)) for grams in row[3:]))
        for row in session.execute(wanted)
    ]


def _last_day() -> ColumnElement[date]:
    return func.coalesce(col(SeasonDeclaration.ended_on), col(SeasonDeclaration.harvest_to))


def _lines(within: Reach) -> Any:
    return (
        select(SeasonDeclaration, PlantingArea, Organisation, Crop, Standard)
        .join(PlantingArea, col(PlantingArea.id) == col(SeasonDeclaration.area_id))
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .join(Crop, col(Crop.id) == col(SeasonDeclaration.crop_id))
        .outerjoin(Standard, col(Standard.id) == col(SeasonDeclaration.standard_id))
        .where(within.limits(col(PlantingArea.organisation_id)))
    )


def _holds(pattern: str) -> ColumnElement[bool]:
    return or_(
        col(PlantingArea.name_key).like(pattern),
        col(Organisation.name_key).like(pattern),
        col(Crop.name_key).like(pattern),
    )


_PARTS: dict[SeasonState, Sequence[SeasonState]] = {
    SeasonState.OPEN: (SeasonState.OPEN,),
    SeasonState.ENDED: (SeasonState.ENDED,),
    SeasonState.ALL: (SeasonState.OPEN, SeasonState.ENDED),
}


def _ordered(wanted: Any, part: SeasonState, place: tuple[date, int] | None) -> Any:
    """One part of the list in its order, from behind a place on."""
    key, ended = col(SeasonDeclaration.id), col(SeasonDeclaration.ended_on)
    if part is SeasonState.OPEN:
        due = tuple_(col(SeasonDeclaration.harvest_to), key)
        rest = wanted if place is None else wanted.where(due > place)
        return rest.where(ended.is_(None)).order_by(*due)
    last = tuple_(ended, key)
    rest = wanted if place is None else wanted.where(last < place)
    return rest.where(ended.is_not(None)).order_by(*(column.desc() for column in last))


def _key(line: SeasonLine) -> tuple[str, str, int]:
    season = line.season
    part = SeasonState.OPEN if season.ended_on is None else SeasonState.ENDED
    return part.value, (season.ended_on or season.harvest_to).isoformat(), season.pk


def _place(after: str, parts: Sequence[SeasonState]) -> tuple[SeasonState, tuple[date, int] | None]:
    part, day, key = decode(after, str, str, int)
    try:
        first, place = SeasonState(str(part)), (date.fromisoformat(str(day)), int(key))
    except ValueError as strange:
        raise UnreadableCursor("the cursor does not belong to this list") from strange
    if first not in parts:
        raise UnreadableCursor("the cursor belongs to another part of the list")
    return first, place
