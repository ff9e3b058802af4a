"""Whatever somebody typed, scanned or pasted, as GS1 elements: addresses of any host, element strings, GTINs.

Strict about what it says, lenient about how it is put: blanks between, FNC1 as scanners and forms
show it, a GTIN by itself. What is none of these is left to be read as a lot code.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from app.kit.gs1_elements import (
    FNC1,
    SYMBOLOGIES,
    BadElementString,
    as_bracketed,
    as_scanned,
    read_elements,
)
from app.kit.gs1_identifiers import BadElement, check_value, identifiers, pairing_faults
from app.kit.gs1_links import DigitalLink, key_in, normal_gtin, read_link

LONGEST_TEXT = 2_000
SHORTEST_SCAN = 16  # "01" and the fourteen digits of a GTIN
SSCC_DIGITS = 18
_ADDRESS = re.compile(r"https?://|/(?=[0-9a-z]+/)", re.IGNORECASE)
# FNC1 as keyboards of scanners, forms and clipboards write it.
_SEPARATORS = re.compile(r"<GS>|\{GS\}|\\x1d|\u241d", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n\u00a0\u2000-\u200b\u202f\u3000]+")
_DIGITS_APART = re.compile(r"[0-9][0-9 .\u2010-\u2015\u2212-]*")
# No lot code begins with two digits.
_SCANNED = re.compile(r"[0-9]{2}[\x1d\x21-\x7e]+")
_LABEL = re.compile(r"/t/([^/?#\s]+)(?:/([^/?#\s]+))?/?$", re.IGNORECASE)
# Of several keys beside each other, the one that names what was scanned (URI Syntax §4.3).
_PRECEDENCE = ("01", "8006", "8013", "8010", "414", "417", "8017", "8018", "255", "00")


class Form(StrEnum):
    """What a text was read as."""

    LINK = "digital_link"
    ELEMENTS = "element_string"
    GTIN = "gtin"
    SSCC = "sscc"
    LOT = "lot_code"


class Unreadable(ValueError):
    """A text that is nothing of this. `fault` says why: `long`, `empty`, `address`, `key`."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class BadPairing(ValueError):
    """Elements that must not stand together (`ex`), or of which one lacks its companion (`req`)."""

    def __init__(self, ai: str, fault: str) -> None:
        super().__init__(f"({ai}) {fault}")
        self.ai = ai
        self.fault = fault


@dataclass(frozen=True)
class Read:
    """A text as it was understood. Of a lot code only the text is kept: `lot`, with its `serial`."""

    form: Form
    elements: Mapping[str, str]
    lot: str = ""
    serial: str = ""

    @property
    def bracketed(self) -> str:
        return as_bracketed(self.elements)

    @property
    def scanned(self) -> str:
        return as_scanned(self.elements)


def read_text(text: str) -> Read:
    """What a text says. Raises Unreadable, BadElement, BadElementString or MalformedLink."""
    if len(text) > LONGEST_TEXT:
        raise Unreadable("long")
    tidy = text.strip(" \t\r\n\ufeff")
    if not tidy:
        raise Unreadable("empty")
    if _ADDRESS.match(tidy):
        return _of_address(tidy)
    plain = unicodedata.normalize("NFKC", tidy)
    if _DIGITS_APART.fullmatch(plain):
        return _of_digits(re.sub(r"[^0-9]", "", plain))
    closed = _BLANKS.sub("", _SEPARATORS.sub(FNC1, tidy))
    if closed.startswith(("(", FNC1, *SYMBOLOGIES)) or _SCANNED.fullmatch(closed):
        return Read(Form.ELEMENTS, read_elements(closed))
    return Read(Form.LOT, {}, *_apart(tidy))


def link_of(elements: Mapping[str, str], *, strict: bool = True) -> DigitalLink:
    """The elements as a Digital Link: the key, its qualifiers in order, the rest as attributes.

    Raises Unreadable where none of them is a key, and, if `strict`, BadPairing.
    """
    for ai, fault in pairing_faults(frozenset(elements)) if strict else ():
        raise BadPairing(ai, fault)
    keys = _keys(elements)
    key = next((ai for ai in _PRECEDENCE if ai in keys), keys[0] if keys else None)
    if key is None:
        raise Unreadable("key")
    orders = identifiers()[key].qualifiers or ((),)
    order = max(orders, key=lambda one: sum(ai in elements for ai in one))
    qualifiers = {ai: elements[ai] for ai in order if ai in elements}
    others = sorted(elements.keys() - {key} - qualifiers.keys())
    return DigitalLink(key, elements[key], qualifiers, {ai: elements[ai] for ai in others})


def _keys(elements: Mapping[str, str]) -> list[str]:
    return [ai for ai in elements if identifiers()[ai].qualifiers is not None]


def _of_digits(bare: str) -> Read:
    """A GTIN or an SSCC by itself; else a scan that holds nothing but digits."""
    if len(bare) < SHORTEST_SCAN:
        return Read(Form.GTIN, {"01": normal_gtin(bare)})
    if len(bare) != SSCC_DIGITS:
        return Read(Form.ELEMENTS, read_elements(bare))
    try:
        check_value("00", bare)
    except BadElement as no_sscc:
        try:
            found = read_elements(bare)
        except (BadElement, BadElementString):
            raise no_sscc from None
        if not _keys(found):
            raise
        return Read(Form.ELEMENTS, found)
    return Read(Form.SSCC, {"00": bare})


def _of_address(address: str) -> Read:
    """A Digital Link of any host, below any path of its own (URI Syntax §4.11), or a label of ours."""
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise Unreadable("address") from error
    path = key_in(parts.path)
    if path is not None:
        return Read(Form.LINK, read_link(path, parts.query).elements)
    label = _LABEL.search(parts.path)
    if label is None:
        raise Unreadable("address")
    return Read(Form.LOT, {}, label[1], label[2] or "")


def _apart(typed: str) -> tuple[str, str]:
    """Lot code and serial as people write them one after the other: "LC… / 0001…"."""
    lot, _, serial = re.sub(r"\s*[/·,;]\s*", "/", typed).partition("/")
    return lot.strip(), serial.strip()
