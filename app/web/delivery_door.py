"""The link with which a buyer without an account confirms a delivery: opened often, used once."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, Writing
from app.ledger.actors import Actor
from app.movements.delivery_queries import DeliveryTold, delivery_of_link
from app.movements.receiving_commands import receive_delivery
from app.web.movement_forms import receipt_typed
from app.web.movement_words import CONDITIONS
from app.web.pages import Refusal, TypedForm, show, tried

router = APIRouter(prefix="/d", include_in_schema=False)


@router.get("/{token}")
def delivery_door_page(request: Request, call: Reading, token: str) -> Response:
    """What is being delivered. Looking uses nothing up: previews of links look too."""
    told = delivery_of_link(call.session, token, now=call.now)
    return _page(request, call, told, token)


@router.post("/{token}")
def confirm_delivery_form(
    request: Request, call: Writing, token: str, typed: TypedForm
) -> Response:
    """Confirm what arrived; the link is used up."""
    told = delivery_of_link(call.session, token, now=call.now)

    def effect() -> None:
        receipt = receipt_typed(typed, told)
        receive_delivery(call.session, told.delivery, receipt, by=Actor.public(), now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        again = delivery_of_link(call.session, token, now=call.now)
        return _page(request, call, again, token, typed=typed.fields, refusal=outcome)
    return _page(request, call, told, "", confirmed=True)


def _page(
    request: Request, call: Call, told: DeliveryTold, token: str, **again: object
) -> Response:
    return show(
        request,
        call,
        "public/delivery.html",
        status=422 if again.get("refusal") else 200,
        told=told,
        token=token,
        conditions=CONDITIONS,
        **{"confirmed": False, **again},
    )
