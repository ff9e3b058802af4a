"""Spreadsheets made by hand for the tests: of every kind, as programs write them and as nobody would."""

import io
import struct
import zlib
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook

SECTOR = 512
END_OF_CHAIN, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xlsx(rows, *, sheet="Sheet1", hidden=(), formulas=()):
    """An .xlsx of XlsxWriter; `hidden` are sheets before it, `formulas` are (row, column, result)."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"strings_to_formulas": False, "in_memory": True}) as book:
        for name in hidden:
            secret = book.add_worksheet(name)
            secret.write(0, 0, "hidden")
        page = book.add_worksheet(sheet)
        page.activate()
        page.set_first_sheet()
        for name in hidden:
            book.get_worksheet_by_name(name).hide()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if hasattr(value, "year"):
                    page.write_datetime(at, column, value, day)
                elif value is not None:
                    page.write(at, column, value)
        for at, column, result in formulas:
            page.write_formula(at, column, "=1+1", None, result)
    return buffer.getvalue()


def sheets(tables):
    """An .xlsx with these sheets by name; texts that look like formulas are formulas."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in tables.items():
            page = book.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
    return buffer.getvalue()


def package(sheet_data, *, extra=(), before=""):
    """An .xlsx whose one sheet has this XML; `before` stands at the head of that part."""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": before + _SHEET.format(sheet_data),
        **dict(extra),
    }
    return zipped(parts)


def zipped(parts):
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def text_cell(reference, text):
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def ods(table):
    """An .ods whose first table holds this XML."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="S">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def ods_row(*texts):
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row>{cells}</table:table-row>"


def xls(rows, *, days=()):
    """An .xls of Excel 97 (BIFF8 in a compound file); numbers in the columns `days` are days."""
    cells = b"".join(
        _biff_cell(at, column, value, column in days)
        for at, row in enumerate(rows)
        for column, value in enumerate(row)
    )
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells + _record(0x0A)
    name = "Hộ".encode("utf-16-le")
    opening = _record(0x0809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    formats = b"".join(_record(0xE0, struct.pack("<HH16x", 0, number)) for number in (0, 14))
    length = len(opening) + len(formats) + 4 + 8 + len(name) + 4
    bound = _record(0x85, struct.pack("<IHBB", length, 0, 2, 1) + name)
    return compound_file("Workbook", opening + formats + bound + _record(0x0A) + sheet)


def compound_file(stream, content):
    """A compound file (OLE) with one stream."""
    content = content.ljust(8 * SECTOR, b"\0")
    content = content.ljust(-(-len(content) // SECTOR) * SECTOR, b"\0")
    sectors = len(content) // SECTOR
    chain = [FAT, END_OF_CHAIN, *range(3, sectors + 2), END_OF_CHAIN]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    directory = _entry("Root Entry", 5, child=1, start=END_OF_CHAIN, size=0)
    directory += _entry(stream, 2, child=FREE, start=2, size=len(content))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        END_OF_CHAIN,
        0,
        END_OF_CHAIN,
        0,
    )
    header += struct.pack("<I", 0)
    return header.ljust(SECTOR, b"\xff") + table + directory.ljust(SECTOR, b"\0") + content


def bomb(size):
    """An .xlsx with a part of `size` zeros, deflated; its headers are as honest as zeros pack."""
    return package("<sheetData/>", extra={"xl/media/zeros.bin": bytes(size)}.items())


def lying(content, size):
    """The zip with every true size of `size` bytes replaced in its headers by 100."""
    return content.replace(struct.pack("<I", size), struct.pack("<I", 100))


def told_sizes(content):
    """The unpacked sizes that the headers of the zip tell."""
    with ZipFile(io.BytesIO(content)) as archive:
        return [entry.file_size for entry in archive.infolist()]


def truthful_checksum(content, size):
    """The zip with the checksum of `size` zeros replaced by that of the first hundred."""
    whole, first = zlib.crc32(bytes(size)), zlib.crc32(bytes(100))
    return content.replace(struct.pack("<I", whole), struct.pack("<I", first))


def _record(number, body=b""):
    return struct.pack("<HH", number, len(body)) + body


def _biff_cell(row, column, value, is_day):
    if isinstance(value, str):
        text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
        return _record(0x0204, struct.pack("<HHH", row, column, 0) + text)
    return _record(0x0203, struct.pack("<HHHd", row, column, int(is_day), value))


def _entry(name, kind, *, child, start, size):
    encoded = name.encode("utf-16-le") + b"\0\0"
    entry = encoded.ljust(64, b"\0") + struct.pack(
        "<HBBIII", len(encoded), kind, 1, FREE, FREE, child
    )
    return entry.ljust(116, b"\0") + struct.pack("<II4x", start, size)
