"""The letters of a layout: Be Vietnam Pro with Chinese beside it, how wide they run, what nothing prints."""

import unicodedata
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from app.labels.font_program import font_program
from app.labels.typeface import Weight, font_file

HAN = "Han"
# The name of a font file: one of the two weights, or the Chinese letters beside both.
FaceName: TypeAlias = str

_HAN_FILE = Path(__file__).with_name("fonts") / "NotoSansSC-Labels.ttf"
# Pictures, marks that join to the letter before, and what only steers: a text is whole without them.
_LEFT_OUT = frozenset({"So", "Sk", "Cf", "Mn", "Me", "Mc", "Co", "Cn", "Cs"})


@cache
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
    return size * _ems(text, weight)


@lru_cache(maxsize=8192)
def _ems(text: str, weight: Weight) -> float:
    return sum(
        advances[letter]
        for name, run in pieces(text, weight)
        for advances in (_advances(name),)
        for letter in run
    )


def printable(text: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The text in NFC as it can be printed, what was left out of it, and what makes it unprintable.

    Left out are pictures (emoji), marks no font has and invisible signs, without which the words are
    still the same. A letter of another script is not: a name without it would be another name.
    """
    kept, dropped, wrong = [], [], []
    for letter in unicodedata.normalize("NFC", text):
        plain = unicodedata.normalize("NFD", letter)[0]
        if _known(letter):
            kept.append(letter)
        elif unicodedata.category(letter) in _LEFT_OUT:
            dropped.append(letter)
        elif plain != letter and _known(plain):
            kept.append(plain)
            dropped.append(letter)
        else:
            wrong.append(letter)
    shown = " ".join("".join(kept).split())
    return shown, tuple(dict.fromkeys(dropped)), tuple(dict.fromkeys(wrong))


@lru_cache(maxsize=4096)
def _known(letter: str) -> bool:
    if letter.isspace():
        return True
    return all(letter in _advances(weight.value) for weight in Weight) or letter in _advances(HAN)


@cache
def _advances(name: FaceName) -> dict[str, float]:
    font = font_program(font_files()[name])
    return {letter: font.widths[glyph] / font.em for letter, glyph in font.letters.items()}
