"""Odd lots are found where they are planted, and a usual cooperative stays quiet."""

from sqlmodel import Session

from app.accounts.reach import Reach
from app.lots.anomaly_queries import lot_anomalies
from app.models.diary import Work
from app.models.lots import HarvestLot
from tests.given import Given
from tests.lots.growing import Growing


def found(
    session: Session, given: Given, within: Reach | None = None
) -> list[tuple[str, HarvestLot]]:
    session.flush()
    odd = lot_anomalies(session, within=within or Reach.all(), today=given.day(0), limit=50)
    return [(one.kind.value, one.line.lot) for one in odd]


def test_a_usual_cooperative_stays_quiet(session: Session, given: Given, growing: Growing) -> None:
    area = given.area()
    planting = growing.planting(area)
    growing.spray(planting, -40, product=growing.product())
    growing.harvest(planting, -1, 83)
    for kilograms in (83, 100, 127, 200, 64, 91, 145, 300, 77, 118):
        given.lot(area, kilograms=kilograms)
    given.lot(given.area())  # no planting is entered at all: that is another question
    assert found(session, given) == []


def test_what_was_picked_too_early_is_found(
    session: Session, given: Given, growing: Growing
) -> None:
    area = given.area()
    growing.spray(growing.planting(area), -3, product=growing.product(interval=7))
    early = given.lot(area)
    assert found(session, given) == [("early", early)]
    stranger = given.cooperative()
    session.flush()
    assert found(session, given, Reach.own(stranger.pk)) == []


def test_a_harvest_without_a_diary_is_found(
    session: Session, given: Given, growing: Growing
) -> None:
    area = given.area()
    planting = growing.planting(area)
    growing.harvest(planting, -1, 250)
    lot = given.lot(area)
    assert found(session, given) == [("no_diary", lot)]
    growing.write(planting, Work.WEEDING, -20)
    assert found(session, given) == []


def test_round_figures_all_the_time_are_found_once(session: Session, given: Given) -> None:
    area = given.area()
    for kilograms in (100, 200, 300, 400, 100, 200):
        given.lot(area, kilograms=kilograms)
    assert found(session, given) == []
    given.lot(area, kilograms=113)
    newest = given.lot(area, kilograms=500)
    assert found(session, given) == [("round", newest)]
    for kilograms in (17, 18):
        given.lot(area, kilograms=kilograms)
    assert found(session, given) == []
