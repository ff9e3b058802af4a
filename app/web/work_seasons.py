"""Seasons, as the clerk works with them: declare one, correct it, report what it gave."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.ledger.queries import history_of
from app.models.accounts import Role
from app.models.registry import PlantingArea
from app.models.seasons import SeasonDeclaration
from app.registry.area_queries import AreaLine, area_choices, area_line
from app.registry.season_commands import (
    amend_season,
    declare_season,
    end_season,
)
from app.registry.season_queries import (
    SeasonLine,
    SeasonState,
    season_line,
    seasons,
    warnings_of_season,
)
from app.registry.season_reminder_queries import season_reminders
from app.registry.season_rules import stage_of
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried
from app.web.season_forms import as_typed, land_typed, offered, required_day, season_typed
from app.web.words import SEASON_STAGES

router = APIRouter(prefix="/work", include_in_schema=False)

WRITING = frozenset({Role.STAFF, Role.COOP_ADMIN})


@router.get("/seasons")
def seasons_page(
    request: Request,
    call: Reading,
    page: PageArgs,
    state: SeasonState = SeasonState.ALL,
    area: UUID | None = None,
    q: str = "",
) -> Response:
    """What is open first, what waits for a report marked; what is still to be declared above."""
    within, chosen = call.within, None
    if area is not None:
        chosen = area_line(call.session, area, within=within).area
    found = seasons(
        call.session,
        within=within,
        area=chosen,
        state=state,
        q=q[:80],
        after=page.after,
        limit=20,
    )
    return show(
        request,
        call,
        "work/seasons.html",
        seasons=found,
        stages={line.season.id: stage_of(line.season, call.today) for line in found.items},
        stage_words=SEASON_STAGES,
        area=chosen,
        state=state.value,
        q=q[:80],
        choices=_choices(call, chosen),
        undeclared=_undeclared(call),
    )


@router.get("/areas/{uid}/seasons/new")
def new_season_page(request: Request, call: Reading, uid: UUID) -> Response:
    """The form, for the whole area, from today."""
    line = area_line(call.session, uid, within=call.within)
    size, unit = land_typed(line.area.area_m2)
    typed = {"starts_on": call.today.isoformat(), "area_m2": size, "area_unit": unit}
    return _form(request, call, line, {"unit": "tan", "market": "VNM", **typed})


@router.post("/areas/{uid}/seasons/new")
def declare_season_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Declare, or say beside each field what cannot be."""
    line = area_line(call.session, uid, within=call.within)

    def effect() -> str:
        season = declare_season(
            call.session, area=line.area, details=season_typed(typed), by=call.actor, now=call.now
        )
        return f"/work/seasons/{season.uid}?done=season_declared"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _form(request, call, line, typed.fields, refusal=answer)
    return answer


@router.get("/seasons/{uid}")
def season_page(request: Request, call: Reading, uid: UUID) -> Response:
    """One season: what was declared, what came of it, and the next step."""
    return _page(request, call, season_line(call.session, uid, within=call.within))


@router.post("/seasons/{uid}/amend")
def amend_season_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Correct what was declared."""

    def effect(season: SeasonDeclaration) -> None:
        amend_season(
            call.session, season=season, details=season_typed(typed), by=call.actor, now=call.now
        )

    return _change(request, call, uid, typed, effect, done="amended")


@router.post("/seasons/{uid}/end")
def end_season_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Report what the season gave."""

    def effect(season: SeasonDeclaration) -> None:
        actual = typed.mass("actual_output_g", "actual_unit")
        ended_on = typed.day("ended_on", required=True)
        typed.done()
        end_season(
            call.session,
            season=season,
            actual=actual,
            ended_on=required_day(ended_on),
            by=call.actor,
            now=call.now,
        )

    return _change(request, call, uid, typed, effect, done="season_ended")


def _change(
    request: Request, call: Call, uid: UUID, typed: Typed, effect: Any, *, done: str
) -> Response:
    """Apply a change to the version the form was made from, and show the season again."""

    def changing() -> None:
        season = season_line(call.session, uid, within=call.within).season
        require_version(season.version, typed.whole("version", default=0))
        effect(season)

    # Outside of what is tried: what is not within reach is not found, and no refused form.
    line = season_line(call.session, uid, within=call.within)
    outcome = tried(call, changing)
    if isinstance(outcome, Refusal):
        return _page(request, call, line, typed=typed.fields, refusal=outcome)
    return go_to(f"/work/seasons/{uid}?done={done}")


def _page(request: Request, call: Call, line: SeasonLine, **again: Any) -> Response:
    desk = call.within.everything
    return show(
        request,
        call,
        "work/season.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        stage=stage_of(line.season, call.today).value,
        stage_words=SEASON_STAGES,
        warnings=warnings_of_season(call.session, line),
        as_is=as_typed(line),
        facts=history_of(call.session, str(line.season.uid)) if desk else None,
        **offered(call, line.area, line),
        **again,
    )


def _form(
    request: Request,
    call: Call,
    line: AreaLine,
    typed: dict[str, str],
    *,
    refusal: Refusal | None = None,
) -> Response:
    return show(
        request,
        call,
        "work/season_new.html",
        status=422 if refusal else 200,
        line=line,
        typed=typed,
        refusal=refusal,
        **offered(call, line.area),
    )


def _choices(call: Call, chosen: PlantingArea | None) -> list[PlantingArea]:
    """The areas somebody may declare a season of."""
    if call.caller.role not in WRITING:
        return []
    open_areas = area_choices(call.session, call.caller.organisation_id)
    return [choice.area for choice in open_areas if chosen is None or choice.area is chosen]


def _undeclared(call: Call) -> list[PlantingArea]:
    """The areas that have a code and no season, for who may declare one."""
    if call.caller.role not in WRITING:
        return []
    owed = season_reminders(call.session, call.today, within=call.within)
    return [reminder.area for reminder in owed if reminder.kind == "declare"]
