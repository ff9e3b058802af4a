"""Links of a GS1 identifier as data: what each leads to, level by level, and as a linkset (RFC 9264). Pure.

A level is an identifier with some of its qualifiers: a product, a lot of it, one numbered label,
a place. The first link type of a level stands first in the linkset.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

VOCABULARY = "https://ref.gs1.org/voc/"
CONTEXT = "https://ref.gs1.org/standards/resolver/linkset-context"
LINKSET_MEDIA = "application/linkset+json"
JSON_LD_MEDIA = "application/ld+json"
DEFAULT_LINK = "defaultLink"
PAGE_MEDIA = "text/html"
# Where the serial stands in the links of a label, of which there may be millions.
SERIAL = "{serial}"


@dataclass(frozen=True)
class Link:
    """One link; `kind` is a link type of the GS1 vocabulary, `languages` are of its target."""

    kind: str
    href: str
    title: str
    media: str = ""
    languages: tuple[str, ...] = ()

    @property
    def attributes(self) -> dict[str, Any]:
        """As a linkset says it (RFC 9264 §4.2.3)."""
        said: dict[str, Any] = {"href": self.href, "title": self.title}
        if self.media:
            said["type"] = self.media
        if self.languages:
            said["hreflang"] = list(self.languages)
        return said


@dataclass(frozen=True)
class Level:
    """The links of one identifier; `path` is its canonical path, `about` what it identifies."""

    path: str
    about: str
    links: tuple[Link, ...]

    @property
    def default(self) -> Link | None:
        """The one that is followed when nothing else is asked for."""
        return next((link for link in self.links if link.kind == DEFAULT_LINK), None)

    def of_kind(self, kind: str) -> list[Link]:
        """The links of a type, however it is cased."""
        return [link for link in self.links if link.kind.lower() == kind.lower()]

    def with_serial(self, serial: str) -> "Level":
        """The level of one label, from the level of all labels of a lot."""
        links = (replace(link, href=link.href.replace(SERIAL, serial)) for link in self.links)
        path, about = self.path.replace(SERIAL, serial), self.about.replace(SERIAL, serial)
        return Level(path, about, tuple(links))


@dataclass(frozen=True)
class Levels:
    """What is known of an identifier, the most particular level first.

    `label`: the links of one numbered label of the lot, with `SERIAL` in the place of its serial.
    """

    found: tuple[Level, ...]
    label: Level | None = None

    def of(self, serial: str | None) -> tuple[Level, ...]:
        """The levels of the identifier itself, or of a label of it."""
        if serial is None or self.label is None:
            return self.found
        return (self.label.with_serial(serial), *self.found)


def linkset(levels: Iterable[Level], root: str) -> dict[str, Any]:
    """The linkset of some levels at an installation's address."""
    return {"linkset": [_context_object(level, root) for level in levels]}


def linkset_as_ld(levels: Sequence[Level], root: str) -> dict[str, Any]:
    """The same as JSON-LD, which carries its own context."""
    return {"@context": CONTEXT, **linkset(levels, root)}


def kept(levels: Levels) -> bytes:
    """Levels as they are kept ready-made."""
    return json.dumps(asdict(levels), ensure_ascii=False, separators=(",", ":")).encode()


def read_kept(body: bytes) -> Levels:
    """What `kept` wrote."""
    said = json.loads(body)
    label = said["label"]
    return Levels(tuple(map(_level, said["found"])), _level(label) if label else None)


def kind_in(asked: str) -> str | None:
    """The link type somebody asks for: `gs1:pip`, `pip`, or its address; None for another vocabulary."""
    for start in (VOCABULARY, "https://gs1.org/voc/", "https://www.gs1.org/voc/", "gs1:"):
        if asked.lower().startswith(start):
            return asked[len(start) :]
    return None if ":" in asked or "/" in asked else asked


def _context_object(level: Level, root: str) -> dict[str, Any]:
    said: dict[str, Any] = {"anchor": root + level.path}
    # The standard's text names the one, its schema prefers the other and allows both.
    said["itemDescription"] = said["description"] = level.about
    for link in level.links:
        said.setdefault(VOCABULARY + link.kind, []).append(link.attributes)
    return said


def _level(said: dict[str, Any]) -> Level:
    links = (Link(**{**link, "languages": tuple(link["languages"])}) for link in said["links"])
    return Level(said["path"], said["about"], tuple(links))
