"""Signed notes (C2SP signed-note) with Ed25519 keys, and witnesses' cosignatures (tlog-cosignature). Pure."""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 0x01
COSIGNATURE_V1 = 0x04
SIGNATURE_BYTES = 64
KEY_BYTES = 32
KEY_ID_BYTES = 4
TIME_BYTES = 8
# A verifier sets itself a bound; the specification asks for sixteen at least.
MOST_SIGNATURES = 64
LONGEST_NOTE = 65_536

_NAME = re.compile(r"[^\s+\x00-\x20\x7f]{1,255}")
_LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+={0,2})")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


class BadNote(ValueError):
    """A text that is no signed note, or a key that is none."""


@dataclass(frozen=True)
class Signature:
    """One signature line: who, under which key id, and the bytes."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """The line as it stands in a note, with its end."""
        return f"— {self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A text, ending in a newline, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(one.line for one in self.signatures)


@dataclass(frozen=True)
class Verifier:
    """A public key with its name: what somebody pins. `kind` is ED25519 or COSIGNATURE_V1."""

    name: str
    key: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.key) != KEY_BYTES:
            raise BadNote("a key has a name without blanks or plus signs, and 32 bytes")

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ newline ‖ kind ‖ key)."""
        told = self.name.encode() + b"\n" + bytes([self.kind]) + self.key
        return hashlib.sha256(told).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        """The key as text, `name+id+key` (a vkey)."""
        packed = base64.b64encode(bytes([self.kind]) + self.key).decode()
        return f"{self.name}+{self.key_id.hex()}+{packed}"

    @classmethod
    def read(cls, text: str) -> "Verifier":
        """The key in a text. Raises BadNote."""
        try:
            name, key_id, packed = text.strip().split("+", 2)
            kind, *key = base64.b64decode(packed, validate=True)
        except ValueError as unreadable:
            raise BadNote("a key is written name+id+base64") from unreadable
        found = cls(name, bytes(key), kind)
        if kind not in {ED25519, COSIGNATURE_V1} or found.key_id.hex() != key_id:
            raise BadNote("the id of the key does not belong to its name and bytes")
        return found

    def made(self, signature: Signature) -> bool:
        """Whether a line says it was made with this key."""
        return signature.name == self.name and signature.key_id == self.key_id

    def verifies(self, text: str, signature: Signature) -> bool:
        """Whether a line is this key's signature of a text."""
        value = signature.value
        if not self.made(signature):
            return False
        if self.kind == ED25519:
            return _is_signed(self.key, value, text.encode())
        at = int.from_bytes(value[:TIME_BYTES], "big")
        return _is_signed(self.key, value[TIME_BYTES:], cosigned_message(text, at))


def cosigned_message(text: str, at: int) -> bytes:
    """What a witness signs: that at this time the text was the newest it knows to be consistent."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosigned_at(signature: Signature) -> int:
    """The time in a witness's signature, in seconds since 1970."""
    return int.from_bytes(signature.value[:TIME_BYTES], "big")


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of a key's public half."""
    return key.public_key().public_bytes_raw()


def signed(text: str, name: str, key: Ed25519PrivateKey) -> Signature:
    """A log's signature of a text."""
    verifier = Verifier(name, public_bytes(key))
    return Signature(name, verifier.key_id, key.sign(text.encode()))


def cosigned(text: str, name: str, key: Ed25519PrivateKey, at: int) -> Signature:
    """A witness's signature of a checkpoint's text at a time."""
    verifier = Verifier(name, public_bytes(key), COSIGNATURE_V1)
    value = at.to_bytes(TIME_BYTES, "big") + key.sign(cosigned_message(text, at))
    return Signature(name, verifier.key_id, value)


def read_note(whole: str) -> Note:
    """The text and the signatures of a note. Raises BadNote."""
    if len(whole) > LONGEST_NOTE or _CONTROL.search(whole):
        raise BadNote("a note is text without control characters, and not endless")
    text, gap, below = whole.rpartition("\n\n")
    if not gap or not text or not below.endswith("\n"):
        raise BadNote("a note is a text, an empty line and signature lines")
    lines = below.removesuffix("\n").split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadNote("a note with too many signatures")
    return Note(text + "\n", tuple(map(_read_line, lines)))


def verified_by(note: Note, known: Sequence[Verifier]) -> list[Verifier]:
    """The keys, among the known ones, that signed. Raises BadNote when a known one's signature is wrong."""
    found = []
    for signature in note.signatures:
        for verifier in known:
            if not verifier.made(signature):
                continue
            if not verifier.verifies(note.text, signature):
                raise BadNote(f"the signature of {verifier.name} is wrong")
            found.append(verifier)
    return found


def with_signatures(note: Note, more: Iterable[Signature]) -> Note:
    """The same text with further signatures under it."""
    return Note(note.text, (*note.signatures, *more))


def _read_line(line: str) -> Signature:
    found = _LINE.fullmatch(line)
    if found is None:
        raise BadNote("this is no signature line")
    try:
        packed = base64.b64decode(found[2], validate=True)
    except binascii.Error as unreadable:
        raise BadNote("a signature is base64") from unreadable
    if len(packed) <= KEY_ID_BYTES or base64.b64encode(packed).decode() != found[2]:
        raise BadNote("a signature is a key id and bytes, written in one way only")
    return Signature(found[1], packed[:KEY_ID_BYTES], packed[KEY_ID_BYTES:])


def _is_signed(key: bytes, signature: bytes, message: bytes) -> bool:
    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
