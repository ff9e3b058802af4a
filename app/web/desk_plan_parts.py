"""Units' parts at the desk: who sent, who is late, what differs; an officer writes a commune's part down."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, StepsDep, Writing
from app.errors import Refused
from app.models.accounts import Role
from app.models.catalogue import CropGroup
from app.places.queries import commune_on
from app.plan.report_periods import Period, period_from, periods_offered
from app.plan.report_queries import is_closed
from app.plan.rollup import freshen, refresh
from app.plan.submission_commands import Entered, submit_part
from app.plan.submission_queries import (
    Unit,
    editions_of,
    expected,
    part_due,
    submission_by_uid,
)
from app.registry.organisation_queries import organisation_by_id
from app.web.pages import Refusal, TypedForm, show, submitted_once
from app.web.plan_part_forms import part_shown, part_typed
from app.web.plan_report_words import CHANNELS, GROUP_WORDS

router = APIRouter(prefix="/desk/plan/submissions", include_in_schema=False)

HOME = "/desk/plan/submissions"


@router.get("")
def plan_parts_page(
    request: Request, call: Reading, steps: StepsDep, period: str = "", commune: str = ""
) -> Response:
    """Every unit of a period with what came; for one commune, the form of its part."""
    freshen(call.session, steps, call.now)
    chosen = _chosen(call, period)
    return _page(request, call, chosen, commune=commune[:5])


@router.post("")
def send_commune_part_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Write a commune's part down for it."""

    def effect() -> str:
        period = period_from(typed.raw("period"), call.today)
        part = part_typed(typed)
        refresh(call.session, call.now)
        sent = submit_part(
            call.session,
            unit=Unit(commune=commune_on(call.session, typed.raw("commune")[:5], call.today)),
            period=period,
            part=part,
            note=typed.raw("note"),
            entered=Entered(organisation_by_id(call.session, call.caller.organisation_id)),
            by=call.actor,
            now=call.now,
        )
        return f"{HOME}/{sent.uid}?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        again: dict[str, Any] = {"typed": typed.fields, "refusal": answer}
        chosen = _chosen(call, typed.raw("period"))
        return _page(request, call, chosen, commune=typed.raw("commune")[:5], **again)
    return answer


@router.get("/{submission}")
def plan_part_page(request: Request, call: Reading, submission: UUID) -> Response:
    """One part as it was sent, beside what the records gave, and its other editions."""
    told = submission_by_uid(call.session, submission, within=call.within)
    editions = editions_of(call.session, told.unit, told.period)
    return show(
        request,
        call,
        "desk/plan/part.html",
        told=told,
        editions=editions,
        groups=list(CropGroup),
        group_words=GROUP_WORDS,
        channels=CHANNELS,
    )


def _chosen(call: Call, typed: str) -> Period:
    """The period in the address; this year where it names none."""
    try:
        return period_from(typed, call.today)
    except Refused:
        return Period(call.today.year)


def _page(request: Request, call: Call, period: Period, *, commune: str, **again: Any) -> Response:
    units = expected(call.session, period)
    due = part_due(call.session, period)
    closed = is_closed(call.session, period, call.today)
    named = next(
        (one for one in units if one.unit.commune and one.unit.commune.code == commune), None
    )
    typed = part_shown(named.said, call.language) if named and named.said else {}
    return show(
        request,
        call,
        "desk/plan/parts.html",
        status=422 if again.get("refusal") else 200,
        period=period,
        periods=[(one.key, call.language.say(one.words)) for one in periods_offered(call.today)],
        units=units,
        due=due,
        named=named,
        closed=closed,
        late=sum(
            one.is_late(due, call.today) for one in units if one.last is not None or not closed
        ),
        missing=sum(one.last is None for one in units),
        may_write=call.caller.role is Role.PROVINCE_ADMIN,
        groups=list(CropGroup),
        group_words=GROUP_WORDS,
        channels=CHANNELS,
        **{"typed": typed, **again},
    )
