"""Cells: as people write them, and as Excel changes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.exchange import cells
from app.exchange.cells import CellFault, Formula
from app.kit.quantities import SquareMetres

READERS = (
    lambda cell: cells.text(cell, 40),
    lambda cell: cells.choice(cell, {}),
    cells.decimal,
    cells.day,
    cells.area_m2,
    cells.phone,
    cells.yes,
)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1.150", "1150"),
        ("1.150,5", "1150.5"),
        ("12,5", "12.5"),
        ("1 150", "1150"),
        ("1\u00a0150", "1150"),
        ("1.150.000", "1150000"),
        ("1,150,000", "1150000"),
        ("1,150.5", "1150.5"),
        ("0.150", "0.15"),
        ("1.5", "1.5"),
        ("１２", "12"),
        (1150.0, "1150"),
        (0.1 + 0.2, "0.3"),
        (7, "7"),
    ],
    ids=repr,
)
def test_a_number_is_read_as_it_is_written_in_viet_nam(cell, number):
    assert cells.decimal(cell) == Decimal(number)


@pytest.mark.parametrize(
    "cell",
    ["12%", "1e5", "1.15.0", "1.150.5", "mười", "٣", True, date(2026, 3, 5), None, " ", "9" * 300],
    ids=repr,
)
def test_what_is_no_number_is_refused(cell):
    with pytest.raises(CellFault):
        cells.decimal(cell)


def test_a_number_out_of_bounds_is_refused_with_the_bound():
    with pytest.raises(CellFault, match="at least 0"):
        cells.decimal("-5")
    with pytest.raises(CellFault, match="at most 10"):
        cells.whole("11", most=10)
    assert cells.decimal(-5.5, least=Decimal(-10)) == Decimal("-5.5")


def test_a_fraction_is_no_whole_number():
    assert cells.whole("1.150") == 1150
    with pytest.raises(CellFault, match="whole number"):
        cells.whole("1,5")


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 3, 5),
        datetime(2026, 3, 5, 7, 30, tzinfo=UTC),
        46086,
        46086.25,
        "46086",
        "05/03/2026",
        "5-3-2026",
        "05.03.26",
        "5 / 3 / 2026",
        "ngày 5 tháng 3 năm 2026",
        "Nga\u0300y 5 tha\u0301ng 3 na\u0306m 2026",
        "ngày 05/03/2026",
        "2026-03-05",
        "2026-03-05T00:00:00",
        "05/03/2026 00:00",
        "2026年3月5日",
    ],
    ids=repr,
)
def test_a_day_is_read_in_every_way_it_is_written(cell):
    assert cells.day(cell) == date(2026, 3, 5)


def test_serial_45000_is_a_day_of_march_2023():
    assert cells.day(45000) == date(2023, 3, 15)


def test_two_digits_of_a_year_from_50_on_are_the_last_century():
    assert cells.day("02/09/45").year == 2045
    assert cells.day("02/09/62").year == 1962


@pytest.mark.parametrize(
    "cell",
    ["31/02/2026", "3/25/2026", "2026", 2026, 10**9, "hôm nay", True, "5/3", "2026-13-01", None],
    ids=repr,
)
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(CellFault):
        cells.day(cell)


@pytest.mark.parametrize(
    ("cell", "unit", "area"),
    [
        ("1,5 ha", None, 15_000),
        ("3 sào", None, 1_080),
        ("3 sa\u0300o", None, 1_080),
        ("2 mẫu", None, 7_200),
        ("1500 m2", None, 1_500),
        ("1500m²", None, 1_500),
        ("1.500 m^2", None, 1_500),
        ("1 500 m2", None, 1_500),
        ("1 mẫu 2 sào", None, 4_320),
        ("2 sào, 5 thước", None, 840),
        (1500.0, "m2", 1_500),
        ("0,5", "Ha", 5_000),
        (3, "sào", 1_080),
        ("1,5 ha", "ha", 15_000),
        ("0,5 公顷", None, 5_000),
    ],
    ids=repr,
)
def test_an_area_is_read_with_its_unit(cell, unit, area):
    assert cells.area_m2(cell, unit) == SquareMetres(area)


@pytest.mark.parametrize(
    ("cell", "unit", "why"),
    [
        ("1500", None, "Write the unit"),
        (1500, None, "Write the unit"),
        ("5 công", None, "“công” is not known"),
        (5, "công", "“công” is not known"),
        ("1,5 ha", "m2", "not the unit beside it"),
        ("0 ha", None, "no area"),
        ("-3 ha", None, "no number"),
        ("ba ha", None, "no number"),
        (None, "ha", "required"),
        (True, "ha", "no number"),
        (10**18, "ha", "too large"),
    ],
    ids=repr,
)
def test_an_area_is_refused_with_the_reason(cell, unit, why):
    with pytest.raises(CellFault, match=why):
        cells.area_m2(cell, unit)


@pytest.mark.parametrize(
    "cell",
    [912345678, 912345678.0, "0912 345 678", "0912.345.678", "+84 912 345 678", "84912345678",
     "+84 (0) 912-345-678", "'+84912345678"],
    ids=repr,
)  # fmt: skip
def test_a_telephone_number_gets_back_the_zero_that_excel_took(cell):
    assert cells.phone(cell) == "0912345678"


def test_a_landline_has_eleven_digits():
    assert cells.phone(2143820123) == "02143820123"


@pytest.mark.parametrize(
    "cell",
    ["12345", "0912345678x", "091234567", 1.5, True, None, "0912345678 hoặc 0987654321"],
    ids=repr,
)
def test_what_is_no_telephone_number_is_refused(cell):
    with pytest.raises(CellFault):
        cells.phone(cell)


@pytest.mark.parametrize(
    "cell", ["x", "X", "có", "Co", "yes", 1, 1.0, "1", True, "true", "是", "✓"], ids=repr
)
def test_what_means_yes(cell):
    assert cells.yes(cell)


@pytest.mark.parametrize("cell", [None, "", " ", "không", "no", 0, False, "否", "-"], ids=repr)
def test_what_means_no(cell):
    assert not cells.yes(cell)


def test_what_may_mean_either_is_refused():
    with pytest.raises(CellFault, match="Write x"):
        cells.yes("có lẽ")


def test_a_choice_is_known_by_its_folded_name():
    choices = {"Rau cải": 1, "Cà chua": 2}
    assert cells.choice("RAU CAI", choices) == 1
    assert cells.choice("ca\u0300  chua ", choices) == 2
    assert cells.choice(2026, {"2026": "year"}) == "year"


def test_a_choice_between_two_that_differ_in_accents_needs_them():
    choices = {"Cà": 1, "Cá": 2}
    assert cells.choice("cá", choices) == 2
    with pytest.raises(CellFault, match="accents"):
        cells.choice("ca", choices)


def test_a_choice_that_is_not_in_the_list_is_refused_by_name():
    with pytest.raises(CellFault, match="“Su su” is not in the list"):
        cells.choice("Su su", {"Cà": 1})


def test_a_text_is_tidied_and_made_nfc():
    assert cells.text("  Nguyê\u0303n \u00a0 Văn  An ", 40) == "Nguyễn Văn An"
    assert cells.text(None, 40) == ""
    assert cells.text(12.0, 40) == "12"


@pytest.mark.parametrize("cell", ["a\x00b", "\u202eabc", "abcdef", "x" * 100_000], ids=len)
def test_a_text_that_cannot_be_stored_is_refused(cell):
    with pytest.raises(CellFault):
        cells.text(cell, 5)


def test_a_day_in_a_text_column_is_refused_since_excel_made_it():
    with pytest.raises(CellFault, match="made a day"):
        cells.text(date(2026, 3, 5), 40)


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+cmd",
        "-x",
        "@sum(A1)",
        "＝1",
        "＋cmd",
        "\t=1",
        " =1",
        "\u200b=1",
        "'=1",
        Formula(5),
    ],
    ids=repr,
)
@pytest.mark.parametrize("read", READERS, ids=READERS.index)
def test_a_formula_is_refused_by_every_reader(cell, read):
    with pytest.raises(CellFault, match="formula"):
        read(cell)


@pytest.mark.parametrize("cell", ["- trồng xen", "+84 912", "-5", "a=b", "5-3"], ids=repr)
def test_what_only_looks_like_a_formula_is_a_text(cell):
    assert cells.text(cell, 40) == cell
