"""Passwords: argon2id, the same work for known and unknown people, at most four at once."""

import secrets
import threading
import unicodedata

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.accounts.common_passwords import is_common
from app.errors import refuse
from app.kit.messages import say

# m = 46 MiB, t = 1, p = 1 (OWASP's first choice for argon2id): about 60 ms here.
_HASHER = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=46 * 1024, parallelism=1),))
# Memory is bounded by how many hashes run at once, whatever the number of visitors.
_AT_ONCE = threading.BoundedSemaphore(4)

SHORTEST = 14
SHORTEST_WITH_SECOND_FACTOR = 8
LONGEST = 256
FEWEST_CHARACTERS = 5
# A login of two or three letters occurs in every other sentence.
LOGIN_WORTH_FINDING = 4
# Of 256 random bits that nobody kept: the work is the same, and starting need not do it.
_NOBODYS_HASH = (
    "$argon2id$v=19$m=47104,t=1,p=1$fp+tp3mmBNGlATQLP3Wv+A$fN+8MM"
    "9C8iEeFgmrL8F/lpL5kX81yS9boWoiowB8nS8"
)
_WORDS = [
    "bap",
    "cai",
    "su",
    "hao",
    "dau",
    "rau",
    "mua",
    "nang",
    "nui",
    "suoi",
    "ruong",
    "lua",
    "gio",
    "may",
    "cay",
    "hoa",
    "dat",
    "nuoc",
]


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    with _AT_ONCE:
        return _HASHER.hash(_bytes(password))


def matches(password: str, stored: str | None) -> bool:
    """Whether a password fits. Somebody without a password costs the same time as anybody else."""
    with _AT_ONCE:
        fits = _HASHER.verify(_bytes(password), stored or _NOBODYS_HASH)
    return fits and stored is not None


def require_good_password(password: str, *, login: str, shortest: int = SHORTEST) -> None:
    """Refuse what TCVN 14423:2026 calls too short, what holds the login, and what everybody tries."""
    plain = _normal(password)
    if len(plain) < shortest:
        raise refuse(
            "password",
            say(
                "A password needs at least {shortest} characters. Three or four words are good.",
                shortest=shortest,
            ),
        )
    if len(plain) > LONGEST:
        raise refuse(
            "password", say("A password has at most {longest} characters.", longest=LONGEST)
        )
    holds_login = len(login) >= LOGIN_WORTH_FINDING and login.casefold() in plain.casefold()
    if holds_login or len(set(plain)) < FEWEST_CHARACTERS:
        raise refuse("password", say("This password is too easy to guess."))
    if is_common(plain):
        raise refuse(
            "password",
            say("Many people use this password, so it is tried first. Take words of your own."),
        )


def new_password() -> str:
    """A generated password that a person can type: five words and two numbers (over 60 bits)."""
    words = [secrets.choice(_WORDS) for _ in range(5)]
    return "-".join([*words, f"{secrets.randbelow(10**6):06}", f"{secrets.randbelow(10**6):06}"])


def length_of(password: str) -> int:
    """How many letters a password has, as people count them."""
    return len(_normal(password))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


def _bytes(password: str) -> bytes:
    # What no keyboard types, a lone surrogate say, is a wrong password and no failure.
    # One more than may be set: a longer one never passes for its beginning.
    return _normal(password)[: LONGEST + 1].encode("utf-8", "surrogatepass")
