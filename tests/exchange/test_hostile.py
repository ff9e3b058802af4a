"""Files made to exhaust the server: refused with a sentence, soon, and in little memory."""

import io
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from app.errors import Refused
from app.exchange import sheet_limits
from app.exchange.reading_process import lines_of
from app.exchange.sheet_limits import Refusal
from app.exchange.workbook_reading import read_table
from tests.exchange import files

MEBIBYTE = 1024 * 1024
BOMB = 210 * MEBIBYTE
SECONDS = 10
MEMORY_MIB = 150

ENTITIES = (
    "<!DOCTYPE x [<!ENTITY a 'ha'>"
    + "".join(
        f"<!ENTITY {letter} '{f'&{before};' * 10}'>"
        for before, letter in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
SPARSE = files.package(
    '<sheetData><row r="1">' + files.text_cell("A1", "x") + '</row><row r="1048576">'
    + files.text_cell("XFD1048576", "y") + "</row></sheetData>"
)  # fmt: skip


def shared_text():
    """One long text, shown by thirty thousand cells."""
    cells = "".join(f'<c r="{letter}{{0}}" t="s"><v>0</v></c>' for letter in "ABCDEFGHIJ")
    rows = "".join(f'<row r="{at}">{cells.format(at)}</row>' for at in range(1, 3_000))
    text = f"<sst><si><t>{'x' * 31_000}</t></si></sst>"
    return files.package(f"<sheetData>{rows}</sheetData>", extra=[("xl/sharedStrings.xml", text)])


def repeated_cell():
    """One cell, repeated over the whole sheet."""
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}<text:p>x</text:p></table:table-cell>'
    return files.ods(f"{row}</table:table-row>")


def entities_in_utf_16():
    declared = '<?xml version="1.0" encoding="UTF-16"?>' + ENTITIES + "<x>&i;</x>"
    return files.package("<sheetData/>", extra=[("xl/styles.xml", declared.encode("utf-16"))])


def marks_out_of_order():
    """Combining marks whose putting in order takes the square of their number."""
    return "\n".join(["a" + "\u0301\u0323" * 15_900] * 150).encode()


HOSTILE = {
    "too large": (lambda: b"a,b\n" * (3 * MEBIBYTE), "larger than 10 MB"),
    "45000 rows": (lambda: files.xlsx([[at] for at in range(45_000)]), "row 45000; at most 20000"),
    "45000 lines": (lambda: b"a;b\n" * 45_000, "at most 20000 rows"),
    "empty lines": (lambda: b"\n" * 9_000_000 + b"a", "at most 20000 rows"),
    "61 columns": (lambda: files.xlsx([range(61)]), "column BI; at most 60"),
    "61 columns of text": (lambda: b";" * 60 + b"x", "column BI; at most 60"),
    "long cell": (lambda: files.package(f'<sheetData><row r="1">{files.text_cell("A1", "x" * 33_000)}</row></sheetData>'), "more than 32000"),
    "open quote": (lambda: b'"' + b"a" * 9_000_000, "more than 32000"),
    "much text": (lambda: ("x" * 31_000 + "\n").encode() * 300, "more than 8000000"),
    "zip bomb": (lambda: files.bomb(BOMB), "more than 100 MB"),
    "lying zip bomb": (lambda: files.lying(files.bomb(BOMB), BOMB), "more than 100 MB"),
    "lying zip bomb with a checksum": (lambda: files.truthful_checksum(files.lying(files.bomb(BOMB), BOMB), BOMB), "more than 100 MB"),
    "2500 entries": (lambda: files.zipped({f"x{at}": b"" for at in range(2_500)}), "more than 2000 parts"),
    "entity bomb": (lambda: files.package("<sheetData/>", before=ENTITIES), "declares entities"),
    "entity bomb in UTF-16": (entities_in_utf_16, "declares entities"),
    "sparse": (lambda: SPARSE, "too large to be read"),
    "shared text": (shared_text, "too large to be read"),
    "repeated cell": (repeated_cell, "damaged"),
    "marks out of order": (marks_out_of_order, "takes too long"),
    "row number": (lambda: files.package(f'<sheetData><row r="1">{files.text_cell("A99999999999", "x")}</row></sheetData>'), "at most 20000 rows"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_soon_and_says_why(name):
    make, why = HOSTILE[name]
    content = make()
    started = time.monotonic()
    with pytest.raises(Refused, match=why) as refused:
        read_table(content, filename="tệp.xlsx")
    assert time.monotonic() - started < SECONDS
    assert [fault.field for fault in refused.value.fields] == ["file"]


def test_the_headers_of_the_lying_bomb_would_have_been_believed():
    content = files.lying(files.bomb(BOMB), BOMB)
    assert len(content) < sheet_limits.MOST_BYTES
    assert max(files.told_sizes(content)) < MEBIBYTE


@pytest.mark.parametrize(
    "name",
    [
        "zip bomb",
        "sparse",
        "shared text",
        "repeated cell",
        "entity bomb",
        "45000 rows",
        "much text",
    ],
)
def test_reading_a_hostile_file_takes_little_memory(name, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(HOSTILE[name][0]())
    grown, child = measured(path)
    assert grown + child < MEMORY_MIB


def test_twenty_thousand_growers_are_read_in_little_memory(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(files.xlsx([[f"Nguyễn Thị {at}", at, "Thôn 1"] * 4 for at in range(20_000)]))
    grown, child = measured(path, expected="20000")
    assert grown + child < MEMORY_MIB


def test_without_a_process_of_its_own_the_sparse_file_takes_the_server_with_it(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(SPARSE)
    naive = f"""
import resource
from python_calamine import CalamineWorkbook
resource.setrlimit(resource.RLIMIT_AS, ({sheet_limits.MEMORY}, {sheet_limits.MEMORY}))
CalamineWorkbook.from_path({str(path)!r}).get_sheet_by_index(0).to_python()
"""
    done = subprocess.run([sys.executable, "-c", naive], capture_output=True, check=False)
    assert done.returncode < 0


def test_the_parser_alone_would_read_what_the_limits_refuse():
    content = HOSTILE["45000 rows"][0]()
    assert (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).height == 45_000
    )


@pytest.mark.parametrize(
    ("program", "code"), [("import os; os.abort()", "memory"), ("while True: pass", "time")]
)
def test_a_reading_process_that_dies_or_hangs_is_a_refusal(program, code):
    with pytest.raises(Refusal) as refused:
        list(lines_of(b"a,b\n" * MEBIBYTE, (), program=program, seconds=2))
    assert refused.value.code == code


def test_no_reading_process_outlives_its_reading():
    before = children()
    for content in (SPARSE, b"a,b\n", b"%PDF", b";" * 60 + b"x"):
        with suppress(Refused):
            read_table(content, filename="x")
    assert children() == before


def children():
    found = Path("/proc/self/task").glob("*/children")
    return {pid for listed in found for pid in listed.read_text().split()}


def measured(path, expected="refused"):
    """MiB by which a reader grew, and at most by the process it started.

    The reader is a process of its own: the peak of its own image (`VmHWM`; what `getrusage` tells
    of itself begins with the peak of whoever started it), and the peak of its children.
    """
    script = f"""
import pathlib, re, resource
from app.errors import Refused
from app.exchange.workbook_reading import read_table
content = pathlib.Path({str(path)!r}).read_bytes()
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text())[1])
before = peak()
try:
    said = len(read_table(content, filename="x").rows)
except Refused:
    said = "refused"
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(said, (peak() - before) // 1024, children // 1024)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    said, grown, child = done.stdout.split()
    assert said == expected
    return int(grown), int(child)
