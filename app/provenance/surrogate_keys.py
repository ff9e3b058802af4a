"""Surrogate keys: short names of what a public page speaks of, by which a cache in front drops it. Pure."""

import base64
import hashlib
import re
from collections.abc import Iterable

# Beyond this many the header would be longer than some caches bear. Left out are members of large
# groups: what changes of them shows when the cache asks again, half a minute later.
MOST_KEYS = 64
_LOT = re.compile(r"LC[0-9A-HJKMNP-TV-Z]{13}")
_LETTERS = 10


def surrogate_key(subject: str) -> str:
    """The key of a subject: a lot's trace code as it is, of anything else 50 bits of its SHA-256."""
    if _LOT.fullmatch(subject):
        return subject
    return base64.b32encode(hashlib.sha256(subject.encode()).digest())[:_LETTERS].decode().lower()


def surrogate_keys(subjects: Iterable[str]) -> list[str]:
    """The keys of a page: lots first, then whole kinds of facts, then single things."""
    ranked = sorted(subjects, key=lambda one: (not _LOT.fullmatch(one), "/" not in one, one))
    return [surrogate_key(subject) for subject in ranked[:MOST_KEYS]]
