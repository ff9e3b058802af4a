"""Text as people type it, made one and the same: NFC, no hidden characters, a folded search key."""

import re
import unicodedata

from app.kit.messages import Message, say

# Control, surrogate, private use, unassigned: nothing a person means to store.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn"})
# Bidirectional overrides and isolates let a text show other words than it holds (CVE-2021-42574).
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# What copying from PDF and web pages leaves behind: invisible, so two equal names would differ.
_INVISIBLE = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff]")
_LINE_ENDS = re.compile("\r\n|[\r\n\u2028\u2029]")
_BLANKS = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
# Old typefaces show the Icelandic letter for the Vietnamese one, and people go on typing it.
_STROKES = str.maketrans({"đ": "d", "ð": "d"})
_NOT_WORD = re.compile(r"[\W_]+")


class TextRefused(ValueError):
    """A text that cannot be stored as it is; `why` is the sentence for the person who typed it."""

    def __init__(self, why: Message) -> None:
        super().__init__(str(why))
        self.why = why


def clean(text: str, *, longest: int, multiline: bool = False) -> str:
    """The text in NFC, trimmed, inner runs of blanks (no-break ones too) made one space.

    `longest` counts code points after normalising, since NFC can lengthen a text. With
    `multiline`, line ends become newlines and at most one empty line stays between two others;
    without it a line end is a blank. Raises TextRefused for control characters, NUL, lone
    surrogates, unassigned and private characters, bidirectional overrides, and for too long.
    """
    whole = _LINE_ENDS.sub("\n" if multiline else " ", _INVISIBLE.sub("", text))
    spaced = _BLANKS.sub(" ", whole)
    _require_storable(spaced)
    normal = unicodedata.normalize("NFC", spaced)
    lines = (line.strip(" ") for line in normal.split("\n"))
    tidy = _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
    if len(tidy) > longest:
        raise TextRefused(
            say(
                "The text has {length} characters; at most {longest} fit.",
                length=len(tidy),
                longest=longest,
            )
        )
    return tidy


def fold(text: str) -> str:
    """The search key of a text: no case, no diacritics, đ as d, punctuation as single spaces.

    hoà and hòa, Đắk Lắk and dak lak, NFC and NFD give the same key; folding twice changes nothing.
    """
    caseless = unicodedata.normalize("NFD", text).casefold().translate(_STROKES)
    letters = unicodedata.normalize("NFD", caseless)
    plain = "".join(letter for letter in letters if unicodedata.category(letter) != "Mn")
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFC", plain)).strip()


def _require_storable(text: str) -> None:
    if text.isprintable():  # what is refused never is
        return
    for character in text:
        if character != "\n" and _unwanted(character):
            raise TextRefused(
                say(
                    "The text has a character that cannot be stored: {character}.",
                    character=f"U+{ord(character):04X}",
                )
            )


def _unwanted(character: str) -> bool:
    return character in _BIDI_CONTROLS or unicodedata.category(character) in _REFUSED_CATEGORIES
