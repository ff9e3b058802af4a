"""Signed statements: what was true of a number when it was issued, verifiable by anybody. Pure.

A statement is signed over the RFC 8785 bytes of its `statement` member, with Ed25519 (RFC 8032).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.kit.messages import Message, say
from app.ledger.leaf import canonical
from app.provenance.statement_keys import NamedKey, from_base64url, in_base64url

FORMAT = "nguongoc.statement/1"
ALGORITHM = "Ed25519"
LARGEST = 4 * 1024 * 1024
_ENVELOPE = {"statement", "signature"}
_SIGNATURE = {"algorithm", "key", "value"}


class NoStatement(ValueError):
    """A file that is no signed statement, or not a genuine one. `why` says what is wrong."""

    def __init__(self, why: Message) -> None:
        super().__init__(why.msgid)
        self.why = why


@dataclass(frozen=True)
class Verified:
    """A genuine statement and when it was, or will be, good for something."""

    statement: dict[str, Any]
    key: str
    issued_at: datetime
    valid_until: datetime

    def is_current(self, now: datetime) -> bool:
        return self.issued_at <= now < self.valid_until


def instant(moment: datetime) -> str:
    """An instant as statements write it: UTC, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def signed(statement: Mapping[str, object], key: NamedKey) -> bytes:
    """The statement with its signature, in canonical bytes."""
    signature = {
        "algorithm": ALGORITHM,
        "key": key.name,
        "value": in_base64url(key.key.sign(canonical(statement))),
    }
    return canonical({"statement": statement, "signature": signature})


def verify(content: bytes, keys: Mapping[str, Ed25519PublicKey]) -> Verified:
    """A genuine statement of one of these keys. Raises NoStatement for everything else.

    Whether it is still current is not asked here: an old one is genuine as well.
    """
    statement, signature = _parts(content, FORMAT)
    _require_genuine(statement, signature, keys)
    return Verified(
        statement=statement,
        key=signature["key"],
        issued_at=_read_instant(statement.get("issued_at")),
        valid_until=_read_instant(statement.get("valid_until")),
    )


def read_signed(content: bytes, keys: Mapping[str, Ed25519PublicKey], form: str) -> dict[str, Any]:
    """Something else of a format that one of these keys signed in the same way. Raises NoStatement."""
    statement, signature = _parts(content, form)
    _require_genuine(statement, signature, keys)
    return statement


def _require_genuine(
    statement: dict[str, Any],
    signature: dict[str, str],
    keys: Mapping[str, Ed25519PublicKey],
) -> None:
    key = keys.get(signature["key"])
    if key is None:
        raise NoStatement(say("It is signed with a key that is not among the given ones."))
    try:
        key.verify(from_base64url(signature["value"]), _bytes_of(statement))
    except (InvalidSignature, ValueError):
        raise NoStatement(say("Its signature is not right: something was changed.")) from None


def _parts(content: bytes, form: str) -> tuple[dict[str, Any], dict[str, str]]:
    if len(content) > LARGEST:
        raise _not_one()
    try:
        told = json.loads(content, object_pairs_hook=_once, parse_constant=_refused)
    except (ValueError, RecursionError):
        raise _not_one() from None
    if not isinstance(told, dict) or set(told) != _ENVELOPE:
        raise _not_one()
    statement, signature = told["statement"], told["signature"]
    if not isinstance(statement, dict) or not _is_signature(signature):
        raise _not_one()
    if signature["algorithm"] != ALGORITHM or statement.get("format") != form:
        raise NoStatement(say("It is a statement of another kind than this program knows."))
    return statement, signature


def _is_signature(told: object) -> bool:
    if not isinstance(told, dict) or set(told) != _SIGNATURE:
        return False
    return all(isinstance(part, str) for part in told.values())


def _bytes_of(statement: dict[str, Any]) -> bytes:
    try:
        return canonical(statement)
    except (ValueError, RecursionError):  # numbers that no statement holds, half characters
        raise _not_one() from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A member twice would be read differently by different programs."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member stands twice")
    return found


def _refused(constant: str) -> None:
    raise ValueError(constant)


def _read_instant(written: object) -> datetime:
    try:
        return datetime.strptime(str(written), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise _not_one() from None


def _not_one() -> NoStatement:
    return NoStatement(say("This is no signed statement."))
