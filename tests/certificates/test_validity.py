"""What is wrong, or only odd, about what stands on a certificate, without a database."""

from dataclasses import dataclass, replace
from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from app.catalogue.rules import Severity
from app.certificates.rules import CertificateFacts
from app.certificates.validity import (
    Finding,
    Grades,
    Limit,
    findings_of_days,
    findings_of_edition,
    findings_of_grade,
    findings_of_number,
    is_ggn,
    overlaps,
    tidy_number,
)
from app.models.catalogue import StandardKind
from app.models.certificates import CertificateStatus
from tests.certificates.examples import certificate, step

PATTERN = r"^VietGAP-TT-\d{2}-\d{2}-\d{2}-\d{4}$"
TWO_YEARS = Limit(24, "NĐ 109/2018/NĐ-CP art. 8(2)", Severity.REFUSE)
ABC = Grades(["A", "B", "C"], ["A", "B"], "TT 38/2018", Severity.WARN)


@dataclass(frozen=True)
class Paper:
    number: str = "VietGAP-TT-13-09-68-0096"
    issued_on: date = date(2024, 3, 15)
    valid_from: date = date(2024, 3, 15)
    valid_to: date = date(2026, 3, 15)
    grade: str = ""


def fields(paper: Paper, limit: Limit | None = None) -> list[tuple[str, Severity]]:
    return [(found.field, found.severity) for found in findings_of_days(paper, limit=limit)]


def test_two_years_may_end_on_the_same_day_of_the_month_or_the_day_before() -> None:
    assert fields(Paper(), TWO_YEARS) == []
    assert fields(Paper(valid_to=date(2026, 3, 14)), TWO_YEARS) == []


def test_a_day_longer_than_the_law_allows_refuses_when_the_text_of_the_law_was_seen() -> None:
    longer = Paper(valid_to=date(2026, 3, 16))
    assert fields(longer, TWO_YEARS) == [("valid_to", Severity.REFUSE)]
    why = findings_of_days(longer, limit=TWO_YEARS)[0].why
    expected = "Such a certificate is valid for at most 24 months (NĐ 109/2018/NĐ-CP art. 8(2))."
    assert str(why) == expected


def test_a_day_longer_only_warns_when_the_law_is_known_at_second_hand() -> None:
    hearsay = replace(TWO_YEARS, severity=Severity.WARN)
    assert fields(Paper(valid_to=date(2026, 3, 16)), hearsay) == [("valid_to", Severity.WARN)]


def test_two_years_from_a_leap_day_end_on_the_last_of_february() -> None:
    leap = Paper(issued_on=date(2024, 2, 29), valid_from=date(2024, 2, 29))
    assert fields(replace(leap, valid_to=date(2026, 2, 28)), TWO_YEARS) == []
    assert fields(replace(leap, valid_to=date(2026, 3, 1)), TWO_YEARS) != []


def test_without_a_law_any_length_will_do() -> None:
    assert fields(Paper(valid_to=date(2090, 1, 1))) == []


def test_the_last_day_cannot_lie_before_the_first() -> None:
    assert fields(Paper(valid_to=date(2024, 3, 14))) == [("valid_to", Severity.REFUSE)]


def test_it_cannot_be_issued_after_it_ran_out() -> None:
    assert fields(Paper(issued_on=date(2026, 3, 16))) == [("issued_on", Severity.REFUSE)]


@for_all(st.dates(), st.dates(), st.dates(), st.integers(0, 10**9))
def test_no_days_at_all_break_the_rules(
    issued_on: date, valid_from: date, valid_to: date, months: int
) -> None:
    paper = Paper(issued_on=issued_on, valid_from=valid_from, valid_to=valid_to)
    for found in findings_of_days(paper, limit=replace(TWO_YEARS, months=months)):
        assert found.field in {"issued_on", "valid_from", "valid_to"}


def test_a_slip_of_the_year_is_named() -> None:
    found = findings_of_days(Paper(valid_to=date(9999, 12, 31)), limit=TWO_YEARS)
    assert [(one.field, str(one.why)) for one in found] == [("valid_to", "Check the year 9999.")]


def test_a_number_of_the_usual_form_is_not_remarked_upon() -> None:
    usual = Paper().number
    found = findings_of_number(StandardKind.VIETGAP, usual, pattern=PATTERN, severity=Severity.WARN)
    assert found == []


def test_a_vietgap_number_of_another_form_only_warns_and_shows_the_usual_form() -> None:
    (found,) = findings_of_number(
        StandardKind.VIETGAP, "QUACERT 0123/2025", pattern=PATTERN, severity=Severity.WARN
    )
    assert (found.field, found.severity) == ("number", Severity.WARN)
    assert str(found.why) == "The number does not look like VietGAP-TT-00-00-00-0000."


def test_a_pattern_that_is_none_stops_nobody() -> None:
    broken = "VietGAP-([0-9"
    found = findings_of_number(
        StandardKind.VIETGAP, "QUACERT 0123", pattern=broken, severity=Severity.REFUSE
    )
    assert found == []


def ggn_findings(number: str) -> list[Severity]:
    found = findings_of_number(StandardKind.GLOBALGAP, number, pattern=None, severity=Severity.WARN)
    return [one.severity for one in found]


def test_a_ggn_with_its_check_digit_is_accepted() -> None:
    assert ggn_findings("4049928415684") == []


@pytest.mark.parametrize(
    "number",
    ["4049928415685", "4049928415648", "404992841568", "40499284156840", "abcdefghijklm", ""],
)
def test_a_ggn_that_does_not_add_up_is_refused(number: str) -> None:
    assert ggn_findings(number) == [Severity.REFUSE]


@for_all(st.integers(0, 10**12 - 1), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_in_a_ggn_never_goes_unseen(body: int, place: int, by: int) -> None:
    digits = f"{body:012}"
    weighted = sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(digits))
    ggn = digits + str(-weighted % 10)
    wrong = ggn[:place] + str((int(ggn[place]) + by) % 10) + ggn[place + 1 :]
    assert is_ggn(ggn)
    assert not is_ggn(wrong)


def test_spaces_and_hyphens_in_a_ggn_are_dropped_and_other_numbers_kept() -> None:
    assert tidy_number(StandardKind.GLOBALGAP, "404 9928-41568 4") == "4049928415684"
    assert tidy_number(StandardKind.VIETGAP, "VG 1-2") == "VG 1-2"


def test_a_certificate_of_an_edition_that_was_not_in_force_is_odd() -> None:
    begins, ends = date(2017, 10, 17), date(2026, 7, 7)

    def odd(day: date) -> bool:
        paper = Paper(issued_on=day)
        return bool(findings_of_edition(paper, edition="TCVN", begins=begins, ends=ends))

    assert [odd(day) for day in (date(2017, 10, 16), begins, ends, date(2026, 7, 8))] == [
        True,
        False,
        False,
        True,
    ]


def test_what_is_odd_about_an_edition_or_a_grade_is_said_in_full() -> None:
    begins, ends = date(2017, 10, 17), date(2024, 1, 1)
    late = findings_of_edition(Paper(), edition="TCVN", begins=begins, ends=ends)
    assert told(late) == [("standard", Severity.WARN, "TCVN was not in force on 2024-03-15.")]
    assert findings_of_edition(Paper(), edition="TCVN", begins=begins, ends=None) == []
    strict = replace(ABC, severity=Severity.REFUSE)
    assert told(findings_of_grade("D", strict)) == [
        ("grade", Severity.REFUSE, "The grades are A, B, C (TT 38/2018).")
    ]
    assert told(findings_of_grade("C", strict)) == [
        ("grade", Severity.REFUSE, "A facility of grade C has not passed (TT 38/2018).")
    ]
    assert findings_of_grade("A", strict) == []


def test_a_ggn_that_does_not_add_up_is_told_beside_the_number() -> None:
    (found,) = findings_of_number(StandardKind.GLOBALGAP, "1", pattern=None, severity=Severity.WARN)
    assert found.field == "number"


@pytest.mark.parametrize(
    ("year", "odd"), [(1989, True), (1990, False), (2099, False), (2100, True)]
)
def test_years_of_a_lifetime_are_possible(year: int, *, odd: bool) -> None:
    day = date(year, 6, 1)
    found = findings_of_days(Paper(issued_on=day, valid_from=day, valid_to=day), limit=None)
    assert [one.field for one in found] == (["issued_on", "valid_from", "valid_to"] if odd else [])


def test_a_certificate_of_one_day_issued_that_day_is_possible() -> None:
    day = date(2024, 3, 15)
    assert findings_of_days(Paper(issued_on=day, valid_from=day, valid_to=day), limit=None) == []


def test_an_absurd_term_of_the_law_ends_in_a_hundred_years() -> None:
    endless = Limit(10**9, "nhầm", Severity.REFUSE)
    start = date(1990, 1, 1)
    paper = Paper(issued_on=start, valid_from=start, valid_to=date(2090, 1, 1))
    assert findings_of_days(paper, limit=endless) == []
    assert findings_of_days(replace(paper, valid_to=date(2090, 1, 2)), limit=endless) != []


def told(found: list[Finding]) -> list[tuple[str, Severity, str]]:
    return [(one.field, one.severity, str(one.why)) for one in found]


@pytest.mark.parametrize(("grade", "count"), [("", 0), ("A", 0), ("B", 0), ("C", 1), ("Đạt", 1)])
def test_a_grade_must_exist_and_pass(grade: str, count: int) -> None:
    assert len(findings_of_grade(grade, ABC)) == count
    assert findings_of_grade(grade, None) == []


def other(**details: object) -> CertificateFacts:
    return certificate(id=2, number="VG-2", **details)


def test_two_certificates_of_one_kind_for_the_same_goods_and_days_overlap() -> None:
    assert overlaps(certificate(), other(valid_from=date(2026, 12, 31), valid_to=date(2027, 6, 1)))


@pytest.mark.parametrize(
    "details",
    [
        {"valid_from": date(2027, 1, 1), "valid_to": date(2027, 12, 31)},
        {"kind": "organic"},
        {"crops": frozenset({2})},
        {"areas": frozenset({11})},
        {"steps": (step(CertificateStatus.WITHDRAWN, date(2026, 2, 1)),)},
        {"steps": (step(CertificateStatus.REPLACED, date(2026, 2, 1)),)},
    ],
)
def test_other_days_kinds_crops_areas_and_withdrawn_ones_do_not_overlap(
    details: dict[str, object],
) -> None:
    assert not overlaps(certificate(), other(**details))


def test_a_certificate_does_not_overlap_itself() -> None:
    assert not overlaps(certificate(), certificate())


def test_two_certificates_of_one_facility_overlap_without_any_goods() -> None:
    none: dict[str, object] = {"kind": "food_safety", "crops": frozenset(), "areas": frozenset()}
    assert overlaps(certificate(**none), other(**none))


def test_two_of_one_product_overlap_wherever_it_grows() -> None:
    assert overlaps(certificate(kind="ocop"), other(kind="ocop", areas=frozenset({11})))
