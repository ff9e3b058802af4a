"""Deliveries at work: which are on their way, what arrived, the receiver's link; outside parties."""

from collections.abc import Iterable
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Config, PageArgs, Reading, Writing
from app.models.movements import DeliveryState
from app.movements import queries
from app.movements.delivery_queries import (
    DeliveryTold,
    delivery_answered_by,
    delivery_by_uid,
    delivery_received_by,
    delivery_sent_by,
    newest_deliveries,
)
from app.movements.party_commands import register_party
from app.movements.receiving_commands import receive_delivery, take_back_refused
from app.movements.recording import Circumstances
from app.movements.shipping_commands import renew_link
from app.movements.unreceiving import reopen_refused
from app.web.drawn_code import drawn_code
from app.web.movement_forms import doer_of, party_typed, receipt_typed
from app.web.movement_words import CONDITIONS, DELIVERIES, PARTIES, party_options
from app.web.pages import Refusal, TypedForm, go_to, show, tried

router = APIRouter(prefix="/work", include_in_schema=False)


@router.get("/deliveries")
def deliveries_page(request: Request, call: Reading, page: PageArgs, state: str = "") -> Response:
    """What was sent and what is to be received, newest first."""
    chosen = DeliveryState(state) if state in set(DeliveryState) else None
    found = newest_deliveries(call.session, within=call.within, state=chosen, after=page.after)
    _saw(call, found.items)
    return show(
        request, call, "work/deliveries.html", deliveries=found, state=chosen, words=DELIVERIES
    )


@router.get("/deliveries/{delivery}")
def delivery_page(request: Request, call: Reading, delivery: UUID) -> Response:
    """One delivery: for its sender how it stands, for its receiver what is to be confirmed."""
    return _one(request, call, delivery)


@router.post("/deliveries/{delivery}/receive")
def receive_delivery_form(
    request: Request, call: Writing, delivery: UUID, typed: TypedForm
) -> Response:
    """Confirm what arrived, once."""

    def effect() -> None:
        told = delivery_received_by(call.session, delivery, call.caller.organisation_id)
        receipt = receipt_typed(typed, told)
        receive_delivery(call.session, told.delivery, receipt, by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _one(request, call, delivery, typed=typed.fields, refusal=outcome)
    return go_to(f"/work/deliveries/{delivery}?done=received")


@router.post("/deliveries/{delivery}/reopen")
def reopen_delivery_form(
    request: Request, call: Writing, delivery: UUID, typed: TypedForm
) -> Response:
    """It was refused by mistake: it waits to be confirmed again."""

    def effect() -> None:
        told = delivery_answered_by(call.session, delivery, call.caller.organisation_id)
        reopen_refused(call.session, doer_of(call), told.delivery, typed.raw("reason"))

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _one(request, call, delivery, typed=typed.fields, refusal=outcome)
    return go_to(f"/work/deliveries/{delivery}?done=reopened")


@router.post("/deliveries/{delivery}/return")
def take_back_delivery_form(request: Request, call: Writing, delivery: UUID) -> Response:
    """What was refused is here again."""

    def effect() -> None:
        told = delivery_sent_by(call.session, delivery, call.caller.organisation_id)
        back = Circumstances(happened_at=call.now)
        take_back_refused(call.session, told.delivery, back, doer_of(call))

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _one(request, call, delivery, refusal=outcome)
    return go_to(f"/work/deliveries/{delivery}?done=back")


@router.post("/deliveries/{delivery}/link")
def renew_delivery_link_form(
    request: Request, call: Writing, delivery: UUID, config: Config
) -> Response:
    """A link with its QR code for the receiver; the one before it is dead. Shown this once."""

    def effect() -> str:
        told = delivery_sent_by(call.session, delivery, call.caller.organisation_id)
        return renew_link(call.session, doer_of(call), told.delivery)

    token = tried(call, effect)
    if isinstance(token, Refusal):
        return _one(request, call, delivery, refusal=token)
    link = f"{config.base_url}/d/{token}"
    return _one(request, call, delivery, link=link, drawn=drawn_code(link))


@router.get("/parties")
def parties_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """With whom the organisation trades, outside of the system."""
    return _parties(request, call, after=page.after)


@router.post("/parties")
def register_party_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Write one down."""
    outcome = tried(call, lambda: register_party(call.session, doer_of(call), party_typed(typed)))
    if isinstance(outcome, Refusal):
        return _parties(request, call, typed=typed.fields, refusal=outcome)
    return go_to("/work/parties?done=saved")


def _one(request: Request, call: Call, delivery: UUID, **again: object) -> Response:
    told = delivery_by_uid(call.session, delivery, within=call.within)
    home = call.caller.organisation_id
    _saw(call, [told])
    return show(
        request,
        call,
        "work/delivery.html",
        status=422 if again.get("refusal") else 200,
        told=told,
        sent=told.delivery.organisation_id == home,
        to_receive=told.delivery.to_organisation_id == home,
        answers=home == (told.delivery.to_organisation_id or told.delivery.organisation_id),
        words=DELIVERIES,
        conditions=CONDITIONS,
        **{"link": "", "drawn": None, **again},
    )


def _saw(call: Call, deliveries: Iterable[DeliveryTold]) -> None:
    """Who an outside buyer is, or who took goods in: an official's look at it is kept."""
    for told in deliveries:
        if told.party is not None or told.delivery.received_by:
            call.saw(told.sender.pk, "buyers")


def _parties(
    request: Request, call: Call, *, after: str | None = None, **again: object
) -> Response:
    found = queries.parties(call.session, within=call.within, after=after)
    for one in found.items:
        call.saw(one.organisation_id, "buyers")
    return show(
        request,
        call,
        "work/parties.html",
        status=422 if again.get("refusal") else 200,
        parties=found,
        party_kinds=PARTIES,
        party_options=party_options(call.language),
        **again,
    )
