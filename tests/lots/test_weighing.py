"""Harvests held against what was declared and certified; two at once cannot together pass the cap."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.db import transaction
from app.kit.quantities import Grams, SquareMetres
from app.ledger.actors import Actor
from app.lots import commands
from app.lots.balance import Standing
from app.lots.balance_queries import weighed_of
from app.lots.commands import amend_lot, record_lot, withdraw_lot
from app.lots.evidence import claims_recorded, findings_of
from app.lots.gauge_queries import gauge_of, gauges, lots_over
from app.lots.harvests import Correction, Harvest
from app.models.lots import HarvestLot, LotClaim
from app.models.registry import Organisation, PlantingArea
from app.registry.season_commands import end_season
from tests.given import Given

BY = Actor.system()
HARVESTING = {"harvest_from": -20, "harvest_to": 10}


def kg(kilograms: int) -> Grams:
    return Grams(kilograms * 1000)


@pytest.fixture
def area(given: Given) -> PlantingArea:
    """An area with a code and a declared 400 kg of cabbage."""
    made = given.area()
    given.code(made)
    given.season(made, expected_output=kg(400), **HARVESTING)
    return made


@pytest.fixture
def claims_code(session: Session, given: Given):
    def claims(lot: HarvestLot) -> bool:
        session.flush()
        found = findings_of(session, lot, today=given.day(0)).claims
        return next(claim.granted for claim in found if claim.kind == "area_code")

    return claims


def test_lots_claim_until_what_was_declared_is_reached(
    given: Given, area: PlantingArea, claims_code
) -> None:
    lots = [given.lot(area, kilograms=kilograms) for kilograms in (300, 100, 20, 1)]
    assert [claims_code(lot) for lot in lots] == [True, True, True, False]


def test_a_lot_that_was_withdrawn_or_made_lighter_makes_room(
    session: Session, given: Given, area: PlantingArea, claims_code
) -> None:
    heavy, light, last = (given.lot(area, kilograms=kilograms) for kilograms in (300, 120, 10))
    assert [claims_code(lot) for lot in (light, last)] == [True, False]
    amend_lot(
        session, lot=heavy, correction=Correction(kg(290), None, None, ""), by=BY, now=given.now
    )
    assert claims_code(last)
    withdraw_lot(session, lot=heavy, reason="ghi nhầm rồi", by=BY, now=given.now)
    weighed = weighed_of(session, last)
    assert weighed is not None
    assert (weighed.upto, weighed.limit) == (kg(130), kg(400))
    assert claims_recorded(session, last)["area_code"][0] is False


def test_the_actual_output_takes_the_place_of_the_expected(
    session: Session, given: Given, claims_code
) -> None:
    area = given.area()
    given.code(area)
    season = given.season(area, expected_output=kg(400), harvest_from=-20, harvest_to=-1)
    lot = given.lot(area, kilograms=300, harvested_on=given.day(-5))
    assert claims_code(lot)
    end_season(
        session,
        season=season,
        actual=kg(200),
        ended_on=given.day(0),
        by=BY,
        now=given.now,
    )
    assert not claims_code(lot)


def test_another_crop_another_area_and_another_season_have_their_own_measure(
    given: Given, claims_code
) -> None:
    area = given.area(crops=("BAP_CAI", "SU_HAO"))
    given.code(area, decided_on=given.day(-280))
    given.season(area, expected_output=kg(400), **HARVESTING, sown=SquareMetres(1_000))
    given.season(
        area, expected_output=kg(50), starts=-300, harvest_from=-250, harvest_to=-220,
        sown=SquareMetres(1_000),
    )  # fmt: skip
    given.season(
        area, crop="SU_HAO", expected_output=kg(100), **HARVESTING, sown=SquareMetres(1_000)
    )
    full = given.lot(area, kilograms=400)
    turnip = given.lot(area, crop="SU_HAO", kilograms=100)
    winter = given.lot(area, kilograms=50, harvested_on=given.day(-230))
    assert all(claims_code(lot) for lot in (full, turnip, winter))
    assert not claims_code(given.lot(area, crop="SU_HAO", kilograms=10))
    assert not claims_code(given.lot(area, kilograms=10, harvested_on=given.day(-225)))


def test_where_nothing_was_declared_nothing_is_held_back(session: Session, given: Given) -> None:
    lot = given.lot(kilograms=5_000)
    assert weighed_of(session, lot) is None
    assert gauge_of(session, lot) is None


def test_more_than_a_certificate_covers_a_year_is_not_claimed_under_it(
    session: Session, given: Given
) -> None:
    area = given.area()
    held = given.certificate(area, valid_from=given.day(-300), issued_on=given.day(-300))
    held.expected_output_g = 1_000_000
    lots = [given.lot(area, kilograms=kilograms) for kilograms in (600, 450, 1)]
    session.flush()

    def claims(lot: HarvestLot) -> bool:
        found = findings_of(session, lot, today=given.day(0)).claims
        return next(claim.granted for claim in found if claim.kind == "vietgap")

    assert [claims(lot) for lot in lots] == [True, True, False]
    held.expected_output_g = 2_000_000
    session.flush()
    assert claims(lots[2])


def test_a_year_of_a_certificate_is_counted_from_its_first_day(
    session: Session, given: Given
) -> None:
    area = given.area(established_on=given.day(-700))
    held = given.certificate(
        area, valid_from=given.day(-400), issued_on=given.day(-400), valid_to=given.day(300)
    )
    held.expected_output_g = 1_000_000
    first = given.lot(area, kilograms=900, harvested_on=given.day(-36))
    second = given.lot(area, kilograms=900, harvested_on=given.day(-35))
    session.flush()
    granted = []
    for lot in (first, second):
        found = findings_of(session, lot, today=given.day(0)).claims
        granted.append(next(claim.granted for claim in found if claim.kind == "vietgap"))
    assert granted == [True, True]
    assert given.day(-35) - given.day(-400) == timedelta(days=365)


def test_the_gauge_shows_how_full_a_season_is_to_its_own_and_to_the_inspector(
    session: Session, given: Given, area: PlantingArea
) -> None:
    other = given.area()
    given.season(other, expected_output=kg(100), **HARVESTING)
    given.lot(area, kilograms=380)
    over = given.lot(other, kilograms=500)
    session.flush()
    [mine] = gauges(session, within=Reach.own(area.organisation_id), today=given.day(0))
    assert (mine.percent, mine.standing, mine.used) == (95, Standing.NEAR, kg(380))
    everything = gauges(session, within=Reach.all(), today=given.day(0))
    assert [(one.percent, one.standing) for one in everything] == [
        (500, Standing.OVER),
        (95, Standing.NEAR),
    ]
    assert gauge_of(session, over).percent == 500


def test_lots_over_what_was_declared_are_listed_the_newest_first(
    session: Session, given: Given, area: PlantingArea
) -> None:
    lots = [given.lot(area, kilograms=kilograms) for kilograms in (400, 30, 5)]
    given.lot(given.area())
    session.flush()
    found = lots_over(session, within=Reach.all(), today=given.day(0))
    assert [one.line.lot for one in found] == [lots[2], lots[1]]
    assert [(one.upto, one.limit) for one in found] == [(kg(435), kg(400)), (kg(430), kg(400))]
    stranger = given.cooperative()
    session.flush()
    assert lots_over(session, within=Reach.own(stranger.pk), today=given.day(0)) == []


def test_more_than_the_land_gives_is_doubted_and_not_refused(
    session: Session, given: Given
) -> None:
    area = given.area(area_m2=1_000, former_commune="02866")
    given.season(area, sown=SquareMetres(1_000), expected_output=kg(9_000), **HARVESTING)
    lot = given.lot(area, kilograms=4_600)
    gauge = gauge_of(session, lot)
    assert gauge.standing is Standing.WITHIN
    # Bắc Hà: 30 t/ha by the plan for 2025, one and a half times as much is believed.
    assert str(gauge.doubt).startswith("4600 kg is more than the 4500 kg that this land gives")


def record_at_once(engine: Engine, given: Given, area: PlantingArea, kilograms: int) -> list[bool]:
    """Two clerks at the same instant; whether each lot was granted the code when it was recorded."""
    gate = threading.Barrier(2)

    def record(_: int) -> None:
        gate.wait(5)
        with transaction(engine) as session:
            record_lot(
                session,
                organisation=session.get_one(Organisation, area.organisation_id),
                harvest=Harvest(area.uid, "BAP_CAI", given.day(-1), kg(kilograms)),
                by=BY,
                now=given.now,
            )

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(record, range(2)))
    with transaction(engine) as session:
        wanted = select(col(LotClaim.granted)).where(col(LotClaim.kind) == "area_code")
        return sorted(session.execute(wanted).scalars())


def test_two_lots_at_the_same_instant_cannot_together_pass_the_cap(
    engine: Engine, session: Session, given: Given, area: PlantingArea
) -> None:
    session.commit()
    assert record_at_once(engine, given, area, 300) == [False, True]


def test_without_the_queue_both_would_pass(
    engine: Engine,
    engine_name: str,
    session: Session,
    given: Given,
    area: PlantingArea,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if engine_name == "sqlite":
        pytest.skip("SQLite has one writer: there is no way around its queue")
    session.commit()
    together = threading.Barrier(2)
    weigh = commands.findings_of

    def weighed_together(*args, **named):
        found = weigh(*args, **named)
        together.wait(5)
        return found

    monkeypatch.setattr(commands, "queue_harvests", lambda *_: None)
    monkeypatch.setattr(commands, "findings_of", weighed_together)
    assert record_at_once(engine, given, area, 300) == [True, True]
