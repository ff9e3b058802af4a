"""Surrogate keys: short names of what a public page speaks of, by which a cache in front drops it. Pure."""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

# Beyond this many the header would be longer than some caches bear. Left out are members of large
# groups: what changes of them shows when the cache asks again, half a minute later.
MOST_KEYS = 64
_LOT = re.compile(r"LC[0-9A-HJKMNP-TV-Z]{13}")
_LOT_LETTERS = 15
_LETTERS = 10


def surrogate_key(subject: str) -> str:
    """The key of a subject: a lot's trace code as it is, of anything else 50 bits of its SHA-256."""
    return subject if is_lot(subject) else _digest(subject)


def ranked(subjects: Iterable[str]) -> tuple[str, ...]:
    """Lots first, then whole kinds of facts, then single things."""
    return tuple(sorted(subjects, key=lambda one: (not is_lot(one), "/" not in one, one)))


def surrogate_keys(subjects: Sequence[str]) -> str:
    """The keys of a page from its ranked subjects, with a blank between two."""
    first, others = subjects[:1], subjects[1:MOST_KEYS]
    return " ".join([*map(surrogate_key, first), *([_keys(tuple(others))] if others else ())])


def is_lot(subject: str) -> bool:
    """Whether a subject is a lot's trace code."""
    return len(subject) == _LOT_LETTERS and _LOT.fullmatch(subject) is not None


# But for the first, pages have the same subjects as many others.
@lru_cache(maxsize=4_096)
def _keys(subjects: tuple[str, ...]) -> str:
    return " ".join(map(surrogate_key, subjects))


@lru_cache(maxsize=16_384)
def _digest(subject: str) -> str:
    return base64.b32encode(hashlib.sha256(subject.encode()).digest())[:_LETTERS].decode().lower()
