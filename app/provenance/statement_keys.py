"""The keys that sign public statements and exports: Ed25519, numbered files, the newest signs.

The public halves of all of them are published as a JSON Web Key Set (RFC 7517, RFC 8037), so that
what an older one signed can still be verified. A key whose file is gone vouches for nothing more.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from app.kit.numbered_files import add_numbered, numbers_in

ENDING = "pem"
PUBLIC_BYTES = 32


@dataclass(frozen=True)
class NamedKey:
    """A private key and the thumbprint (RFC 7638) of its public half, which names it."""

    name: str
    key: Ed25519PrivateKey


@dataclass(frozen=True)
class StatementKeys:
    """The keys of this installation. Several servers of one installation share the folder."""

    folder: Path

    def signing(self) -> NamedKey:
        """The key that signs now; made where there is none."""
        numbers = numbers_in(self.folder, ENDING)
        return self._named(numbers[-1]) if numbers else self.add()

    def add(self) -> NamedKey:
        """Make a key that signs from now on."""
        made = Ed25519PrivateKey.generate()
        written = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return self._named(add_numbered(self.folder, ENDING, written))

    def all(self) -> list[NamedKey]:
        """Every key, the newest first; one is made where there is none."""
        first = self.signing()
        others = [self._named(number) for number in reversed(numbers_in(self.folder, ENDING))]
        return [first, *(one for one in others if one.name != first.name)]

    def public(self) -> dict[str, Any]:
        """The public halves as a JSON Web Key Set, the one that signs now first."""
        return {"keys": [jwk_of(one.key.public_key()) for one in self.all()]}

    def _named(self, number: int) -> NamedKey:
        file = self.folder / f"{number}.{ENDING}"
        key = load_pem_private_key(file.read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError(f"{file} holds no Ed25519 key")
        return NamedKey(thumbprint(key.public_key()), key)


def jwk_of(key: Ed25519PublicKey) -> dict[str, str]:
    """A public key as a JSON Web Key."""
    shown = {"crv": "Ed25519", "kty": "OKP", "x": in_base64url(_raw(key))}
    return {**shown, "alg": "EdDSA", "use": "sig", "kid": thumbprint(key)}


def thumbprint(key: Ed25519PublicKey) -> str:
    """What names a public key (RFC 7638): the SHA-256 of its required members."""
    needed = {"crv": "Ed25519", "kty": "OKP", "x": in_base64url(_raw(key))}
    canonical = json.dumps(needed, separators=(",", ":"), sort_keys=True)
    return in_base64url(hashlib.sha256(canonical.encode()).digest())


def keys_in(key_set: object) -> dict[str, Ed25519PublicKey]:
    """The Ed25519 keys of a JSON Web Key Set by their thumbprints; other keys are passed over.

    Raises ValueError for what is no key set.
    """
    members = key_set.get("keys") if isinstance(key_set, Mapping) else None
    if not isinstance(members, list):
        raise ValueError("no JSON Web Key Set")  # noqa: TRY004  # the file is wrong, not the call
    found = {}
    for one in members:
        raw = _raw_in(one)
        if raw is not None:
            key = Ed25519PublicKey.from_public_bytes(raw)
            found[thumbprint(key)] = key
    return found


def in_base64url(content: bytes) -> str:
    """Base64url without padding (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes of base64url without padding, written in the one way there is. Raises ValueError."""
    content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if in_base64url(content) != text:
        raise ValueError("not the canonical base64url of anything")
    return content


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _raw_in(member: object) -> bytes | None:
    if not isinstance(member, Mapping) or member.get("crv") != "Ed25519":
        return None
    written = member.get("x")
    try:
        raw = from_base64url(written) if isinstance(written, str) else b""
    except ValueError:
        return None
    return raw if len(raw) == PUBLIC_BYTES else None
