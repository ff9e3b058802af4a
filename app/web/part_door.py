"""The link by which a commune, which has no account, sends in its part of a report on the plan."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, Writing
from app.kit.clock import day_of
from app.models.catalogue import CropGroup
from app.plan.part_link_commands import submit_by_link
from app.plan.part_link_queries import LinkTold, part_of_secret, sent_by
from app.plan.rollup import refresh
from app.plan.submission_queries import part_due
from app.web.pages import Refusal, TypedForm, show, tried
from app.web.plan_part_forms import part_shown, part_typed
from app.web.plan_report_words import GROUP_WORDS

router = APIRouter(prefix="/b", include_in_schema=False)


@router.get("/{token}")
def part_door_page(request: Request, call: Reading, token: str) -> Response:
    """What is asked of the commune. Looking changes nothing: previews of links look too."""
    return _page(request, call, part_of_secret(call.session, token, now=call.now), token)


@router.post("/{token}")
def send_part_door_form(request: Request, call: Writing, token: str, typed: TypedForm) -> Response:
    """Send it; a corrected one stands beside the first."""
    told = part_of_secret(call.session, token, now=call.now)

    def effect() -> None:
        part = part_typed(typed)
        refresh(call.session, call.now)
        submit_by_link(call.session, told, part=part, note=typed.raw("note"), now=call.now)

    outcome = tried(call, effect)
    told = part_of_secret(call.session, token, now=call.now)
    if isinstance(outcome, Refusal):
        return _page(request, call, told, token, typed=typed.fields, refusal=outcome)
    return _page(request, call, told, token, thanked=True)


def _page(request: Request, call: Call, told: LinkTold, token: str, **again: object) -> Response:
    # What came by other hands is not shown: whoever has the link may be somebody else.
    sent = sent_by(call.session, told)
    typed = part_shown(sent[0].said, call.language) if sent else {}
    due = part_due(call.session, told.period)
    answer = show(
        request,
        call,
        "public/part.html",
        status=422 if again.get("refusal") else 200,
        told=told,
        sent=sent,
        due=due,
        late=day_of(call.now) > due,
        token=token,
        groups=list(CropGroup),
        group_words=GROUP_WORDS,
        **{"thanked": False, "typed": typed, **again},
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
