"""Deliveries and outside parties on the wire: confirm what arrived, take back what was refused."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.changing import ChangeDep, Said
from app.api.lots_shapes import ReasonIn
from app.api.movement_shapes import DeliveryOut, ReceiptIn
from app.api.movements import doer_of
from app.api.paging import PageOut, page_out
from app.api.party_shapes import PartyIn, PartyOut
from app.api.problems import may_fail
from app.deps import (
    Config,
    OnceDep,
    PageArgs,
    Reading,
    Writing,
    etag,
)
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.models.movements import DeliveryState
from app.movements import party_commands, queries, receiving_commands, shipping_commands
from app.movements.delivery_queries import (
    delivery_answered_by,
    delivery_by_uid,
    delivery_received_by,
    delivery_sent_by,
    newest_deliveries,
)
from app.movements.recording import Circumstances
from app.movements.unreceiving import reopen_refused

router = APIRouter(tags=["movements"])


class LinkOut(BaseModel):
    """A new link; the one before it is dead."""

    link: str


@router.get("/deliveries", responses=may_fail(Malformed))
def list_deliveries(
    call: Reading, page: PageArgs, state: DeliveryState | None = None
) -> PageOut[DeliveryOut]:
    """Deliveries that were sent or are to be received, newest first."""
    found = newest_deliveries(
        call.session, within=call.within, state=state, after=page.after, limit=page.limit
    )
    return page_out(found, DeliveryOut.of)


@router.get("/deliveries/{delivery}", responses=may_fail(NotFound))
def read_delivery(delivery: UUID, call: Reading) -> DeliveryOut:
    """One delivery."""
    return DeliveryOut.of(delivery_by_uid(call.session, delivery, within=call.within))


@router.post(
    "/deliveries/{delivery}/receive",
    response_model=DeliveryOut,
    responses=may_fail(Conflict, Malformed, NotFound, Refused),
)
def receive_delivery(delivery: UUID, body: ReceiptIn, call: Writing, once: OnceDep) -> Response:
    """Confirm what arrived, once. Nothing received at all is a refusal."""

    def effect() -> Said:
        told = delivery_received_by(call.session, delivery, call.caller.organisation_id)
        receiving_commands.receive_delivery(
            call.session, told.delivery, body.receipt(), by=call.actor, now=call.now
        )
        return DeliveryOut.of(delivery_by_uid(call.session, delivery, within=call.within)), {}

    return once(effect, status=200)


@router.post(
    "/deliveries/{delivery}/reopen",
    response_model=DeliveryOut,
    responses=may_fail(Conflict, Malformed, NotFound, Refused),
)
def reopen_delivery(delivery: UUID, body: ReasonIn, call: Writing, once: OnceDep) -> Response:
    """It was refused by mistake: it waits to be confirmed again. Of an outside party, by its sender."""

    def effect() -> Said:
        told = delivery_answered_by(call.session, delivery, call.caller.organisation_id)
        reopen_refused(call.session, doer_of(call), told.delivery, body.reason)
        return DeliveryOut.of(delivery_by_uid(call.session, delivery, within=call.within)), {}

    return once(effect, status=200)


@router.post(
    "/deliveries/{delivery}/return",
    response_model=DeliveryOut,
    responses=may_fail(Conflict, Malformed, NotFound, Refused),
)
def take_back_delivery(delivery: UUID, call: Writing, once: OnceDep) -> Response:
    """The sender has again what was refused."""

    def effect() -> Said:
        told = delivery_sent_by(call.session, delivery, call.caller.organisation_id)
        back = Circumstances(happened_at=call.now)
        receiving_commands.take_back_refused(call.session, told.delivery, back, doer_of(call))
        return DeliveryOut.of(delivery_by_uid(call.session, delivery, within=call.within)), {}

    return once(effect, status=200)


@router.post(
    "/deliveries/{delivery}/link",
    status_code=201,
    response_model=LinkOut,
    responses=may_fail(Conflict, Malformed, NotFound),
)
def renew_delivery_link(delivery: UUID, call: Writing, once: OnceDep, config: Config) -> Response:
    """A new link for a receiver without an account."""

    def effect() -> Said:
        told = delivery_sent_by(call.session, delivery, call.caller.organisation_id)
        token = shipping_commands.renew_link(call.session, doer_of(call), told.delivery)
        return LinkOut(link=f"{config.base_url}/d/{token}"), {}

    return once(effect, shown_once="link")


@router.get("/parties", responses=may_fail(Malformed))
def list_parties(call: Reading, page: PageArgs) -> PageOut[PartyOut]:
    """Outside parties, newest first."""
    found = queries.parties(call.session, within=call.within, after=page.after, limit=page.limit)
    for one in found.items:
        call.saw(one.organisation_id, "buyers")
    return page_out(found, PartyOut.of)


@router.post(
    "/parties",
    status_code=201,
    response_model=PartyOut,
    responses=may_fail(Malformed, Refused),
)
def register_party(body: PartyIn, call: Writing, once: OnceDep) -> Response:
    """Write an outside party down."""

    def effect() -> Said:
        party = party_commands.register_party(call.session, doer_of(call), body.details())
        headers = {"Location": f"/api/v1/parties/{party.uid}", "ETag": etag(party.version)}
        return PartyOut.of(party), headers

    return once(effect)


@router.get("/parties/{party}", responses=may_fail(NotFound))
def read_party(party: UUID, call: Reading, response: Response) -> PartyOut:
    """One outside party."""
    found = queries.party_by_uid(call.session, party, within=call.within)
    call.saw(found.organisation_id, "buyers")
    response.headers["ETag"] = etag(found.version)
    return PartyOut.of(found)


@router.put(
    "/parties/{party}",
    responses=may_fail(Malformed, NotFound, Refused, StaleVersion, VersionRequired),
)
def amend_party(party: UUID, body: PartyIn, change: ChangeDep) -> PartyOut:
    """Correct what is known of an outside party."""
    call = change.call
    found = change(
        queries.party_by_uid(call.session, party, within=call.within),
        lambda one: party_commands.amend_party(call.session, doer_of(call), one, body.details()),
    )
    return PartyOut.of(found)
