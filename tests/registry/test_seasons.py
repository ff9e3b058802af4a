"""Declaring a season, amending it and reporting what it gave, on both engines."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from app.accounts.reach import Reach
from app.catalogue.queries import crop_by_slug
from app.db import transaction
from app.errors import Conflict, NotFound, Refused
from app.kit.quantities import Grams, SquareMetres
from app.ledger.queries import history_of
from app.models.catalogue import Confidence
from app.models.registry import PlantingArea
from app.registry import season_queries as queries
from app.registry.season_commands import (
    SeasonDetails,
    amend_season,
    declare_season,
    end_season,
)
from tests.refusals import refused
from tests.registry.decisions import BY, set_rule
from tests.threads import at_once

TONNE = 1_000_000
ALL = Reach.all()
CROPS = ("BAP_CAI", "SU_HAO")


@pytest.fixture
def details(given) -> SeasonDetails:
    """Two hectares of cabbage, sown two months ago, to be harvested from today on."""
    return SeasonDetails(
        crop="BAP_CAI",
        starts_on=given.day(-60),
        harvest_from=given.day(0),
        harvest_to=given.day(30),
        sown=SquareMetres(20_000),
        expected_output=Grams(60 * TONNE),
        variety="KK Cross",
        standard="VIETGAP_2026",
        market="chn",
    )


@pytest.fixture
def declare(session, now, area, details):
    """Declare what `details` say, or something a little different."""

    def act(**changed):
        changed_details = replace(details, **changed)
        return declare_season(session, area=area, details=changed_details, by=BY, now=now)

    return act


@pytest.fixture
def amend(session, details, now):
    """Let a declaration say what `details` say, or something a little different."""

    def act(season, *, now=now, **changed):
        to = replace(details, **changed)
        return amend_season(session, season=season, details=to, by=BY, now=now)

    return act


@pytest.fixture
def end(session, now, given):
    """Report what a season gave, some days from today."""

    def act(season, tonnes=50, day=0):
        actual, ended_on = Grams(tonnes * TONNE), given.day(day)
        return end_season(session, season=season, actual=actual, ended_on=ended_on, by=BY, now=now)

    return act


def test_a_declaration_is_read_back_with_its_names(session: Session, area, declare):
    season = declare()
    line = queries.season_line(session, season.uid, within=ALL)
    assert (line.area, line.crop.slug, line.standard.code) == (area, "BAP_CAI", "VIETGAP_2026")
    assert (season.variety, season.market, season.version) == ("KK Cross", "CHN", 1)
    assert (season.actual_output_g, season.ended_on) == (None, None)
    assert queries.warnings_of_season(session, line) == []


def test_others_do_not_find_it(session, given, declare):
    season = declare()
    stranger = Reach.own(given.cooperative().pk)
    with pytest.raises(NotFound):
        queries.season_line(session, season.uid, within=stranger)
    assert queries.seasons(session, within=stranger).items == ()
    assert queries.expected_and_actual_by_year(session, stranger) == []


def test_the_ledger_keeps_every_step(session, declare, amend, end):
    season = declare()
    end(amend(season, variety=""))
    told = history_of(session, str(season.uid))
    assert [fact.kind for fact in told] == ["season.declared", "season.amended", "season.ended"]
    assert told[0].facts["expected_output_g"] == 60 * TONNE
    assert (told[1].facts["variety"], told[1].facts["standard"]) == ("", "VIETGAP_2026")
    assert told[2].facts["actual_output_g"] == 50 * TONNE


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"crop": "CA_CHUA"}, "crop"),
        ({"crop": "SAU_RIENG"}, "crop"),
        ({"standard": "VIETGAP_1999"}, "standard"),
        ({"market": "VN"}, "market"),
        ({"variety": "x" * 121}, "variety"),
        ({"sown": SquareMetres(20_001)}, "area_m2"),
        ({"sown": SquareMetres(0)}, "area_m2"),
        ({"expected_output": Grams(0)}, "expected_output_g"),
        ({"expected_output": Grams(2_001 * TONNE)}, "expected_output_g"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(session, area, declare, changed, field):
    assert refused(lambda: declare(**changed)) == [field]
    assert queries.seasons_of(session, area) == []


def test_every_fault_is_said_at_once(declare, given):
    far = {"starts_on": given.day(201), "harvest_to": given.day(200)}
    wrong = {"sown": SquareMetres(30_000), "expected_output": Grams(-1), "crop": "CA_CHUA"}
    assert refused(lambda: declare(**far, **wrong)) == [
        "crop",
        "starts_on",
        "harvest_from",
        "area_m2",
        "expected_output_g",
    ]


def test_a_closed_area_takes_no_declaration(area, declare, given):
    area.closed_on = given.day(-1)
    with pytest.raises(Refused, match="closed"):
        declare()


def test_the_same_crop_is_declared_once_from_one_day(declare):
    declare(sown=SquareMetres(9_000))
    assert refused(lambda: declare(sown=SquareMetres(9_000)), Conflict) == ["starts_on"]


def test_land_is_not_declared_twice_at_one_time(declare, given):
    declare(sown=SquareMetres(15_000))
    other = {"crop": "SU_HAO", "sown": SquareMetres(5_001)}
    assert refused(lambda: declare(**other)) == ["area_m2"]
    declare(**other | {"sown": SquareMetres(5_000)})
    after = {name: given.day(day) for name, day in (("starts_on", 31), ("harvest_to", 99))}
    declare(harvest_from=given.day(90), **after)


def test_intercropped_land_only_warns_and_not_beyond_three_times(session, declare):
    declare()
    second = declare(crop="SU_HAO", intercropped=True)
    line = queries.season_line(session, second.uid, within=ALL)
    (warning,) = queries.warnings_of_season(session, line)
    assert str(warning).startswith("4 ha grow at one time on 2 ha")


def test_land_is_not_shared_without_end(session, area, declare, given):
    for start in (-60, -59, -58):
        declare(starts_on=given.day(start), intercropped=True)
    assert refused(lambda: declare(starts_on=given.day(-57), intercropped=True)) == ["area_m2"]


def test_a_perennial_shares_its_land_without_being_told(session, given):
    area = given.area(crops=("BO_KHAI", "BAP_CAI"))
    given.season(area)
    crop_by_slug(session, "BO_KHAI").perennial = False
    assert refused(lambda: given.season(area, crop="BO_KHAI")) == ["area_m2"]
    crop_by_slug(session, "BO_KHAI").perennial = True
    given.season(area, crop="BO_KHAI")
    assert len(queries.seasons_of(session, area)) == 2


def test_an_output_beyond_the_dated_ceiling_only_warns(session, declare):
    season = declare(expected_output=Grams(201 * TONNE))
    line = queries.season_line(session, season.uid, within=ALL)
    (warning,) = queries.warnings_of_season(session, line)
    assert str(warning).startswith("201000 kg from 2 ha is more than 10 kg")


def test_once_the_ceiling_is_verified_law_it_refuses(session, declare):
    set_rule(session, queries.OUTPUT_RULE, 10, Confidence.VERIFIED)
    assert refused(lambda: declare(expected_output=Grams(201 * TONNE))) == ["expected_output_g"]


def test_an_amendment_is_the_whole_declaration_anew(session, declare, amend):
    season = amend(declare(), standard="", sown=SquareMetres(18_000), crop="SU_HAO")
    line = queries.season_line(session, season.uid, within=ALL)
    assert (line.crop.slug, line.standard, season.area_m2) == ("SU_HAO", None, 18_000)
    assert season.version == 2


def test_an_old_declaration_is_amended_but_not_moved(declare, amend, given, now):
    start, later = given.day(-400), now + timedelta(days=1)
    season = declare(starts_on=start)
    amend(season, now=later, starts_on=start, harvest_to=given.day(90))
    moved = given.day(-401)
    assert refused(lambda: amend(season, now=later, starts_on=moved)) == ["starts_on"]


def test_it_is_not_moved_onto_another(declare, amend, given):
    declare(sown=SquareMetres(9_000))
    second = declare(sown=SquareMetres(9_000), starts_on=given.day(-50))
    assert refused(lambda: amend(second, sown=SquareMetres(9_000)), Conflict) == ["starts_on"]


def test_what_ended_stands(declare, amend, end, now):
    season = end(declare())
    assert (season.actual_output_g, season.reported_at) == (50 * TONNE, now)
    with pytest.raises(Refused, match="figures stand"):
        end(season)
    with pytest.raises(Refused, match="figures stand"):
        amend(season)


@pytest.mark.parametrize(
    ("tonnes", "day", "field"),
    [
        (-1, 0, "actual_output_g"),
        (2_001, 0, "actual_output_g"),
        (50, 1, "ended_on"),
        (50, -1, "ended_on"),
    ],
)
def test_a_report_that_cannot_be_is_refused(declare, end, tonnes, day, field):
    assert refused(lambda: end(declare(), tonnes, day)) == [field]


def test_a_lost_harvest_may_end_before_it_began(declare, end):
    assert end(declare(), tonnes=0, day=-20).actual_output_g == 0


def test_two_at_once_do_not_sow_the_land_twice(engine, session, area, details, now):
    session.commit()
    outcomes = at_once([_declaring(engine, area.pk, details, crop, now) for crop in CROPS])
    assert sorted(type(outcome) for outcome in outcomes if outcome) == [Refused]
    assert len(queries.seasons_of(session, area)) == 1


def _declaring(engine, area_id, details, crop, now):
    def act():
        with transaction(engine) as own:
            area = own.get_one(PlantingArea, area_id)
            declare_season(own, area=area, details=replace(details, crop=crop), by=BY, now=now)

    return act
