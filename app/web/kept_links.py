"""Links of GS1 identifiers in memory, beside the pages they lead to, and answered as fast.

Kept and dropped as pages are (`kept_pages.py`): a recall turns the default link at the next scan.
"""

import gzip
from functools import cached_property, lru_cache
from typing import Any

from app.kit.gs1_links import DigitalLink, read_link
from app.labels.keys import FOLDER, KeyRing, LotKeys
from app.models.pages import PageKind
from app.provenance.links import SERIAL as PLACE
from app.provenance.links import Level, Levels, read_kept
from app.provenance.page_store import MadePage
from app.provenance.resolving import LOT, SERIAL, canonical
from app.provenance.surrogate_keys import surrogate_keys
from app.web.link_answer import (
    CROSS_ORIGIN,
    VARY,
    AskedLinks,
    Choice,
    Headers,
    LinkAnswer,
    chosen,
    linkset_answer,
    redirect,
    unchanged,
)

LINKS = PageKind.LINKS.value
NO_LANGUAGE = "-"
OVERHEAD_BYTES = 6_000
_SERIAL = PLACE.encode()
_REMEMBERED_ADDRESSES = 4_096
_LONGEST_REMEMBERED = 400


class KeptLinks:
    """The links of one identifier, and the answers to what is mostly asked."""

    def __init__(self, page: MadePage, root: str, common: Headers) -> None:
        self.page = page
        self.root = root
        self.size = len(page.gzip) + OVERHEAD_BYTES
        self.fresh_from = page.fresh_from.timestamp()
        self.fresh_until = page.fresh_until.timestamp()
        named = surrogate_keys(page.subjects).encode()
        own = [pair for pair in common if pair[0] != b"vary"]
        self.common = [*own, *CROSS_ORIGIN, VARY, (b"surrogate-key", named)]

    def is_fresh(self, now: float) -> bool:
        """Whether its time (seconds since 1970) is not over."""
        return self.fresh_from <= now < self.fresh_until

    @cached_property
    def levels(self) -> Levels:
        """What is known of the identifier."""
        return read_kept(gzip.decompress(self.page.gzip))

    @cached_property
    def _default(self) -> LinkAnswer:
        return self._answered(self.levels.found, AskedLinks(b"", "", "", b"")) or LinkAnswer(
            404, []
        )

    def _of_label(self, serial: str) -> LinkAnswer:
        """The default of a label, with its serial put in: there are too many to keep each."""
        number = serial.encode()
        filled = [(name, value.replace(_SERIAL, number)) for name, value in self._label.headers]
        return LinkAnswer(self._label.status, filled)

    @cached_property
    def _label(self) -> LinkAnswer:
        level = self.levels.label
        link = level.default if level else None
        return redirect(link, [level], self.root, b"") if level and link else self._default

    @cached_property
    def _linkset(self) -> LinkAnswer:
        return linkset_answer(self.levels.found, self.root, AskedLinks(b"", "", "", b""))

    def answer(self, asked: AskedLinks, serial: str | None) -> LinkAnswer | None:
        """The answer; None where a page must be made for people. Raises Unknown."""
        if not asked.query and "json" not in asked.accept:
            return self._default if serial is None else self._of_label(serial)
        if serial is None and asked.accept == "application/linkset+json":
            return unchanged(self._linkset, asked.if_none_match)
        return self._answered(self.levels.of(serial), asked)

    def _answered(self, levels: tuple[Level, ...], asked: AskedLinks) -> LinkAnswer | None:
        if asked.for_linkset:
            if asked.by_people:
                return None
            return unchanged(linkset_answer(levels, self.root, asked), asked.if_none_match)
        link = chosen(levels, asked)
        if isinstance(link, Choice):
            return None
        return redirect(link, levels, self.root, asked.query)


def wanted(raw_path: bytes, raw_query: bytes) -> tuple[str, str, str | None]:
    """The path under which links are kept, the lot, and the serial as it was sent.

    Raises NotDigitalLink, MalformedLink, or Unknown where a lot code is mistyped.
    """
    short = len(raw_path) + len(raw_query) <= _LONGEST_REMEMBERED
    return _remembered(raw_path, raw_query) if short else _wanted(raw_path, raw_query)


def parsed(raw_path: bytes, raw_query: bytes) -> DigitalLink:
    """The link of an address as it was sent."""
    return read_link(raw_path.decode("latin-1"), raw_query.decode("latin-1"))


def keys_of(state: Any) -> LotKeys:
    """The keys of lots that this process knows."""
    found: LotKeys | None = getattr(state, "lot_keys", None)
    if found is None:
        found = state.lot_keys = LotKeys(KeyRing(state.settings.data_dir / FOLDER))
    return found


def _wanted(raw_path: bytes, raw_query: bytes) -> tuple[str, str, str | None]:
    asked = parsed(raw_path, raw_query)
    link = canonical(asked)
    return link.path().lstrip("/"), link.qualifiers.get(LOT, ""), asked.qualifiers.get(SERIAL)


_remembered = lru_cache(maxsize=_REMEMBERED_ADDRESSES)(_wanted)
