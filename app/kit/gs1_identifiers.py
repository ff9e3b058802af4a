"""GS1 application identifiers: what a value of each may be, checked part by part.

The table is data, made after the GS1 barcode syntax dictionary (docs/sources.md): a fixed-length
mark, the parts of the value with their checks, which identifiers it needs or excludes, and for a
primary key of GS1 Digital Link its qualifiers in order.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.kit.gs1_checks import CHECKS

TABLE = Path(__file__).with_name("gs1_syntax.csv")

# CSET 82, CSET 39 and CSET 64 of the GS1 General Specifications §7.11; N is digits.
_CHARACTERS = {
    "N": r"[0-9]",
    "X": r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]",
    "Y": r"[#\-/0-9A-Z]",
    "Z": r"[\-0-9A-Z_a-z=]",
}
_PART = re.compile(
    r"(?P<optional>\[)?(?P<kind>[NXYZ])(?P<upto>\.\.)?(?P<size>\d+)\]?(?P<checks>[:\w]*)"
)


class BadElement(ValueError):
    """A value that its identifier does not allow. `check` names what failed: `format`, `csum`, …"""

    def __init__(self, ai: str, value: str, check: str) -> None:
        super().__init__(f"({ai}) {check}: {value[:90]!r}")
        self.ai = ai
        self.check = check


@dataclass(frozen=True)
class Part:
    """A piece of a value: `size` characters, or 1 to `size` where it may be shorter."""

    kind: str
    size: int
    variable: bool
    optional: bool
    checks: tuple[str, ...]

    @property
    def pattern(self) -> str:
        least = "1" if self.variable else str(self.size)
        one = f"{_CHARACTERS[self.kind]}{{{least},{self.size}}}"
        return f"({one})?" if self.optional else f"({one})"


@dataclass(frozen=True)
class Identifier:
    """One identifier. `requires`: of each group one must stand beside it; `excludes` must not.

    Both hold identifiers or patterns such as `31nn`. `qualifiers` is None for what is no primary
    key of GS1 Digital Link, else the alternative orders of the key's qualifiers.
    """

    ai: str
    title: str
    fixed_length: bool
    parts: tuple[Part, ...]
    requires: tuple[frozenset[str], ...]
    excludes: frozenset[str]
    qualifiers: tuple[tuple[str, ...], ...] | None

    @property
    def longest(self) -> int:
        return sum(part.size for part in self.parts)


@cache
def identifiers() -> Mapping[str, Identifier]:
    """Every identifier by its digits."""
    with TABLE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {ai: _identifier(ai, row) for row in rows for ai in _span(row["ai"])}


def check_value(ai: str, value: str) -> None:
    """Raise BadElement when a value is not one of its identifier; KeyError for no identifier."""
    known = identifiers()[ai]
    found = _pattern(ai).fullmatch(value)
    if found is None:
        raise BadElement(ai, value, "format")
    for part, piece in zip(known.parts, found.groups(), strict=True):
        for check in part.checks if piece is not None else ():
            if not _check(check)(piece):
                raise BadElement(ai, value, check)


def matches(ai: str, wanted: str) -> bool:
    """Whether an identifier is the one named or fits a pattern such as `31nn`."""
    return len(ai) == len(wanted) and all(
        letter in {"n", digit} for digit, letter in zip(ai, wanted, strict=True)
    )


def pairing_faults(ais: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What stands together and must not, and what lacks a companion: (identifier, `ex` or `req`)."""
    for ai in sorted(ais):
        known = identifiers()[ai]
        others = ais - {ai}
        if any(matches(other, banned) for banned in known.excludes for other in others):
            yield ai, "ex"
        for group in known.requires:
            if not any(matches(other, wanted) for wanted in group for other in others):
                yield ai, "req"


@cache
def _pattern(ai: str) -> re.Pattern[str]:
    return re.compile("".join(part.pattern for part in identifiers()[ai].parts))


def _check(name: str) -> Callable[[str], bool]:
    return CHECKS[name]


def _span(written: str) -> Iterator[str]:
    first, _, last = written.partition("-")
    for number in range(int(first), int(last or first) + 1):
        yield str(number).zfill(len(first))


def _identifier(ai: str, row: Mapping[str, str]) -> Identifier:
    return Identifier(
        ai=ai,
        title=row["title"],
        fixed_length=row["fixed"] == "*",
        parts=tuple(map(_part, row["parts"].split())),
        requires=tuple(frozenset(group.split("|")) for group in row["requires"].split()),
        excludes=frozenset(row["excludes"].split()),
        qualifiers=_qualifiers(row["link_key"]),
    )


def _part(written: str) -> Part:
    found = _PART.fullmatch(written)
    if found is None:
        raise ValueError(f"no part of a value: {written}")
    return Part(
        kind=found["kind"],
        size=int(found["size"]),
        variable=found["upto"] is not None,
        optional=found["optional"] is not None,
        checks=tuple(filter(None, found["checks"].split(":"))),
    )


def _qualifiers(written: str) -> tuple[tuple[str, ...], ...] | None:
    if not written:
        return None
    return tuple(tuple(order.split()) for order in written.replace("-", "").split("|"))
