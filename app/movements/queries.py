"""Finding movements, what is where, and outside parties."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.catalogue import Crop
from app.models.contracts import Contract
from app.models.lots import HarvestLot
from app.models.movements import (
    Delivery,
    Direction,
    Holding,
    HoldingState,
    Movement,
    MovementLine,
    Party,
)
from app.models.registry import Organisation

MOST_FOR_CONTRACT = 200


@dataclass(frozen=True)
class LotInMovement:
    """A lot in a movement, with its crop."""

    line: MovementLine
    lot: HarvestLot
    crop: Crop


@dataclass(frozen=True)
class MovementTold:
    """A movement with the names beside it; `undone_by`: the movement that took it back."""

    movement: Movement
    organisation: Organisation
    counterparty: Organisation | None
    party: Party | None
    delivery: Delivery | None
    undone_by: Movement | None
    contract: Contract | None
    lines: tuple[LotInMovement, ...]

    @property
    def into(self) -> list[LotInMovement]:
        return [one for one in self.lines if one.line.direction is Direction.IN]

    @property
    def out(self) -> list[LotInMovement]:
        return [one for one in self.lines if one.line.direction is Direction.OUT]


@dataclass(frozen=True)
class StockLine:
    """Where some kilograms of a lot are, seen from an organisation."""

    holding: Holding
    lot: HarvestLot
    crop: Crop
    organisation: Organisation
    party: Party | None


def movement_by_uid(session: Session, uid: UUID, *, within: Reach) -> MovementTold:
    """The movement with this public id."""
    wanted = _movements(within).where(col(Movement.uid) == uid)
    found = _told(session, session.execute(wanted).all())
    if not found:
        raise NotFound(say("There is no such movement."))
    return found[0]


def newest_movements(
    session: Session,
    *,
    within: Reach,
    lot: HarvestLot | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[MovementTold]:
    """Movements, newest first; of one lot where it is given."""
    wanted = _movements(within)
    if lot is not None:
        of_lot = select(col(MovementLine.movement_id)).where(col(MovementLine.lot_id) == lot.pk)
        wanted = wanted.where(col(Movement.id).in_(of_lot))
    if after is not None:
        wanted = wanted.where(col(Movement.id) < decode(after, int)[0])
    newest = wanted.order_by(col(Movement.id).desc()).limit(limit + 1)
    rows = _told(session, session.execute(newest).all())
    return page_of(rows, limit=limit, key=lambda one: (one.movement.pk,))


def movements_for(session: Session, contract: Contract) -> list[MovementTold]:
    """The newest movements by which goods left for a contract."""
    wanted = _movements(Reach.all()).where(col(Movement.contract_id) == contract.pk)
    newest = wanted.order_by(col(Movement.id).desc()).limit(MOST_FOR_CONTRACT)
    return _told(session, session.execute(newest).all())


def stock(
    session: Session,
    *,
    within: Reach,
    state: HoldingState = HoldingState.IN_HAND,
    after: str | None = None,
    limit: int = 50,
) -> Page[StockLine]:
    """What is where: of each lot how much, the newest lots first."""
    wanted = _holdings().where(
        within.limits(col(Holding.organisation_id)), col(Holding.state) == state
    )
    if after is not None:
        wanted = wanted.where(col(Holding.id) < decode(after, int)[0])
    newest = wanted.order_by(col(Holding.id).desc()).limit(limit + 1)
    rows = [StockLine(*row) for row in session.execute(newest)]
    return page_of(rows, limit=limit, key=lambda one: (one.holding.pk,))


def whereabouts(session: Session, lot: HarvestLot, *, within: Reach) -> list[StockLine]:
    """Where the kilograms of one lot are, as far as they are within reach."""
    wanted = _holdings().where(
        col(Holding.lot_id) == lot.pk, within.limits(col(Holding.organisation_id))
    )
    return [StockLine(*row) for row in session.execute(wanted.order_by(col(Holding.id)))]


def find_held(session: Session, code: str, organisation_id: int) -> StockLine | None:
    """What an organisation has in hand of a lot, its own or another's; None: nothing."""
    wanted = _holdings().where(
        col(HarvestLot.code) == code,
        col(Holding.organisation_id) == organisation_id,
        col(Holding.state) == HoldingState.IN_HAND,
    )
    row = session.execute(wanted).one_or_none()
    return StockLine(*row) if row else None


def party_by_uid(session: Session, uid: UUID, *, within: Reach) -> Party:
    """The outside party with this public id."""
    wanted = select(Party).where(col(Party.uid) == uid, within.limits(col(Party.organisation_id)))
    found: Party | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such party."))
    return found


def parties(
    session: Session, *, within: Reach, after: str | None = None, limit: int = 50
) -> Page[Party]:
    """Outside parties, newest first."""
    wanted = select(Party).where(within.limits(col(Party.organisation_id)))
    if after is not None:
        wanted = wanted.where(col(Party.id) < decode(after, int)[0])
    newest = wanted.order_by(col(Party.id).desc()).limit(limit + 1)
    rows = list(session.execute(newest).scalars())
    return page_of(rows, limit=limit, key=lambda one: (one.pk,))


def _holdings() -> Any:
    return (
        select(Holding, HarvestLot, Crop, Organisation, Party)
        .join(HarvestLot, col(HarvestLot.id) == col(Holding.lot_id))
        .join(Crop, col(Crop.id) == col(HarvestLot.crop_id))
        .join(Organisation, col(Organisation.id) == col(Holding.organisation_id))
        .outerjoin(Party, col(Party.id) == col(Holding.party_id))
        .where(col(Holding.quantity_g) > 0)
    )


def _movements(within: Reach) -> Any:
    other, back = aliased(Organisation), aliased(Movement)
    return (
        select(Movement, Organisation, other, Party, Delivery, back, Contract)
        .join(Organisation, col(Organisation.id) == col(Movement.organisation_id))
        .outerjoin(other, col(other.id) == col(Movement.counterparty_id))
        .outerjoin(Party, col(Party.id) == col(Movement.party_id))
        .outerjoin(Delivery, col(Delivery.movement_id) == col(Movement.id))
        .outerjoin(back, col(back.counters_id) == col(Movement.id))
        .outerjoin(Contract, col(Contract.id) == col(Movement.contract_id))
        .where(within.limits(col(Movement.organisation_id)))
    )


def _told(session: Session, rows: Sequence[Any]) -> list[MovementTold]:
    lines: defaultdict[int, list[LotInMovement]] = defaultdict(list)
    wanted = (
        select(MovementLine, HarvestLot, Crop)
        .join(HarvestLot, col(HarvestLot.id) == col(MovementLine.lot_id))
        .join(Crop, col(Crop.id) == col(HarvestLot.crop_id))
        .where(col(MovementLine.movement_id).in_([row[0].pk for row in rows]))
        .order_by(col(MovementLine.id))
    )
    for line, lot, crop in session.execute(wanted):
        lines[line.movement_id].append(LotInMovement(line, lot, crop))
    return [
        MovementTold(row, home, other, party, delivery, back, contract, tuple(lines[row.pk]))
        for row, home, other, party, delivery, back, contract in rows
    ]
