"""The log judged by Sigstore's client: it verifies our entries and our checkpoints as it does Rekor's.

Its verifier descends from Trillian's, pymerkle's stands by itself: two that are not ours.
"""

import base64
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import verify_checkpoint
from sigstore._internal.trust import Keyring, RekorKeyring
from sigstore.errors import VerificationError
from sigstore.models import TransparencyLogEntry
from sigstore_models.common import v1 as common
from sigstore_models.rekor import v1 as rekor
from sqlalchemy import Engine
from starlette.testclient import TestClient

from app.db import open_read_session
from app.transparency.checkpoints import Checkpoint
from app.transparency.notes import Verifier, read_note
from app.transparency.queries import verifiers
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree
from tests.transparency.facts import published
from tests.transparency.test_serving import entries_of

SIZES = range(1, 142)  # 10,011 proofs


def entry(
    body: bytes, index: int, size: int, root: bytes, path: list[bytes], note: str, key_id: bytes
) -> TransparencyLogEntry:
    """An entry of ours in the shape in which a bundle of Sigstore carries one of Rekor."""
    proof = {
        "log_index": str(index),
        "tree_size": str(size),
        "root_hash": base64.b64encode(root),
        "hashes": [base64.b64encode(one) for one in path],
        "checkpoint": {"envelope": note},
    }
    told = {
        "log_index": str(index),
        "log_id": {"key_id": base64.b64encode(key_id)},
        "kind_version": {"kind": "fact", "version": "1"},
        "inclusion_proof": proof,
        "canonicalized_body": base64.b64encode(body),
    }
    return TransparencyLogEntry(rekor.TransparencyLogEntry.model_validate(told))


def keyring(key: Verifier) -> RekorKeyring:
    der = Ed25519PublicKey.from_public_bytes(key.key).public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    details = common.PublicKeyDetails.PKIX_ED25519
    told = {"raw_bytes": base64.b64encode(der), "key_details": details}
    return RekorKeyring(Keyring([common.PublicKey.model_validate(told)]))


def test_ten_thousand_proofs_are_accepted_and_none_that_is_wrong(
    client: TestClient, engine: Engine, log: TheLog, now: datetime
) -> None:
    size = published(engine, log, now, SIZES[-1])
    note = client.get("/log/checkpoint").text
    bodies = entries_of(client, size)
    accepted = 0
    with open_read_session(engine) as session:
        tree = StoredTree(session)
        for width in SIZES:
            root = tree.root(width)
            for index in range(width):
                path = tree.inclusion(index, width)
                verify_merkle_inclusion(entry(bodies[index], index, width, root, path, note, b""))
                accepted += 1
            other = bodies[width % size]
            with pytest.raises(VerificationError):
                verify_merkle_inclusion(entry(other, index, width, root, path, note, b""))
    assert accepted >= 10_000


def test_a_checkpoint_and_its_signature_are_accepted_with_our_key_and_with_no_other(
    client: TestClient, engine: Engine, log: TheLog, now: datetime
) -> None:
    size = published(engine, log, now, 20)
    note = client.get("/log/checkpoint").text
    checkpoint = Checkpoint.read(read_note(note).text)
    body = entries_of(client, size)[7]
    with open_read_session(engine) as session:
        (key,) = verifiers(session)
        path = StoredTree(session).inclusion(7, size)
    told = entry(body, 7, size, checkpoint.root, path, note, key.key_id)
    verify_merkle_inclusion(told)
    verify_checkpoint(keyring(key), told)
    with pytest.raises(VerificationError, match="signature"):
        verify_checkpoint(keyring(Verifier(key.name, _another())), told)
    changed = note.replace(f"\n{size}\n", f"\n{size - 1}\n")
    assert changed != note
    with pytest.raises(VerificationError, match="signature"):
        verify_checkpoint(
            keyring(key), entry(body, 7, size, checkpoint.root, path, changed, key.key_id)
        )


def _another() -> bytes:
    return Ed25519PrivateKey.generate().public_key().public_bytes_raw()
