"""The letters of reports: Liberation Serif, as wide as Times New Roman."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FAMILY = "LiberationSerif"


class Cut(StrEnum):
    """The cuts that are shipped; the value is fpdf2's name of a style."""

    REGULAR = ""
    BOLD = "B"
    ITALIC = "I"


_FILES = {Cut.REGULAR: "Regular", Cut.BOLD: "Bold", Cut.ITALIC: "Italic"}


def font_path(cut: Cut) -> Path:
    """Where the file of a cut lies."""
    return Path(__file__).with_name("fonts") / f"{FAMILY}-{_FILES[cut]}.ttf"


def printable(text: str) -> str:
    """The text with a question mark for each letter that the face lacks."""
    known = _letters()
    return "".join(letter if ord(letter) in known else "?" for letter in text)


@cache
def _letters() -> frozenset[int]:
    with TTFont(font_path(Cut.REGULAR), lazy=True) as font:
        return frozenset(font.getBestCmap()) | {ord("\n")}
