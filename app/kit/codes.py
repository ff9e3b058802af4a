"""Lot trace codes: made unguessable, read back from what people type, refused when mistyped."""

import re
import secrets
import unicodedata
from collections.abc import Callable
from enum import StrEnum

from stdnum.iso7064 import mod_37_2

from app.kit.messages import Message, say

PREFIX = "LC"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 12
LENGTH = len(PREFIX) + RANDOM_CHARACTERS + 1

_BITS_A_CHARACTER = 5
_GROUP = 4
_LOOK_ALIKES = str.maketrans("OIL", "011")
_PREFIX_LOOK_ALIKES = str.maketrans("1I", "LL")
# Whatever people put between the groups: spaces, every dash of Unicode, minus, dots, underscores.
_SEPARATORS = re.compile(r"[\s.,_\u00b7\u2010-\u2015\u2212-]+")


class Slip(StrEnum):
    """What kind of slip made a code unreadable."""

    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK = "check"


class MistypedLotCode(ValueError):
    """What was typed is no lot code. `why` says what is wrong with it, `hint` where to look.

    Found out from the typed text alone: no lot was looked for, so the answer tells nothing
    about which lots exist.
    """

    def __init__(self, slip: Slip, why: Message, hint: Message) -> None:
        super().__init__(str(why))
        self.slip = slip
        self.why = why
        self.hint = hint


def new_lot_code(random_bits: Callable[[int], int] = secrets.randbits) -> str:
    """A new trace code: `LC`, 12 random characters of Crockford base32, one check character.

    The check character is ISO/IEC 7064 MOD 37-2 over the whole code. That system can give any of
    37 characters, `*` and the look-alikes I, L, O, U among them; a code whose check character is
    one of those five is thrown away and drawn again, so that 60 bits less log2(37/32), that is
    59.79 bits, are unguessable. Letters come first, so the code cannot collide with a GS1 key
    (NĐ 37/2026/NĐ-CP art. 28(4)); its 15 characters fit GS1 AI (10).
    """
    while True:
        payload = PREFIX + _base32(random_bits(RANDOM_CHARACTERS * _BITS_A_CHARACTER))
        check = mod_37_2.calc_check_digit(payload)
        if check in ALPHABET:
            return payload + check


def read_lot_code(typed: str) -> str:
    """The code that was meant: any case, any separators, full-width forms, O for 0, I and L for 1.

    The two letters of the prefix stay letters (a 1 or I in the place of L is read as L).
    Raises MistypedLotCode for a wrong length, a character no code has, or a wrong check character.
    """
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper()
    code = bare[:1].translate(_PREFIX_LOOK_ALIKES) + bare[1:2] + bare[2:].translate(_LOOK_ALIKES)
    _require_prefix(code)
    _require_length(code)
    _require_alphabet(code)
    if not mod_37_2.is_valid(code):
        raise MistypedLotCode(
            Slip.CHECK,
            say("The code {code} does not add up: it was mistyped somewhere.", code=grouped(code)),
            _likely_slip(code),
        )
    return code


def grouped(code: str) -> str:
    """The code as it is printed and read aloud: groups of four, spaces between."""
    return " ".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _base32(number: int) -> str:
    shifts = range((RANDOM_CHARACTERS - 1) * _BITS_A_CHARACTER, -1, -_BITS_A_CHARACTER)
    return "".join(ALPHABET[(number >> shift) & 31] for shift in shifts)


def _require_prefix(code: str) -> None:
    if code.startswith(PREFIX):
        return
    raise MistypedLotCode(
        Slip.CHARACTERS,
        say("A lot code begins with the letters LC."),
        say("The code is printed at the bottom of the label, after the word Lô."),
    )


def _require_length(code: str) -> None:
    missing = LENGTH - len(code)
    if missing == 0:
        return
    hint = (
        say("Too short by {count}. Is a group missing?", count=missing)
        if missing > 0
        else say("Too long by {count}. Was something typed twice?", count=-missing)
    )
    why = say("A lot code has {length} letters and digits, in groups of four.", length=LENGTH)
    raise MistypedLotCode(Slip.LENGTH, why, hint)


def _require_alphabet(code: str) -> None:
    strange = sorted(set(code[len(PREFIX) :]) - set(ALPHABET))
    if not strange:
        return
    hint = (
        say("There is no letter U in a lot code. Is it a V?")
        if strange == ["U"]
        else say("Only digits and plain capital letters occur, and no I, L, O or U after LC.")
    )
    shown = " ".join(map(_visible, strange))
    why = say("These characters do not occur in a lot code: {strange}", strange=shown)
    raise MistypedLotCode(Slip.CHARACTERS, why, hint)


def _visible(character: str) -> str:
    # A lone surrogate or a control character must not reach the answer.
    return character if character.isprintable() else f"U+{ord(character):04X}"


def _likely_slip(code: str) -> Message:
    swaps = (
        code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        for at in range(len(PREFIX), LENGTH - 1)
    )
    # The corrected code itself is never named: the shopper reads the label again.
    if any(mod_37_2.is_valid(swap) for swap in swaps):
        return say("Perhaps two neighbouring characters changed places, or one was misread.")
    return say("Perhaps one character was misread: compare it with the label, group by group.")
