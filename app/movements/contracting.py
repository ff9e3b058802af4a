"""For which contract goods leave: the one that is named, or the only one they can be meant for."""

from collections.abc import Sequence

from sqlmodel import Session

from app.contracts.progress_queries import contract_for
from app.errors import refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.models.contracts import Contract, ContractState
from app.models.movements import Movement
from app.movements.recording import Circumstances, Part


def name_contract(
    session: Session, movement: Movement, parts: Sequence[Part], told: Circumstances
) -> None:
    """Write down for which contract a movement is; its buyer must be known by then."""
    if told.outside_contracts or (movement.counterparty_id is None and movement.party_id is None):
        return
    crops = sorted({part.lot.crop_id for part in parts})
    if told.contract is not None:
        _require_fit(told.contract, movement, crops)
        movement.contract_id = told.contract.pk
        return
    movement.contract_id = contract_for(
        session,
        movement.organisation_id,
        buyer=movement.counterparty_id,
        party=movement.party_id,
        crops=crops,
        day=day_of(told.happened_at),
    )


def _require_fit(contract: Contract, movement: Movement, crops: Sequence[int]) -> None:
    buyer = (contract.buyer_id, contract.party_id)
    if buyer != (movement.counterparty_id, movement.party_id):
        raise refuse("contract", say("This contract is with another buyer."))
    if contract.state is not ContractState.SIGNED:
        raise refuse("contract", say("This contract is not in force."))
    if contract.crop_id not in crops:
        raise refuse("contract", say("None of these lots is of the crop of this contract."))
