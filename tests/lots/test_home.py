"""What is due today: each thing said once, at the page where it is done, the urgent first."""

from datetime import datetime

import pytest
from sqlalchemy import event
from sqlmodel import Session

from app.ledger.actors import Actor
from app.lots.commands import seal_lot
from app.lots.hold_commands import hold_lot
from app.lots.home_queries import day_at_work, due_today
from app.models.base import new_uid
from app.models.diary import DiaryConflict, Work
from app.models.registry import Organisation
from app.registry.application_commands import return_application
from tests.given import Given
from tests.lots.growing import Growing

BY = Actor.system()


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative()


@pytest.fixture
def due(session: Session, given: Given, home: Organisation):
    def told(kind: str) -> list[str]:
        session.flush()
        found = due_today(session, organisation_id=home.pk, today=given.day(0))
        return [str(one.sentence) for one in found if one.kind == kind]

    return told


def test_where_nothing_is_due_nothing_is_said(session: Session, given: Given, home) -> None:
    given.lot(given.area())
    session.flush()
    assert due_today(session, organisation_id=home.pk, today=given.day(0)) == []


def test_a_held_lot_and_one_whose_time_is_over_today_come_first(
    session: Session, given: Given, growing: Growing, home, due
) -> None:
    area = given.area(home)
    given.certificate(area, valid_to=given.day(30))
    growing.spray(growing.planting(area), -7, product=growing.product(interval=7))
    waited = given.lot(area, harvested_on=given.day(-1))
    held = given.lot(area, harvested_on=given.day(0))
    hold_lot(session, lot=held, reason="chờ kết quả mẫu", by=BY, now=given.now)
    assert due("sellable") == [f"The waiting time of lot {_in_groups(waited.code)} is over today."]
    assert due("held")[0].endswith("chờ kết quả mẫu")
    [ending] = due("certificate")
    assert ending.endswith("runs out on 2026-12-20.")
    found = due_today(session, organisation_id=home.pk, today=given.day(0))
    assert [one.urgent for one in found] == sorted((one.urgent for one in found), reverse=True)


def test_lots_that_are_open_too_long_are_counted(session: Session, given: Given, home, due) -> None:
    area = given.area(home)
    lots = [given.lot(area, harvested_on=given.day(day)) for day in (-9, -5, -4, -3, -1)]
    assert due("open") == [
        "Lots open longer than 3 days: 3, the oldest of 2026-11-11. Seal what has left."
    ]
    for lot in lots[:3]:
        seal_lot(session, lot=lot, by=BY, now=given.now)
    assert due("open") == []


def test_a_planting_nobody_writes_about_is_named(given: Given, growing: Growing, home, due) -> None:
    area = given.area(home, name="Đồi Sân Chùa")
    planting = growing.planting(area)
    said = ["Nothing was written about Bắp cải in Đồi Sân Chùa for 14 days."]
    assert due("silent") == said
    growing.write(planting, Work.WEEDING, -14)
    assert due("silent") == said
    growing.write(planting, Work.WATERING, -13)
    assert due("silent") == []


def test_seasons_applications_and_conflicts_are_due(
    session: Session, given: Given, growing: Growing, home, due, now: datetime
) -> None:
    area = given.area(home, name="Vùng A")
    given.code(given.area(home))
    application = given.application(area)
    session.flush()
    return_application(session, application=application, reason="thiếu bản đồ", by=BY, now=now)
    entry = growing.write(growing.planting(area), Work.WEEDING, -1)
    session.add(
        DiaryConflict(
            organisation_id=home.pk,
            standing_id=entry.pk,
            other="{}",
            other_uid=new_uid(),
            arrived_at=now,
        )
    )
    assert due("returned") == ["The application for Vùng A was sent back. Complete it."]
    assert len(due("season_declare")) == 1
    assert due("conflicts") == ["Entries of the diary with two versions: 1. Choose which stands."]


def test_of_many_a_few_are_named(session: Session, given: Given, home, due) -> None:
    for _ in range(5):
        given.code(given.area(home))
    assert len(due("season_declare")) == 3
    assert due("season_more") == ["More seasons to declare or to report: 2."]


def test_the_day_counts_what_stands(session: Session, given: Given, home) -> None:
    area = given.area(home)
    for kilograms, day in ((100, 0), (50, 0), (7, -1)):
        given.lot(area, kilograms=kilograms, harvested_on=given.day(day))
    session.flush()
    found = day_at_work(session, organisation_id=home.pk, recorded=given.day(0))
    assert (found.recorded, found.grams, found.still_open) == (2, 150_000, 3)


def test_the_day_is_put_together_in_a_fixed_number_of_statements(
    session: Session, given: Given, home
) -> None:
    area = given.area(home)

    def statements() -> int:
        session.flush()
        session.expire_all()
        seen: list[str] = []
        listen = lambda *told: seen.append(told[2])  # noqa: E731
        event.listen(session.get_bind(), "before_cursor_execute", listen)
        due_today(session, organisation_id=home.pk, today=given.day(0))
        event.remove(session.get_bind(), "before_cursor_execute", listen)
        return len(seen)

    given.lot(area, harvested_on=given.day(-9))
    few = statements()
    for _ in range(20):
        given.lot(area, harvested_on=given.day(-9))
    assert statements() == few


def _in_groups(code: str) -> str:
    from app.kit.codes import grouped

    return grouped(code)
