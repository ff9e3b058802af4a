"""Item serials (GS1 AI 21): the label's number in a lot, and a keyed proof that this server made it."""

import hashlib
import hmac
import re
import unicodedata
from hashlib import sha256

from app.kit.codes import ALPHABET

INDEX_CHARACTERS = 4
PROOF_CHARACTERS = 8
LONGEST = 20  # GS1 General Specifications: AI (21) holds up to 20 characters
MOST = 32 ** (LONGEST - PROOF_CHARACTERS)

_BLOCK = 64  # bytes of a block of SHA-256
_INNER = bytes(value ^ 0x36 for value in range(256))
_OUTER = bytes(value ^ 0x5C for value in range(256))
_LOOK_ALIKES = str.maketrans("OIL", "011")
_SEPARATORS = re.compile(r"[\s.,_\u00b7\u2010-\u2015\u2212-]+")
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_PAIRS = tuple(high + low for high in ALPHABET for low in ALPHABET)


def serial_of(key: bytes, index: int) -> str:
    """The serial of the label with this number, counted from 0 within its lot.

    The number in Crockford base32 (at least four characters, more only when it needs them) and
    eight characters that hold 40 bits of HMAC-SHA256(key, number as 8 bytes, big-endian).
    """
    if not 0 <= index < 2**60:
        raise ValueError("a serial's number has at most 60 bits")
    proof = hmac.digest(key, index.to_bytes(8, "big"), "sha256")[:5]
    return _index_text(index) + _base32(int.from_bytes(proof, "big"), PROOF_CHARACTERS)


def serials(key: bytes, start: int, count: int) -> list[str]:
    """The serials of `count` labels from number `start` on: what `serial_of` says, in bulk."""
    inner, outer = _keyed(key)
    pairs, made = _PAIRS, []
    for index in range(start, start + count):
        first = inner.copy()
        first.update(index.to_bytes(8, "big"))
        last = outer.copy()
        last.update(first.digest())
        proof = int.from_bytes(last.digest()[:5], "big")
        head = pairs[index >> 10] + pairs[index & 1023] if index < 1 << 20 else _index_text(index)
        made.append(
            head
            + pairs[proof >> 30]
            + pairs[proof >> 20 & 1023]
            + pairs[proof >> 10 & 1023]
            + pairs[proof & 1023]
        )
    return made


def read_serial(key: bytes, text: str) -> int | None:
    """The number of a genuine serial; None for anything this key did not make.

    Reads what people type: any case, separators, full-width forms, O for 0, I and L for 1.
    Takes the same time whichever character of the proof is wrong.
    """
    bare = bare_serial(text)
    head = bare[:-PROOF_CHARACTERS]
    if len(bare) > LONGEST or not head or not _VALUES.keys() >= set(bare):
        return None
    index = _number(head)
    # One text for one number: no zeros in front beyond the four characters.
    if index >= 2**60 or head != _index_text(index):
        return None
    return index if hmac.compare_digest(serial_of(key, index), bare) else None


def bare_serial(text: str) -> str:
    """A typed serial as it would have been printed: capitals, no separators, 0 for O, 1 for I and L."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper().translate(_LOOK_ALIKES)


def _keyed(key: bytes) -> tuple["hashlib._Hash", "hashlib._Hash"]:
    """HMAC's two hashes with the key already in them: what `hmac.new` does anew each time."""
    block = (sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    return sha256(block.translate(_INNER)), sha256(block.translate(_OUTER))


def _index_text(index: int) -> str:
    needed = max(INDEX_CHARACTERS, -(-index.bit_length() // 5))
    return _base32(index, needed)


def _base32(number: int, characters: int) -> str:
    return "".join(ALPHABET[(number >> 5 * at) & 31] for at in range(characters - 1, -1, -1))


def _number(text: str) -> int:
    number = 0
    for letter in text:
        number = number << 5 | _VALUES[letter]
    return number
