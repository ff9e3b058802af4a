"""Deciding a recall: every descendant stops, everybody with goods is asked; extending, ending, lifting it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import Conflict, DomainError, Refused
from app.kit.clock import day_of
from app.ledger.actors import Actor
from app.lots.hold_commands import hold_lot, release_lot
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot, LotState
from app.models.notices import Notice
from app.models.recalls import RecallKind, RecallState
from app.provenance.recall import recall_of
from app.recalls.commands import (
    Decision,
    Opening,
    decide_recall,
    extend_recall,
    open_recall,
    recall_at_once,
    write_decision,
)
from app.recalls.ending_commands import (
    ReportWords,
    end_recall,
    lift_recall,
    reopen_recall,
    report_recall,
)
from app.recalls.queries import consignees_of, lots_of, told_of
from app.recalls.scope_queries import outside_of
from app.recalls.tending_commands import tend_recalls
from tests.given import Given
from tests.movements.test_derived import made_of
from tests.recalls.recalling import WHY, World, opened, running, world_of

SYSTEM = Actor.system()


@pytest.fixture
def world(session: Session, given: Given) -> World:
    return world_of(session, given)


def kinds_of(session: Session) -> list[str]:
    wanted = select(col(LedgerEntry.kind)).order_by(col(LedgerEntry.position))
    return list(session.execute(wanted).scalars())


def state_of(session: Session, lot: HarvestLot) -> LotState:
    session.refresh(lot)
    return lot.state


def test_opening_stops_nothing_and_starts_the_clock(
    session: Session, given: Given, world: World
) -> None:
    recall = opened(session, given, world)
    assert recall.kind is RecallKind.VOLUNTARY
    assert recall.decide_by == given.now + timedelta(hours=24)
    assert state_of(session, world.harvest) is LotState.OPEN
    late = given.now + timedelta(hours=25)
    assert [clock.name for clock in told_of(session, recall).late(late)] == ["decide"]
    assert not told_of(session, recall).late(given.now)


def test_deciding_stops_the_lot_and_everything_made_of_it(
    session: Session, given: Given, world: World
) -> None:
    further = made_of(session, given, (world.packed, 1_000))
    other = given.lot(kilograms=10)
    recall = running(session, given, world)
    assert {lot.lot.pk: lot.row.root for lot in lots_of(session, recall).items} == {
        world.harvest.pk: True,
        world.packed.pk: False,
        further.pk: False,
    }
    for lot in (world.harvest, world.packed, further):
        assert state_of(session, lot) is LotState.RECALLED
        assert recall_of(session, lot.code).reason == WHY
    assert state_of(session, other) is LotState.OPEN
    assert kinds_of(session)[-4:] == ["recall.decided", *["lot.recalled"] * 3]
    with pytest.raises(Conflict):
        decide_recall(session, recall, by=SYSTEM, now=given.now)


def test_everybody_with_goods_is_asked_and_nobody_else(
    session: Session, given: Given, world: World
) -> None:
    recall = running(session, given, world)
    told = consignees_of(session, recall, within=Reach.all())
    assert [(one.consignee.expected_g, one.organisation, one.party) for one in told] == [
        (80_000, None, world.shop),
        (50_000, world.friend, None),
    ]
    asked_of = select(col(Notice.kind)).where(col(Notice.organisation_id) == world.friend.pk)
    assert list(session.execute(asked_of).scalars()) == ["recall.asked"]
    # Who only has goods sees itself; who buys from whom is the seller's business.
    own = consignees_of(session, recall, within=Reach.own(world.friend.pk))
    assert [one.organisation for one in own] == [world.friend]


def test_an_authority_may_stop_first_and_write_its_decision_down_later(
    session: Session, given: Given, world: World
) -> None:
    recall = recall_at_once(
        session,
        world.harvest,
        reason=WHY,
        caller=world.inspector,
        within=Reach.all(),
        now=given.now,
    )
    assert recall.kind is RecallKind.COMPULSORY
    later = given.now + timedelta(hours=25)
    assert "decide" in [clock.name for clock in told_of(session, recall).late(later)]
    with pytest.raises(Refused) as refused:
        write_decision(session, recall, Decision("", None), by=SYSTEM, now=given.now)
    assert {fault.field for fault in refused.value.fields} == {"decision_number", "decision_on"}
    paper = Decision("12/QĐ-SNN", day_of(given.now))
    write_decision(session, recall, paper, by=SYSTEM, now=given.now + timedelta(hours=2))
    assert "decide" not in [clock.name for clock in told_of(session, recall).late(later)]
    with pytest.raises(Conflict):
        write_decision(session, recall, paper, by=SYSTEM, now=given.now)


def test_what_is_made_meanwhile_is_found_and_stopped(
    session: Session, given: Given, world: World
) -> None:
    recall = running(session, given, world)
    late = made_of(session, given, (world.packed, 1_000))
    assert outside_of(session, recall.pk) == [late.pk]
    tend_recalls(session, now=given.now)
    assert state_of(session, late) is LotState.RECALLED
    assert outside_of(session, recall.pk) == []


def test_a_recall_is_extended_to_further_lots(session: Session, given: Given, world: World) -> None:
    recall = running(session, given, world, world.packed)
    assert state_of(session, world.harvest) is LotState.OPEN
    reach = Reach.own(world.home.pk)
    strange = given.lot(kilograms=10)
    with pytest.raises(Refused):
        extend_recall(
            session, recall, [strange.code], reason=WHY, within=reach, by=SYSTEM, now=given.now
        )
    before = recall.version
    extend_recall(
        session,
        recall,
        [world.harvest.code],
        reason="Cùng một lần phun.",
        within=reach,
        by=SYSTEM,
        now=given.now,
    )
    assert recall.version > before
    assert state_of(session, world.harvest) is LotState.RECALLED


def test_its_life_to_the_report_and_back(session: Session, given: Given, world: World) -> None:
    recall = running(session, given, world)
    words = ReportWords("Phun quá liều.", "Tập huấn lại cho các hộ.")
    with pytest.raises(Conflict):
        report_recall(session, recall, words, by=SYSTEM, now=given.now)
    end_recall(session, recall, by=SYSTEM, now=given.now)
    # Friday the 20th; the 24th is the Day of Vietnamese Culture: Monday, Wednesday, Thursday.
    assert recall.report_by is not None and (recall.report_by - day_of(given.now)).days == 6
    assert state_of(session, world.packed) is LotState.RECALLED
    with pytest.raises(Refused):
        report_recall(session, recall, ReportWords("", "x"), by=SYSTEM, now=given.now)
    report_recall(session, recall, words, by=SYSTEM, now=given.now)
    assert recall.state is RecallState.REPORTED
    reopen_recall(session, recall, reason="Còn hàng ở chợ.", by=SYSTEM, now=given.now)
    assert (recall.state, recall.ended_at, recall.report_by) == (RecallState.RUNNING, None, None)


def test_one_that_was_an_error_gives_every_lot_back_what_it_was(
    session: Session, given: Given, world: World
) -> None:
    hold_lot(session, lot=world.packed, reason="Chờ kiểm tra.", by=SYSTEM, now=given.now)
    recall = running(session, given, world)
    lift_recall(session, recall, reason="Nhầm mẫu của lô khác.", by=SYSTEM, now=given.now)
    assert state_of(session, world.harvest) is LotState.OPEN
    assert state_of(session, world.packed) is LotState.HELD
    told = recall_of(session, world.harvest.code)
    assert not told.recalled
    assert told.lifted is not None
    assert (told.lifted.since, told.lifted.lifted_on) == (day_of(given.now), day_of(given.now))
    assert told.lifted.reason == "Nhầm mẫu của lô khác."
    # A hold that came before is a hold again, and is released into what it was before it.
    release_lot(session, lot=world.packed, reason="Đã kiểm tra.", by=SYSTEM, now=given.now)
    assert state_of(session, world.packed) is LotState.OPEN
    with pytest.raises(Conflict):
        reopen_recall(session, recall, reason="Lại nhầm rồi.", by=SYSTEM, now=given.now)


def test_a_lot_that_another_recall_stops_stays_stopped(
    session: Session, given: Given, world: World
) -> None:
    first = running(session, given, world)
    second = running(session, given, world, world.packed)
    lift_recall(session, first, reason="Nhầm mẫu của lô khác.", by=SYSTEM, now=given.now)
    assert state_of(session, world.harvest) is LotState.OPEN
    assert state_of(session, world.packed) is LotState.RECALLED
    lift_recall(session, second, reason="Cũng là nhầm lẫn.", by=SYSTEM, now=given.now)
    assert state_of(session, world.packed) is LotState.OPEN


@pytest.mark.parametrize(
    ("lots", "reason", "hours", "field"),
    [
        ([], WHY, 0, "lots"),
        (["LC123"], WHY, 0, "lots"),
        (None, "x", 0, "reason"),
        (None, WHY, 1, "determined_at"),
        (None, WHY, -24 * 400, "determined_at"),
    ],
)
def test_bad_openings_are_refused_at_their_field(
    session: Session,
    given: Given,
    world: World,
    lots: list[str] | None,
    reason: str,
    hours: int,
    field: str,
) -> None:
    opening = Opening(
        [world.harvest.code] if lots is None else lots,
        reason,
        given.now + timedelta(hours=hours),
    )
    with pytest.raises(DomainError) as refused:
        open_recall(
            session, opening, caller=world.boss, within=Reach.own(world.home.pk), now=given.now
        )
    assert refused.value.fields[0].field == field


def test_missed_deadlines_escalate_once(session: Session, given: Given, world: World) -> None:
    opened(session, given, world)
    late = given.now + timedelta(hours=30)
    assert tend_recalls(session, now=given.now) == 0
    told = tend_recalls(session, now=late)
    assert told >= 2  # the facility and the authority
    assert tend_recalls(session, now=late) == 0
