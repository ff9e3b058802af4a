"""Archives as files: gzipped JSON lines, their hash, and an Ed25519 signature over the bytes."""

import base64
import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from app.kit.messages import Message, say

FORMAT = "nguongoc.archive/1"
OWNER_ONLY = 0o600


def signing_key(file: Path) -> Ed25519PrivateKey:
    """The key in a file; made once, readable by its owner only, where there is none."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        return _read(file)
    made = Ed25519PrivateKey.generate()
    with os.fdopen(handle, "wb") as opened:
        opened.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return made


def public_pem(key: Ed25519PrivateKey) -> str:
    """The public half, to be kept elsewhere: whoever has it can check every archive."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return public.decode()


def packed(head: Mapping[str, object], lines: Iterable[Mapping[str, object]]) -> bytes:
    """A file of JSON lines, the head first; the same lines give the same bytes."""
    text = "\n".join(_line(one) for one in [{"format": FORMAT, **head}, *lines]) + "\n"
    return gzip.compress(text.encode(), mtime=0)


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def signed(key: Ed25519PrivateKey, content: bytes) -> str:
    """The signature over a file's bytes, base64."""
    return base64.b64encode(key.sign(content)).decode()


def find_fault(
    content: bytes, *, sha256: str, signature: str, rows: int, key: Ed25519PublicKey
) -> Message | None:
    """What is wrong with an archive; None when it is whole, genuine and can be read."""
    if sha256_of(content) != sha256:
        return say("Its bytes are not those that were written.")
    try:
        key.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError):
        return say("Its signature is not of this key.")
    return _unreadable(content, rows)


def _unreadable(content: bytes, rows: int) -> Message | None:
    try:
        head, *lines = map(json.loads, gzip.decompress(content).splitlines())
    except (OSError, EOFError, ValueError, zlib.error):
        return say("It cannot be read.")
    if not isinstance(head, dict):
        return say("It cannot be read.")
    if head.get("format") != FORMAT or head.get("rows") != rows or len(lines) != rows:
        return say("It does not hold as many records as it says.")
    return None


def _read(file: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{file} holds no Ed25519 key")
    return key


def _line(record: Mapping[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, default=str)
