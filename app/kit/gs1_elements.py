"""GS1 element strings: with FNC1 as scanners give them, or with brackets as people read them."""

import re
from collections.abc import Mapping

from app.kit.gs1_identifiers import BadElement, check_value, identifiers

FNC1 = "\x1d"
# What a scanner puts before the data of GS1-128, GS1 DataMatrix, GS1 QR, GS1 DataBar (ISO/IEC 15424).
SYMBOLOGIES = ("]C1", "]d2", "]Q3", "]e0")
_BRACKETED = re.compile(r"\((\d{2,4})\)")
_FEWEST, _MOST = 2, 4


class BadElementString(ValueError):
    """A text that is no element string; the place is counted from 0."""

    def __init__(self, fault: str, at: int) -> None:
        super().__init__(f"{fault} at {at}")
        self.fault = fault
        self.at = at


def read_elements(text: str) -> dict[str, str]:
    """The elements of a string in their order, each checked. Raises BadElementString or BadElement."""
    data = next((text[3:] for mark in SYMBOLOGIES if text.startswith(mark)), text)
    found = _bracketed(data) if data.startswith("(") else _scanned(data.lstrip(FNC1))
    if not found:
        raise BadElementString("empty", 0)
    for ai, value in found.items():
        check_value(ai, value)
    return found


def as_scanned(elements: Mapping[str, str]) -> str:
    """The string as it goes into a symbol after the first FNC1: fixed lengths first, FNC1 where needed."""
    known = identifiers()
    ordered = sorted(elements.items(), key=lambda pair: not known[pair[0]].fixed_length)
    pieces = []
    for at, (ai, value) in enumerate(ordered):
        ends = known[ai].fixed_length or at == len(ordered) - 1
        pieces.append(f"{ai}{value}" if ends else f"{ai}{value}{FNC1}")
    return "".join(pieces)


def as_bracketed(elements: Mapping[str, str]) -> str:
    """The string as it is printed below a symbol."""
    return "".join(f"({ai}){value}" for ai, value in elements.items())


def _bracketed(data: str) -> dict[str, str]:
    marks = [mark for mark in _BRACKETED.finditer(data) if mark[1] in identifiers()]
    if not marks or marks[0].start():
        raise BadElementString("identifier", 0)
    ends = [*(mark.start() for mark in marks[1:]), len(data)]
    found: dict[str, str] = {}
    for mark, end in zip(marks, ends, strict=True):
        _keep(found, mark[1], data[mark.end() : end], mark.start())
    return found


def _scanned(data: str) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    while at < len(data):
        ai = _identifier_at(data, at)
        start = at + len(ai)
        known = identifiers()[ai]
        if known.fixed_length:
            end = start + known.longest
            at = end + data[end : end + 1].count(FNC1)
        else:
            end = data.find(FNC1, start)
            end = len(data) if end < 0 else end
            at = end + 1
        _keep(found, ai, data[start:end], start)
    return found


def _identifier_at(data: str, at: int) -> str:
    for length in range(_FEWEST, _MOST + 1):
        if data[at : at + length] in identifiers():
            return data[at : at + length]
    raise BadElementString("identifier", at)


def _keep(found: dict[str, str], ai: str, value: str, at: int) -> None:
    if found.get(ai, value) != value:
        raise BadElementString("twice", at)
    if not value:
        raise BadElement(ai, value, "format")
    found[ai] = value
