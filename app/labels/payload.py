"""What the QR on a label says: the address of a lot's page, in the segments that print smallest."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

# ISO/IEC 18004 §7.4.4: the 45 characters of alphanumeric mode.
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
_LOT_PATH = re.compile(r"/t/([^/?#\s]+)", re.IGNORECASE)
_LABEL_PATH = re.compile(r"/t/([^/?#\s]+)(?:/([^/?#\s]+))?", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[/·,;]\s*")


class Mode(StrEnum):
    """How a segment is encoded: 8 bits a character, or 11 bits for two."""

    BYTE = "byte"
    ALPHANUMERIC = "alphanumeric"


@dataclass(frozen=True)
class Segment:
    """A run of the text in one mode."""

    text: str
    mode: Mode


def qr_text(base_url: str, lot_code: str) -> str:
    """The address `https://HOST/T/LC…` of a lot: scheme in lower case, all else in capitals.

    Host names and the product's own paths do not distinguish case, and capitals take 5½ bits
    instead of 8. The scheme stays small: some phone cameras do not open `HTTPS:`. A base address
    whose rest cannot go in capitals (a path of its own, an underscore, a non-ASCII host) is kept
    as it stands. `base_url` is the installation's setting, never a request's header.
    """
    scheme, _, rest = base_url.rstrip("/").partition("://")
    tail = f"/T/{lot_code}"
    return f"{scheme}://{rest.upper() if _may_be_capitals(rest) else rest}{tail}"


def segments(text: str) -> tuple[Segment, ...]:
    """The address as a byte segment for the scheme and an alphanumeric one for the rest.

    One byte segment when the rest has characters that alphanumeric mode lacks: the symbol gets
    larger, and still opens.
    """
    scheme, slashes, rest = text.partition("://")
    if not slashes or not _ALPHANUMERIC.fullmatch(rest):
        return (Segment(text, Mode.BYTE),)
    return (Segment(scheme + slashes, Mode.BYTE), Segment(rest, Mode.ALPHANUMERIC))


def host_of(base_url: str) -> str:
    """The short form of the address that a person types: host and port, in lower case."""
    return urlsplit(base_url).netloc.lower()


def lot_code_in(scanned: str) -> str:
    """What follows `/t/` in a scanned or pasted address, or the text itself when it is none."""
    found = _LOT_PATH.search(scanned)
    return found[1] if found else scanned


def _may_be_capitals(rest: str) -> bool:
    return "/" not in rest and _ALPHANUMERIC.fullmatch(rest.upper()) is not None


def lot_and_serial_in(scanned: str) -> tuple[str, str]:
    """The lot code and the serial of a scanned address or of typed text ("LC… / 0001…"); "" where none.

    Typed without an address, a slash, a middle dot or a comma stands between the two.
    """
    path = _LABEL_PATH.search(scanned)
    if path:
        return path[1], path[2] or ""
    lot, _, serial = _BETWEEN.sub("/", scanned.strip()).partition("/")
    return lot.strip(), serial.strip()
