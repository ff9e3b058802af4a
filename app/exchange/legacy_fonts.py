"""Vietnamese typed in the fonts of before Unicode (.VnTime, TCVN 5712 ABC): known and converted. Pure."""

import unicodedata
from dataclasses import replace

from app.exchange.workbook_reading import Table
from app.exchange.written import Cell, Formula

# What such a font shows for each sign that a program of today shows in its place.
_SHOWN = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ¡¢£¤¥¦§",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_TABLE = str.maketrans(_SHOWN)
# Signs that no word of Vietnamese, English or French has: a text with one was typed in such a font.
_TELLING = frozenset("µ¶·¸¹¨»¼½¾Æ©®ªÐÖ×ØÞß«¬¡¢£¤¥¦§æøþð\u00ad")
_FEWEST_WORDS = 3


def converted(table: Table) -> tuple[Table, bool]:
    """The table with its letters as Unicode, and whether they had to be converted.

    Only where texts are in such a font throughout: one that has a letter of Unicode is no such.
    """
    foreign = [text for row in table.rows for text in map(_text, row) if not text.isascii()]
    typed = [text for text in foreign if _is_old(text)]
    if len(typed) < _FEWEST_WORDS or len(typed) * 10 < len(foreign) * 6:
        return table, False
    if any(_is_new(text) for text in foreign):
        return table, False
    rows = [tuple(map(_converted, row)) for row in table.rows]
    return replace(table, rows=rows), True


def _text(cell: Cell) -> str:
    shown = cell.result if isinstance(cell, Formula) else cell
    return shown if isinstance(shown, str) else ""


def _is_old(text: str) -> bool:
    return bool(_TELLING & set(text)) and all(
        letter.isascii() or letter in _SHOWN for letter in text
    )


def _is_new(text: str) -> bool:
    """Whether a letter stands in it that only Unicode has."""
    return any("\u1ea0" <= letter <= "\u1ef9" or letter in "ăĂđĐơƠưƯ" for letter in text)


def _converted(cell: Cell) -> Cell:
    if not isinstance(cell, str) or cell.isascii():
        return cell
    return unicodedata.normalize("NFC", cell.translate(_TABLE))
