"""What may be done with lots, what becomes of their kilograms, and what is refused with which words."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlmodel import Session, col

from app.db import open_session
from app.errors import Conflict, DomainError, NotFound, Refused
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.lots.commands import recall_lot, withdraw_lot
from app.lots.hold_commands import hold_lot
from app.models.lots import LotKind, LotState
from app.models.movements import DeliveryState, Movement, MovementKind, Party
from app.models.registry import Organisation
from app.movements.delivery_queries import delivery_of_link
from app.movements.ending_commands import destroy_lots, sell_lots, store_lots, take_back_lots
from app.movements.receiving_commands import take_back_refused
from app.movements.recording import Circumstances, Doer, Piece
from app.movements.rules import shares
from app.movements.shipping_commands import Receiver, renew_link, ship_lots
from app.movements.undoing_commands import undo_movement
from app.movements.unreceiving import reopen_refused
from tests.given import Given
from tests.movements.moving import Moving, holdings, piece, unaccounted
from tests.threads import at_once

WHY = "Ghi nhầm số cân."


def test_merging_makes_one_lot_of_two(moving: Moving, session: Session) -> None:
    first, second = moving.lot(100), moving.lot(50)
    merged = moving.merge(first, second)
    assert (merged.kind, merged.area_id, merged.quantity_g) == (LotKind.MERGED, None, 150_000)
    assert holdings(session, merged) == {"in_hand": 150_000}
    assert holdings(session, first) == {}
    assert unaccounted(session) == []


def test_what_is_lost_in_packing_is_said(moving: Moving, session: Session) -> None:
    lot = moving.lot(100)
    movement, packs = moving.make(
        MovementKind.PACKING, [piece(lot, 80_000)], [40_000, 35_000], loss=5_000
    )
    assert (movement.loss_g, movement.difference_g) == (5_000, 0)
    assert [pack.quantity_g for pack in packs] == [40_000, 35_000]
    assert holdings(session, lot) == {"in_hand": 20_000}
    assert unaccounted(session) == []


@pytest.mark.parametrize(("out", "gap"), [(98_999, 1_001), (101_001, 1_001)])
def test_kilograms_that_do_not_add_up_are_refused_by_how_much(
    moving: Moving, out: int, gap: int
) -> None:
    lot = moving.lot(100)
    with pytest.raises(Refused) as refused:
        moving.make(MovementKind.PACKING, [piece(lot, 100_000)], [out])
    assert refused.value.fields[0].why.values["difference"] == Grams(gap)


@pytest.mark.parametrize("out", [99_000, 101_000])
def test_scales_may_differ_by_as_much_as_the_rule_says(moving: Moving, out: int) -> None:
    lot = moving.lot(100)
    movement, _ = moving.make(MovementKind.PACKING, [piece(lot, 100_000)], [out])
    assert movement.difference_g == 100_000 - out


def test_nothing_is_taken_that_is_not_there(moving: Moving, session: Session) -> None:
    lot = moving.lot(100)
    with pytest.raises(Refused) as refused:
        moving.make(MovementKind.PACKING, [piece(lot, 100_001)], [100_001])
    assert refused.value.fields[0].why.values["there"] == Grams(100_000)
    session.rollback()


@pytest.mark.parametrize("state", [LotState.HELD, LotState.RECALLED])
def test_a_stopped_lot_goes_into_nothing_and_nowhere(
    moving: Moving, session: Session, state: LotState
) -> None:
    lot, party = moving.lot(100), moving.party()
    merged = moving.merge(lot, moving.lot(10))
    stop = hold_lot if state is LotState.HELD else recall_lot
    stop(session, lot=lot, reason=WHY, by=Actor.system(), now=moving.given.now)
    with pytest.raises(Refused, match="Lot LC"):
        moving.make(MovementKind.PACKING, [piece(merged, 10_000)], [10_000])
    with pytest.raises(Refused):
        moving.ship(merged, 10_000, Receiver(party=party))
    # Destroying it is what may still be done.
    destroy_lots(session, moving.doer, [piece(merged, 10_000)], moving.told)
    assert holdings(session, merged) == {"in_hand": 100_000, "destroyed": 10_000}


def test_another_organisations_lot_is_not_there(moving: Moving, given: Given) -> None:
    foreign = given.lot()
    with pytest.raises(NotFound):
        moving.make(MovementKind.PACKING, [piece(foreign, 1_000)], [1_000])


def test_crops_are_not_mixed(moving: Moving, given: Given) -> None:
    other = moving.lot(10, area=given.area(moving.home, crop="SU_SU"), crop="SU_SU")
    with pytest.raises(Refused):
        moving.merge(moving.lot(10), other)


def test_storing_says_what_was_lost(moving: Moving, session: Session) -> None:
    lot = moving.lot(100)
    store_lots(session, moving.doer, [piece(lot, 100_000, 2_000)], moving.told)
    assert holdings(session, lot) == {"in_hand": 98_000, "lost": 2_000}


def test_selling_at_the_gate_and_what_comes_back(moving: Moving, session: Session) -> None:
    lot, party = moving.lot(100), moving.party()
    sell_lots(session, moving.doer, [piece(lot, 30_000)], moving.told, party=None)
    sell_lots(session, moving.doer, [piece(lot, 20_000)], moving.told, party=party)
    take_back_lots(session, moving.doer, [piece(lot, 5_000)], moving.told, party=party)
    assert holdings(session, lot) == {"in_hand": 55_000, "sold": 30_000, "with_party": 15_000}
    with pytest.raises(Refused):
        take_back_lots(session, moving.doer, [piece(lot, 15_001)], moving.told, party=party)


def test_a_buyer_confirms_once_by_its_link(moving: Moving, session: Session) -> None:
    lot = moving.lot(100)
    sent = moving.ship(lot, 60_000)
    assert sent.token
    assert holdings(session, lot) == {"in_hand": 40_000, "in_transit": 60_000}
    found = delivery_of_link(session, sent.token, now=moving.given.now)
    assert found.delivery is sent.delivery
    moving.receive(sent, lot, 55_000, refused=3_000)
    assert holdings(session, lot) == {
        "in_hand": 40_000,
        "in_transit": 3_000,
        "missing": 2_000,
        "with_party": 55_000,
    }
    with pytest.raises(Conflict):
        moving.receive(sent, lot, 60_000)
    with pytest.raises(DomainError):
        delivery_of_link(session, sent.token, now=moving.given.now)
    take_back_refused(session, sent.delivery, moving.told, moving.doer)
    assert holdings(session, lot)["in_hand"] == 43_000
    assert unaccounted(session) == []
    with pytest.raises(Conflict):
        take_back_refused(session, sent.delivery, moving.told, moving.doer)


def test_a_link_runs_out_and_a_new_one_kills_the_old(moving: Moving, session: Session) -> None:
    sent = moving.ship(moving.lot(100), 1_000)
    assert sent.token
    later = moving.given.now + timedelta(days=14, seconds=1)
    with pytest.raises(DomainError):
        delivery_of_link(session, sent.token, now=later)
    fresh = renew_link(session, moving.doer, sent.delivery)
    assert delivery_of_link(session, fresh, now=moving.given.now)
    with pytest.raises(DomainError):
        delivery_of_link(session, sent.token, now=moving.given.now)


def test_more_than_was_sent_cannot_arrive(moving: Moving) -> None:
    lot = moving.lot(100)
    sent = moving.ship(lot, 60_000)
    with pytest.raises(Refused):
        moving.receive(sent, lot, 60_001)


def test_an_organisation_that_received_a_lot_works_with_it(
    moving: Moving, session: Session, given: Given
) -> None:
    house = Moving(given)
    lot = moving.lot(100)
    sent = moving.ship(lot, 60_000, Receiver(organisation=house.home))
    assert sent.token is None
    moving.receive(sent, lot, 60_000)
    movement, made = house.make(MovementKind.PACKING, [piece(lot, 60_000)], [60_000])
    assert made[0].organisation_id == house.home.pk
    assert movement.organisation_id == house.home.pk
    assert unaccounted(session) == []


def test_a_refused_delivery_makes_no_receipt(moving: Moving, session: Session) -> None:
    lot = moving.lot(100)
    sent = moving.ship(lot, 10_000)
    assert moving.receive(sent, lot, 0, refused=10_000) is None
    assert sent.delivery.state is DeliveryState.REFUSED
    with pytest.raises(Refused):  # nobody knows why
        reopen_refused(session, moving.doer, sent.delivery, " ")
    # It was a mistake: the buyer confirms by a new link, and this time it is right.
    reopen_refused(session, moving.doer, sent.delivery, WHY)
    assert sent.delivery.state is DeliveryState.AWAITING
    assert holdings(session, lot) == {"in_hand": 90_000, "in_transit": 10_000}
    with pytest.raises(Conflict):
        reopen_refused(session, moving.doer, sent.delivery, WHY)
    token = renew_link(session, moving.doer, sent.delivery)
    assert delivery_of_link(session, token, now=moving.given.now).lines[0].line.refused_g is None
    moving.receive(sent, lot, 0, refused=10_000)
    take_back_refused(session, sent.delivery, moving.told, moving.doer)
    assert holdings(session, lot) == {"in_hand": 100_000}
    with pytest.raises(Conflict):  # it is back
        reopen_refused(session, moving.doer, sent.delivery, WHY)


def test_a_counter_movement_takes_everything_back(moving: Moving, session: Session) -> None:
    lot = moving.lot(100)
    movement, made = moving.make(MovementKind.SPLITTING, [piece(lot, 100_000)], [60_000, 40_000])
    back = undo_movement(session, moving.doer, movement, WHY)
    assert back.counters_id == movement.pk
    assert {one.state for one in made} == {LotState.WITHDRAWN}
    assert holdings(session, lot) == {"in_hand": 100_000}
    with pytest.raises(Conflict):
        undo_movement(session, moving.doer, movement, WHY)
    with pytest.raises(Refused):
        undo_movement(session, moving.doer, back, WHY)


def test_what_moved_on_is_not_taken_back(moving: Moving, session: Session) -> None:
    lot = moving.lot(100)
    movement, made = moving.make(MovementKind.SPLITTING, [piece(lot, 100_000)], [60_000, 40_000])
    moving.ship(made[0], 1_000)
    with pytest.raises(Refused):
        undo_movement(session, moving.doer, movement, WHY)
    session.rollback()


def test_a_shipment_is_taken_back_until_it_is_answered(moving: Moving, session: Session) -> None:
    lot = moving.lot(100)
    sent = moving.ship(lot, 10_000)
    undo_movement(session, moving.doer, sent.movement, WHY)
    assert holdings(session, lot) == {"in_hand": 100_000}
    assert sent.delivery.state is DeliveryState.CLOSED
    again = moving.ship(lot, 10_000)
    moving.receive(again, lot, 10_000)
    with pytest.raises(DomainError, match="answered already"):
        undo_movement(session, moving.doer, again.movement, WHY)
    session.rollback()


def test_a_wrong_receipt_is_taken_back_and_confirmed_anew(
    moving: Moving, session: Session, given: Given
) -> None:
    other, lot = Moving(given), moving.lot(100)
    sent = moving.ship(lot, 60_000, Receiver(organisation=other.home))
    wrong = other.receive(sent, lot, 6_000, refused=1_000)
    assert wrong
    assert holdings(session, lot)["missing"] == 53_000
    other.ship(lot, 1_000)
    with pytest.raises(Refused):  # some of it has moved on
        undo_movement(session, other.doer, wrong, WHY)
    undo_movement(session, other.doer, movement_of(session, other, "shipping"), WHY)
    undo_movement(session, other.doer, wrong, WHY)
    assert holdings(session, lot) == {"in_hand": 40_000, "in_transit": 60_000}
    assert sent.delivery.state is DeliveryState.AWAITING
    with pytest.raises(Conflict):
        undo_movement(session, other.doer, wrong, WHY)
    other.receive(sent, lot, 59_000, refused=1_000)
    assert holdings(session, lot) == {"in_hand": 99_000, "in_transit": 1_000}
    take_back_refused(session, sent.delivery, moving.told, moving.doer)
    again = movement_of(session, other, "receiving")
    with pytest.raises(Conflict):  # what was refused is back already
        undo_movement(session, other.doer, again, WHY)
    assert unaccounted(session) == []


def test_a_buyer_s_wrong_receipt_and_return_are_taken_back(
    moving: Moving, session: Session
) -> None:
    lot, party = moving.lot(100), moving.party()
    sent = moving.ship(lot, 60_000, Receiver(party=party))
    wrong = moving.receive(sent, lot, 6_000)
    assert wrong
    undo_movement(session, moving.doer, wrong, WHY)
    token = renew_link(session, moving.doer, sent.delivery)
    assert delivery_of_link(session, token, now=moving.given.now).delivery.pk == sent.delivery.pk
    moving.receive(sent, lot, 60_000)
    back = take_back_lots(session, moving.doer, [piece(lot, 9_000)], moving.told, party=party)
    undo_movement(session, moving.doer, back, WHY)
    assert holdings(session, lot) == {"in_hand": 40_000, "with_party": 60_000}
    assert unaccounted(session) == []


def movement_of(session: Session, moving: Moving, kind: str) -> Movement:
    """The newest movement of a kind of an organisation."""
    wanted = (
        select(Movement)
        .where(
            col(Movement.organisation_id) == moving.home.pk,
            col(Movement.kind) == kind,
            col(Movement.counters_id).is_(None),
        )
        .order_by(col(Movement.id).desc())
        .limit(1)
    )
    return session.execute(wanted).scalar_one()


def test_a_lot_that_was_moved_is_no_mistake(moving: Moving, session: Session) -> None:
    lot = moving.lot(100)
    made = moving.merge(lot, moving.lot(10))
    for one in (lot, made):
        with pytest.raises(Refused):
            withdraw_lot(session, lot=one, reason=WHY, by=Actor.system(), now=moving.given.now)


def test_it_is_neither_in_the_future_nor_before_the_harvest(moving: Moving) -> None:
    lot = moving.lot(100)
    for moved in (timedelta(hours=1), -timedelta(days=3), -timedelta(days=400)):
        moving.told = Circumstances(happened_at=moving.given.now + moved)
        with pytest.raises(Refused):
            moving.make(MovementKind.PACKING, [piece(lot, 1_000)], [1_000])


def test_shares_are_exact_and_leave_nothing_out() -> None:
    table = shares([100_000, 50_000], [90_000, 50_000])
    assert [sum(row) for row in table] == [100_000, 50_000]
    assert all(any(row[at] for row in shares([10_000_000], [10_000_000, 1])) for at in (0, 1))


def test_two_who_ship_the_last_kilograms_at_once_ship_them_once(
    engine: Engine, moving: Moving, session: Session
) -> None:
    lot, party = moving.lot(100), moving.party()
    home, code, key, buyer = moving.home.pk, lot.code, lot.pk, party.pk
    now, told = moving.given.now, moving.told
    session.commit()

    def ship() -> None:
        with open_session(engine) as own:
            doer = Doer(own.get_one(Organisation, home), Actor.system(), now)
            to = Receiver(party=own.get_one(Party, buyer))
            ship_lots(own, doer, [Piece(code, Grams(100_000))], told, to=to)
            own.commit()

    outcomes = at_once([ship] * 3)
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", "Refused", "Refused"]
    assert holdings(session, lot) == {"in_transit": 100_000}

    def look_then_write() -> None:
        """The control: without the guard in the statement, each acts on what it saw before."""
        with open_session(engine) as own:
            left = {"left": seen - 100_000, "id": key}
            own.execute(text("UPDATE holding SET quantity_g = :left WHERE lot_id = :id"), left)
            own.commit()

    session.rollback()
    seen = 100_000
    assert at_once([look_then_write] * 3) == [None, None, None]
