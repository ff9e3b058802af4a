"""Headings: found wherever a cooperative put them, in whatever words."""

from datetime import date

import pytest

from app.errors import Refused
from app.exchange.cells import Formula
from app.exchange.columns import Column, Kind, Layout, data_rows, find_header
from app.kit.messages import say
from tests.exchange.layouts import GROWERS

PLAIN = ("Họ và tên", "Điện thoại", "Diện tích")


def test_headings_are_found_by_their_aliases():
    header = find_header([PLAIN, ("An", 1, 2)], GROWERS)
    assert header.row_number == 1
    assert header.columns == {"name": 0, "phone": 1, "area": 2}
    assert header.unknown == []


@pytest.mark.parametrize(
    "row",
    [
        ("HO VA TEN", "dien thoai", "DIỆN  TÍCH"),
        ("Họ và tên *", "Điện thoại (nếu có)", "Diện tích (m²)"),
        ("1. Họ và tên", "2. SĐT", "3. Diện tích"),
        ("Ho\u0323 va\u0300 te\u0302n", "Điện\nthoại", "Diện tích:"),
        ("Full name", "Telephone", "Cultivated area"),
        ("Tên hộ", "电话", "Diện tích"),
    ],
)
def test_headings_are_known_whatever_their_spelling_and_language(row):
    assert find_header([row], GROWERS).columns == {"name": 0, "phone": 1, "area": 2}


def test_titles_above_the_headings_are_passed_over():
    rows = [("UBND XÃ", None, None), ("DANH SÁCH HỘ, Điện thoại: 0214", None, None), (), PLAIN]
    assert find_header(rows, GROWERS).row_number == 4


def test_headings_over_two_rows_are_read_together():
    rows = [
        ("DANH SÁCH", None, None, None, None),
        ("TT", "Chủ hộ", None, "Diện tích", "Thôn"),
        (None, "Tên hộ", "SĐT", "(ha)", None),
        (1, "An", "0912345678", 2, "Thôn 1"),
    ]
    header = find_header(rows, GROWERS)
    assert (header.first_row, header.row_number) == (2, 3)
    assert header.columns == {"name": 1, "phone": 2, "area": 3, "hamlet": 4}
    assert header.units == {"area": "ha"}
    assert header.unknown == ["TT"]


def test_a_merged_heading_gives_its_name_to_what_stands_below_it():
    layout = Layout(
        "plots",
        (
            Column("owner", say("Owner's name"), ("Chủ hộ tên",)),
            Column("crop", say("Crop's name"), ("Cây trồng tên",)),
        ),
    )
    rows = [("Chủ hộ", None, "Cây trồng", None), ("Tên", "Năm", "Tên", "Giống")]
    assert find_header(rows, layout).columns == {"owner": 0, "crop": 2}


def test_a_row_that_numbers_the_columns_belongs_to_the_heading():
    assert find_header([PLAIN, ("(1)", "(2)", "(3)"), ("An", 1, 2)], GROWERS).row_number == 2
    assert find_header([PLAIN, ("A", 1, 2), ("An", 1, 2)], GROWERS).row_number == 2
    assert find_header([PLAIN, ("An", 1, 2)], GROWERS).row_number == 1


@pytest.mark.parametrize("heading", ["Diện tích (ha)", "Diện tích ha", "Diện tích [ha]"])
def test_the_unit_in_a_heading_is_kept(heading):
    assert find_header([("Tên hộ", heading)], GROWERS).units == {"area": "ha"}


def test_unknown_headings_and_missing_columns_are_told():
    header = find_header([("Họ và tên", "Thôn", "Cân nặng")], GROWERS)
    assert header.unknown == ["Cân nặng"]
    assert [column.key for column in header.missing] == ["area"]


def test_of_two_equal_headings_the_first_counts_and_the_second_is_told():
    header = find_header([("Họ và tên", "Tên hộ", "Diện tích")], GROWERS)
    assert header.columns["name"] == 0
    assert header.unknown == ["Tên hộ"]


def test_the_heading_printed_again_on_the_next_page_is_not_the_heading():
    assert find_header([PLAIN, ("An", 1, 2), PLAIN, ("Bình", 1, 2)], GROWERS).row_number == 1


def test_a_heading_below_the_fifteenth_row_is_not_looked_for():
    assert find_header([()] * 14 + [PLAIN], GROWERS).row_number == 15
    with pytest.raises(Refused, match="first 15 rows"):
        find_header([()] * 15 + [PLAIN], GROWERS)


def test_a_sheet_without_headings_is_refused():
    with pytest.raises(Refused) as refused:
        find_header([("An", "0912345678"), ("Thôn", None)], GROWERS)
    assert [fault.field for fault in refused.value.fields] == ["file"]


def test_a_huge_heading_costs_nothing():
    marks = "a" + "\u0301\u0323" * 16_000
    assert find_header([PLAIN, *[(marks,) * 60] * 14], GROWERS).row_number == 1


def test_rows_come_with_their_numbers_and_without_the_empty_ones():
    rows = [PLAIN, ("An", None, 5), (None, " ", None), ("Bình", "x", None)]
    found = list(data_rows(rows, find_header(rows, GROWERS), GROWERS))
    assert found == [
        (2, {"name": "An", "phone": None, "area": 5}),
        (4, {"name": "Bình", "phone": "x", "area": None}),
    ]


def test_a_row_of_nothing_but_formulas_is_empty():
    rows = [PLAIN, (Formula(""), None, Formula(0)), ("An", None, Formula(0))]
    assert [at for at, _ in data_rows(rows, find_header(rows, GROWERS), GROWERS)] == [3]


def test_an_example_is_passed_over_until_somebody_types_over_it():
    example = ("Nguyễn Văn Ví Dụ", 912345678, date(2026, 3, 5))
    typed = ("Nguyễn Văn An", "0912345678", 1500)
    rows = [PLAIN, example, typed]
    assert [at for at, _ in data_rows(rows, find_header(rows, GROWERS), GROWERS)] == [3]


def test_a_cell_of_a_column_that_is_not_there_is_empty():
    header = find_header([PLAIN], GROWERS)
    assert header.cell(("An",), "area") is None
    assert header.cell(("An",), "since") is None


def test_a_layout_is_known_by_the_names_of_its_sheet_in_every_language():
    assert GROWERS.sheets[0] == "growers"
    assert "Growers" in GROWERS.sheets
    assert Kind.AREA in {column.kind for column in GROWERS.columns}
