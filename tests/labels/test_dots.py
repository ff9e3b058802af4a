"""How large a symbol gets: whole dots, the least module of the day, and what else would do."""

from datetime import date

import pytest

from app.errors import Refused
from app.labels.dots import dot_of, fewest_dots, size_for
from app.labels.symbol_queries import smallest_module_mm
from app.labels.symbols import version_of

LEAST = 0.396
HOST = "https://TXNG.LAOCAI.GOV.VN"
LOT = f"{HOST}/T/LCJ6VNGGH6BCFNM"
ITEM = f"{LOT}/0001ABCDEFGH"
GTIN = f"{HOST}/01/08931234567897/10/LCJ6VNGGH6BCFNM/21/0001ABCDEFGH"


@pytest.mark.parametrize(("dpi", "dots"), [(203, 4), (300, 5), (600, 10)])
def test_the_least_module_is_four_dots_at_203_and_five_at_300(dpi, dots):
    assert fewest_dots(LEAST, dot_of(dpi)) == dots


def test_without_a_rule_one_dot_is_enough():
    assert fewest_dots(0, dot_of(203)) == 1


def test_the_rule_is_a_dated_row(facts):
    assert smallest_module_mm(facts, date(2026, 11, 25)) == LEAST
    assert smallest_module_mm(facts, date(2000, 1, 1)) == 0


@pytest.mark.parametrize(
    ("text", "dpi", "room", "modules", "dots"),
    [
        (LOT, 203, 18.5, 29, 4),
        (LOT, 300, 18.5, 29, 5),
        (GTIN, 203, 20.5, 33, 4),
        (GTIN, 203, 60.0, 33, 11),
    ],
)
def test_modules_are_the_largest_that_fit(text, dpi, room, modules, dots):
    size = size_for(text, room_mm=room, dot_mm=dot_of(dpi), smallest_mm=LEAST)
    assert (size.modules, size.dots_a_module) == (modules, dots)
    assert size.side_mm <= room + 1e-6
    assert size.side_dots == (modules + 8) * dots
    assert size.quiet_dots == 4 * dots
    assert size.module_mm >= LEAST


def test_the_level_is_the_best_that_costs_no_larger_symbol():
    short = size_for("https://A.VN/T/LC12", room_mm=30, dot_mm=dot_of(203), smallest_mm=LEAST)
    assert short.level in {"Q", "H"}
    assert version_of("https://A.VN/T/LC12", short.level) == short.version


def test_less_room_takes_weaker_correction_first():
    roomy = size_for(ITEM, room_mm=20.5, dot_mm=dot_of(203), smallest_mm=LEAST)
    tight = size_for(ITEM, room_mm=18.5, dot_mm=dot_of(203), smallest_mm=LEAST)
    assert roomy.level in {"M", "Q"}
    assert (tight.level, tight.version) == ("L", roomy.version - 1)


def refused(text, room, stocks=()):
    with pytest.raises(Refused) as no:
        size_for(text, room_mm=room, dot_mm=dot_of(203), smallest_mm=LEAST, stocks=stocks)
    return no.value.why


def test_a_refusal_names_the_stocks_that_would_do():
    why = refused(GTIN, 16, [("35 × 22", 16), ("50 × 30", 26), ("40 × 30", 20.5)])
    assert str(why.values["stocks"]) == "50 × 30, 40 × 30"
    assert str(why.values["needed"]) == "20.5"


def test_a_refusal_says_how_much_shorter_the_code_must_be():
    why = refused(ITEM, 16.5)
    fewer = why.values["fewer"]
    shorter = ITEM[: -int(fewer)]
    assert size_for(shorter, room_mm=16.5, dot_mm=dot_of(203), smallest_mm=LEAST).version == 2
    with pytest.raises(Refused):
        size_for(ITEM[: 1 - int(fewer)], room_mm=16.5, dot_mm=dot_of(203), smallest_mm=LEAST)


def test_where_no_symbol_fits_it_says_so():
    assert "no QR fits" in str(refused(ITEM, 5))


def test_a_text_beyond_every_symbol_is_refused():
    assert "longer than any QR" in str(refused("https://A.VN/" + "A" * 5000, 50))
