"""The link by which a buyer without an account learns of a recall and says how many kilograms are left."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, Writing
from app.ledger.actors import Actor
from app.models.recalls import Recall
from app.recalls.answering_commands import answer_recall
from app.recalls.queries import ConsigneeTold, consignee_of_link, lots_of, told_of
from app.web.pages import Refusal, TypedForm, show, tried
from app.web.recall_forms import answer_typed

router = APIRouter(prefix="/k", include_in_schema=False)

MOST_LOTS = 200


@router.get("/{token}")
def recall_door_page(request: Request, call: Reading, token: str) -> Response:
    """Which goods are recalled. Looking changes nothing: previews of links look too."""
    recall, told = consignee_of_link(call.session, token)
    return _page(request, call, recall, told, token)


@router.post("/{token}")
def answer_recall_door(request: Request, call: Writing, token: str, typed: TypedForm) -> Response:
    """Acknowledge it, and say what is left."""
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
