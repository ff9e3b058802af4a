"""What figures of a laboratory mean, and how people write them."""

from datetime import date
from decimal import Decimal

import pytest

from app.inspection.lab_rules import (
    MOST_RESULTS,
    Finding,
    Limit,
    faults_of_days,
    faults_of_findings,
    judged,
    read_amount,
    read_number,
    sum_up,
)
from app.models.catalogue import Confidence
from app.models.inspection import Amount, Verdict

SURE = Limit(Decimal(1), "mg/kg", "TT 50/2016/TT-BYT", Confidence.VERIFIED, judges=True)
UNSURE = Limit(Decimal(1), "mg/kg", "TT 50/2016/TT-BYT", Confidence.INFERRED, judges=False)


def finding(value: str = "0.5", **other: object) -> Finding:
    return Finding("Cypermethrin", value=Decimal(value), unit="mg/kg", **other)


@pytest.mark.parametrize(
    ("typed", "amount", "value"),
    [
        ("0,05", Amount.MEASURED, "0.05"),
        ("0.05", Amount.MEASURED, "0.05"),
        ("1.250,5", Amount.MEASURED, "1250.5"),
        ("1,2 x 10^3", Amount.MEASURED, "1200"),
        ("1,2 × 10³", Amount.MEASURED, "1200"),
        ("<LOQ", Amount.BELOW_LOQ, None),
        ("< 0,01", Amount.BELOW_LOQ, "0.01"),
        ("<LOQ (0,01)", Amount.BELOW_LOQ, "0.01"),
        ("ND", Amount.NOT_DETECTED, None),
        ("KPH", Amount.NOT_DETECTED, None),
        ("Không phát hiện", Amount.NOT_DETECTED, None),
    ],
)
def test_a_figure_is_read_as_laboratories_write_it(
    typed: str, amount: Amount, value: str | None
) -> None:
    assert read_amount(typed) == (amount, None if value is None else Decimal(value))


@pytest.mark.parametrize(
    "typed", ["", "x", "-1", "NaN", "1e999", "Infinity", "1,2,3", "0.0000000001", "9" * 40, "< x"]
)
def test_what_is_no_figure_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="no figure"):
        read_amount(typed)


def test_a_large_power_is_refused() -> None:
    with pytest.raises(ValueError, match="no figure"):
        read_number("1 x 10^99")


@pytest.mark.parametrize(
    ("value", "verdict"), [("0.99", "passed"), ("1", "passed"), ("1.001", "failed")]
)
def test_the_limit_itself_passes(value: str, verdict: str) -> None:
    assert judged(finding(value, limit=Decimal(1)), None).verdict == verdict
    assert judged(finding(value), SURE).verdict == verdict


def test_a_row_that_is_not_sure_judges_nothing_and_is_shown() -> None:
    told = judged(finding("5"), UNSURE)
    assert told.verdict is Verdict.NOT_JUDGED
    assert (told.limit, told.limit_confidence) == (Decimal(1), Confidence.INFERRED)


def test_the_laboratory_s_own_word_stands() -> None:
    assert judged(finding("5", verdict=Verdict.PASSED), SURE).verdict is Verdict.PASSED


def test_the_report_s_limit_goes_before_the_row_s() -> None:
    told = judged(finding("1.5", limit=Decimal(2)), SURE)
    assert (told.verdict, told.limit_confidence) == (Verdict.PASSED, None)


def test_another_unit_is_not_compared_with_the_row() -> None:
    other = Finding("Cypermethrin", value=Decimal(500), unit="µg/kg")
    assert judged(other, SURE).verdict is Verdict.NOT_JUDGED


def test_who_cannot_see_as_little_as_is_allowed_has_not_shown_that_it_passes() -> None:
    def below(loq: str | None) -> Finding:
        seen = None if loq is None else Decimal(loq)
        return Finding("x", amount=Amount.BELOW_LOQ, unit="mg/kg", loq=seen, limit=Decimal("0.05"))

    assert judged(below("0.01"), None).verdict is Verdict.PASSED
    assert judged(below("0.1"), None).verdict is Verdict.NOT_JUDGED
    assert judged(below(None), None).verdict is Verdict.NOT_JUDGED


def test_one_failed_fails_the_report_and_one_not_judged_leaves_it_open() -> None:
    passed, failed, open_ = Verdict.PASSED, Verdict.FAILED, Verdict.NOT_JUDGED
    assert sum_up([passed, passed]) is passed
    assert sum_up([passed, open_]) is open_
    assert sum_up([passed, open_, failed]) is failed
    assert sum_up([]) is open_


def test_days_go_forward() -> None:
    today = date(2026, 11, 20)
    before, after = date(2026, 11, 19), date(2026, 11, 21)
    assert faults_of_days(before, today, today) == []
    assert [one.field for one in faults_of_days(after, after, today)] == [
        "sampled_on",
        "reported_on",
    ]
    assert [one.field for one in faults_of_days(today, before, today)] == ["reported_on"]


def test_a_report_says_something() -> None:
    assert [one.field for one in faults_of_findings([])] == ["results"]
    assert [one.field for one in faults_of_findings([finding()] * (MOST_RESULTS + 1))] == [
        "results"
    ]
    faults = faults_of_findings([finding(), Finding("x"), Finding("", value=Decimal(1), unit="g")])
    assert [one.field for one in faults] == ["results_2", "results_3"]
