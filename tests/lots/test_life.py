"""The life of a lot: held with a reason, released to what it was, closed when gone; labels follow."""

import pytest
from sqlmodel import Session

from app.errors import Refused
from app.labels.commands import Printing, print_labels
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.lots.commands import recall_lot, seal_lot, withdraw_lot
from app.lots.hold_commands import close_lot, hold_lot, release_lot
from app.lots.queries import line_of
from app.lots.readiness_queries import readiness_of
from app.lots.step_queries import steps_of
from app.models.labels import LabelForm
from app.models.lots import HarvestLot, LotState
from app.models.registry import Organisation
from app.notices.queries import message_of, notices_of
from tests.given import Given
from tests.lots.growing import Growing

BY = Actor.system()
WHY = "mẫu kiểm nghiệm đang chờ kết quả"


@pytest.fixture
def does(session: Session, given: Given):
    """Does something to a lot, now."""

    def act(command, lot: HarvestLot, **other):
        command(session, lot=lot, by=BY, now=given.now, **other)
        session.flush()
        return lot.state

    return act


def printed(session: Session, given: Given, lot: HarvestLot):
    session.flush()
    return print_labels(
        session,
        line=line_of(session, lot),
        printing=Printing(LabelForm.PNG_203),
        base_url="https://truyxuat.test",
        by=BY,
        now=given.now,
    )


def test_a_held_lot_goes_back_to_what_it_was(given: Given, does) -> None:
    fresh, sealed = given.lot(), given.lot()
    does(seal_lot, sealed)
    for lot, before in ((fresh, LotState.OPEN), (sealed, LotState.SEALED)):
        assert does(hold_lot, lot, reason=WHY) is LotState.HELD
        assert does(hold_lot, lot, reason="lần nữa") is LotState.HELD
        assert does(release_lot, lot, reason="kết quả đạt") is before


def test_every_step_is_kept_with_its_day_and_reason(session: Session, given: Given, does) -> None:
    lot = given.lot()
    does(seal_lot, lot)
    does(hold_lot, lot, reason=WHY)
    does(release_lot, lot, reason="kết quả đạt")
    does(close_lot, lot)
    told = [(step.state.value, step.reason) for step in steps_of(session, lot)]
    assert told == [
        ("open", ""), ("sealed", ""), ("held", WHY), ("sealed", "kết quả đạt"), ("closed", ""),
    ]  # fmt: skip
    assert all(step.recorded_at == given.now for step in steps_of(session, lot))
    kinds = [fact.kind for fact in history_of(session, lot.code)]
    assert kinds == ["lot.recorded", "lot.sealed", "lot.held", "lot.sealed", "lot.closed"]


def test_the_holder_is_told_of_both(session: Session, given: Given, does) -> None:
    lot = given.lot()
    does(hold_lot, lot, reason=WHY)
    does(release_lot, lot, reason="kết quả đạt")
    told = [str(message_of(notice)) for notice in notices_of(session, lot.organisation_id).items]
    assert [WHY in told[1], "released: kết quả đạt" in told[0]] == [True, True]
    assert len(told) == 2


@pytest.mark.parametrize("reason", ["", "   ", "vì"])
def test_holding_and_releasing_need_a_reason(given: Given, does, reason: str) -> None:
    lot = given.lot()
    with pytest.raises(Refused):
        does(hold_lot, lot, reason=reason)
    does(hold_lot, lot, reason=WHY)
    with pytest.raises(Refused):
        does(release_lot, lot, reason=reason)
    assert lot.state is LotState.HELD


def test_what_is_not_held_is_not_released(given: Given, does) -> None:
    with pytest.raises(Refused):
        does(release_lot, given.lot(), reason=WHY)


def test_only_a_sealed_lot_is_closed_and_a_closed_one_can_still_be_recalled(
    given: Given, does
) -> None:
    lot = given.lot()
    with pytest.raises(Refused):
        does(close_lot, lot)
    does(seal_lot, lot)
    assert does(close_lot, lot) is LotState.CLOSED
    assert does(close_lot, lot) is LotState.CLOSED
    with pytest.raises(Refused):
        does(hold_lot, lot, reason=WHY)
    with pytest.raises(Refused):
        does(withdraw_lot, lot, reason=WHY)
    assert does(recall_lot, lot, reason="dư lượng vượt mức") is LotState.RECALLED


def test_a_held_lot_gets_no_labels_and_a_released_one_does(
    session: Session, given: Given, does
) -> None:
    lot = given.lot()
    does(hold_lot, lot, reason=WHY)
    with pytest.raises(Refused, match="held"):
        printed(session, given, lot)
    does(release_lot, lot, reason="kết quả đạt")
    assert printed(session, given, lot)


def test_a_lot_that_waits_gets_no_labels_and_does_not_leave_until_its_day(
    session: Session, given: Given, growing: Growing, does
) -> None:
    area = given.area()
    growing.spray(growing.planting(area), -3, product=growing.product(interval=7))
    lot = given.lot(area)
    does(seal_lot, lot)
    for effect in (lambda: printed(session, given, lot), lambda: does(close_lot, lot)):
        with pytest.raises(Refused, match="may be sold from 2026-11-24 on"):
            effect()
    given.now = given.now.replace(day=24)
    assert printed(session, given, lot)
    assert does(close_lot, lot) is LotState.CLOSED


def test_a_lot_over_what_was_declared_gets_no_labels(session: Session, given: Given) -> None:
    area = given.area()
    given.season(area, expected_output=_kg(400), harvest_from=-10, harvest_to=10)
    fits, over = given.lot(area, kilograms=400), given.lot(area, kilograms=21)
    assert printed(session, given, fits)
    with pytest.raises(Refused, match="421 kg is recorded for the season"):
        printed(session, given, over)


def test_a_label_needs_the_public_items(session: Session, given: Given) -> None:
    lot = given.lot()
    session.flush()
    line = line_of(session, lot)
    score = readiness_of(session, line, today=given.day(0)).completeness
    assert (score.there, score.of) == (6, 9)
    assert [item.slug for item in score.missing] == ["events", "expiry", "standards"]
    assert printed(session, given, lot)
    home = session.get_one(Organisation, lot.organisation_id)
    home.commune_id, home.address = None, ""
    with pytest.raises(Refused, match="Address of the producer is missing"):
        printed(session, given, lot)


def test_a_lot_with_everything_is_nine_of_nine(session: Session, given: Given) -> None:
    area = given.area()
    given.code(area)
    lot = given.lot(area, packed_on=given.day(0), best_before=given.day(7))
    session.flush()
    ready = readiness_of(session, line_of(session, lot), today=given.day(0))
    assert (ready.completeness.there, ready.completeness.of) == (9, 9)


def _kg(kilograms: int):
    from app.kit.quantities import Grams

    return Grams(kilograms * 1000)
