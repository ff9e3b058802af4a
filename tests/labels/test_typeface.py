"""The label's letters: all of Vietnamese, and an honest answer about the rest."""

import unicodedata
from itertools import product

from fontTools.ttLib import TTFont

from app.labels.typeface import DEPTH, Weight, font_file, printed_width, unprintable

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
SMALL = [unicodedata.normalize("NFC", v + t) for v, t in product(VOWELS, TONES)] + ["đ"]
VIETNAMESE = "".join(SMALL) + "".join(SMALL).upper()


def test_every_vietnamese_letter_can_be_printed():
    assert len(set(VIETNAMESE)) == 146
    assert unprintable(VIETNAMESE) == ()


def test_what_a_label_needs_besides_letters_can_be_printed():
    ascii_printable = "".join(map(chr, range(0x20, 0x7F)))
    signs = "\u00b0\u00b2\u00b7\u00bd\u00d7\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ab"
    assert unprintable(ascii_printable + signs) == ()


def test_what_the_face_lacks_is_named_once_and_in_order():
    assert unprintable("老街 rau 🥬 老") == ("老", "街", "🥬")


def test_a_lone_combining_mark_is_no_letter():
    assert unprintable("x\u0302") == ("\u0302",)


def test_no_vietnamese_letter_reaches_below_its_line():
    for weight in Weight:
        with TTFont(font_file(weight)) as font:
            em, names, outlines = font["head"].unitsPerEm, font.getBestCmap(), font["glyf"]
            for letter in VIETNAMESE:
                assert outlines[names[ord(letter)]].yMin >= -DEPTH * em, letter


def test_widths_add_up_and_grow_with_the_size():
    whole = printed_width("Cải bắp", Weight.STRONG, 2.0)
    parts = printed_width("Cải", Weight.STRONG, 2.0) + printed_width(" bắp", Weight.STRONG, 2.0)
    assert abs(whole - parts) < 1e-9
    assert abs(printed_width("Cải bắp", Weight.STRONG, 4.0) - 2 * whole) < 1e-9


def test_the_licence_lies_beside_the_fonts():
    licence = font_file(Weight.REGULAR).with_name("OFL.txt").read_text()
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Be Vietnam Pro" in licence
