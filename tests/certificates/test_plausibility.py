"""What is odd about the size, the stars, an extension and the body, without a database."""

from datetime import date

import pytest

from app.catalogue.rules import Severity
from app.certificates.plausibility import (
    Extension,
    MostOutput,
    Registered,
    Stars,
    findings_of_area,
    findings_of_body,
    findings_of_conversion,
    findings_of_extension,
    findings_of_output,
    findings_of_stars,
    stars_for,
)
from app.certificates.validity import Finding

OCOP = Stars({"1": 0, "2": 30, "3": 50, "4": 70, "5": 90}, 3, "QĐ 148/QĐ-TTg", Severity.WARN)
THIRTY = MostOutput(30, "thực tế", Severity.WARN)
TT48 = Extension(3, "TT 48/2012", Severity.WARN)
ENDS = date(2018, 7, 1)


def told(found: list[Finding]) -> list[tuple[str, Severity, str]]:
    return [(one.field, one.severity, str(one.why)) for one in found]


def test_more_land_than_the_register_has_is_odd() -> None:
    assert told(findings_of_area(20_001, 20_000)) == [
        (
            "area_m2",
            Severity.WARN,
            "The certificate lists 2.0001 ha; its areas have 2 ha in the register.",
        )
    ]


@pytest.mark.parametrize(
    ("certified", "registered"), [(20_000, 20_000), (None, 20_000), (5, 0), (1, 20_000)]
)
def test_as_much_land_or_none_stated_or_none_known_is_not_odd(
    certified: int | None, registered: int
) -> None:
    assert findings_of_area(certified, registered) == []


def test_more_output_than_the_land_can_give_in_a_year_is_odd() -> None:
    land = 1_000
    assert findings_of_output(30_000_000, land, THIRTY) == []
    assert told(findings_of_output(30_000_001, land, THIRTY)) == [
        (
            "expected_output_g",
            Severity.WARN,
            "0.1 ha give at most about 30000 kg a year; the certificate expects 30000.001 kg.",
        )
    ]


@pytest.mark.parametrize(
    ("expected", "land", "most"),
    [(None, 1_000, THIRTY), (10**12, 1_000, None), (10**12, 0, THIRTY)],
)
def test_without_output_land_or_rule_nothing_is_said(
    expected: int | None, land: int, most: MostOutput | None
) -> None:
    assert findings_of_output(expected, land, most) == []


def test_the_weight_of_the_rule_is_the_weight_of_the_finding() -> None:
    strict = MostOutput(30, "luật", Severity.REFUSE)
    assert findings_of_output(10**12, 1, strict)[0].severity is Severity.REFUSE
    grave = Extension(3, "luật", Severity.REFUSE)
    assert findings_of_extension(ENDS, date(2019, 1, 1), grave)[0].severity is Severity.REFUSE


@pytest.mark.parametrize(
    ("points", "stars"),
    [(0, "1"), (29, "1"), (30, "2"), (49, "2"), (50, "3"), (69, "3"), (70, "4"), (89, "4"),
     (90, "5"), (100, "5")],
)  # fmt: skip
def test_points_make_stars(points: int, stars: str) -> None:
    """QĐ 148/QĐ-TTg: 5★ 90–100, 4★ 70–<90, 3★ 50–<70, 2★ 30–<50, 1★ <30."""
    assert stars_for(points, OCOP) == stars


def test_below_the_lowest_scale_there_are_no_stars() -> None:
    assert stars_for(10, Stars({"3": 50}, 3, "", Severity.WARN)) == "0"


@pytest.mark.parametrize(
    ("grade", "points", "expected"),
    [
        ("3", None, []),
        ("3", 50, []),
        ("5", 95, []),
        ("2", 40, [("grade", "Only 3 stars and more get a certificate (QĐ 148/QĐ-TTg).")]),
        ("4", 69, [("points", "69 points make 3 stars (QĐ 148/QĐ-TTg).")]),
        (
            "",
            None,
            [
                (
                    "grade",
                    "An OCOP certificate says how many stars: 1, 2, 3, 4, 5 (QĐ 148/QĐ-TTg).",
                )
            ],
        ),
        (
            "6",
            95,
            [
                (
                    "grade",
                    "An OCOP certificate says how many stars: 1, 2, 3, 4, 5 (QĐ 148/QĐ-TTg).",
                )
            ],
        ),
    ],
)
def test_only_three_to_five_stars_get_a_certificate(
    grade: str, points: int | None, expected: list[tuple[str, str]]
) -> None:
    found = findings_of_stars(grade, points, OCOP)
    assert [(one.field, str(one.why)) for one in found] == expected
    assert {one.severity for one in found} <= {Severity.WARN}


def test_other_kinds_have_no_stars() -> None:
    assert findings_of_stars("", None, None) == []


def test_three_months_may_be_added_and_not_a_day_more() -> None:
    """TT 48/2012/TT-BNNPTNT art. 17."""
    assert findings_of_extension(ENDS, date(2018, 10, 1), TT48) == []
    assert told(findings_of_extension(ENDS, date(2018, 10, 2), TT48)) == [
        (
            "valid_to",
            Severity.WARN,
            "Such a certificate can be extended by at most 3 months (TT 48/2012).",
        )
    ]


def test_an_extension_that_no_rule_knows_is_odd_and_kept() -> None:
    assert told(findings_of_extension(ENDS, date(2018, 7, 2), None)) == [
        (
            "valid_to",
            Severity.WARN,
            "No rule is known by which such a certificate can be extended.",
        )
    ]


def test_an_absurd_number_of_months_breaks_nothing() -> None:
    endless = Extension(10**9, "nhầm", Severity.WARN)
    assert findings_of_extension(ENDS, date(2099, 1, 1), endless) == []


PERIODS = [
    Registered(date(2020, 1, 1), date(2022, 12, 31)),
    Registered(date(2024, 1, 1), None),
]


@pytest.mark.parametrize(
    ("issued_on", "odd"),
    [
        (date(2019, 12, 31), True),
        (date(2020, 1, 1), False),
        (date(2022, 12, 31), False),
        (date(2023, 1, 1), True),
        (date(2023, 12, 31), True),
        (date(2024, 1, 1), False),
        (date(2090, 1, 1), False),
    ],
)
def test_a_body_certifies_only_while_it_is_registered(issued_on: date, *, odd: bool) -> None:
    found = findings_of_body(issued_on, PERIODS)
    assert bool(found) is odd
    if odd:
        expected = f"The certification body was not registered on {issued_on}."
        assert told(found) == [("body", Severity.WARN, expected)]


def test_of_a_body_without_any_registration_nothing_is_known() -> None:
    assert findings_of_body(ENDS, []) == []


@pytest.mark.parametrize(
    ("in_conversion", "over", "odd"),
    [
        (False, date(2026, 3, 11), True),
        (False, date(2026, 3, 10), False),
        (True, date(2026, 3, 11), False),
        (False, None, False),
    ],
)
def test_land_is_called_organic_only_after_its_conversion(
    *, in_conversion: bool, over: date | None, odd: bool
) -> None:
    found = findings_of_conversion(
        in_conversion=in_conversion, valid_from=date(2026, 3, 10), over=over
    )
    assert bool(found) is odd
    if odd:
        expected = "Conversion is over on 2026-03-11 at the earliest, after the certificate begins."
        assert told(found) == [("conversion_from", Severity.WARN, expected)]
