"""What the log says of a fact: its kind, its time, and commitments to what it keeps to itself. Pure.

An entry is canonical JSON (RFC 8785; what is shown is JSON with its names in order):

    {"at": …, "fact": c, "kind": …}                  nothing is shown
    {"at": …, "fact": c, "kind": …, "shown": s}      a part is shown to whoever has the lot's code
    {"at": …, "fact": c, "kind": …, "open": {…}}     that part stands in the log itself

`c` = SHA-256(salt ‖ SHA-256(0x00 ‖ body)), `s` = SHA-256(salt′ ‖ shown part), both in hex: without
the salts of 16 random bytes nobody learns anything from them, with them nobody can say otherwise.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

SALT_BYTES = 16
LENGTH_BYTES = 2


@dataclass(frozen=True)
class Salts:
    """The two salts of an entry."""

    fact: bytes
    shown: bytes

    @classmethod
    def of(cls, both: bytes) -> "Salts":
        """From the 32 bytes that are kept of an entry."""
        return cls(both[:SALT_BYTES], both[SALT_BYTES:])


def fact_commitment(salt: bytes, fact_hash: bytes) -> str:
    """Binds an entry to the whole of a fact; `fact_hash` is SHA-256(0x00 ‖ body)."""
    return hashlib.sha256(salt + fact_hash).hexdigest()


def shown_commitment(salt: bytes, shown: str) -> str:
    """Binds an entry to the part of a fact that is shown."""
    return hashlib.sha256(salt + shown.encode()).hexdigest()


def written_at(at: datetime) -> str:
    """An instant as facts and entries write it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def entry_of(
    at: datetime, kind: str, fact_hash: bytes, salts: Salts, part: str | None, *, is_open: bool
) -> bytes:
    """The log's entry of a fact. `part`: what is shown of it, as canonical JSON; None: nothing."""
    fact = fact_commitment(salts.fact, fact_hash)
    head = (
        f'{{"at":"{written_at(at)}","fact":"{fact}","kind":{json.dumps(kind, ensure_ascii=False)}'
    )
    if part is None:
        return (head + "}").encode()
    if is_open:
        return f'{head},"open":{part}}}'.encode()
    return f'{head},"shown":"{shown_commitment(salts.shown, part)}"}}'.encode()


def bundled(entries: Iterable[bytes]) -> bytes:
    """Entries as an entry bundle holds them: each behind its length in two bytes (tlog-tiles)."""
    return b"".join(len(entry).to_bytes(LENGTH_BYTES, "big") + entry for entry in entries)


def unbundled(bundle: bytes) -> list[bytes]:
    """The entries of a bundle. ValueError when its lengths do not fit."""
    entries, at = [], 0
    while at < len(bundle):
        begin = at + LENGTH_BYTES
        end = begin + int.from_bytes(bundle[at:begin], "big")
        if end > len(bundle) or begin > len(bundle):
            raise ValueError("the bundle is cut off")
        entries.append(bundle[begin:end])
        at = end
    return entries
