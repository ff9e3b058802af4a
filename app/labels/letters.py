"""The letters of a layout: Be Vietnam Pro with Chinese beside it, how wide they run, what nothing prints."""

import unicodedata
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from fontTools.ttLib import TTFont

from app.labels.typeface import Weight, font_file

HAN = "Han"
# The name of a font file: one of the two weights, or the Chinese letters beside both.
FaceName: TypeAlias = str

_HAN_FILE = Path(__file__).with_name("fonts") / "NotoSansSC-Labels.ttf"
# Pictures, marks that join to the letter before, and what only steers: a text is whole without them.
_LEFT_OUT = frozenset({"So", "Sk", "Cf", "Mn", "Me", "Mc", "Co", "Cn", "Cs"})


def font_files() -> dict[FaceName, Path]:
    """Every font file by its name."""
    return {weight.value: font_file(weight) for weight in Weight} | {HAN: _HAN_FILE}


@lru_cache(maxsize=8192)
def pieces(text: str, weight: Weight) -> tuple[tuple[FaceName, str], ...]:
    """The text cut where the font changes; every letter must be one that some font has."""
    own = _advances(weight.value)
    runs = groupby(text, key=lambda letter: weight.value if letter in own else HAN)
    return tuple((name, "".join(run)) for name, run in runs)


def width_of(text: str, weight: Weight, size: float) -> float:
    """How wide a text runs, in the unit of `size` (the em)."""
    return size * sum(
        advances[letter]
        for name, run in pieces(text, weight)
        for advances in (_advances(name),)
        for letter in run
    )


def printable(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The text in NFC without what no font has: the rest, what was left out, what makes it unprintable.

    Left out are pictures (emoji), stray marks and invisible signs, without which the words are the
    same. A letter of another script is not: a name without it would be another name.
    """
    composed = unicodedata.normalize("NFC", text)
    strange = [letter for letter in composed if not _known(letter)]
    dropped = dict.fromkeys(one for one in strange if unicodedata.category(one) in _LEFT_OUT)
    wrong = dict.fromkeys(one for one in strange if one not in dropped)
    kept = "".join(letter for letter in composed if letter not in dropped)
    return " ".join(kept.split()), tuple(dropped), tuple(wrong)


def _known(letter: str) -> bool:
    if letter.isspace():
        return True
    return all(letter in _advances(weight.value) for weight in Weight) or letter in _advances(HAN)


@cache
def _advances(name: FaceName) -> dict[str, float]:
    with TTFont(font_files()[name], lazy=True) as font:
        em = font["head"].unitsPerEm
        widths = font["hmtx"]
        return {chr(code): widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}
