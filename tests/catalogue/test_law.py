"""The law as it stood on a day: schemes, limits and periods, each with its confidence."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session

from app.catalogue.queries import legal_rules, rule_history, rule_on, rules_on, value_of
from app.models.catalogue import Confidence, LegalRule

TODAY = date(2026, 11, 20)


def value_on(session: Session, key: str, day: date) -> object:
    rule = rule_on(session, key, day)
    return None if rule is None else value_of(rule)


@pytest.mark.parametrize(
    ("scheme", "first", "last"),
    [
        ("QD3156_2022", date(2022, 8, 19), date(2025, 6, 30)),
        ("TCCS774_2020", date(2020, 11, 30), date(2026, 1, 22)),
        ("ND38_2026", date(2026, 1, 23), date(2040, 1, 1)),
        ("EXTERNAL", date(2020, 1, 1), date(2040, 1, 1)),
    ],
)
def test_a_code_scheme_holds_from_its_first_to_its_last_day(
    facts: Session, scheme: str, first: date, last: date
) -> None:
    key = f"code_scheme.{scheme}"
    told = {"issuable": scheme in {"QD3156_2022", "ND38_2026"}}
    assert rule_on(facts, key, first - timedelta(days=1)) is None
    assert value_on(facts, key, first) == told
    assert value_on(facts, key, last) == told


@pytest.mark.parametrize("scheme", ["QD3156_2022", "TCCS774_2020"])
def test_a_code_scheme_ends(facts: Session, scheme: str) -> None:
    assert rule_on(facts, f"code_scheme.{scheme}", date(2026, 1, 23)) is None


def test_no_code_with_a_district_can_be_issued_since_districts_ended(facts: Session) -> None:
    assert rule_on(facts, "code_scheme.QD3156_2022", date(2025, 7, 1)) is None


@pytest.mark.parametrize(
    ("key", "day", "expected"),
    [
        ("planting_area.minimum_m2.annual", date(2026, 7, 31), (1000, "S")),
        ("planting_area.minimum_m2.annual", date(2026, 8, 1), None),
        ("planting_area.minimum_m2.perennial", date(2026, 7, 31), (10_000, "S")),
        ("planting_area.decision_days.home", date(2026, 7, 31), None),
        ("planting_area.decision_days.home", date(2026, 8, 1), (3, "S")),
        ("planting_area.decision_days.export", date(2026, 8, 1), (10, "S")),
        ("planting_area.declared_difference_percent", TODAY, (20, "I")),
        ("planting_area.home_market", TODAY, ("VNM", "I")),
        ("certificate.vietgap.validity_months", date(2018, 8, 5), (24, "S")),
        ("certificate.vietgap.validity_months", date(2018, 8, 6), (36, "U")),
        ("certificate.vietgap.extension_months", date(2018, 8, 5), (3, "S")),
        ("certificate.vietgap.extension_months", date(2018, 8, 6), None),
        ("certificate.organic.validity_months", TODAY, (24, "V")),
        ("certificate.food_safety.validity_months", TODAY, (36, "V")),
        ("organic.conversion_months.annual", TODAY, (12, "S")),
        ("organic.conversion_months.perennial", TODAY, (18, "S")),
        ("recall.voluntary_hours", date(2022, 2, 1), None),
        ("recall.voluntary_hours", TODAY, (24, "V")),
        ("retention.lots_months", TODAY, (36, "S")),
        ("label.former_address_until", TODAY, ("2027-07-01", "V")),
        ("plan.report_day", TODAY, ("12-10", "V")),
        ("pesticide.longest_interval_days.vegetables", TODAY, (7, "V")),
    ],
)
def test_the_law_on_a_day(
    facts: Session, key: str, day: date, expected: tuple[object, str] | None
) -> None:
    rule = rule_on(facts, key, day)
    assert (None if rule is None else (value_of(rule), rule.confidence.value)) == expected


def test_grades_of_food_safety_changed_on_15_january_2025(facts: Session) -> None:
    before = value_on(facts, "food_safety.grades", date(2025, 1, 14))
    since = value_on(facts, "food_safety.grades", date(2025, 1, 15))
    assert before == {"grades": ["A", "B", "C"], "passing": ["A", "B"], "scheme": "ABC_2018"}
    assert since == {"grades": ["pass", "fail"], "passing": ["pass"], "scheme": "PASS_FAIL_2024"}
    assert len(rule_history(facts, "food_safety.grades")) == 2


def test_the_nine_and_the_seven_items_of_a_trace(facts: Session) -> None:
    kept = value_on(facts, "traceability.data_items", TODAY)
    shown = value_on(facts, "traceability.public_items", TODAY)
    assert isinstance(kept, list)
    assert isinstance(shown, list)
    assert (len(kept), len(shown)) == (9, 7)
    assert set(shown) < set(kept)


def test_of_two_versions_that_hold_the_later_counts(session: Session) -> None:
    key = "certificate.organic.validity_months"
    session.add(
        LegalRule(
            key=key,
            valid_from=date(2026, 10, 1),
            value="18",
            legal_ref="a newer act",
            confidence=Confidence.VERIFIED,
        )
    )
    session.flush()
    assert value_on(session, key, date(2026, 9, 30)) == 24
    assert value_on(session, key, date(2026, 10, 1)) == 18
    held = {rule.key: rule for rule in rules_on(session, TODAY)}
    assert held[key].value == "18"


def test_the_law_of_a_day_has_each_rule_once(facts: Session) -> None:
    keys = [rule.key for rule in rules_on(facts, TODAY)]
    assert sorted(set(keys)) == sorted(keys)
    assert "code_scheme.QD3156_2022" not in keys


def test_every_version_of_every_rule_is_listed(facts: Session) -> None:
    versions = [(rule.key, rule.valid_from) for rule in legal_rules(facts)]
    assert versions == sorted(versions)
    assert len(versions) == len(facts.execute(select(LegalRule)).all())
    assert ("code_scheme.QD3156_2022", date(2022, 8, 19)) in versions


def test_an_unknown_rule_is_none(facts: Session) -> None:
    assert rule_on(facts, "no.such.rule", TODAY) is None
