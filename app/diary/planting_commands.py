"""Starting a planting, correcting it, and ending it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.queries import chosen_crop
from app.diary.planting_queries import members_on, plots_by_uids
from app.diary.planting_rules import (
    PlantingDays,
    faults_of_days,
    faults_of_end,
    faults_of_land,
    faults_of_moved_sowing,
)
from app.diary.queries import plots_of_planting, standing_entries
from app.errors import FieldError, NotFound, Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.quantities import SquareMetres
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.catalogue import Crop
from app.models.diary import Planting, PlantingPlot
from app.models.registry import Organisation, PlantingArea, Plot
from app.registry.area_queries import area_by_uid, area_grows
from app.registry.season_queries import season_line
from app.registry.words import name_or_nothing, text_of

SOME_FAULTS = say("Some of what was written down cannot be right.")


@dataclass(frozen=True)
class PlantingDetails:
    """What is written down about a planting. Crop by slug; no plots: the area as a whole.

    `area` None: all of the plots, or of the area.
    """

    planting_area: UUID
    crop: str
    sown_on: date
    plots: tuple[UUID, ...] = ()
    variety: str = ""
    harvest_from: date | None = None
    harvest_to: date | None = None
    area: SquareMetres | None = None
    season: UUID | None = None
    note: str = ""


@dataclass(frozen=True)
class _Land:
    """The register's rows behind a planting."""

    area: PlantingArea
    crop: Crop
    plots: tuple[Plot, ...]
    season_id: int | None
    sown: SquareMetres


def start_planting(
    session: Session,
    *,
    organisation: Organisation,
    details: PlantingDetails,
    by: Actor,
    now: datetime,
) -> Planting:
    """Start one crop on an area, or on some of its plots, from a day on."""
    land = _land(session, organisation, details)
    _refuse_if(_faults(session, organisation, details, land, today=day_of(now)))
    planting = Planting(
        organisation_id=organisation.pk, area_id=land.area.pk, crop_id=land.crop.pk,
        sown_on=details.sown_on, area_m2=land.sown.value, created_at=now,
    )  # fmt: skip
    _write(planting, details, land)
    session.add(planting)
    session.flush()  # the planting's id, for its plots
    _stand_on(session, planting, land.plots)
    _record(
        session, planting, organisation, "planting.started", _facts(planting, land), by=by, now=now
    )
    return planting


def amend_planting(
    session: Session, *, planting: Planting, details: PlantingDetails, by: Actor, now: datetime
) -> Planting:
    """Correct a planting: the whole of it, as it should be; its diary must still fit."""
    if planting.ended_on is not None:
        raise Refused(say("The planting ended on {day}.", day=planting.ended_on))
    organisation = session.get_one(Organisation, planting.organisation_id)
    land = _land(session, organisation, details)
    known = frozenset(plot.pk for plot in plots_of_planting(session, planting))
    entries = standing_entries(session, [planting.pk])
    faults = [
        *_faults(session, organisation, details, land, today=day_of(now), known=known),
        *faults_of_moved_sowing(details.sown_on, entries),
    ]
    if entries and (land.area.pk, land.crop.pk) != (planting.area_id, planting.crop_id):
        why = say("The diary of this planting is begun: its area and crop stand.")
        faults.append(FieldError("crop", why))
    _refuse_if(faults)
    planting.area_id, planting.crop_id = land.area.pk, land.crop.pk
    _write(planting, details, land)
    _stand_on(session, planting, land.plots)
    session.flush()  # a lost race must fail before the ledger is touched
    _record(
        session, planting, organisation, "planting.amended", _facts(planting, land), by=by, now=now
    )
    return planting


def end_planting(
    session: Session, *, planting: Planting, ended_on: date, by: Actor, now: datetime
) -> Planting:
    """Say on which day a planting stood last; what its diary says after that is refused."""
    if planting.ended_on is not None:
        raise Refused(say("The planting ended on {day}.", day=planting.ended_on))
    entries = standing_entries(session, [planting.pk])
    _refuse_if(
        faults_of_end(ended_on, sown_on=planting.sown_on, entries=entries, today=day_of(now))
    )
    planting.ended_on = ended_on
    session.flush()  # a lost race must fail before the ledger is touched
    organisation = session.get_one(Organisation, planting.organisation_id)
    facts: dict[str, object] = {"ended_on": ended_on}
    _record(session, planting, organisation, "planting.ended", facts, by=by, now=now)
    return planting


def _land(session: Session, organisation: Organisation, details: PlantingDetails) -> _Land:
    reach = Reach.own(organisation.pk)
    try:
        area = area_by_uid(session, details.planting_area, within=reach)
    except NotFound as unknown:
        raise refuse("planting_area", unknown.why) from None
    found = plots_by_uids(session, set(details.plots), organisation_id=organisation.pk)
    if len(found) < len(set(details.plots)):
        raise refuse("plots", say("There is no such plot."))
    plots = tuple(found[uid] for uid in dict.fromkeys(details.plots))
    whole = SquareMetres(sum(plot.area_m2 for plot in plots) if plots else area.area_m2)
    crop = chosen_crop(session, details.crop, field="crop")
    season_id = _season(session, details, area, crop, reach)
    return _Land(area, crop, plots, season_id, details.area or whole)


def _season(
    session: Session, details: PlantingDetails, area: PlantingArea, crop: Crop, reach: Reach
) -> int | None:
    if details.season is None:
        return None
    try:
        season = season_line(session, details.season, within=reach).season
    except NotFound as unknown:
        raise refuse("season", unknown.why) from None
    if (season.area_id, season.crop_id) != (area.pk, crop.pk):
        raise refuse("season", say("The season was declared for another area or crop."))
    return season.pk


def _faults(
    session: Session,
    organisation: Organisation,
    details: PlantingDetails,
    land: _Land,
    *,
    today: date,
    known: frozenset[int] = frozenset(),
) -> list[FieldError]:
    days = PlantingDays(details.sown_on, details.harvest_from, details.harvest_to)
    whole = SquareMetres(sum(plot.area_m2 for plot in land.plots) or land.area.area_m2)
    return [
        *_faults_of_area(session, land, details.sown_on),
        *_faults_of_plots(session, organisation, land, details.sown_on, known),
        *faults_of_days(days, today=today, perennial=land.crop.perennial),
        *faults_of_land(land.sown, whole),
    ]


def _faults_of_area(session: Session, land: _Land, sown_on: date) -> list[FieldError]:
    area, faults = land.area, []
    if area.closed_on is not None and sown_on > area.closed_on:
        closed = say("The planting area was closed on {closed}.", closed=area.closed_on)
        faults.append(FieldError("planting_area", closed))
    if not area_grows(session, area, land.crop):
        why = say(
            "{crop} is not grown in {area}. Add it to the area first.",
            crop=land.crop.name_vi,
            area=area.name,
        )
        faults.append(FieldError("crop", why))
    return faults


def _faults_of_plots(
    session: Session, organisation: Organisation, land: _Land, sown_on: date, known: frozenset[int]
) -> list[FieldError]:
    members = members_on(session, {plot.grower_id for plot in land.plots}, organisation.pk, sown_on)
    faults = []
    for plot in land.plots:
        # A plot that moved to another area in mid-season stays with the planting it has.
        if plot.area_id != land.area.pk and plot.pk not in known:
            why = say("{plot} does not belong to {area}.", plot=plot.name, area=land.area.name)
            faults.append(FieldError("plots", why))
        elif plot.grower_id not in members:
            why = say(
                "Whoever grows on {plot} was not a member on {day}.", plot=plot.name, day=sown_on
            )
            faults.append(FieldError("plots", why))
    return faults


def _write(planting: Planting, details: PlantingDetails, land: _Land) -> None:
    planting.sown_on, planting.area_m2 = details.sown_on, land.sown.value
    planting.variety = name_or_nothing("variety", details.variety, longest=120)
    planting.harvest_from, planting.harvest_to = details.harvest_from, details.harvest_to
    planting.season_id = land.season_id
    planting.note = text_of("note", details.note, longest=500, multiline=True)


def _stand_on(session: Session, planting: Planting, plots: tuple[Plot, ...]) -> None:
    session.execute(delete(PlantingPlot).where(col(PlantingPlot.planting_id) == planting.pk))
    session.add_all(PlantingPlot(planting_id=planting.pk, plot_id=plot.pk) for plot in plots)


def _refuse_if(faults: list[FieldError]) -> None:
    if faults:
        raise Refused(faults[0].why if len(faults) == 1 else SOME_FAULTS, *faults)


def _facts(planting: Planting, land: _Land) -> dict[str, object]:
    return {
        "area": land.area.uid,
        "crop": land.crop.slug,
        "plots": [plot.uid for plot in land.plots],
        "variety": planting.variety,
        "sown_on": planting.sown_on,
        "harvest_from": planting.harvest_from,
        "harvest_to": planting.harvest_to,
        "area_m2": planting.area_m2,
    }


def _record(
    session: Session,
    planting: Planting,
    organisation: Organisation,
    kind: str,
    facts: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> None:
    record(
        session,
        kind=kind,
        subject=str(planting.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts=facts,
    )
