"""Files given out: templates that come back filled in, faulty rows marked, nothing that works out."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zipfile import ZipFile

import pytest

from app.exchange import cells
from app.exchange.cells import Formula
from app.exchange.columns import ERRORS_HEADING, data_rows, find_header
from app.exchange.workbook_reading import Table, read_table
from app.exchange.workbook_writing import csv_text, marked, sheet, template
from app.kit.i18n import LANGUAGES, language
from app.kit.messages import say
from tests.exchange import files
from tests.exchange.layouts import GROWERS

RISKY = ("=1+1", "+84 912", "-5", "@sum", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", " =1")
ROWS = [
    ("Danh sách hộ", None, None, None),
    ("Họ và tên", "Điện thoại", "Diện tích", "Ngày vào"),
    ("=HYPERLINK(1)", "0912345678", 1500, date(2026, 3, 5)),
    ("An", "12", "ba sào", date(2025, 1, 1)),
    ("Bình", None, 2, None),
]
FAULTS = {
    (4, "phone"): say("This is no telephone number of Viet Nam. Write its ten digits."),
    (4, "area"): say("This is no number. Write it like 1.250 or 12,5."),
    (5, "hamlet"): say("This is required."),
}


def written(tag="en", lists=None):
    return template(GROWERS, say=language(tag).say, lists=lists or {"hamlet": ["Thôn 1", "Thôn 2"]})


def read(content):
    return read_table(content, filename="x.xlsx", preferred=GROWERS.sheets)


def found(table):
    return list(data_rows(table.rows, find_header(table.rows, GROWERS), GROWERS))


def part(content, name):
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def parts(content):
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.namelist()


def marked_file(table=None):
    table = table or read(files.xlsx(ROWS))
    return marked(table, find_header(table.rows, GROWERS), FAULTS, say=language("en").say)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_an_untouched_template_has_all_columns_and_no_rows(tag):
    table = read(written(tag))
    header = find_header(table.rows, GROWERS)
    assert [column.key for column in GROWERS.columns] == list(header.columns)
    assert (header.unknown, header.missing) == ([], [])
    assert found(table) == []


def test_a_template_comes_back_filled_in():
    rows = [list(row) for row in read(written()).rows]
    rows.append(["Trần An", "0912345678", date(2026, 3, 5), "3 sào", "thon 2", "x"])
    table = read(files.xlsx(rows))
    [(number, row)] = found(table)
    assert number == 5
    assert cells.text(row["name"], 40) == "Trần An"
    assert cells.phone(row["phone"]) == "0912345678"
    assert cells.day(row["since"]) == date(2026, 3, 5)
    assert cells.area_m2(row["area"]).value == 1_080
    assert cells.choice(row["hamlet"], {"Thôn 1": 1, "Thôn 2": 2}) == 2
    assert cells.yes(row["member"])


def test_a_row_typed_over_an_example_is_a_row():
    rows = [list(row) for row in read(written()).rows]
    rows[2][0] = "Trần An"
    assert [number for number, _ in found(read(files.xlsx(rows)))] == [3]


def test_a_template_saved_as_csv_still_has_no_rows():
    table = read(written())
    saved = csv_text(["Họ và tên", *["x"] * 6], table.rows).encode()
    assert found(read_table(saved, filename="x.csv")) == []


def test_a_template_has_drop_downs_from_a_hidden_sheet_hints_and_frozen_headings():
    content = written()
    page = part(content, "xl/worksheets/sheet1.xml")
    assert re.search(r'type="list".*?sqref="E3:E20000".*?_lists!\$E\$1:\$E\$2', page)
    assert 'topLeftCell="A3" activePane="bottomLeft" state="frozen"' in page
    assert 'name="_lists" sheetId="3" state="veryHidden"' in part(content, "xl/workbook.xml")
    assert "As on the identity card." in part(content, "xl/comments1.xml")


def test_columns_of_telephone_numbers_keep_their_first_zero():
    page = part(written(), "xl/worksheets/sheet1.xml")
    style = int(re.search(r'<col min="2" max="2".*?style="(\d+)"', page)[1])
    formats = re.findall(r"<xf [^>]*>", part(written(), "xl/styles.xml").partition("<cellXfs")[2])
    assert 'numFmtId="49"' in formats[style]  # text


def test_a_template_explains_its_columns():
    content = read_table(written("en"), filename="x", preferred=("Instructions",))
    assert content.sheet == "Instructions"
    assert ("Full name", "yes", "As on the identity card.", "Nguyễn Văn Ví Dụ") in content.rows


def test_a_list_longer_than_a_rule_holds_is_offered():
    content = written(lists={"hamlet": [f"Thôn {at}" for at in range(2_000)]})
    assert "_lists!$E$1:$E$2000" in part(content, "xl/worksheets/sheet1.xml")


def test_a_marked_file_has_the_same_rows_in_the_same_places():
    again = read(marked_file())
    assert [row[:4] for row in again.rows] == ROWS
    assert again.sheet == "Sheet1"


def test_a_marked_file_says_in_its_last_column_all_that_is_wrong_with_a_row():
    last = [row[4] for row in read(marked_file()).rows]
    assert last[:3] == [None, ERRORS_HEADING, None]
    assert last[3].splitlines() == [str(FAULTS[4, "phone"]), str(FAULTS[4, "area"])]
    assert last[4] == "This is required."


def test_a_marked_file_has_its_faulty_cells_red_with_a_note():
    content = marked_file()
    notes = re.findall(r'<comment ref="(\w+)"', part(content, "xl/comments1.xml"))
    page = part(content, "xl/worksheets/sheet1.xml")
    red, plain = (re.search(rf'<c r="{cell}" s="(\d+)"', page) for cell in ("B4", "A4"))
    assert notes == ["B4", "C4", "E5"]
    assert red and not plain


def test_a_marked_file_corrected_and_marked_again_has_one_column_of_errors():
    table = read(marked_file())
    header = find_header(table.rows, GROWERS)
    assert (header.errors, header.unknown) == (4, [])
    assert [row for _, row in found(table)] == [row for _, row in found(read(files.xlsx(ROWS)))]
    clean = read(marked(table, header, {}, say=str))
    assert [row[4] for row in clean.rows] == [None, ERRORS_HEADING, None, None, None]


def test_a_marked_file_of_two_headings_and_numbered_columns_is_read_again():
    rows = [
        ("Chủ hộ", None, "Diện tích"),
        ("Tên hộ", "SĐT", "(ha)"),
        ("(1)", "(2)", "(3)"),
        ("An", "1", 2),
    ]
    table = read(marked_file(Table("S", rows)))
    header = find_header(table.rows, GROWERS)
    assert (header.first_row, header.row_number, header.errors) == (1, 3, 3)


def test_a_marked_file_shows_formulas_as_their_results():
    rows = [("Họ và tên", "Diện tích"), (Formula("An"), Formula(None))]
    assert read(marked_file(Table("S", rows))).rows[1][:2] == ("An", None)


def test_ten_thousand_faulty_rows_are_marked():
    rows = [("Họ và tên", "Diện tích"), *[(f"An {at}", "x") for at in range(10_000)]]
    header = find_header(rows, GROWERS)
    faults = {(at, "area"): FAULTS[4, "area"] for at in range(2, 10_002)}
    content = marked(Table("S", rows), header, faults, say=str)
    assert part(content, "xl/comments1.xml").count("<comment ") == 1_000
    assert sum(row[2] is not None for row in read(content).rows) == 10_001


@pytest.mark.parametrize("text", RISKY, ids=repr)
def test_no_text_becomes_a_formula_in_a_workbook(text):
    content = sheet(text, [text], [[text], [Formula(text)]])
    page = part(content, "xl/worksheets/sheet1.xml")
    assert "<f>" not in page
    assert page.count('t="inlineStr"') == 3
    assert 'quotePrefix="1"' in part(content, "xl/styles.xml")


def test_the_same_text_written_carelessly_would_be_a_formula():
    assert "<f>" in part(files.sheets({"S": [["=1+1"]]}), "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", RISKY, ids=repr)
def test_no_text_becomes_a_formula_in_a_csv(text):
    plain = csv_text([text], [[text], ["x"]]).removeprefix("\ufeff")
    lines = list(csv.reader(io.StringIO(plain, newline="")))
    assert lines == [[f"'{text}"], [f"'{text}"], ["x"]]


def test_a_csv_is_utf_8_with_a_mark_and_is_read_back():
    rows = [["Hoà; An, Bình", "+84912345678", 1, date(2026, 3, 5), None, True]]
    table = read_table(csv_text(list("abcdef"), rows).encode(), filename="x.csv")
    assert csv_text(["a"], []).encode().startswith(b"\xef\xbb\xbf")
    assert table.rows[1] == ("Hoà; An, Bình", "'+84912345678", "1", "2026-03-05", None, "TRUE")
    assert cells.phone(table.rows[1][1]) == "0912345678"


@pytest.mark.parametrize("number", ["1.125", "1150", "0.5", "-2.25", "1000000"])
def test_a_number_in_a_csv_is_read_back_as_the_same_number(number):
    [line] = csv_text([], [[Decimal(number)]]).splitlines()[1:]
    assert cells.decimal(line, least=Decimal(-10)) == Decimal(number)


def test_a_plain_sheet_holds_numbers_days_and_moments_of_viet_nam():
    moment = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    table = read(sheet("Lô hàng", ["a", "b", "c"], [[Decimal("1.5"), date(2026, 3, 5), moment]]))
    assert table.rows[1] == (1.5, date(2026, 3, 5), moment.replace(day=21, hour=3, tzinfo=None))
    assert table.sheet == "Lô hàng"


@pytest.mark.parametrize(
    "title", ["", "a" * 50, "[x]:*?/\\'", "History", "a\x00\ud800\nb"], ids=ascii
)
def test_any_title_names_a_sheet(title):
    assert len(read(sheet(title, ["a"], [])).sheet) in range(1, 32)


@pytest.mark.parametrize(
    "text", ["x" * 32_000, "\x00\x1b\ufffe", "_x0041_", "https://x.vn", "007"], ids=ascii
)
def test_any_text_can_be_written(text):
    assert read(sheet("S", ["a"], [[text]])).rows[1][0][:1] in {text[:1], "_"}


def test_a_text_longer_than_a_cell_holds_is_cut():
    page = part(sheet("S", [], [["x" * 40_000]]), "xl/worksheets/sheet1.xml")
    assert "x" * 32_767 in page
    assert "x" * 32_768 not in page


def test_a_day_before_the_first_of_excel_is_written_as_text():
    assert read(sheet("S", ["a"], [[date(1899, 12, 31)]])).rows[1] == ("31/12/1899",)
