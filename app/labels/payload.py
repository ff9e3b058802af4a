"""What the QR on a label says: the address of a lot's page, in the segments that print smallest; and back."""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from app.kit.gs1_elements import BadElementString, read_elements
from app.kit.gs1_identifiers import BadElement

# ISO/IEC 18004 §7.4.4: the 45 characters of alphanumeric mode.
_ALPHANUMERIC = re.compile(r"[0-9A-Z $%*+\-./:]+")
# `/T/lot[/serial]`, or GS1 Digital Link `/01/gtin[/22/variant]/10/lot[/21/serial]`.
_LABEL_PATH = re.compile(
    r"/t/(?P<lot>[^/?#\s]+)(?:/(?P<serial>[^/?#\s]+))?"
    r"|/01/[0-9]{8,14}(?:/22/[^/?#\s]+)?/10/(?P<batch>[^/?#\s]+)(?:/21/(?P<item>[^/?#\s]+))?",
    re.IGNORECASE,
)
_UNIT_PATH = re.compile(r"://[^?#\s]*/00/([0-9]{18})(?:[/?#]|$)", re.IGNORECASE)
_APART = re.compile(r"[\s.-]")
_SSCC_DIGITS = 18
_GOODS = {"00", "01", "02"}
_OF_PRODUCT = re.compile(r"/01/[0-9]{14}/10/[^/]+$")
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


def qr_text(base_url: str, lot_code: str, gtin: str | None = None) -> str:
    """The address of a lot: `https://HOST/T/LC…`, or of a product's `https://HOST/01/GTIN/10/LC…`.

    Scheme in lower case, all else in capitals: host names and the product's own paths do not
    distinguish case, and capitals take 5½ bits instead of 8. The scheme stays small: some phone
    cameras do not open `HTTPS:`. A base address whose rest cannot go in capitals (a path of its
    own, an underscore, a non-ASCII host) is kept as it stands. `gtin` has 14 digits; `base_url` is
    the installation's setting, never a request's header.
    """
    scheme, _, rest = base_url.rstrip("/").partition("://")
    tail = f"/01/{gtin}/10/{lot_code}" if gtin else f"/T/{lot_code}"
    return f"{scheme}://{rest.upper() if _may_be_capitals(rest) else rest}{tail}"


def with_serial(address: str, serial: str) -> str:
    """The address of one label of a lot: the serial is its AI (21) where a GTIN comes first."""
    return f"{address}/21/{serial}" if _OF_PRODUCT.search(address) else f"{address}/{serial}"


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
    """The lot code in a scanned or pasted address or element string, or the text when it is none."""
    found = _found_in(scanned)
    return found[0] if found else scanned


def sscc_in(scanned: str) -> str:
    """The SSCC in a scanned address or element string, or typed by itself; "" where there is none."""
    text = scanned.strip()
    path = _UNIT_PATH.search(text)
    if path:
        return path[1]
    bare = _APART.sub("", text)
    if len(bare) == _SSCC_DIGITS and bare.isdecimal():
        return bare
    try:
        return read_elements(text).get("00", "")
    except (BadElement, BadElementString):
        return ""


def names_a_lot(scanned: str) -> bool:
    """Whether this is an address or element string of a label, and not text that somebody typed."""
    return _found_in(scanned) is not None


def _may_be_capitals(rest: str) -> bool:
    return "/" not in rest and _ALPHANUMERIC.fullmatch(rest.upper()) is not None


def lot_and_serial_in(scanned: str) -> tuple[str, str]:
    """The lot code and the serial of a scanned address or of typed text ("LC… / 0001…"); "" where none.

    Typed without an address, a slash, a middle dot or a comma stands between the two.
    """
    found = _found_in(scanned)
    if found:
        return found
    lot, _, serial = _BETWEEN.sub("/", scanned.strip()).partition("/")
    return lot.strip(), serial.strip()


def _found_in(scanned: str) -> tuple[str, str] | None:
    """Lot and serial of an address, or of AI (10) and (21) as a carton's bar code gives them."""
    path = _LABEL_PATH.search(scanned)
    if path:
        return path["lot"] or path["batch"], path["serial"] or path["item"] or ""
    try:
        elements = read_elements(scanned.strip())
    except (BadElement, BadElementString):
        return None
    # Digits alone are a number somebody looks for, unless goods are named beside them.
    if "10" not in elements or not _GOODS & elements.keys():
        return None
    return elements["10"], elements.get("21", "")
