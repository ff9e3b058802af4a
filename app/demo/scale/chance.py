"""Seeded chance: one stream of numbers a purpose, and the ids, codes and names drawn from them."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from app.demo.cast import GIVEN, SURNAMES
from app.kit.codes import ALPHABET, PREFIX, RANDOM_CHARACTERS

Numbers = NDArray[np.int64]
Shares = NDArray[np.float64]
T = TypeVar("T")

_MODULUS = 37
# The characters in the order of ISO/IEC 7064 MOD 37-2.
_CHECKED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"
_WORTH = np.array([_CHECKED.index(one) for one in ALPHABET])
_GIVEN_OUT = np.array([one in ALPHABET for one in _CHECKED])
_LETTERS = np.array(list(ALPHABET))
_CHECK_LETTERS = np.array(list(_CHECKED))


class Chance:
    """The same seed and purpose draw the same numbers, whatever else was drawn before."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def of(self, *purpose: object) -> np.random.Generator:
        """The stream of a purpose."""
        return np.random.default_rng([self.seed, crc32(repr(purpose).encode())])


def uids(chance: np.random.Generator, milliseconds: Numbers) -> list[UUID]:
    """Public ids (RFC 9562 UUIDv7) of instants since 1970."""
    count = len(milliseconds)
    raw = chance.integers(0, 256, size=(count, 16), dtype=np.uint8)
    for byte in range(6):
        raw[:, byte] = (milliseconds >> (8 * (5 - byte))) & 0xFF
    raw[:, 6] = 0x70 | (raw[:, 6] & 0x0F)
    raw[:, 8] = 0x80 | (raw[:, 8] & 0x3F)
    whole = raw.tobytes()
    return [UUID(bytes=whole[at : at + 16]) for at in range(0, len(whole), 16)]


def lot_codes(chance: np.random.Generator, count: int) -> list[str]:
    """Trace codes as `new_lot_code` makes them, a whole column at a time."""
    drawn = chance.integers(0, len(ALPHABET), size=(count, RANDOM_CHARACTERS))
    checks = _check_of(drawn)
    while not (good := _GIVEN_OUT[checks]).all():
        again = np.flatnonzero(~good)
        drawn[again] = chance.integers(0, len(ALPHABET), size=(len(again), RANDOM_CHARACTERS))
        checks[again] = _check_of(drawn[again])
    middles = _LETTERS[drawn].view(f"<U{RANDOM_CHARACTERS}").ravel()
    return [
        f"{PREFIX}{middle}{check}"
        for middle, check in zip(middles.tolist(), _CHECK_LETTERS[checks].tolist(), strict=True)
    ]


def words(chance: np.random.Generator, count: int, length: int) -> list[str]:
    """So many different words of the alphabet of codes."""
    found = np.empty(0, dtype=np.int64)
    while len(found) < count:
        found = np.unique(np.append(found, chance.integers(0, 32**length, size=count)))
    chosen = chance.permutation(found)[:count]
    digits = (chosen[:, None] >> (5 * np.arange(length - 1, -1, -1))) & 31
    drawn: list[str] = np.ascontiguousarray(_LETTERS[digits]).view(f"<U{length}").ravel().tolist()
    return drawn


def person_names(chance: np.random.Generator, count: int) -> list[str]:
    """Names of people whom nobody bears on purpose."""
    first = pick(chance, SURNAMES, count)
    return [f"{one} {two}" for one, two in zip(first, pick(chance, GIVEN, count), strict=True)]


def pick(
    chance: np.random.Generator, among: Sequence[T], count: int, weights: Shares | None = None
) -> list[T]:
    """So many of these, each as often as its weight says."""
    return [among[at] for at in weighted(chance, len(among), count, weights).tolist()]


def weighted(
    chance: np.random.Generator, among: int, count: int, weights: Shares | None = None
) -> Numbers:
    """So many numbers below `among`."""
    shares = None if weights is None else weights / weights.sum()
    return chance.choice(among, size=count, p=shares).astype(np.int64)


def _check_of(drawn: NDArray[Any]) -> NDArray[Any]:
    check = np.zeros(len(drawn), dtype=np.int64)
    for letter in PREFIX:
        check = (2 * check + _CHECKED.index(letter)) % _MODULUS
    for column in _WORTH[drawn].T:
        check = (2 * check + column) % _MODULUS
    return (1 - 2 * check) % _MODULUS
