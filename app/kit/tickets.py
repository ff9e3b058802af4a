"""Ticket numbers of reports from the public: unguessable, read back from what people type."""

import re
import secrets
import unicodedata
from collections.abc import Callable

from stdnum.iso7064 import mod_37_2

from app.kit.codes import ALPHABET

PREFIX = "PA"
RANDOM_CHARACTERS = 13
LENGTH = len(PREFIX) + RANDOM_CHARACTERS + 1
_BITS_A_CHARACTER = 5
_LOOK_ALIKES = str.maketrans("OIL", "011")
_SEPARATORS = re.compile(r"[\s.,_\u00b7\u2010-\u2015\u2212-]+")


def new_ticket(random_bits: Callable[[int], int] = secrets.randbits) -> str:
    """A new ticket: `PA` (phản ánh), 65 random bits in Crockford base32, one check character.

    The check character is ISO/IEC 7064 MOD 37-2 as in a lot's code; one that looks like a digit
    is drawn again.
    """
    while True:
        number = random_bits(RANDOM_CHARACTERS * _BITS_A_CHARACTER)
        shifts = range((RANDOM_CHARACTERS - 1) * _BITS_A_CHARACTER, -1, -_BITS_A_CHARACTER)
        payload = PREFIX + "".join(ALPHABET[(number >> shift) & 31] for shift in shifts)
        check = mod_37_2.calc_check_digit(payload)
        if check in ALPHABET:
            return payload + check


def read_ticket(typed: str) -> str | None:
    """The ticket that was meant: any case and separators, O for 0, I and L for 1; None for none."""
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper()
    ticket = bare[:2] + bare[2:].translate(_LOOK_ALIKES)
    if not ticket.startswith(PREFIX) or len(ticket) != LENGTH:
        return None
    if not set(ticket[len(PREFIX) :]) <= set(ALPHABET) or not mod_37_2.is_valid(ticket):
        return None
    return ticket
