"""A fact as bytes: canonical JSON (RFC 8785) and its Merkle leaf hash (RFC 6962 §2.1). Pure."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from uuid import UUID

import rfc8785

LEAF_PREFIX = b"\x00"


def canonical(value: Mapping[str, object]) -> bytes:
    """RFC 8785 bytes of a mapping of plain values, dates, UUIDs and enums."""
    return rfc8785.dumps(_plain(value))  # type: ignore[arg-type]  # its type is recursive and private


def leaf_hash(body: bytes) -> bytes:
    """SHA-256(0x00 ‖ body)."""
    return hashlib.sha256(LEAF_PREFIX + body).digest()


def personal_hash(salt: bytes, body: bytes) -> str:
    """Hex SHA-256(salt ‖ body): binds a personal part to its fact without showing it."""
    return hashlib.sha256(salt + body).hexdigest()


def _plain(value: object) -> object:
    match value:
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case set() | frozenset():  # in one order, so that equal facts give equal bytes
            return sorted((_plain(inner) for inner in value), key=str)
        case _:
            return _plain_scalar(value)


def _plain_scalar(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value
