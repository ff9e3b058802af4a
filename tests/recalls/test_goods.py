"""Kilograms of a recall: what buyers say, what comes back, what is done with it; they always add up."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import Conflict, DomainError, Gone, Refused
from app.kit.clock import day_of
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.movements import Movement, MovementKind
from app.models.recalls import Recall, Way
from app.movements.doing import Wanted, do_movement
from app.movements.ending_commands import destroy_lots
from app.movements.recording import Circumstances, Doer, Piece
from app.movements.shipping_commands import Receiver
from app.movements.undoing_commands import undo_movement
from app.recalls.answering_commands import Answer, answer_recall, make_link, take_back
from app.recalls.clocks import ANSWER, HANDLE, months_after
from app.recalls.commands import Opening, decide_recall, open_recall
from app.recalls.disposal_commands import Disposal, dispose
from app.recalls.ending_commands import agree, lift_recall
from app.recalls.progress_queries import Progress, clocks_on, progress_of
from app.recalls.queries import consignee_of_link
from tests.given import Given
from tests.movements.moving import Moving
from tests.recalls.recalling import WHY, World, asked, running, world_of

SYSTEM = Actor.system()


@pytest.fixture
def world(session: Session, given: Given) -> World:
    return world_of(session, given)


@pytest.fixture
def recall(session: Session, given: Given, world: World) -> Recall:
    return running(session, given, world)


def columns(progress: Progress) -> int:
    figures = progress.figures()
    return sum(int(str(value)) for name, value in figures.items() if name != "total_g")


def test_every_gram_stands_in_one_column_whatever_happens(
    session: Session, given: Given, world: World, recall: Recall
) -> None:
    shop = asked(session, recall, party=True)
    first = progress_of(session, recall)
    # 250 kg were harvested; the packed lot holds 200 of them, nothing counts twice.
    assert (first.total_g, first.in_hand_g, first.out_g) == (250_000, 170_000, 80_000)
    answer_recall(session, recall, shop, Answer(Grams(30_000)), by=SYSTEM, now=given.now)
    said = progress_of(session, recall)
    assert (said.out_g, said.sold_on_g) == (30_000, 50_000)
    take_back(session, recall, shop, Grams(30_000), by=SYSTEM, now=given.now)
    back = progress_of(session, recall)
    assert (back.out_g, back.in_hand_g, back.sold_on_g) == (0, 200_000, 50_000)
    for way, kilograms in ((Way.DESTROY, 40), (Way.REPURPOSE, 20), (Way.FIX, 10)):
        told = Disposal(
            world.packed.code, way, Grams(kilograms * 1000), day_of(given.now), document="BB-1"
        )
        dispose(session, recall, told, organisation=world.home, by=SYSTEM, now=given.now)
    last = progress_of(session, recall)
    assert (last.destroyed_g, last.repurposed_g, last.fixed_g) == (40_000, 20_000, 10_000)
    assert (last.in_hand_g, last.sold_on_g) == (130_000, 50_000)
    assert last.recovered_percent == 80
    assert {columns(one) for one in (first, said, back, last)} == {250_000}


def test_what_is_handled_or_comes_back_is_a_movement_that_stays(
    session: Session, given: Given, world: World, recall: Recall
) -> None:
    shop = asked(session, recall, party=True)
    take_back(session, recall, shop, Grams(30_000), by=SYSTEM, now=given.now)
    for way in (Way.DESTROY, Way.REEXPORT, Way.FIX):
        told = Disposal(
            world.packed.code, way, Grams(10_000), day_of(given.now), document="BB-1", place="Kho"
        )
        dispose(session, recall, told, organisation=world.home, by=SYSTEM, now=given.now)
    wanted = select(Movement).where(col(Movement.organisation_id) == world.home.pk)
    back, *gone = (
        session.execute(wanted.order_by(col(Movement.id).desc()).limit(3)).scalars().all()[::-1]
    )
    assert (back.kind, back.party_id) == (MovementKind.RETURNING, world.shop.pk)
    assert [one.kind for one in gone] == [MovementKind.DESTROYING, MovementKind.SELLING]
    assert {(one.document, one.place, one.reason) for one in gone} == {("BB-1", "Kho", WHY)}
    doer = Doer(world.home, SYSTEM, given.now)
    for movement in gone:
        with pytest.raises(Refused, match="evidence"):
            undo_movement(session, doer, movement, "Nhầm.")
    # Nor does what is recalled leave unproven, past its recall.
    wanted = Wanted(MovementKind.DESTROYING, [Piece(world.packed.code, Grams(5_000))])
    with pytest.raises(Refused, match="is recalled"):
        do_movement(session, doer, wanted, Circumstances(given.now, reason="Hỏng."))
    # The control: what rests on no evidence of a recall is undone.
    pieces = [Piece(world.packed.code, Grams(5_000))]
    free = destroy_lots(session, doer, pieces, Circumstances(given.now, reason="Hỏng."))
    undo_movement(session, doer, free, "Nhầm.")


def test_nobody_handles_more_than_is_at_hand(
    session: Session, given: Given, world: World, recall: Recall
) -> None:
    def told(kilograms: int, way: Way = Way.FIX, document: str = "BB-1") -> Disposal:
        return Disposal(
            world.packed.code, way, Grams(kilograms * 1000), day_of(given.now), document=document
        )

    dispose(session, recall, told(60), organisation=world.home, by=SYSTEM, now=given.now)
    for wrong in (told(11), told(11, Way.DESTROY), told(1, document="")):
        with pytest.raises(DomainError):
            dispose(session, recall, wrong, organisation=world.home, by=SYSTEM, now=given.now)
    # The control: the ten kilograms that are left can be handled.
    dispose(
        session, recall, told(10, Way.DESTROY), organisation=world.home, by=SYSTEM, now=given.now
    )


def test_a_link_is_one_secret_and_dies_with_the_next(
    session: Session, given: Given, world: World, recall: Recall
) -> None:
    shop = asked(session, recall, party=True)
    first = make_link(session, recall, shop, by=SYSTEM, now=given.now)
    assert consignee_of_link(session, first)[1].consignee.pk == shop.pk
    second = make_link(session, recall, shop, by=SYSTEM, now=given.now)
    with pytest.raises(Gone):
        consignee_of_link(session, first)
    friend = asked(session, recall, party=False)
    with pytest.raises(Conflict):
        make_link(session, recall, friend, by=SYSTEM, now=given.now)
    lift_recall(session, recall, reason="Nhầm mẫu.", by=SYSTEM, now=given.now)
    with pytest.raises(Gone):
        consignee_of_link(session, second)


def test_the_first_answer_keeps_its_time_and_the_clock_stops_with_the_last(
    session: Session, given: Given, world: World, recall: Recall
) -> None:
    def clock(name: str, now_hours: int) -> bool:
        clocks = clocks_on(session, recall, progress_of(session, recall))
        found = next(one for one in clocks if one.name == name)
        return found.late(given.now + timedelta(hours=now_hours))

    shop, friend = asked(session, recall, party=True), asked(session, recall, party=False)
    answer_recall(session, recall, shop, Answer(Grams(30_000)), by=SYSTEM, now=given.now)
    again = given.now + timedelta(hours=30)
    answer_recall(session, recall, shop, Answer(Grams(5_000)), by=SYSTEM, now=again)
    assert (shop.answered_at, shop.remaining_g) == (given.now, 5_000)
    assert clock(ANSWER, 25)
    answer_recall(session, recall, friend, Answer(Grams(0)), by=SYSTEM, now=given.now)
    assert not clock(ANSWER, 25)
    with pytest.raises(DomainError):
        answer_recall(session, recall, shop, Answer(Grams(-1)), by=SYSTEM, now=given.now)


def test_more_than_ever_came_is_refused_and_more_than_is_there_by_the_records_is_shown(
    session: Session, given: Given
) -> None:
    moving, house = Moving(given), Moving(given)
    lot = moving.lot(100)
    sent = moving.ship(lot, 50_000, Receiver(party=moving.party()))
    moving.receive(sent, lot, 40_000)  # the rest is missing: it may turn up
    mistaken = moving.ship(lot, 20_000, Receiver(party=moving.party()))
    undo_movement(session, moving.doer, mistaken.movement, WHY)
    to_house = moving.ship(lot, 30_000, Receiver(organisation=house.home))
    house.receive(to_house, lot, 30_000)
    house.make(MovementKind.PACKING, [Piece(lot.code, Grams(30_000))], [30_000])
    boss = given.caller(Role.COOP_ADMIN, moving.home)
    recall = open_recall(
        session,
        Opening([lot.code], WHY, given.now),
        caller=boss,
        within=Reach.own(moving.home.pk),
        now=given.now,
    )
    decide_recall(session, recall, by=boss.actor, now=given.now)
    for party, most in ((True, 50_000), (False, 30_000)):
        one = asked(session, recall, party=party)
        # Scales may differ by one percent.
        too_much = Answer(Grams(most * 101 // 100 + 1))
        with pytest.raises(Refused) as refused:
            answer_recall(session, recall, one, too_much, by=SYSTEM, now=given.now)
        assert refused.value.fields[0].why.values["most"] == Grams(most)
        answer_recall(session, recall, one, Answer(Grams(most)), by=SYSTEM, now=given.now)
        assert (one.remaining_g, one.over_g) == (most, most - one.expected_g)
    assert asked(session, recall, party=True).over_g == 10_000


def test_handling_counts_from_the_authority_s_letter(
    session: Session, given: Given, recall: Recall
) -> None:
    for number, day in (("", day_of(given.now)), ("310/CV", given.day(1)), ("310/CV", None)):
        with pytest.raises(DomainError):
            agree(session, recall, number=number, agreed_on=day, by=SYSTEM, now=given.now)
    today = day_of(given.now)
    agree(session, recall, number="310/CV", agreed_on=today, by=SYSTEM, now=given.now)
    assert recall.handle_by == months_after(today, 3)
    clocks = clocks_on(session, recall, progress_of(session, recall))
    handle = next(one for one in clocks if one.name == HANDLE)
    assert handle.due_day == recall.handle_by
    assert not handle.late(given.now + timedelta(days=92))
    assert handle.late(given.now + timedelta(days=93))


def test_a_month_ends_where_the_calendar_does(given: Given) -> None:
    first = given.day(0).replace(month=11, day=30, year=2026)
    assert months_after(first, 3).isoformat() == "2027-02-28"
    assert months_after(first, 1).isoformat() == "2026-12-30"
    assert months_after(first, 2).isoformat() == "2027-01-30"
