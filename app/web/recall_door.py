"""The link by which a buyer without an account learns of a recall, or of a drill, and says what is left."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, Writing
from app.drills.answering_commands import answer_drill
from app.drills.queries import AskedTold, find_drill_of_link
from app.drills.queries import lots_of as drill_lots
from app.ledger.actors import Actor
from app.models.drills import Drill
from app.models.recalls import Recall
from app.recalls.answering_commands import answer_recall
from app.recalls.queries import ConsigneeTold, consignee_of_link, lots_of, told_of
from app.web.drill_forms import drill_answer_typed
from app.web.pages import Refusal, TypedForm, show, tried
from app.web.recall_forms import answer_typed

router = APIRouter(prefix="/k", include_in_schema=False)

MOST_LOTS = 200


@router.get("/{token}")
def recall_door_page(request: Request, call: Reading, token: str) -> Response:
    """Which goods are recalled. Looking changes nothing: previews of links look too."""
    practised = find_drill_of_link(call.session, token)
    if practised is not None:
        return _drill(request, call, practised, token)
    recall, told = consignee_of_link(call.session, token)
    return _page(request, call, recall, told, token)


@router.post("/{token}")
def answer_recall_door(request: Request, call: Writing, token: str, typed: TypedForm) -> Response:
    """Acknowledge it, and say what is left."""
    practised = find_drill_of_link(call.session, token)
    if practised is not None:
        return _answer_drill(request, call, practised, token, typed)
    recall, told = consignee_of_link(call.session, token)

    def effect() -> None:
        answer_recall(
            call.session,
            recall,
            told.consignee,
            answer_typed(typed),
            by=Actor.public(),
            now=call.now,
        )

    outcome = tried(call, effect)
    recall, told = consignee_of_link(call.session, token)
    if isinstance(outcome, Refusal):
        return _page(request, call, recall, told, token, typed=typed.fields, refusal=outcome)
    return _page(request, call, recall, told, token, thanked=True)


def _answer_drill(
    request: Request, call: Call, practised: tuple[Drill, AskedTold], token: str, typed: TypedForm
) -> Response:
    drill, one = practised

    def effect() -> None:
        answer = drill_answer_typed(typed)
        answer_drill(call.session, drill, one.consignee, answer, now=call.now)

    outcome = tried(call, effect)
    again = find_drill_of_link(call.session, token) or practised
    if isinstance(outcome, Refusal):
        return _drill(request, call, again, token, typed=typed.fields, refusal=outcome)
    return _drill(request, call, again, token, thanked=True)


def _drill(
    request: Request,
    call: Call,
    practised: tuple[Drill, AskedTold],
    token: str,
    **again: object,
) -> Response:
    drill, one = practised
    answer = show(
        request,
        call,
        "public/drill.html",
        status=422 if again.get("refusal") else 200,
        one=one,
        lots=drill_lots(call.session, drill, limit=MOST_LOTS),
        token=token,
        **{"thanked": False, **again},
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _page(
    request: Request,
    call: Call,
    recall: Recall,
    told: ConsigneeTold,
    token: str,
    **again: object,
) -> Response:
    answer = show(
        request,
        call,
        "public/recall.html",
        status=422 if again.get("refusal") else 200,
        told=told_of(call.session, recall),
        one=told,
        lots=lots_of(call.session, recall, limit=MOST_LOTS),
        token=token,
        **{"thanked": False, **again},
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
