"""GTINs, GLNs and company prefixes as people type and scan them: read, checked, the next one proposed. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable

from app.errors import Refused, refuse
from app.kit.gs1_checks import check_digit
from app.kit.messages import say

GTIN_DIGITS = 14
GLN_DIGITS = 13
SSCC_DIGITS = 18
PREFIX_DIGITS = range(4, 13)
# GS1 Global Office: numbers for demonstrations and examples, never on goods.
DEMONSTRATION = "952"
_GTIN_LENGTHS = frozenset({8, 12, 13, 14})
_BODY_DIGITS = 12  # of a GTIN-13 without its check digit
_SSCC_BODY_DIGITS = 17
_PACK_INDICATORS = "12345678"
# "(01)", "01" of a scanned element string, a scanner's own mark, "GTIN-13:", an address with /01/.
_GTIN_IN_ADDRESS = re.compile(r"://[^\s?#]*/01/([0-9]{8,14})(?:[/?#].*)?$", re.IGNORECASE)
_GTIN_IN_ELEMENTS = re.compile(r"(?:\](?:C1|d2|Q3|e0))?(?:\(01\)|01(?=[0-9]{14}))([0-9]{14}).*")
_BEFORE = re.compile(
    r"^(?:\]E[04]|\(0[01]\)|\(41[0-7]\)"
    r"|(?:GTIN|EAN|UPC|GLN)(?:-?\s?(?:8|12|13|14)(?=\s*:)|-\s?(?:A|8|12|13|14)(?=\s))?\s*[:#]?)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"[\s.\-\u2010-\u2015\u2212]+")
# GS1 General Specifications §1.4: in-store and company-internal numbers, coupons, receipts, printed
# matter and the Global Office's own. None of them names goods that are sold elsewhere.
_NOT_GOODS = re.compile(r"0[245]|2|97[789]|98[0-4]|99|951")
_NOT_GOODS_SHORT = re.compile(r"[02]")


def gtin_of(typed: str, *, field: str = "gtin") -> str | None:
    """The GTIN somebody typed or scanned, with 14 digits; None for nothing.

    GTIN-8, -12, -13 and -14 are read with blanks and hyphens, after "GTIN" or "EAN", in an element
    string or in a GS1 Digital Link address. Raises Refused, with the right check digit where only
    that is wrong, and for numbers that never name goods.
    """
    digits = _digits(_scanned(typed))
    if not digits:
        return None
    if len(digits) not in _GTIN_LENGTHS or not _are_digits(digits):
        raise refuse(field, say("A GTIN has 8, 12, 13 or 14 digits."))
    _require_check(field, digits)
    gtin = digits.zfill(GTIN_DIGITS)
    if not digits.strip("0") or _is_no_goods(gtin):
        why = say("Numbers that begin like this do not name goods: shops use them inside.")
        raise refuse(field, why)
    return gtin


def gln_of(typed: str) -> str:
    """The Global Location Number somebody typed, with its check digit. Raises Refused."""
    digits = _digits(typed)
    if len(digits) != GLN_DIGITS or not _are_digits(digits):
        raise refuse("gln", say("A GLN has 13 digits."))
    _require_check("gln", digits)
    return digits


def prefix_of(typed: str) -> str:
    """The company prefix somebody typed, as its GS1 organisation wrote it. Raises Refused."""
    digits = _digits(typed)
    if len(digits) not in PREFIX_DIGITS or not _are_digits(digits):
        raise refuse("prefix", say("A company prefix has 4 to 12 digits."))
    if _NOT_GOODS.match(digits) or not digits.strip("0"):
        raise refuse("prefix", say("GS1 gives no company a prefix that begins like this."))
    return digits


def shown_gtin(gtin: str) -> str:
    """A GTIN as it is printed below a bar code: 8, 12 or 13 digits where it has no more."""
    if gtin.startswith("000000"):
        return gtin[-8:]
    if gtin.startswith("00"):
        return gtin[-12:]
    return gtin.removeprefix("0")


def begins_with(gtin: str, prefixes: Iterable[str]) -> bool:
    """Whether a GTIN is made from one of these company prefixes, in whatever pack."""
    return any(gtin[1:].startswith(prefix) for prefix in prefixes)


def free_gtin(prefix: str, taken: Collection[str]) -> str | None:
    """The first GTIN of a prefix of which no pack has one yet; None when all are given out."""
    bodies = {gtin[1:-1] for gtin in taken}
    places = _BODY_DIGITS - len(prefix)
    for number in range(10**places):
        body = prefix + (str(number).zfill(places) if places else "")
        if body not in bodies:
            return f"0{body}{check_digit(body)}"
    return None


def free_carton_gtin(held: str, taken: Collection[str]) -> str | None:
    """The GTIN of a carton of a product: its own digits behind the first free pack indicator."""
    body = held[1:-1]
    for indicator in _PACK_INDICATORS:
        gtin = indicator + body + check_digit(indicator + body)
        if gtin not in taken:
            return gtin
    return None


def sscc_capacity(prefix: str) -> int:
    """How many SSCCs a company prefix has, over all its extension digits."""
    return int(10 ** (_SSCC_BODY_DIGITS - len(prefix)))


def sscc_of(prefix: str, number: int) -> str:
    """The SSCC with this number (from 0) of a prefix: extension digit, prefix, serial, check digit.

    The extension digit is the first digit of the number: it goes on when the serials behind one
    are used up, so that all numbers of a prefix come in one row (GS1 General Specifications §2.2.1).
    """
    digits = str(number).zfill(_SSCC_BODY_DIGITS - len(prefix))
    body = digits[0] + prefix + digits[1:]
    return body + check_digit(body)


def number_in_sscc(sscc: str, prefix: str) -> int | None:
    """Which number of a prefix an SSCC is; None for another prefix's or a mistyped one."""
    if len(sscc) != SSCC_DIGITS or not _are_digits(sscc) or sscc[1 : 1 + len(prefix)] != prefix:
        return None
    number = int(sscc[0] + sscc[1 + len(prefix) : -1])
    return number if sscc_of(prefix, number) == sscc else None


def overlap(one: str, other: str) -> bool:
    """Whether two company prefixes would give out the same numbers."""
    return one.startswith(other) or other.startswith(one)


def _scanned(typed: str) -> str:
    plain = unicodedata.normalize("NFKC", typed).strip()
    found = _GTIN_IN_ADDRESS.search(plain) or _GTIN_IN_ELEMENTS.fullmatch(plain)
    return found[1] if found else plain


def _digits(typed: str) -> str:
    plain = unicodedata.normalize("NFKC", typed).strip()
    return _BETWEEN.sub("", _BEFORE.sub("", plain, count=1))


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _require_check(field: str, digits: str) -> None:
    right = check_digit(digits[:-1])
    if digits[-1] != right:
        raise _mistyped(field, right)


def _mistyped(field: str, right: str) -> Refused:
    why = say(
        "A digit is wrong: with the others as they are the last one would be {digit}.", digit=right
    )
    return refuse(field, why)


def _is_no_goods(gtin: str) -> bool:
    if gtin.startswith("000000"):
        return _NOT_GOODS_SHORT.match(gtin[-8:]) is not None
    return _NOT_GOODS.match(gtin[1:]) is not None
