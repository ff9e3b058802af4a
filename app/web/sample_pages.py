"""Official samples: their way from hand to hand, and the report that answers them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.errors import refuse
from app.inspection import sample_queries as queries
from app.inspection.sample_commands import Handing, attach_result, hand_on
from app.inspection.sample_rules import NEXT
from app.kit.clock import HOME
from app.kit.messages import say
from app.models.samples import Sample, SampleStepKind
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, tried

router = APIRouter(include_in_schema=False)

WORK, DESK = "/work", "/desk"
LINES_A_PAGE = 30


@router.get("/work/samples")
def samples_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """Samples that inspectors took at the organisation."""
    return _list(request, call, WORK, page.after)


@router.get("/desk/samples")
def desk_samples_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """Every official sample."""
    return _list(request, call, DESK, page.after)


@router.get("/work/samples/{sample}")
def sample_page(request: Request, call: Reading, sample: UUID) -> Response:
    """One sample."""
    return _one(request, call, WORK, sample)


@router.get("/desk/samples/{sample}")
def desk_sample_page(request: Request, call: Reading, sample: UUID) -> Response:
    """One sample, with the next step of its way."""
    return _one(request, call, DESK, sample)


@router.post("/desk/samples/{sample}/steps")
def hand_sample_on_form(
    request: Request, call: Writing, sample: UUID, typed: TypedForm
) -> Response:
    """The next hand."""

    def effect(found: Sample) -> None:
        whole = typed.raw("seal_whole")
        handing = Handing(
            _kind(typed),
            typed.text("giver", longest=120),
            typed.text("taker", longest=120),
            _moment(typed, call.now),
            None if not whole else whole == "yes",
            typed.text("note", longest=300, multiline=True),
        )
        typed.done()
        hand_on(call.session, sample=found, handing=handing, caller=call.caller, now=call.now)

    return _change(request, call, sample, typed, effect, done="sample_handed")


@router.post("/desk/samples/{sample}/result")
def attach_result_form(request: Request, call: Writing, sample: UUID, typed: TypedForm) -> Response:
    """The report that answers it."""

    def effect(found: Sample) -> None:
        report = typed.uid("report", required=True)
        typed.done()
        if report is not None:
            attach_result(
                call.session, sample=found, report=report, caller=call.caller, now=call.now
            )

    return _change(request, call, sample, typed, effect, done="sample_answered")


def _change(
    request: Request, call: Call, uid: UUID, typed: Typed, effect: Any, *, done: str
) -> Response:
    def changing() -> None:
        line = queries.sample_line(call.session, uid, within=call.within)
        require_version(line.sample.version, typed.whole("version", default=0))
        effect(line.sample)

    outcome = tried(call, changing)
    if isinstance(outcome, Refusal):
        return _one(request, call, DESK, uid, typed=typed.fields, refusal=outcome)
    return go_to(f"/desk/samples/{uid}?done={done}")


def _kind(typed: Typed) -> SampleStepKind:
    try:
        return SampleStepKind(typed.raw("kind"))
    except ValueError:
        raise refuse("kind", say("Choose one from the list.")) from None


def _moment(typed: Typed, now: datetime) -> datetime:
    """When it happened, as a wall clock here shows it; now when it was left out."""
    said = typed.raw("at").strip()
    if not said:
        return now
    try:
        return datetime.fromisoformat(said).replace(tzinfo=HOME)
    except ValueError:
        raise refuse("at", say("This is no moment. Write it like 2026-11-20T14:30.")) from None


def _list(request: Request, call: Call, home: str, after: str | None) -> Response:
    found = queries.samples(call.session, within=call.within, after=after, limit=LINES_A_PAGE)
    return show(request, call, "work/samples.html", home=home, lines=found)


def _one(request: Request, call: Call, home: str, uid: UUID, **again: Any) -> Response:
    line = queries.sample_line(call.session, uid, within=call.within)
    following = NEXT[line.sample.state]
    awaits = SampleStepKind.RESULTED in following
    steps = queries.steps_of(call.session, line.sample)
    return show(
        request,
        call,
        "work/sample.html",
        status=422 if again.get("refusal") else 200,
        home=home,
        line=line,
        steps=steps,
        following=[one for one in SampleStepKind if one in following and not awaits],
        reports=queries.official_reports(call.session, line.sample)
        if awaits and home == DESK
        else [],
        awaits=awaits,
        **again,
    )
