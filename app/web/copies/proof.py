"""What proves a copy: the digest of every file, and a signed manifest with the digest of that list.

`sha256sum -c SHA256SUMS` checks the files with any system's own tools.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.kit.messages import Message, say
from app.ledger.leaf import canonical
from app.provenance.statement_keys import NamedKey
from app.provenance.statements import NoStatement, read_signed, signed
from app.web.copies.state import NAME as STATE
from app.web.copies.state import CopyState

FORMAT = "nguongoc.copy/1"
SUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
KEYS = "jwks.json"
# What stands beside the files and is not listed: it says what the list is worth.
UNLISTED = frozenset({SUMS, MANIFEST, KEYS, STATE})
BLOCK = 1 << 20


def write_proof(
    folder: Path,
    state: CopyState,
    key: NamedKey,
    keys: Mapping[str, object],
    *,
    issuer: str,
    day: date,
) -> None:
    """Write the list of digests, the signed manifest and the public keys."""
    digest, count, size = hashlib.sha256(), 0, 0
    fresh = folder / f".{SUMS}.new"
    with fresh.open("wb") as sums:
        for path, sha256, length in state.files():
            line = f"{sha256}  {path}\n".encode()
            sums.write(line)
            digest.update(line)
            count, size = count + 1, size + length
    fresh.replace(folder / SUMS)
    manifest = {
        "format": FORMAT,
        "issuer": issuer,
        "copied_on": day,
        "files": count,
        "bytes": size,
        "sha256sums": digest.hexdigest(),
    }
    (folder / MANIFEST).write_bytes(signed(manifest, key))
    (folder / KEYS).write_bytes(canonical(keys))


def find_faults(folder: Path, keys: Mapping[str, Ed25519PublicKey]) -> Iterator[Message]:
    """Everything that is wrong with a copy; nothing when it is whole and genuine."""
    try:
        manifest = read_signed((folder / MANIFEST).read_bytes(), keys, FORMAT)
    except NoStatement as refused:
        yield refused.why
        return
    except OSError:
        yield say("There is no {file}.", file=MANIFEST)
        return
    try:
        listed_as = _digest(folder / SUMS)
    except OSError:
        yield say("There is no {file}.", file=SUMS)
        return
    if listed_as != manifest.get("sha256sums"):
        yield say("{file} is not the one that was signed.", file=SUMS)
        return
    yield from _of_files(folder)


def _of_files(folder: Path) -> Iterator[Message]:
    with (folder / SUMS).open(encoding="utf-8") as sums:
        for line in sums:
            sha256, _, path = line.rstrip("\n").partition("  ")
            try:
                same = _digest(folder / path) == sha256
            except OSError:
                yield say("{file} is missing.", file=path)
                continue
            if not same:
                yield say("{file} was changed.", file=path)
    yield from _of_strangers(folder)


def _of_strangers(folder: Path) -> Iterator[Message]:
    """Files that the list does not name: a page that was added would be believed like the others."""
    with (folder / SUMS).open(encoding="utf-8") as sums:
        expected: Iterable[str] = (line.rstrip("\n").partition("  ")[2] for line in sums)
        yield from _not_expected(_paths(folder), iter(expected))


def _not_expected(there: Iterable[str], expected: Iterator[str]) -> Iterator[Message]:
    """Both go up in the same order, so that neither need be held in memory."""
    awaited = next(expected, None)
    for path in there:
        while awaited is not None and awaited < path:
            awaited = next(expected, None)
        if awaited != path:
            yield say("{file} does not belong to the copy.", file=path)


def _paths(folder: Path, start: str = "") -> Iterator[str]:
    """Every file in the order of its whole path, however deep."""
    entries = sorted(
        (f"{one.name}/" if one.is_dir() else one.name) for one in (folder / start).iterdir()
    )
    for entry in entries:
        if entry.endswith("/"):
            yield from _paths(folder, start + entry)
        elif start or entry not in UNLISTED:
            yield start + entry


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while block := opened.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
