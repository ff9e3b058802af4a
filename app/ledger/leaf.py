"""A fact as bytes: canonical JSON (RFC 8785) and its Merkle leaf hash (RFC 6962 §2.1). Pure."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from uuid import UUID

import rfc8785

LEAF_PREFIX = b"\x00"
# The whole numbers that RFC 8785 lets pass: those that every JSON reader holds exactly.
LARGEST = 2**53 - 1
# The same bytes ten times as fast, for all but fractions, such numbers and names beyond ASCII.
_WRITER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False
)


def canonical(value: Mapping[str, object]) -> bytes:
    """RFC 8785 bytes of a mapping of plain values, dates, UUIDs and enums."""
    odd: list[object] = []
    plain = _plain(value, odd)
    if not odd:
        try:
            return _WRITER.encode(plain).encode()
        except UnicodeEncodeError:  # half a surrogate pair: refused in the library's own words
            pass
    return rfc8785.dumps(plain)  # type: ignore[arg-type]  # its type is recursive and private


def leaf_hash(body: bytes) -> bytes:
    """SHA-256(0x00 ‖ body)."""
    return hashlib.sha256(LEAF_PREFIX + body).digest()


def personal_hash(salt: bytes, body: bytes) -> str:
    """Hex SHA-256(salt ‖ body): binds a personal part to its fact without showing it."""
    return hashlib.sha256(salt + body).hexdigest()


def _plain(value: object, odd: list[object]) -> object:
    """The same in words of JSON. What the quick writer writes otherwise than the library is noted."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if kind is int:
        return _whole(value, odd)
    match value:
        case Mapping():
            return _members(value, odd)
        case list() | tuple():
            return [_plain(inner, odd) for inner in value]
        case set() | frozenset():  # in one order, so that equal facts give equal bytes
            return sorted((_plain(inner, odd) for inner in value), key=str)
        case _:
            return _plain_scalar(value, odd)


def _members(value: Mapping[object, object], odd: list[object]) -> dict[str, object]:
    found = {str(key): _plain(inner, odd) for key, inner in value.items()}
    # Beyond ASCII the order is that of UTF-16.
    if not all(map(str.isascii, found)):
        odd.append(value)
    return found


def _whole(value: object, odd: list[object]) -> object:
    if not isinstance(value, int) or abs(value) > LARGEST:
        odd.append(value)
    return value


def _plain_scalar(value: object, odd: list[object]) -> object:
    match value:
        case Enum():
            return _plain(value.value, odd)
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            odd.append(value)
            return value
