"""Declaring what grows in a season, amending it, and reporting what came of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.queries import chosen_crop, standard_by_code
from app.catalogue.rules import Severity
from app.errors import Conflict, FieldError, NotFound, Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.quantities import Grams, SquareMetres
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.catalogue import Crop, Standard
from app.models.registry import Organisation, PlantingArea
from app.models.seasons import SeasonDeclaration
from app.registry import season_rules as rules
from app.registry.area_queries import area_grows
from app.registry.markets import HOME_MARKET, market_of
from app.registry.season_queries import find_output_concern, find_season, sown_at_once
from app.registry.words import name_or_nothing

SOME_FAULTS = say("Some of what was declared cannot be right.")


@dataclass(frozen=True)
class SeasonDetails:
    """What is declared when a season starts. Crop by slug, standard by code.

    `intercropped`: crops share the land, so that more may be sown at one time than there is of it.
    """

    crop: str
    starts_on: date
    harvest_from: date
    harvest_to: date
    sown: SquareMetres
    expected_output: Grams
    variety: str = ""
    standard: str = ""
    market: str = HOME_MARKET
    intercropped: bool = False


@dataclass(frozen=True)
class _Kept:
    """The same, checked and ready to be kept."""

    columns: dict[str, Any]
    crop: Crop
    standard: Standard | None
    intercropped: bool


def declare_season(
    session: Session, *, area: PlantingArea, details: SeasonDetails, by: Actor, now: datetime
) -> SeasonDeclaration:
    """Declare one crop of an area for one season (QĐ 3156/QĐ-BNN-TT annex 2).

    Raises Refused for what cannot be, Conflict for a crop that is declared from that day already.
    """
    kept = _kept(session, area, details, known=None, today=day_of(now))
    season = SeasonDeclaration(area_id=area.pk, declared_at=now, **kept.columns)
    session.add(season)
    session.flush()  # of two at once, one must fail before the ledger is touched
    _record(session, season, "season.declared", _facts(area, kept), by=by, now=now)
    return season


def amend_season(
    session: Session,
    *,
    season: SeasonDeclaration,
    details: SeasonDetails,
    by: Actor,
    now: datetime,
) -> SeasonDeclaration:
    """Correct a declaration: the whole of it, as it should be; refused once its season has ended."""
    _require_open(season)
    area = session.get_one(PlantingArea, season.area_id)
    kept = _kept(session, area, details, known=season, today=day_of(now))
    for name, value in kept.columns.items():
        setattr(season, name, value)
    session.flush()  # a lost race must fail before the ledger is touched
    _record(session, season, "season.amended", _facts(area, kept), by=by, now=now)
    return season


def end_season(
    session: Session,
    *,
    season: SeasonDeclaration,
    actual: Grams,
    ended_on: date,
    by: Actor,
    now: datetime,
) -> SeasonDeclaration:
    """Report what a season gave, once and for all; 0 grams for a harvest that was lost."""
    _require_open(season)
    sown = SquareMetres(season.area_m2)
    faults = [
        *rules.faults_of_actual(actual, sown),
        *rules.faults_of_end(season, actual, ended_on, today=day_of(now)),
        *_forbidden_output(session, "actual_output_g", actual, sown, day=season.starts_on),
    ]
    _refuse_if(faults)
    season.actual_output_g, season.ended_on, season.reported_at = actual.value, ended_on, now
    session.flush()  # a lost race must fail before the ledger is touched
    facts: dict[str, object] = {"actual_output_g": actual.value, "ended_on": ended_on}
    _record(session, season, "season.ended", facts, by=by, now=now)
    return season


def _kept(
    session: Session,
    area: PlantingArea,
    details: SeasonDetails,
    *,
    known: SeasonDeclaration | None,
    today: date,
) -> _Kept:
    if area.closed_on is not None:
        raise Refused(say("The planting area was closed on {closed}.", closed=area.closed_on))
    crop = chosen_crop(session, details.crop, field="crop")
    standard = _standard(session, details.standard)
    columns = {
        "crop_id": crop.pk,
        "standard_id": None if standard is None else standard.pk,
        "variety": name_or_nothing("variety", details.variety, longest=120),
        "market": market_of(details.market),
        "starts_on": details.starts_on,
        "harvest_from": details.harvest_from,
        "harvest_to": details.harvest_to,
        "area_m2": details.sown.value,
        "expected_output_g": details.expected_output.value,
        "intercropped": details.intercropped,
    }
    _lock(session, area)
    _refuse_if(_faults(session, area, crop, details, known=known, today=today))
    _require_new(session, area, crop, details.starts_on, besides=known)
    return _Kept(columns, crop, standard, details.intercropped)


def _faults(
    session: Session,
    area: PlantingArea,
    crop: Crop,
    details: SeasonDetails,
    *,
    known: SeasonDeclaration | None,
    today: date,
) -> list[FieldError]:
    days = details.starts_on, details.harvest_from, details.harvest_to
    output, sown = details.expected_output, details.sown
    # What was declared in time stays declared, however long its season is.
    is_new = known is None or known.starts_on != details.starts_on
    return [
        *_foreign_crop(session, area, crop),
        *(rules.faults_of_start(details.starts_on, today=today) if is_new else []),
        *rules.faults_of_harvest(*days),
        *_faults_of_land(session, area, crop, details, known=known),
        *rules.faults_of_expected(output, sown),
        *_forbidden_output(session, "expected_output_g", output, sown, day=details.starts_on),
    ]


def _foreign_crop(session: Session, area: PlantingArea, crop: Crop) -> list[FieldError]:
    if area_grows(session, area, crop):
        return []
    why = say(
        "{crop} is not grown in {area}. Add it to the area first.",
        crop=crop.name_vi,
        area=area.name,
    )
    return [FieldError("crop", why)]


def _faults_of_land(
    session: Session,
    area: PlantingArea,
    crop: Crop,
    details: SeasonDetails,
    *,
    known: SeasonDeclaration | None,
) -> list[FieldError]:
    new = rules.Growing(details.starts_on, details.harvest_to, details.sown)
    at_once = sown_at_once(session, area.pk, new, besides=None if known is None else known.pk)
    return rules.faults_of_land(
        details.sown,
        at_once,
        SquareMetres(area.area_m2),
        shared=crop.perennial or details.intercropped,
    )


def _forbidden_output(
    session: Session, field: str, output: Grams, sown: SquareMetres, *, day: date
) -> list[FieldError]:
    concern = find_output_concern(session, output, sown, day=day)
    if concern is None or concern.severity is not Severity.REFUSE:
        return []
    return [FieldError(field, concern.why)]


def _standard(session: Session, code: str) -> Standard | None:
    try:
        return standard_by_code(session, code) if code else None
    except NotFound as unknown:
        raise refuse("standard", unknown.why) from None


def _require_new(
    session: Session,
    area: PlantingArea,
    crop: Crop,
    starts_on: date,
    *,
    besides: SeasonDeclaration | None,
) -> None:
    known = find_season(session, area.pk, crop.pk, starts_on)
    if known is not None and known is not besides:
        why = say("{crop} is declared from {day} on already.", crop=crop.name_vi, day=starts_on)
        raise Conflict(why, FieldError("starts_on", why))


def _require_open(season: SeasonDeclaration) -> None:
    if season.ended_on is not None:
        why = say("The season ended on {day}: its figures stand.", day=season.ended_on)
        raise Refused(why)


def _refuse_if(faults: list[FieldError]) -> None:
    if faults:
        raise Refused(faults[0].why if len(faults) == 1 else SOME_FAULTS, *faults)


def _lock(session: Session, area: PlantingArea) -> None:
    # Declarations of one area queue, or two at once could sow it twice. SQLite queues anyway.
    wanted = select(col(PlantingArea.id)).where(col(PlantingArea.id) == area.pk)
    session.execute(wanted.with_for_update(key_share=True))


def _facts(area: PlantingArea, kept: _Kept) -> dict[str, object]:
    written = {name: kept.columns[name] for name in kept.columns if not name.endswith("_id")}
    return {
        **written,
        "area": area.uid,
        "crop": kept.crop.slug,
        "standard": None if kept.standard is None else kept.standard.code,
        "intercropped": kept.intercropped,
    }


def _record(
    session: Session,
    season: SeasonDeclaration,
    kind: str,
    facts: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> None:
    area = session.get_one(PlantingArea, season.area_id)
    organisation = session.get_one(Organisation, area.organisation_id)
    record(
        session,
        kind=kind,
        subject=str(season.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts=facts,
    )
