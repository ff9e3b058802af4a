"""Proof of when a form was shown: signed, so that nobody makes one up; nothing is stored for it.

The secret is the file `form-key` of the data directory, made once; several servers share it.
"""

import hashlib
import hmac
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

FILE = "form-key"
_BYTES = 32
_NONCE_CHARACTERS = 16
_LONGEST = 200
_PARTS = 3


def form_secret(data_dir: Path) -> bytes:
    """The installation's secret; made, readable by its owner only, where there is none."""
    file = data_dir / FILE
    if not file.is_file():
        _make(file)
    return file.read_bytes()


def new_form_token(secret: bytes, now: datetime) -> str:
    """A token that says when the form was shown."""
    told = f"{int(now.timestamp())}.{secrets.token_hex(_NONCE_CHARACTERS // 2)}"
    return f"{told}.{_signed(secret, told)}"


def read_form_token(secret: bytes, token: str) -> datetime | None:
    """When the form of a token was shown; None for a token that was not made here."""
    parts = token.split(".") if len(token) <= _LONGEST and token.isascii() else []
    if len(parts) != _PARTS or not parts[0].isdigit():
        return None
    told = f"{parts[0]}.{parts[1]}"
    if not hmac.compare_digest(_signed(secret, told), parts[2]):
        return None
    return datetime.fromtimestamp(int(parts[0]), UTC)


def token_hash(token: str) -> str:
    """What a used token is known by."""
    return hashlib.sha256(token.encode()).hexdigest()


def _signed(secret: bytes, told: str) -> str:
    return hmac.new(secret, told.encode(), hashlib.sha256).hexdigest()[:32]


def _make(file: Path) -> None:
    # A link fails where the name is taken: of two servers that start at once, one is first.
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = file.with_name(f".{FILE}-{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(secrets.token_bytes(_BYTES))
        opened.flush()
        os.fsync(handle)
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
