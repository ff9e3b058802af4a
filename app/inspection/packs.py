"""A signed file of an inspector's dossier, to be read and verified where there is no network. Pure.

A ZIP of a page to read, the records as gzipped JSON lines, the signature over those bytes and the
public key. Whoever holds the key from elsewhere sees every changed byte.
"""

import gzip
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.kit.messages import Message, say
from app.lots.archive_signing import find_fault, packed, public_pem, sha256_of, signed

RECORDS, PAGE, SIGNATURE, KEY = "records.jsonl.gz", "page.html", "signature.json", "key.pem"
MOST_BYTES = 20 * 1024 * 1024
Record = Mapping[str, object]


@dataclass(frozen=True)
class Checked:
    """What a pack says of itself, and what is wrong with it (None: it is whole and genuine)."""

    fault: Message | None
    rows: int = 0


def pack_of(key: Ed25519PrivateKey, *, head: Record, records: Sequence[Record], page: str) -> bytes:
    """The file. The page's own bytes are named in the signed records, so that they are covered too."""
    text = page.encode()
    content = packed({**head, "rows": len(records), "page_sha256": sha256_of(text)}, records)
    proof = {"sha256": sha256_of(content), "signature": signed(key, content), "rows": len(records)}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(_entry(PAGE), text)
        file.writestr(_entry(RECORDS), content)
        file.writestr(_entry(SIGNATURE), json.dumps(proof, sort_keys=True))
        file.writestr(_entry(KEY), public_pem(key))
    return made.getvalue()


def check_pack(content: bytes, key: Ed25519PublicKey) -> Checked:
    """Whether a file is whole and signed with this key; a key inside the file proves nothing."""
    unreadable = Checked(say("It cannot be read."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            if sum(one.file_size for one in file.infolist()) > MOST_BYTES:
                return unreadable
            records, page = file.read(RECORDS), file.read(PAGE)
            proof = json.loads(file.read(SIGNATURE))
        sha256, signature, rows = proof["sha256"], proof["signature"], int(proof["rows"])
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, NotImplementedError):
        return unreadable
    fault = find_fault(records, sha256=sha256, signature=signature, rows=rows, key=key)
    if fault is None and sha256_of(page) != _page_hash(records):
        fault = say("Its page is not the one that was signed.")
    return Checked(fault, rows)


def _entry(name: str) -> zipfile.ZipInfo:
    # The same day in every file: the same dossier gives the same bytes.
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _page_hash(records: bytes) -> str:
    head = json.loads(gzip.decompress(records).splitlines()[0])
    return str(head.get("page_sha256", ""))
