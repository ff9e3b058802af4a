"""The letters labels are printed with: Be Vietnam Pro, its widths, and what it cannot print."""

from enum import StrEnum
from functools import cache
from pathlib import Path

from app.labels.font_program import font_program

# Parts of the letter size (em), from the face's OS/2 and hhea tables.
X_HEIGHT = 0.53
CAP_HEIGHT = 0.74
# The deepest ink below the baseline: the dot of ợ and ỵ, the tail of g.
DEPTH = 0.25


class Weight(StrEnum):
    """The two weights on a label; the value names the font file."""

    REGULAR = "Regular"
    STRONG = "SemiBold"


def font_file(weight: Weight) -> Path:
    """Where the font file of a weight lies."""
    return Path(__file__).with_name("fonts") / f"BeVietnamPro-{weight.value}.ttf"


def printed_width(text: str, weight: Weight, size: float) -> float:
    """How wide a line of text gets, in the unit of `size` (the em), without hinting or kerning."""
    advances = _advances(weight)
    return size * sum(advances[letter] for letter in text)


def unprintable(text: str) -> tuple[str, ...]:
    """The characters of a text that either weight lacks, each once, in order."""
    known = _advances(Weight.REGULAR).keys() & _advances(Weight.STRONG).keys()
    return tuple(dict.fromkeys(letter for letter in text if letter not in known))


@cache
def _advances(weight: Weight) -> dict[str, float]:
    font = font_program(font_file(weight))
    return {letter: font.widths[glyph] / font.em for letter, glyph in font.letters.items()}
