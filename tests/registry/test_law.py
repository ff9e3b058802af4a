"""The dated law about codes: what is in force on a day, what refuses and what only warns."""

from datetime import date

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.catalogue.rules import Severity
from app.errors import Refused
from app.models.catalogue import Confidence, Crop
from app.models.registry import (
    CodeScheme,
)
from app.registry.law_queries import concerns_about, schemes_on
from tests.registry.decisions import ND38, QD3156, TCCS774, set_rule


def test_a_small_area_is_a_warning_while_the_rule_is_not_enforced(session, given, issue):
    small = given.area(area_m2=900, former_commune="02839", established_on=date(2023, 1, 1))
    (concern, *_) = concerns_about(session, small, "VNM", day=QD3156.decided_on)
    assert concern.severity is Severity.WARN
    assert "QĐ 3156" in str(concern.why)
    assert issue(given.application(small), QD3156)


def test_a_small_area_is_refused_where_the_rule_is_enforced(session, given, issue):
    rule = "planting_area.minimum_m2.annual"
    set_rule(session, rule, 1000, Confidence.SECONDARY, enforced=True)
    small, enough = given.area(area_m2=999), given.area(area_m2=1000)
    with pytest.raises(Refused, match="less than"):
        issue(given.application(small))
    assert issue(given.application(enough))


def test_an_unsure_perennial_only_warns_even_where_the_rule_is_enforced(session, given, issue):
    rule = "planting_area.minimum_m2.perennial"
    set_rule(session, rule, 10_000, Confidence.VERIFIED, enforced=True)
    chayote = given.area(area_m2=9_000, crop="SU_SU")
    (concern, *_) = concerns_about(session, chayote, "CHN", day=ND38.decided_on)
    assert concern.severity is Severity.WARN
    session.execute(
        update(Crop)
        .where(col(Crop.slug) == "SU_SU")
        .values(perennial_confidence=Confidence.VERIFIED)
    )
    session.expire_all()
    with pytest.raises(Refused, match="less than"):
        issue(given.application(chayote))


def test_the_guessed_suffix_of_the_home_market_is_a_warning(session, area):
    day = ND38.decided_on
    (concern,) = concerns_about(session, area, "VNM", day=day)
    assert concern.severity is Severity.WARN
    assert concerns_about(session, area, "JPN", day=day) == []


def test_the_schemes_of_a_day_come_from_the_dated_rules(session):
    old = {CodeScheme.QD3156_2022, CodeScheme.TCCS774_2020, CodeScheme.EXTERNAL}
    assert set(schemes_on(session, date(2025, 6, 30))) == old
    assert set(schemes_on(session, date(2025, 7, 1))) == old - {CodeScheme.QD3156_2022}
    assert set(schemes_on(session, date(2026, 9, 1))) == {
        CodeScheme.ND38_2026,
        CodeScheme.EXTERNAL,
    }


def test_a_scheme_that_the_law_switches_off_issues_nothing(session, given, area, issue):
    set_rule(session, "code_scheme.ND38_2026", {"issuable": False}, Confidence.SECONDARY)
    with pytest.raises(Refused, match="under this scheme"):
        issue(given.application(area))


def test_the_law_may_list_a_crops_token_and_the_home_suffix(session, given, area, issue):
    set_rule(session, "planting_area.crop_tokens", [["BAP_CAI", "BAPCAI77"]], Confidence.VERIFIED)
    set_rule(session, "planting_area.home_market", "NDI", Confidence.VERIFIED)
    assert issue(given.application(area)).code == "15-PUC-BAPCAI77-000001-NDI"
    assert issue(given.application(area, "CHN")).code == "15-PUC-BAPCAI77-000001-CHN"


@pytest.mark.parametrize("nonsense", ["", "bắp cải", "X" * 21, "BAP CAI"])
def test_a_token_that_no_code_can_hold_is_not_used(session, given, area, issue, nonsense):
    set_rule(session, "planting_area.crop_tokens", [["BAP_CAI", nonsense]], Confidence.VERIFIED)
    assert issue(given.application(area)).code == "15-PUC-BAPCAI01-000001-VNM"


@pytest.mark.parametrize(
    ("decision", "day"),
    [
        (QD3156, date(2025, 7, 1)),
        (QD3156, date(2023, 1, 1).replace(year=2022)),
        (ND38, date(2026, 1, 22)),
        (TCCS774, date(2026, 1, 23)),
    ],
)
def test_a_scheme_is_used_only_while_it_is_in_force(given, issue, decision, day):
    area = given.area(former_commune="02839", established_on=date(2020, 1, 1))
    with pytest.raises(Refused) as refused:
        issue(given.application(area, "CHN"), decision, decided_on=day)
    assert refused.value.fields[0].field == "scheme"
