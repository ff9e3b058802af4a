"""The forecast of a year: what stands, and what is to come by what such declarations came to."""

from datetime import timedelta

from sqlmodel import Session

from app.kit.quantities import Grams, SquareMetres
from app.ledger.actors import Actor
from app.models.registry import PlantingArea
from app.models.seasons import SeasonDeclaration
from app.plan.dimensions import Dimension
from app.plan.forecasting import forecast, ratios_of
from app.plan.rollup import refresh
from app.registry.season_commands import end_season
from tests.given import Given

TONNE = 1_000_000


def a_season(
    given: Given, area: PlantingArea, starts: int, tonnes: int, gave: int | None = None
) -> SeasonDeclaration:
    season = given.season(
        area,
        starts=starts,
        harvest_from=starts + 60,
        harvest_to=starts + 80,
        expected_output=Grams(tonnes * TONNE),
        sown=SquareMetres(9_000),
    )
    if gave is not None:
        end_season(
            given.session,
            season=season,
            actual=Grams(gave * TONNE),
            ended_on=season.harvest_to,
            by=Actor.system(),
            now=given.now,
        )
    return season


def test_a_forecast_says_what_it_knows_and_how(session: Session, given: Given) -> None:
    now, area = given.now, given.area(area_m2=50_000)
    year = now.year
    nothing = forecast(session, year=year)
    assert (nothing.low, nothing.middle, nothing.high) == (None, None, None)

    given.now = now - timedelta(days=365)
    for at, gave in enumerate((16, 18, 20, 22, 30)):  # of 20 each
        a_season(given, area, -180 + at * 4, 20, gave)
    given.now = now
    coming = a_season(given, area, -60, 10)
    a_season(given, area, -200, 10, 7)
    given.lot(area, kilograms=2_000, harvested_on=coming.harvest_from)
    session.flush()
    refresh(session, now)

    found = forecast(session, year=year)
    # 7 t reported and 2 t weighed; of the 10 t to come 800, 1,000 and 1,500 permille, less 2 t.
    assert (found.so_far, found.expected) == (9 * TONNE, 10 * TONNE)
    assert (found.low, found.middle, found.high) == (15 * TONNE, 17 * TONNE, 22 * TONNE)
    assert found.seasons == 5
    here = {Dimension.DISTRICT: "085"}
    assert forecast(session, year=year, where=here) == found
    assert forecast(session, year=year, where={Dimension.DISTRICT: "088"}).middle is None
    late = forecast(session, year=year, today=given.day(90))
    assert late.low == late.high == 9 * TONNE


def test_the_range_is_made_of_what_happened() -> None:
    some = ratios_of([500, 900, 1_000, 1_100, 3_000])
    assert (some.low, some.middle, some.high) == (500, 1_000, 3_000)
    many = ratios_of(range(100))
    assert (many.low, many.middle, many.high) == (9, 49, 90)
