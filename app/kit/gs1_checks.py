"""The checks of the parts of GS1 values, by the names the GS1 syntax dictionary gives them. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from stdnum import iban

from app.kit.iso_codes import COUNTRY_LETTERS, COUNTRY_NUMBERS, CURRENCY_NUMBERS

_CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_CSET32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# The weights of a GMN's characters are the primes from the right (GS1 General Specifications §7.9.5).
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_GMN_MODULUS = 1021
_FEWEST_PREFIX_DIGITS = 4
_HOURS, _MINUTES, _SECONDS = 24, 60, 60
_MEDIA_TYPES = frozenset({*range(1, 11), *range(80, 100)})
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def check_digit(body: str) -> str:
    """The GS1 check digit of digits (GS1 General Specifications §7.9.1): weights 3, 1 from the right."""
    total = sum(int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(body)))
    return str(-total % 10)


def check_pair(body: str) -> str:
    """The pair of check characters of a global model number."""
    total = sum(
        _CSET82.index(letter) * prime
        for letter, prime in zip(reversed(body), _PRIMES, strict=False)
    )
    total %= _GMN_MODULUS
    return _CSET32[total >> 5] + _CSET32[total & 31]


def _csum(value: str) -> bool:
    return check_digit(value[:-1]) == value[-1]


def _csumalpha(value: str) -> bool:
    return len(value) > 2 and check_pair(value[:-2]) == value[-2:]  # noqa: PLR2004  # the pair itself


def _key(value: str) -> bool:
    return value[:_FEWEST_PREFIX_DIGITS].isdecimal() and len(value) >= _FEWEST_PREFIX_DIGITS


def _day(value: str, *, month_alone: bool = False) -> bool:
    year, month, day = int(value[:-4]), int(value[-4:-2]), int(value[-2:])
    if day == 0 and month_alone:
        day = 1
    try:
        date(2000 + year % 100, month, day)
    except ValueError:
        return False
    return True


def _clock(value: str) -> bool:
    hour, minute = int(value[:2]), int(value[2:4] or 0)
    return hour < _HOURS and minute < _MINUTES


def _minutes(value: str) -> bool:
    """Minutes, and perhaps seconds."""
    if len(value) not in {2, 4}:
        return False
    return int(value[:2]) < _MINUTES and int(value[2:] or 0) < _SECONDS


def _countries(value: str) -> bool:
    numbers = [value[at : at + 3] for at in range(0, len(value), 3)]
    return all(number in COUNTRY_NUMBERS for number in numbers)


def _piece(value: str) -> bool:
    piece, total = int(value[:2]), int(value[2:])
    return 0 < piece <= total


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "csum": _csum,
    "csumalpha": _csumalpha,
    "key": _key,
    "yymmdd": _day,
    "yymmd0": lambda value: _day(value, month_alone=True),
    "yymmddhh": lambda value: _day(value[:6]) and _clock(value[6:]),
    "hhmm": _clock,
    "mmoptss": _minutes,
    "iso3166": COUNTRY_NUMBERS.__contains__,
    "iso3166999": lambda value: value == "999" or value in COUNTRY_NUMBERS,
    "iso3166list": _countries,
    "iso3166alpha2": COUNTRY_LETTERS.__contains__,
    "iso4217": CURRENCY_NUMBERS.__contains__,
    "pcenc": lambda value: not _ESCAPE.search(value),
    "yesno": lambda value: value in {"0", "1"},
    "winding": lambda value: value in {"0", "1", "9"},
    "zero": lambda value: not int(value),
    "nonzero": lambda value: bool(int(value)),
    "nozeroprefix": lambda value: value == "0" or not value.startswith("0"),
    "hyphen": lambda value: value == "-",
    "pieceoftotal": _piece,
    "latitude": lambda value: int(value) <= 1_800_000_000,  # noqa: PLR2004  # 180 degrees in 1e-7
    "longitude": lambda value: int(value) <= 3_600_000_000,  # noqa: PLR2004  # 360 degrees in 1e-7
    "mediatype": lambda value: int(value) in _MEDIA_TYPES,
    "importeridx": str.isalnum,
    "iban": iban.is_valid,
    # Coupons of North America: never on our goods, their digits alone are looked at.
    "couponcode": str.isdecimal,
    "couponposoffer": str.isdecimal,
}
