"""Vietnamese telephone numbers, kept with their leading zero. Pure."""

import re

from app.errors import refuse
from app.kit.messages import say
from app.registry.words import text_of

_SEPARATORS = re.compile(r"[\s./()-]+")
_COUNTRY = re.compile(r"(\+|00)?84(?=[0-9]{9})")
# Ten digits for mobiles, eleven for landlines (Thông tư 22/2014/TT-BTTTT).
_PERSONAL = re.compile(r"0([35789][0-9]{8}|2[0-9]{9})")
_SERVICE = re.compile(r"1[89]00[0-9]{4,6}")
_WITHOUT_ZERO = re.compile(r"[35789][0-9]{8}")


def phone_of(field: str, typed: str) -> str | None:
    """A person's number as 0912345678; None when nothing was typed.

    +84, 0084 and a zero that a spreadsheet has eaten are understood. Raises Refused.
    """
    digits = _SEPARATORS.sub("", text_of(field, typed, longest=40))
    if not digits:
        return None
    national = _COUNTRY.sub("0", digits, count=1) if _COUNTRY.match(digits) else digits
    if _WITHOUT_ZERO.fullmatch(national):
        national = "0" + national
    if not _PERSONAL.fullmatch(national):
        raise refuse(field, say("This is no Vietnamese telephone number."))
    return national


def public_phone_of(field: str, typed: str) -> str:
    """An organisation's number, which may be a service number (1800, 1900); empty when none."""
    digits = _SEPARATORS.sub("", text_of(field, typed, longest=40))
    return digits if _SERVICE.fullmatch(digits) else phone_of(field, typed) or ""
