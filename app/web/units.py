"""Masses, land and money in the unit that a language's readers use, alone or in one with others."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.kit.i18n import Language
from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres

GRAMS_A_KILOGRAM, GRAMS_A_TONNE = 1_000, 1_000_000
SAID_IN_TONNES = 10 * GRAMS_A_TONNE
HECTARE = 10_000
# Chinese counts in ten thousands: 850 billion are 8500 亿.
_MYRIADS = "zh"
_TENTHS = 10


@dataclass(frozen=True)
class Dong:
    """Money, said in millions: nobody reads a province's dong one by one."""

    value: int


Measured = Grams | SquareMetres | Dong


def money_said(language: Language, dong: int) -> str:
    """Money in the largest unit of which there is one."""
    return _money(language, dong, large=dong >= _large_unit(language)[0])


def is_large(values: Sequence[Measured]) -> bool:
    """Whether numbers that stand below each other are said in the larger unit: all of them or none.

    Masses in tonnes from ten tonnes on, as long as all are whole kilograms; land in hectares from
    one on; money in the larger unit where the least is not lost in it.
    """
    known = [one for one in values if one.value]
    if not known:
        return False
    most, least = max(one.value for one in known), min(one.value for one in known)
    match known[0]:
        case Grams():
            whole = all(one.value % GRAMS_A_KILOGRAM == 0 for one in known)
            return most >= SAID_IN_TONNES and whole
        case SquareMetres():
            return most >= HECTARE
        case Dong():
            return least >= _BILLION // _TENTHS


def in_unit_said(language: Language, value: Measured, *, large: bool) -> str:
    """A number in the unit that its column is in; exact, but for money (to the tenth)."""
    match value:
        case Grams() if large:
            return language.tonnes(value)
        case Grams():
            return f"{language.number(value.kg)} kg"
        case SquareMetres() if large:
            return f"{language.number(value.ha)} ha"
        case SquareMetres():
            return f"{language.number(value.value)} m²"
        case Dong():
            return _money(language, value.value, large=large)


_MILLION, _BILLION = 10**6, 10**9
_HUNDRED_MILLION, _TEN_THOUSAND = 10**8, 10**4


def _large_unit(language: Language) -> tuple[int, Message]:
    if language.tag == _MYRIADS:
        return _HUNDRED_MILLION, say("{amount} hundred million dong")
    return _BILLION, say("{amount} billion dong")


def _small_unit(language: Language) -> tuple[int, Message]:
    if language.tag == _MYRIADS:
        return _TEN_THOUSAND, say("{amount} ten thousand dong")
    return _MILLION, say("{amount} million dong")


def _money(language: Language, dong: int, *, large: bool) -> str:
    unit, words = _large_unit(language) if large else _small_unit(language)
    tenths = Decimal(round(dong * _TENTHS / unit)) / _TENTHS
    amount = tenths if large else Decimal(round(dong / unit))
    if language.tag == _MYRIADS and amount < _TEN_THOUSAND:
        # Below the next unit its readers write no separators.
        return language.say(Message(words.msgid, {"amount": f"{amount.normalize():f}"}))
    return language.say(Message(words.msgid, {"amount": amount}))
