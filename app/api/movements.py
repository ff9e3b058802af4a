"""Movements on the wire: what was done with lots, what is where, and taking it back."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.accounts.reach import Reach
from app.api.lots_shapes import ReasonIn
from app.api.movement_shapes import HoldingOut, MovementIn, MovementOut
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import Code
from app.contracts.queries import own_contract
from app.deps import Call, Config, OnceDep, PageArgs, Reading, Writing
from app.errors import Conflict, Malformed, NotFound, Refused
from app.kit.quantities import Grams
from app.lots.queries import lot_by_code
from app.models.movements import HoldingState, MovementKind
from app.movements import queries
from app.movements.doing import Wanted, do_movement
from app.movements.recording import Doer
from app.movements.undoing_commands import undo_movement
from app.registry.organisation_queries import organisation_by_id, organisation_by_uid

router = APIRouter(tags=["movements"])

Said = tuple[BaseModel, dict[str, str]]


@router.get("/movements", responses=may_fail(Malformed, NotFound))
def list_movements(call: Reading, page: PageArgs, lot: Code | None = None) -> PageOut[MovementOut]:
    """Movements, newest first; those of one lot when its code is given."""
    of_lot = lot_by_code(call.session, lot, within=Reach.all()) if lot else None
    found = queries.newest_movements(
        call.session, within=call.within, lot=of_lot, after=page.after, limit=page.limit
    )
    return page_out(found, MovementOut.of)


@router.post(
    "/movements",
    status_code=201,
    response_model=MovementOut,
    responses=may_fail(Malformed, NotFound, Refused),
)
def record_movement(body: MovementIn, call: Writing, once: OnceDep, config: Config) -> Response:
    """Record what was done with lots. Kilograms that do not add up are refused, saying by how much."""

    def effect() -> Said:
        wanted = _wanted(body, call)
        contract = (
            own_contract(call.session, body.contract, call.caller.organisation_id)
            if body.contract
            else None
        )
        said = body.told(call.now, contract)
        movement, token = do_movement(call.session, doer_of(call), wanted, said)
        link = f"{config.base_url}/d/{token}" if token else None
        told = queries.movement_by_uid(call.session, movement.uid, within=call.within)
        return MovementOut.of(told, link), {"Location": f"/api/v1/movements/{movement.uid}"}

    return once(effect, shown_once="link")


@router.get("/movements/{movement}", responses=may_fail(NotFound))
def read_movement(movement: UUID, call: Reading) -> MovementOut:
    """One movement."""
    return MovementOut.of(queries.movement_by_uid(call.session, movement, within=call.within))


@router.post(
    "/movements/{movement}/undo",
    status_code=201,
    response_model=MovementOut,
    responses=may_fail(Conflict, Malformed, NotFound, Refused),
)
def undo_movement_by_counter(
    movement: UUID, body: ReasonIn, call: Writing, once: OnceDep
) -> Response:
    """Take a movement back by a counter-movement, while everything is still where it left it."""

    def effect() -> Said:
        told = queries.movement_by_uid(call.session, movement, within=call.within)
        back = undo_movement(call.session, doer_of(call), told.movement, body.reason)
        told = queries.movement_by_uid(call.session, back.uid, within=call.within)
        return MovementOut.of(told), {"Location": f"/api/v1/movements/{back.uid}"}

    return once(effect)


@router.get("/stock", responses=may_fail(Malformed))
def list_stock(
    call: Reading, page: PageArgs, state: HoldingState = HoldingState.IN_HAND
) -> PageOut[HoldingOut]:
    """What is where: of each lot how much."""
    found = queries.stock(
        call.session, within=call.within, state=state, after=page.after, limit=page.limit
    )
    return page_out(found, HoldingOut.of)


def doer_of(call: Call) -> Doer:
    """The caller's organisation, doing it now."""
    home = organisation_by_id(call.session, call.caller.organisation_id)
    return Doer(home, call.actor, call.now)


def _wanted(body: MovementIn, call: Call) -> Wanted:
    session = call.session
    supplied = body.kind is MovementKind.RECEIVING
    return Wanted(
        kind=body.kind,
        inputs=body.pieces(),
        outputs=[] if supplied else [one.made() for one in body.outputs],
        supplies=[one.supply() for one in body.outputs] if supplied else [],
        loss=Grams(body.loss_g),
        receiver=organisation_by_uid(session, body.receiver, within=Reach.all())
        if body.receiver
        else None,
        party=queries.party_by_uid(session, body.party, within=call.within) if body.party else None,
    )
