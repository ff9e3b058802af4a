"""Files as they come from cooperatives: each habit and each slip, from the file to its sentence."""

import io
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from xlsxwriter import Workbook

from app.db import open_read_session
from app.kit.i18n import language
from app.models.exchange import ImportLayout, ImportState
from app.models.registry import Grower, GrowerMembership, Plot
from tests.exchange import files
from tests.exchange.sending import count, csv_file

pytestmark = pytest.mark.usefixtures("read_here")

HEADINGS = ["Họ và tên", "Điện thoại", "Xã", "Thôn", "Ngày vào"]
PLOT_HEADINGS = ["Chủ hộ", "Thửa", "Diện tích", "Đơn vị"]


def grower(name="Lý Thị Mẩy", phone="0912345678", commune="Xã Bắc Hà", hamlet="Thôn 1", since=""):
    return [name, phone, commune, hamlet, since]


def kept(engine, column):
    with open_read_session(engine) as session:
        return list(session.execute(select(column).order_by(column)).scalars())


@pytest.mark.parametrize(
    "phone",
    ["0912345678", 912345678, 912345678.0, "912345678", "0912.345.678", "+84 912 345 678", "84912345678",
     "0912-345-678", " 0912\u00a0345 678 ", "(0912) 345678", "０９１２３４５６７８"],
    ids=repr,
)  # fmt: skip
def test_a_telephone_is_known_however_it_is_written(sender, engine, phone):
    sender.send([HEADINGS, grower(phone=phone)]).run()
    assert kept(engine, Grower.phone) == ["0912345678"]


@pytest.mark.parametrize("phone", ["9.12E+08", "091234567", "0912345678 / 0987654321", "mẹ"])
def test_what_is_no_telephone_is_said_in_its_cell(sender, phone):
    [(number, column, why)] = sender.send([HEADINGS, grower(phone=phone)]).said()
    assert (number, column) == (2, "phone")
    assert "telephone" in why


@pytest.mark.parametrize(
    "phone", [None, "", "-", "không", "0", "–", 0, "không có", "n/a"], ids=repr
)
def test_signs_for_nothing_are_nothing(sender, engine, phone):
    sent = sender.send([HEADINGS, grower(phone=phone)])
    assert sent.said() == []
    sent.run()
    assert kept(engine, Grower.phone) == [None]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("05/03/2024", date(2024, 3, 5)),
        ("8/11/2026", date(2026, 11, 8)),  # the day first, never 11 August
        ("30-10-26", date(2026, 10, 30)),
        ("30.10.2026", date(2026, 10, 30)),
        ("ngày 5 tháng 3 năm 2024", date(2024, 3, 5)),
        (45356, date(2024, 3, 5)),
        ("45356", date(2024, 3, 5)),
        (datetime(2024, 3, 5, tzinfo=UTC).replace(tzinfo=None), date(2024, 3, 5)),
        ("05/03/2024 00:00", date(2024, 3, 5)),
        ("2024-03-05", date(2024, 3, 5)),
    ],
    ids=repr,
)
def test_a_day_is_read_as_it_is_written_in_viet_nam(sender, engine, written, day):
    sender.send([HEADINGS, grower(since=written)]).run()
    assert kept(engine, GrowerMembership.valid_from) == [day]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("31/11/2025", "Is it 30/11/2025?"),
        ("30.10", "Is it 30/10/2026?"),
        ("30.11", "Is it 30/11/2025?"),  # this year's is not yet
        ("11/30/2025", "Is it 30/11/2025?"),
        ("29/02/2025", "Is it 28/02/2025?"),
        ("05/03/2062", "is in the future. Is it 05/03/2026?"),
        (date(2026, 12, 8), "is in the future. Is it 12/08/2026?"),
        ("tháng 11", "This is no day. Write it as day/month/year."),
        ("2019", "This is no day"),
        ("05/03/1024", "too long ago"),
    ],
    ids=repr,
)
def test_a_day_that_cannot_be_is_answered_with_the_one_that_was_meant(sender, written, why):
    [(_, column, said)] = sender.send([HEADINGS, grower(since=written)]).said()
    assert column == "member_since"
    assert why in said


def test_it_is_said_in_the_language_of_the_reader(sender):
    sent = sender.send([HEADINGS, grower(since="31/11/2025")])
    assert "Có phải 30/11/2025?" in sent.said(language("vi"))[0][2]
    assert "30/11/2025" in sent.said(language("zh"))[0][2]


@pytest.mark.parametrize(
    ("size", "unit", "m2"),
    [
        ("1.150", "m2", 1150),
        ("5.000", "m²", 5000),
        ("0,5", "ha", 5000),
        ("0.5", "ha", 5000),
        (0.5, "ha", 5000),
        ("1 sào", None, 360),
        ("1 mẫu 2 sào", "", 4320),
        ("2", "sào", 720),
        ("5", "thước", 120),
        ("1500m2", None, 1500),
        ("1.500", "Mét vuông", 1500),
    ],
    ids=repr,
)
def test_a_size_is_read_with_its_unit(sender, engine, size, unit, m2):
    sender.send([HEADINGS, grower()]).run()
    sent = sender.send([PLOT_HEADINGS, ["Lý Thị Mẩy", "1", size, unit]], ImportLayout.PLOTS)
    assert sent.said() == []
    sent.run()
    assert kept(engine, Plot.area_m2) == [m2]


@pytest.mark.parametrize(
    ("size", "unit", "why"),
    [
        ("5.000", "ha", "Check the unit"),  # square metres in a column of hectares
        ("50 kg", None, "The unit “kg” is not known"),
        ("1150", None, "Write the unit of the area too"),
        ("1 sào", "ha", "not the unit beside it"),
        ("0", "m2", "no area of land"),
        ("-5", "m2", "too small"),
        ("#N/A", "m2", "an error of Excel"),
        (None, "m2", "This is required."),
        (date(2026, 5, 3), "m2", "This is a day, not a number"),
    ],
    ids=repr,
)
def test_a_size_that_cannot_be_is_said(sender, size, unit, why):
    sender.send([HEADINGS, grower()]).run()
    sent = sender.send([PLOT_HEADINGS, ["Lý Thị Mẩy", "1", size, unit]], ImportLayout.PLOTS)
    assert [(number, column) for number, column, _ in sent.said()] == [(2, "area")]
    assert why in sent.said()[0][2]


@pytest.mark.parametrize(
    ("written", "former"),
    [
        ("Xã Bắc Hà", False),
        ("bac ha", False),
        ("X. Bắc Hà", False),
        ("02839", False),
        (2839, False),
        ("Bản Phố", True),
        ("xã Bản Phố, huyện Bắc Hà, tỉnh Lào Cai", True),
        ("Bản Phố (Bắc Hà)", True),
        ("Ba\u0309n Pho\u0302\u0301, Ba\u0306\u0301c Ha\u0300", True),
        ("TT Bắc Hà", True),
    ],
    ids=repr,
)
def test_a_commune_is_known_by_every_name(sender, engine, written, former):
    sent = sender.send([HEADINGS, grower(commune=written)])
    assert sent.said() == []
    sent.run()
    assert count(engine, Grower) == 1


def test_a_commune_of_several_asks_which_and_an_unknown_one_proposes(sender):
    sent = sender.send([HEADINGS, grower(commune="Xã Bắc Hạnh"), grower("An", "", "Tả Phìn")])
    (_, _, unknown), *others = sent.said()
    assert unknown == "There is no commune Xã Bắc Hạnh. Is it Xã Bắc Hà?"
    assert others == [] or "Write the district too" in others[0][2]


def test_names_are_the_same_with_other_accents_tones_blanks_and_forms(sender, engine):
    sender.send([HEADINGS, grower("Đỗ Thị Hoà")]).run()
    for same in (
        "ĐỖ THỊ HÒA",
        "Đỗ  Thị\u00a0Hoà ",
        "Do\u0302\u0303 Thi\u0323 Hoa\u0300",
        "do thi hoa",
    ):
        other = same.replace("Do\u0302", "\u0110o\u0302")
        assert sender.send([HEADINGS, grower(other)]).counts == (0, 1, 0)
    assert kept(engine, Grower.name) == ["Đỗ Thị Hoà"]


def test_titles_two_line_headings_numbers_of_columns_and_a_total_are_no_rows(sender):
    rows = [
        ["HỢP TÁC XÃ BẢN PHỐ", None, None, None],
        ["DANH SÁCH THỬA ĐẤT NĂM 2026", None, None, None],
        [],
        ["STT", "Chủ hộ", "Thửa đất", None],
        [None, None, "Tên thửa", "Diện tích (m²)"],
        ["A", "B", "1", "2"],
        [1, "Lý Thị Mẩy", "Thửa 1", "1.150"],
        [],
        [2, "Lý Thị Mẩy", "Thửa 2", "800"],
        ["Tổng cộng", None, None, "1.950"],
    ]
    sender.send([HEADINGS, grower()]).run()
    sent = sender.send(rows, ImportLayout.PLOTS)
    assert [row.number for row in sent.rows()] == [7, 9]
    assert sent.said() == []


def test_merged_cells_are_filled_down(sender, engine):
    buffer = io.BytesIO()
    with Workbook(buffer) as book:
        page = book.add_worksheet("Thửa")
        page.write_row(0, 0, ["Chủ hộ", "Tên thửa", "Diện tích (m²)", "Xã"])
        page.merge_range(1, 0, 8, 0, "Lý Thị Mẩy")
        page.merge_range(1, 3, 4, 3, "Bản Phố, Bắc Hà")
        for at in range(1, 9):
            page.write_row(at, 1, [f"Thửa {at}", 100 * at])
    sender.send([HEADINGS, grower()]).run()
    sent = sender.send(buffer.getvalue(), ImportLayout.PLOTS)
    assert sent.counts == (8, 0, 0)
    sent.run()
    communes = kept(engine, Plot.former_commune_id)
    assert sum(commune is not None for commune in communes) == 4


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_text_files_come_in_every_encoding(sender, engine, encoding, separator):
    import unicodedata

    rows = [HEADINGS, grower(), grower("Giàng A Páo", "0987654321")]
    if encoding == "cp1258":  # tones are letters of their own there
        rows = [[_for_1258(cell) for cell in row] for row in rows]
    sent = sender.send(csv_file(rows, separator=separator, encoding=encoding), filename="ds.csv")
    assert sent.said() == []
    sent.run()
    assert kept(engine, Grower.name) == ["Giàng A Páo", "Lý Thị Mẩy"]
    assert unicodedata.is_normalized("NFC", kept(engine, Grower.name)[0])


def _for_1258(text):
    import unicodedata

    written = ""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
        base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tones))
        written += base + tones
    return written


def test_the_old_font_is_converted_with_a_warning(sender, engine):
    rows = [
        ["Hä vµ tªn", "§iÖn tho¹i", "X·", "Th«n"],
        ["NguyÔn V¨n H¶i", "0912345678", "X· B¾c Hµ", "Th«n 1"],
        ["TrÇn ThÞ H\u00adêng", "0987654321", "X· B¾c Hµ", "Th«n 2"],
    ]
    sent = sender.send(rows)
    assert sent.mapping()["old_font"] is True
    sent.run()
    assert kept(engine, Grower.name) == ["Nguyễn Văn Hải", "Trần Thị Hường"]


def test_an_old_excel_file_under_a_new_name_is_read(sender):
    sent = sender.send(files.xls([HEADINGS[:3], ["Lý Thị Mẩy", 912345678, "Xã Bắc Hà"]]))
    assert sent.counts == (1, 0, 0)


def test_a_formula_is_never_worked_out_and_never_given_back_alive(sender):
    content = files.xlsx(
        [HEADINGS, grower("An"), grower("=CMD|'/c calc'!A0")], formulas=[(1, 3, "x")]
    )
    sent = sender.send(content)
    assert [column for _, column, _ in sent.said()] == ["hamlet", "name"]
    assert all("formula" in why for _, _, why in sent.said())
    from zipfile import ZipFile

    with ZipFile(io.BytesIO(sent.marked())) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_a_second_file_with_rows_left_out_takes_nothing_away(sender, engine):
    sender.send([HEADINGS, grower(), grower("Giàng A Páo", "0987654321")]).run()
    sender.send([HEADINGS, grower(), grower("Sùng A Dế", "0987654322")]).run()
    assert count(engine, Grower) == 3


def test_a_crop_is_known_by_its_nicknames_and_an_unknown_one_proposes(sender):
    headings = ["Tên vùng", "Xã", "Cây trồng", "Diện tích (ha)", "Ngày thành lập"]
    good = ["Vùng 1", "Xã Bắc Hà", "cải bắp, su hào", "1,5", "05/03/2024"]
    bad = ["Vùng 2", "Xã Bắc Hà", "bắp cảy", "1,5", "05/03/2024"]
    sent = sender.send([headings, good, bad], ImportLayout.AREAS)
    assert sent.counts == (1, 0, 1)
    assert "Is it Bắp cải?" in sent.said()[0][2]


def test_of_several_sheets_the_one_named_after_the_list_is_read(sender):
    book = files.sheets(
        {
            "Bìa": [["HTX"]],
            "Hộ dân": [HEADINGS, grower()],
            "Thửa đất": [PLOT_HEADINGS, ["Lý Thị Mẩy", "1", "5", "ha"]],
        }
    )
    assert sender.send(book).counts == (1, 0, 0)
    assert sender.send(book).mapping()["sheet"] == "Hộ dân"
    assert sender.send(book, ImportLayout.PLOTS).mapping()["sheet"] == "Thửa đất"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (files.compound_file("EncryptedPackage", b"x"), "locked"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "no spreadsheet"),
        (b"<html><table></table></html>", "web page"),
        (files.zipped({"xl/workbook.bin": b""}), "binary"),
        (files.xlsx([]), "no visible sheet"),
    ],
    ids=["locked", "picture", "web page", "binary", "empty"],
)
def test_what_is_no_table_fails_as_a_whole_and_says_why(sender, content, why):
    sent = sender.send(content)
    assert sent.batch.state is ImportState.FAILED
    assert why in sent.fault
