"""Plantings, as the clerk starts, reads, corrects and ends them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.reach import Reach
from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.diary import planting_commands as commands
from app.diary import queries
from app.diary.entry_queries import EntryFilter, entries
from app.diary.planting_queries import (
    advice_of_planting,
    moved_plots,
    plot_choices,
)
from app.diary.rules import free_from
from app.diary.second_looks import waits_of
from app.diary.start_queries import plots_with_growers
from app.models.accounts import Role
from app.models.catalogue import Crop
from app.models.diary import Planting
from app.registry.area_queries import area_choices, crops_of
from app.registry.organisation_queries import organisation_by_id
from app.registry.season_queries import season_line
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried
from app.web.season_forms import land_typed, required_day
from app.web.work_diary import beside

router = APIRouter(include_in_schema=False)

STARTING = frozenset({Role.STAFF, Role.COOP_ADMIN})


@router.get("/work/diary/plantings")
def plantings_page(
    request: Request, call: Reading, page: PageArgs, standing: bool = True
) -> Response:
    """What stands now, or all that ever stood."""
    found = queries.plantings(
        call.session,
        within=call.within,
        standing_on=call.today if standing else None,
        after=page.after,
        limit=20,
    )
    return show(
        request,
        call,
        "work/plantings.html",
        plantings=found,
        plots=plots_with_growers(call.session, {line.planting.pk for line in found.items}),
        standing=standing,
        may_start=call.caller.role in STARTING,
    )


@router.get("/work/diary/plantings/new")
def new_planting_page(
    request: Request, call: Reading, *, area: UUID | None = None, season: UUID | None = None
) -> Response:
    """The form; `season` is a declaration to start from."""
    typed: dict[str, Any] = {"sown_on": call.today.isoformat(), "area_unit": "m2"}
    if area is not None:
        typed["planting_area"] = str(area)
    if season is not None:
        typed |= _from_season(call, season)
    return _form(request, call, typed)


@router.post("/work/diary/plantings/new")
def start_planting_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Start, or say beside each field what cannot be."""

    def effect() -> str:
        planting = commands.start_planting(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            details=_details(typed),
            by=call.actor,
            now=call.now,
        )
        return f"/work/diary/plantings/{planting.uid}?done=planting_started"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        again = {**typed.fields, "plots": typed.several.get("plots", [])}
        return _form(request, call, again, refusal=answer)
    return answer


@router.get("/work/diary/plantings/{uid}")
def planting_page(request: Request, call: Reading, page: PageArgs, uid: UUID) -> Response:
    """One planting: its whole diary, what speaks against the rotation, from when on it is free."""
    line = queries.planting_line(call.session, uid, within=call.within)
    return planting_shown(request, call, line, after=page.after)


@router.get("/desk/diary/plantings/{uid}")
def desk_planting_page(request: Request, call: Reading, page: PageArgs, uid: UUID) -> Response:
    """The same of any organisation, for an officer."""
    line = queries.planting_line(call.session, uid, within=call.within)
    call.saw(line.area.organisation_id, "planting", uid)
    return planting_shown(request, call, line, after=page.after)


@router.post("/work/diary/plantings/{uid}/amend")
def amend_planting_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Correct what was written down of a planting."""

    def effect(planting: Planting) -> None:
        commands.amend_planting(
            call.session, planting=planting, details=_details(typed), by=call.actor, now=call.now
        )

    return _change(request, call, uid, typed, effect, done="amended")


@router.post("/work/diary/plantings/{uid}/end")
def end_planting_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Say on which day it stood last."""

    def effect(planting: Planting) -> None:
        ended_on = typed.day("ended_on", required=True)
        typed.done()
        commands.end_planting(
            call.session,
            planting=planting,
            ended_on=required_day(ended_on),
            by=call.actor,
            now=call.now,
        )

    return _change(request, call, uid, typed, effect, done="planting_ended")


def planting_shown(
    request: Request, call: Call, line: queries.PlantingLine, *, after: str | None, **again: Any
) -> Response:
    """The page of one planting."""
    planting = line.planting
    found = entries(
        call.session,
        within=Reach.own(planting.organisation_id),
        wanted=EntryFilter(planting=planting, whole=True),
        after=after,
        limit=40,
    )
    may_change = call.caller.role in STARTING and planting.ended_on is None
    return show(
        request,
        call,
        "work/planting.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        plots=plots_with_growers(call.session, {planting.pk}).get(planting.pk, ()),
        choices=plot_choices(call.session, {line.area.pk}) if may_change else [],
        advice=advice_of_planting(call.session, line),
        moved=moved_plots(call.session, line),
        free_from=free_from(waits_of(call.session, planting.pk)),
        entries=found,
        **beside(call, found.items),
        may_change=may_change,
        may_write=call.caller.role in STARTING | {Role.GROWER} and planting.ended_on is None,
        as_is=_as_typed(call, line),
        crop_choices=_crop_choices(call, crops_of(call.session, line.area)),
        **again,
    )


def _change(
    request: Request, call: Call, uid: UUID, typed: Typed, effect: Any, *, done: str
) -> Response:
    queries.planting_by_uid(call.session, uid, within=call.within)

    def changing() -> None:
        planting = queries.planting_by_uid(call.session, uid, within=call.within)
        require_version(planting.version, typed.whole("version", default=0))
        effect(planting)

    outcome = tried(call, changing)
    if isinstance(outcome, Refusal):
        line = queries.planting_line(call.session, uid, within=call.within)
        again = {**typed.fields, "plots": typed.several.get("plots", [])}
        return planting_shown(request, call, line, after=None, typed=again, refusal=outcome)
    return go_to(f"/work/diary/plantings/{uid}?done={done}")


def _form(
    request: Request, call: Call, typed: dict[str, Any], *, refusal: Refusal | None = None
) -> Response:
    choices = area_choices(call.session, call.caller.organisation_id)
    wanted = typed.get("planting_area")
    chosen = next((one for one in choices if str(one.area.uid) == wanted), None)
    if chosen is None and len(choices) == 1:
        chosen = choices[0]
    return show(
        request,
        call,
        "work/planting_new.html",
        status=422 if refusal else 200,
        typed=typed,
        refusal=refusal,
        choices=choices,
        chosen=chosen,
        crop_choices=_crop_choices(call, chosen.crops if chosen else ()),
        plots=plot_choices(call.session, {chosen.area.pk}) if chosen else [],
    )


def _details(typed: Typed) -> commands.PlantingDetails:
    area = typed.uid("planting_area", required=True)
    crop = typed.text("crop", longest=40, required=True)
    sown_on = typed.day("sown_on", required=True)
    harvest_from, harvest_to = typed.day("harvest_from"), typed.day("harvest_to")
    land = typed.land("area_m2", "area_unit") if typed.raw("area_m2").strip() else None
    plots, season = tuple(typed.uids("plots")), typed.uid("season")
    variety = typed.text("variety", longest=120)
    note = typed.text("note", longest=500, multiline=True)
    typed.done()
    if area is None or sown_on is None:
        raise ValueError("required fields are there once the form is done")
    return commands.PlantingDetails(
        planting_area=area,
        crop=crop,
        sown_on=sown_on,
        plots=plots,
        variety=variety,
        harvest_from=harvest_from,
        harvest_to=harvest_to,
        area=land,
        season=season,
        note=note,
    )


def _from_season(call: Call, uid: UUID) -> dict[str, str]:
    line = season_line(call.session, uid, within=call.within)
    season = line.season
    size, unit = land_typed(season.area_m2)
    return {
        "planting_area": str(line.area.uid),
        "crop": line.crop.slug,
        "variety": season.variety,
        "sown_on": season.starts_on.isoformat(),
        "harvest_from": season.harvest_from.isoformat(),
        "harvest_to": season.harvest_to.isoformat(),
        "area_m2": size,
        "area_unit": unit,
        "season": str(season.uid),
    }


def _crop_choices(call: Call, crops: Iterable[Crop]) -> list[tuple[str, str]]:
    return [(crop.slug, getattr(crop, f"name_{call.language.tag}")) for crop in crops]


def _as_typed(call: Call, line: queries.PlantingLine) -> dict[str, Any]:
    planting = line.planting
    size, unit = land_typed(planting.area_m2)
    held = queries.plots_of_planting(call.session, planting)
    return {
        "planting_area": str(line.area.uid),
        "crop": line.crop.slug,
        "variety": planting.variety,
        "sown_on": planting.sown_on.isoformat(),
        "harvest_from": planting.harvest_from or "",
        "harvest_to": planting.harvest_to or "",
        "area_m2": size,
        "area_unit": unit,
        "note": planting.note,
        "plots": [str(plot.uid) for plot in held],
    }
