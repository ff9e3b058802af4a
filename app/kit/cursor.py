"""Opaque page cursors: the sort key of a page's last row, as JSON in base64url."""

import base64
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

Part = int | str
Key = tuple[Part, ...]

_LONGEST = 1024
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_INT64 = range(-(2**63), 2**63)


class UnreadableCursor(ValueError):
    """The cursor was not made here for this list: start again from the first page."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items in order, and the cursor of the next page (None on the last)."""

    items: tuple[T, ...]
    next: str | None = None


def page_of(rows: Sequence[T], *, limit: int, key: Callable[[T], Key]) -> Page[T]:
    """A page of at most `limit` of rows asked for with LIMIT `limit` + 1; `key` is the sort key."""
    items = tuple(rows[:limit])
    return Page(items, encode(*key(items[-1])) if len(rows) > limit and items else None)


def encode(*key: Part) -> str:
    """The cursor of a sort key of whole numbers and texts (dates go in as ISO 8601 text)."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def decode(cursor: str, *kinds: type[int] | type[str]) -> Key:
    """The sort key in a cursor, of exactly these kinds of parts; raises UnreadableCursor.

    A cursor comes from outside: every part is checked to be something a database can compare.
    """
    key = _parsed(cursor)
    if len(key) != len(kinds) or not all(map(_comparable, key, kinds)):
        raise UnreadableCursor("the cursor does not belong to this list")
    return tuple(key)


def _parsed(cursor: str) -> list[Part]:
    if len(cursor) > _LONGEST:
        raise UnreadableCursor("the cursor is too long")
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        key = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    # RecursionError: a thousand opening brackets fit in a cursor.
    except (ValueError, RecursionError) as unreadable:
        raise UnreadableCursor("the cursor cannot be read") from unreadable
    return key if isinstance(key, list) else []


def _comparable(part: object, kind: type) -> bool:
    if type(part) is not kind:  # a bool is an int to isinstance
        return False
    if isinstance(part, int):
        return part in _INT64
    return isinstance(part, str) and not _UNSTORABLE.search(part)
