"""Codes of the second step: of an authenticator app (RFC 6238), and recovery codes on paper. Pure."""

import hmac
import secrets
from datetime import datetime

import pyotp

ISSUER = "Nguồn Gốc"
STEP_SECONDS = 30
DIGITS = 6
# A phone's clock may be half a minute off in either direction.
STEPS_TOLERATED = 1
RECOVERY_CODES = 10
_GROUPS, _GROUP = 3, 4
# Without 0, 1, I, L, O and U: read aloud and copied by hand. 12 of 30 letters are 58 bits.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_secret() -> str:
    """A secret of 160 bits in base32, as authenticator apps take it."""
    return pyotp.random_base32()


def address_of(secret: str, login: str) -> str:
    """What the QR says to the app: the secret, and whose account where it is for."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(
        name=login, issuer_name=ISSUER
    )


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The step of thirty seconds a code belongs to; None when it fits none near now."""
    code = "".join(typed.split())
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    generator = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    today = int(now.timestamp()) // STEP_SECONDS
    near = range(today - STEPS_TOLERATED, today + STEPS_TOLERATED + 1)
    fitting = [step for step in near if hmac.compare_digest(generator.generate_otp(step), code)]
    return fitting[-1] if fitting else None


def new_recovery_codes() -> list[str]:
    """Ten codes to keep on paper, in groups of four."""
    return [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    ]


def plain_recovery_code(typed: str) -> str | None:
    """A recovery code as it is hashed, however it was typed; None for what cannot be one."""
    letters = typed.upper().replace("-", "").replace(" ", "")
    fits = len(letters) == _GROUPS * _GROUP and set(letters) <= set(_LETTERS)
    return letters if fits else None
