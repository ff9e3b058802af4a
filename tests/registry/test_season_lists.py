"""Lists of declarations, what the mass balance may count, and who is reminded, on both engines."""

import pytest
from sqlalchemy import select

from app.accounts.reach import Reach
from app.catalogue.queries import crop_by_slug
from app.kit.cursor import UnreadableCursor, encode
from app.kit.quantities import Grams, SquareMetres
from app.models.catalogue import Confidence
from app.models.registry import AreaCode, CodeStatus
from app.registry import season_queries as queries
from app.registry.season_commands import end_season
from app.registry.season_queries import SeasonState, YearOutput
from app.registry.season_reminder_queries import DECLARE_RULE, season_reminders
from tests.registry.decisions import BY, set_rule

TONNE = 1_000_000
ALL = Reach.all()


@pytest.fixture
def end(session, now, given):
    """Report what a season gave, some days from today."""

    def act(season, tonnes=50, day=0):
        actual, ended_on = Grams(tonnes * TONNE), given.day(day)
        return end_season(session, season=season, actual=actual, ended_on=ended_on, by=BY, now=now)

    return act


@pytest.fixture
def cap(session, area, given):
    """What is declared of cabbage around a day relative to today."""
    cabbage = crop_by_slug(session, "BAP_CAI").pk
    return lambda day: queries.declared_cap(session, area.pk, cabbage, given.day(day))


@pytest.fixture
def several(given, end):
    """Four declarations in the order of the list: two open, the sooner due first, two ended."""
    due = {"harvest_from": 0, "harvest_to": 9}
    ended = [end(given.season(given.area(), **due, starts=-50)), None]
    later, sooner = given.season(given.area()), given.season(given.area(), harvest_to=20)
    ended[1] = end(given.season(given.area(), harvest_from=-9), day=-5)
    return [sooner, later, *ended]


def walk(session, limit, **wanted):
    """Every declaration, page by page."""
    found, after = [], None
    while found == [] or after:
        page = queries.seasons(session, within=ALL, after=after, limit=limit, **wanted)
        found, after = [*found, *(line.season for line in page.items)], page.next
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 9])
def test_what_is_open_comes_first_on_pages_of_any_size(session, several, limit):
    assert walk(session, limit) == several
    assert walk(session, limit, state=SeasonState.OPEN) == several[:2]
    assert walk(session, limit, state=SeasonState.ENDED) == several[2:]


@pytest.mark.parametrize(
    "key", [("open", "2026-02-30", 1), ("all", "2026-01-01", 1), ("ended", "2026-01-01", 1), (1,)]
)
def test_a_cursor_of_another_list_is_refused(session, key):
    with pytest.raises(UnreadableCursor):
        queries.seasons(session, within=ALL, state=SeasonState.OPEN, after=encode(*key))


@pytest.mark.parametrize(
    ("q", "found"), [("", 1), ("bap cai", 1), ("BẢN PHỐ bắp", 1), ("tả van", 1), ("ca chua", 0)]
)
def test_a_declaration_is_found_by_area_organisation_and_crop(session, given, q, found):
    given.season(given.area(given.cooperative("HTX Tả Van"), name="Bản Phố 1"))
    assert len(queries.seasons(session, within=ALL, q=q).items) == found


def test_an_area_tells_its_seasons_newest_first(session, given, area, end):
    old = end(given.season(area, starts=-200, harvest_from=-90, harvest_to=-80), day=-80)
    new = given.season(area)
    given.season(given.area())
    assert [line.season for line in queries.seasons_of(session, area)] == [new, old]


@pytest.mark.parametrize(
    ("day", "counted"), [(-21, False), (-20, True), (10, True), (70, True), (71, False)]
)
def test_a_declaration_counts_thirty_days_around_its_harvest(given, area, cap, day, counted):
    given.season(area, harvest_from=10, harvest_to=40)
    assert cap(day) == (Grams(40 * TONNE) if counted else None)


def test_what_a_season_gave_counts_instead_of_what_was_expected(given, area, cap, end):
    half = SquareMetres(10_000)
    end(given.season(area, harvest_from=-9, harvest_to=0, sown=half), tonnes=55)
    assert cap(0) == Grams(55 * TONNE)
    given.season(area, starts=-50, sown=half)
    assert cap(0) == Grams(95 * TONNE)


def test_a_lost_harvest_counts_as_nothing_and_not_as_undeclared(given, area, cap, end):
    end(given.season(area, harvest_from=-9, harvest_to=0), tonnes=0)
    assert cap(0) == Grams(0)


def test_a_harvest_that_took_longer_counts_until_it_ended(given, area, cap, end):
    end(given.season(area, starts=-200, harvest_from=-90, harvest_to=-80), day=-10)
    assert (cap(20), cap(21)) == (Grams(50 * TONNE), None)


def test_another_crop_has_a_cap_of_its_own(session, given, area):
    given.season(area)
    other = crop_by_slug(session, "SU_HAO").pk
    assert queries.declared_cap(session, area.pk, other, given.day(20)) is None


def test_years_compare_what_was_expected_with_what_came_of_it(session, given, end):
    end(given.season(given.area(), harvest_from=-9, harvest_to=0), tonnes=30)
    given.season(given.area())
    given.season(given.area(), harvest_to=60)
    assert queries.expected_and_actual_by_year(session, ALL) == [
        YearOutput(2026, 2, 1, Grams(80 * TONNE), Grams(40 * TONNE), Grams(30 * TONNE)),
        YearOutput(2027, 1, 0, Grams(40 * TONNE), Grams(0), Grams(0)),
    ]


@pytest.fixture
def coded(session, given):
    """An area with a code."""
    area = given.area()
    given.code(area)
    session.flush()
    return area


@pytest.fixture
def owed(session, given):
    """What is owed on a day relative to today: its kinds."""
    return lambda day=0: [told.kind for told in season_reminders(session, given.day(day))]


def test_a_coded_area_without_a_declaration_is_reminded(session, given, coded):
    given.area()  # without a code
    (told,) = season_reminders(session, given.day(0))
    assert (told.kind, told.organisation_id) == ("declare", coded.organisation_id)
    assert told.address == f"/work/areas/{coded.uid}/seasons/new"
    assert coded.name in str(told.sentence)
    assert len(told.about) <= 120


def test_only_a_standing_code_and_an_open_area_oblige(session, given, coded, owed):
    code = session.execute(select(AreaCode)).scalar_one()
    code.status = CodeStatus.SUSPENDED
    session.flush()
    assert owed() == ["declare"]
    code.status = CodeStatus.CANCELLED
    session.flush()
    assert owed() == []
    code.status, coded.closed_on = CodeStatus.ACTIVE, given.day(-1)
    session.flush()
    assert owed() == []


@pytest.mark.parametrize(
    ("starts", "day", "kinds"),
    [
        (0, 0, []),
        (5, 0, []),
        (-80, 40, []),
        (-80, 41, ["declare"]),
        (-79, 41, []),
        (-60, 53, []),
        (-60, 54, ["report"]),
        (-60, 60, ["report"]),
        (-60, 61, ["declare", "report"]),
    ],
)
def test_a_declaration_quiets_and_an_overdue_one_asks_for_a_report(
    given, coded, owed, starts, day, kinds
):
    given.season(coded, starts=starts)
    assert owed(day) == kinds


def test_a_report_quiets_until_the_next_gap_which_is_another_occasion(session, given, coded, end):
    first = season_reminders(session, given.day(0))[0].about
    season = given.season(coded, harvest_from=-1)
    assert season_reminders(session, given.day(60))[0].address == f"/work/seasons/{season.uid}"
    end(season)
    assert season_reminders(session, given.day(60)) == []
    (gap,) = season_reminders(session, given.day(61))
    assert gap.about != first


def test_reminders_stay_within_reach_and_follow_the_dated_rule(session, given, coded, owed):
    stranger = Reach.own(given.cooperative().pk)
    assert season_reminders(session, given.day(0), within=stranger) == []
    given.season(coded, starts=-100, harvest_from=-90, harvest_to=-5)
    assert owed() == []
    set_rule(session, DECLARE_RULE, 90, Confidence.UNVERIFIED)
    assert owed() == ["declare"]
