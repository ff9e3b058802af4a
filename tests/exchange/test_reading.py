"""Files of every kind that cooperatives have: read by what they hold, not by their names."""

import unicodedata
from datetime import date

import pytest

from app.errors import Refused
from app.exchange.cells import Formula
from app.exchange.workbook_reading import read_table
from tests.exchange import files

ROWS = [("Họ và tên", "Diện tích"), ("Nguyễn Thị Hoà", "1.150,5")]
TONES = "\u0300\u0301\u0303\u0309\u0323"
SEMICOLONS = "Họ và tên;Diện tích\r\nNguyễn Thị Hoà;1.150,5\r\n"


def rows_of(content, filename="danh sách.xlsx", **which):
    return read_table(content, filename=filename, **which).rows


def nfc(text):
    return unicodedata.normalize("NFC", text)


def nfd(text):
    return unicodedata.normalize("NFD", text)


def windows_1258(text):
    """As Windows writes it: vowels with their own marks, tones as combining marks behind them."""
    marks = [[mark for mark in nfd(letter) if mark in TONES] for letter in text]
    vowels = ["".join(mark for mark in nfd(letter) if mark not in TONES) for letter in text]
    pairs = zip(vowels, marks, strict=True)
    return b"".join((nfc(vowel) + "".join(tone)).encode("cp1258") for vowel, tone in pairs)


def test_an_excel_file_gives_texts_numbers_and_days():
    content = files.xlsx([("Tên", "Ngày", "Số"), ("Hoà", date(2026, 3, 5), 12.5), ("An", None, 7)])
    table = read_table(content, filename="x.bin")
    assert table.sheet == "Sheet1"
    assert table.rows[1:] == [("Hoà", date(2026, 3, 5), 12.5), ("An", None, 7)]


def test_rows_keep_their_numbers_below_empty_rows_and_columns():
    content = files.xlsx([(), (), (None, "a"), (), (None, None, "b")])
    assert rows_of(content) == [
        (None,) * 3,
        (None,) * 3,
        (None, "a", None),
        (None,) * 3,
        (None, None, "b"),
    ]


def test_an_old_excel_file_is_read():
    content = files.xls([("Họ và tên", "Ngày"), ("Hoà", 45000.0)], days=(1,))
    table = read_table(content, filename="cũ.xls")
    assert table.sheet == "Hộ"
    assert table.rows == [("Họ và tên", "Ngày"), ("Hoà", date(2023, 3, 15))]


def test_a_libreoffice_file_is_read_without_its_million_empty_rows():
    empty = (
        '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    content = files.ods("".join(files.ods_row(*row) for row in ROWS) + empty)
    assert rows_of(content) == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_in_any_unicode_encoding(encoding):
    assert rows_of(SEMICOLONS.encode(encoding)) == ROWS


def test_a_text_of_windows_1258_comes_out_as_vietnamese():
    content = windows_1258(SEMICOLONS)
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert content.decode("cp1258") != SEMICOLONS
    assert rows_of(content) == ROWS


def test_decomposed_letters_come_out_composed():
    assert rows_of(nfd(SEMICOLONS).encode()) == ROWS
    assert rows_of(files.xlsx([[nfd("Hoà")]])) == [("Hoà",)]


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_the_separator_is_found_out(separator):
    lines = ["Tên|Thôn|Ghi chú", 'An|"Thôn 1, xã A; huyện B"|x', "Bình|Thôn 2|1,5"]
    cells = "\n".join(lines).replace(",", "," if separator != "," else " ")
    assert [len(row) for row in rows_of(cells.replace("|", separator).encode())] == [3, 3, 3]


def test_decimal_commas_do_not_separate():
    assert rows_of(b"a;b\n1,5;2,5\n3,5;4,5\n")[1] == ("1,5", "2,5")


def test_a_line_that_tells_the_separator_is_believed():
    assert rows_of(b"sep=,\r\na;b,c\r\n") == [(None, None), ("a;b", "c")]


def test_a_text_is_named_after_its_file():
    table = read_table(b"a,b\n", filename="C:\\Users\\An\\danh sách.csv")
    assert table.sheet == "danh sách"


def test_the_first_visible_sheet_with_data_is_taken():
    content = files.xlsx([["shown"]], sheet="Hộ", hidden=("a", "b"))
    assert read_table(content, filename="x").sheet == "Hộ"


def test_a_sheet_with_the_preferred_name_comes_first():
    content = files.sheets({"Bìa": [["title"]], "Trống": [], "Nông hộ": [["An"]]})
    assert read_table(content, filename="x").sheet == "Bìa"
    assert read_table(content, filename="x", preferred=("growers", "NÔNG HỘ")).sheet == "Nông hộ"
    assert read_table(content, filename="x", preferred=("Trống",)).sheet == "Bìa"


def test_formulas_of_excel_are_marked_with_what_they_last_showed():
    content = files.xlsx([("a", None, 5)], formulas=((0, 1, 2), (1, 0, "x")))
    assert rows_of(content) == [("a", Formula(2), 5), (Formula("x"), None, None)]


def test_a_formula_never_worked_out_is_one_all_the_same():
    row = files.text_cell("A1", "x") + '<c r="B1"><f>1+1</f></c><c><f>2</f><v>2</v></c>'
    width = '<c r="D1"><v>4</v></c>'
    content = files.package(f'<sheetData><row r="1">{row}{width}</row></sheetData>')
    assert rows_of(content) == [("x", Formula(None), Formula(2), 4)]


def test_formulas_of_another_sheet_are_not_taken_for_this_one():
    content = files.sheets({"A": [["x"]], "B": [["=1+1"]]})
    assert rows_of(content) == [("x",)]


UNREADABLE = {
    "nothing": (b"", "no visible sheet"),
    "blanks": (b" \r\n ", "no visible sheet"),
    "separators": (b";;;\n;;\n", "no visible sheet"),
    "empty workbook": (files.xlsx([]), "no visible sheet"),
    "PDF": (b"%PDF-1.7\n", "no spreadsheet"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "no spreadsheet"),
    "JSON": (b'{"a": 1}', "no spreadsheet"),
    "Word document": (files.zipped({"word/document.xml": "<x/>"}), "no spreadsheet"),
    "old Word document": (files.compound_file("WordDocument", b"x"), "no spreadsheet"),
    "binary workbook": (files.zipped({"xl/workbook.bin": "x"}), "binary"),
    "web page": (b"\xef\xbb\xbf<html><table>", "web page"),
    "password": (files.compound_file("EncryptedPackage", b"x"), "password"),
    "cut off": (files.xlsx([["a"]])[:-300], "damaged"),
    "no zip": (b"PK\x03\x04 and nothing else", "damaged"),
    "cut off old workbook": (files.compound_file("Workbook", b"x")[:600], "damaged"),
    "broken UTF-8": ("Nguyễn Thị Hoà, xã Tả Phìn".encode() + b"\xff,x\n", "letters"),
    "no encoding": (b"a,b\n\xff\x8a\x9d\n", "letters"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_refused_with_the_reason(name):
    content, why = UNREADABLE[name]
    with pytest.raises(Refused, match=why) as refused:
        read_table(content, filename="tệp.xls")
    assert [fault.field for fault in refused.value.fields] == ["file"]
