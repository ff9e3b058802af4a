"""GS1 Digital Link URIs: read, checked and written (GS1 Digital Link standard: URI syntax).

Paths and queries are taken as they were sent, still percent-encoded: a slash inside a lot number
is `%2F`, and only the raw path tells it from one between segments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_to_bytes

from app.kit.gs1_checks import check_digit
from app.kit.gs1_identifiers import BadElement, check_value, identifiers

LONGEST_PATH = 2_000
GTIN = "01"
# The words of before 2022 that stood on labels of goods; the standard has none any more.
WORDS = {
    "gtin": "01",
    "cpv": "22",
    "lot": "10",
    "ser": "21",
    "sscc": "00",
    "gln": "414",
    "party": "417",
}
_GTIN_LENGTHS = frozenset({8, 12, 13, 14})
# What RFC 3986 leaves unescaped in a path segment and CSET 82 holds, apart from letters and digits.
_SAFE = "-._~!'()*"


class NotDigitalLink(ValueError):
    """The path does not start with a primary key: it is some other address."""


class MalformedLink(ValueError):
    """The path starts with a primary key and breaks the syntax. `ai` is where, `fault` how."""

    def __init__(self, fault: str, ai: str = "") -> None:
        super().__init__(f"{fault} {ai}".strip())
        self.fault = fault
        self.ai = ai


@dataclass(frozen=True)
class DigitalLink:
    """A key with its qualifiers in order, and data attributes. Values are decoded; GTIN has 14 digits."""

    key: str
    value: str
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def elements(self) -> dict[str, str]:
        """Everything by its identifier."""
        return {self.key: self.value, **self.qualifiers, **self.attributes}

    def path(self, *, qualifiers: int | None = None) -> str:
        """The canonical path; `qualifiers`: only so many of them (0: the key alone)."""
        kept = list(self.qualifiers.items())[:qualifiers]
        return "".join(
            f"/{ai}/{quote(value, safe=_SAFE)}" for ai, value in [(self.key, self.value), *kept]
        )

    @property
    def query(self) -> str:
        """The data attributes as a query, in the order of their identifiers."""
        pairs = sorted(self.attributes.items())
        return "&".join(f"{ai}={quote(value, safe=_SAFE)}" for ai, value in pairs)

    def address(self, root: str) -> str:
        """The whole address below a host."""
        query = self.query
        return f"{root}{self.path()}" + (f"?{query}" if query else "")

    def walk_up(self) -> list["DigitalLink"]:
        """The link itself, then with one qualifier less each time, down to the key alone."""
        items = list(self.qualifiers.items())
        return [
            DigitalLink(self.key, self.value, dict(items[:count]))
            for count in range(len(items), -1, -1)
        ]


def normal_gtin(digits: str) -> str:
    """GTIN-8, -12, -13 or -14 as 14 digits; BadElement when it is none or its check digit is wrong."""
    if not digits.isascii() or not digits.isdecimal() or len(digits) not in _GTIN_LENGTHS:
        raise BadElement(GTIN, digits, "format")
    full = digits.zfill(14)
    if check_digit(full[:-1]) != full[-1]:
        raise BadElement(GTIN, digits, "csum")
    return full


def read_link(raw_path: str, raw_query: str = "") -> DigitalLink:
    """The link of a raw path and query.

    NotDigitalLink when the path is some other address; MalformedLink when it breaks the syntax,
    words instead of numbers as identifiers among it, which the current standard no longer has.
    """
    segments = raw_path.strip("/").split("/")
    if not segments or not _is_key(segments[0]):
        raise NotDigitalLink(raw_path[:80])
    if len(raw_path) > LONGEST_PATH:
        raise MalformedLink("long")
    if len(segments) % 2:
        raise MalformedLink("unpaired", segments[-1][:20])
    pairs = [(segments[at], _decoded(segments[at + 1])) for at in range(0, len(segments), 2)]
    (key, value), *rest = pairs
    _require_order(key, [ai for ai, _ in rest])
    checked = {ai: _checked(ai, text) for ai, text in [(key, value), *rest]}
    qualifiers = {ai: checked[ai] for ai, _ in rest}
    return DigitalLink(key, checked[key], qualifiers, _attributes(raw_query, checked))


def elements_meant(raw_path: str) -> dict[str, str]:
    """What a link says whose parts stand in the wrong order, or are named by words as before 2022.

    Nothing is checked but that all of them are known and stand there once; {} where they do not.
    """
    segments = raw_path.strip("/").split("/")
    if len(raw_path) > LONGEST_PATH or len(segments) % 2:
        return {}
    names = [WORDS.get(one.lower(), one) for one in segments[::2]]
    if len(set(names)) != len(names) or not all(name in identifiers() for name in names):
        return {}
    try:
        first, *rest = zip(names, map(_decoded, segments[1::2]), strict=True)
    except MalformedLink:
        return {}
    return dict([first, *sorted(rest)])


def key_in(raw_path: str) -> str | None:
    """A path from its first segment that is a key on: installations may stand below a path."""
    segments = raw_path.split("/")
    at = next((at for at, segment in enumerate(segments[:-1]) if _is_key(segment)), None)
    return None if at is None else "/" + "/".join(segments[at:])


def _is_key(segment: str) -> bool:
    known = identifiers().get(segment)
    return known is not None and known.qualifiers is not None


def _require_order(key: str, asked: Sequence[str]) -> None:
    orders = identifiers()[key].qualifiers or ((),)
    for ai in asked:
        if ai not in {one for order in orders for one in order}:
            raise MalformedLink("qualifier" if ai in identifiers() else "unknown", ai[:20])
    if len(set(asked)) != len(asked):
        raise MalformedLink("twice", asked[0])
    if not any(_in_order(asked, order) for order in orders):
        raise MalformedLink("order", asked[0])


def _in_order(asked: Sequence[str], order: Sequence[str]) -> bool:
    return list(asked) == [ai for ai in order if ai in asked] and set(asked) <= set(order)


def _checked(ai: str, value: str) -> str:
    try:
        if ai == GTIN:
            return normal_gtin(value)
        check_value(ai, value)
    except BadElement as bad:
        raise MalformedLink(bad.check, ai) from bad
    return value


def _attributes(raw_query: str, path: Mapping[str, str]) -> dict[str, str]:
    """Data attributes of the query; what is no identifier is somebody else's and passed over."""
    found: dict[str, str] = {}
    for pair in raw_query.replace(";", "&").split("&"):
        ai, equals, value = pair.partition("=")
        if not equals or ai not in identifiers():
            continue
        if ai in path or ai in found:
            raise MalformedLink("twice", ai)
        found[ai] = _checked(ai, _decoded(value))
    return found


def _decoded(segment: str) -> str:
    try:
        return unquote_to_bytes(segment).decode("ascii")
    except UnicodeDecodeError as error:
        raise MalformedLink("format") from error
