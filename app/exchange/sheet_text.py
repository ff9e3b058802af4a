"""Tables as plain text: .csv and .tsv in the encodings and with the separators that Excel writes.

Runs in the reading process (see `sheet_child`).
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from app.exchange.sheet_limits import MOST_CHARACTERS_A_CELL, Refusal

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_OTHER_FILES = (b"%PDF", b"{\\rtf", b"MIME-Version:", b"{")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# The first wins where two cut the table equally well.
_SEPARATORS = ";\t,"
_SEPARATOR_LINE = re.compile(r'"?sep=([;,\t])"?\r?\n', re.IGNORECASE)
_SAMPLE = 64 * 1024
_SAMPLE_ROWS = 50
# UTF-8 with a few broken bytes, against a text that never was UTF-8.
_MOSTLY = 4


def text_rows(content: bytes) -> Iterator[list[str]]:
    """The rows of a text, cut where its first rows are cut best.

    Refusal when it is no text, in no encoding known here, or has too long a cell.
    """
    text = decoded(content)
    if _CONTROL.search(text) or content.startswith(_OTHER_FILES):
        raise Refusal("unknown")
    if text.lstrip().startswith("<"):
        raise Refusal("web_page")
    told = _SEPARATOR_LINE.match(text)
    separator = told[1] if told else _best_separator(text[:_SAMPLE])
    lines = io.StringIO(text[told.end() :] if told else text, newline="")
    if told:
        yield []
    yield from _cut(lines, separator)


def decoded(content: bytes) -> str:
    """The text: UTF-8 or UTF-16 by its mark, else UTF-8, else Windows-1258.

    Refusal for a text in no such encoding, and for UTF-8 with broken bytes in it: read as
    Windows-1258 it would become other words.
    """
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)), None)
    try:
        return content.decode(marked or _unmarked_utf_16(content) or "utf-8")
    except UnicodeDecodeError as error:
        if marked or _mostly_utf_8(content):
            raise Refusal("encoding") from error
    try:
        return content.decode("cp1258")
    except UnicodeDecodeError as error:
        raise Refusal("encoding") from error


def _unmarked_utf_16(content: bytes) -> str | None:
    sample = content[:_SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * _MOSTLY < len(sample) // 2:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _mostly_utf_8(content: bytes) -> bool:
    text = content.decode("utf-8", errors="replace")
    foreign = sum(not letter.isascii() for letter in text)
    return text.count("\ufffd") * _MOSTLY < foreign


def _best_separator(sample: str) -> str:
    return max(_SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: str, separator: str) -> tuple[int, int]:
    rows = islice(_cut(io.StringIO(sample, newline=""), separator), _SAMPLE_ROWS)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    [(width, times)] = widths.most_common(1) or [(0, 0)]
    return times, width


def _cut(lines: io.StringIO, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(MOST_CHARACTERS_A_CELL)
    try:
        yield from csv.reader(lines, delimiter=separator)
    except csv.Error as error:
        raise Refusal("cell", most=MOST_CHARACTERS_A_CELL) from error
