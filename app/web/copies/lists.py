"""The start page of a copy and the lists by which a page is found without a server and without a script."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import quote

from app.kit.i18n import LANGUAGES
from app.models.pages import PageKind
from app.provenance.page_store import PageKey
from app.web.copies.links import Place, copied
from app.web.copies.names import LISTS, START, stem_of
from app.web.copies.pages import banner
from app.web.copies.writing import CopyWriter
from app.web.rendering import render

A_LIST = 1_000


class ListCopier:
    """Writes lists from what the state of the copy says of its pages; a part of a list in memory at most."""

    def __init__(self, writer: CopyWriter, base_url: str) -> None:
        self.writer, self.base_url = writer, base_url

    def copy_all(self, *, day: date, key: str) -> None:
        """The start page, the folders of lots, and the lists of everything else."""
        state = self.writer.state
        counts = {kind.value: state.count(kind) for kind in LISTS}
        told = {"day": day, "counts": counts, "base_url": self.base_url, "key": key}
        self._write(START, "copies/start.html", told)
        self._folders_of_lots()
        for kind in LISTS:
            if kind is not PageKind.LOT:
                self._parts(kind, counts[kind])
        self.writer.write("static/day.css", _day_css(day).encode())
        for name in ("copy.css", "copy.js"):
            self.writer.asset(f"/static/{name}")

    def _folders_of_lots(self) -> None:
        shards = self.writer.state.shards()
        parts = [(f"/copy/lot/{shard}", f"LC{shard}", count) for shard, count in shards]
        self._list(PageKind.LOT, LISTS[PageKind.LOT], parts=parts)
        for shard, _ in shards:
            mine = list(self.writer.state.listed(PageKind.LOT, f"LC{shard}"))
            self._list(PageKind.LOT, f"t/{shard}/index", shard=shard, rows=mine)

    def _parts(self, kind: PageKind, count: int) -> None:
        rows = self.writer.state.listed(kind)
        last = max(1, -(-count // A_LIST))
        for number in range(1, last + 1):
            before = f"/copy/{kind}/{number - 1}" if number > 1 else ""
            after = f"/copy/{kind}/{number + 1}" if number < last else ""
            stem = LISTS[kind] if number == 1 else f"{LISTS[kind]}-{number}"
            self._list(kind, stem, rows=list(islice(rows, A_LIST)), before=before, after=after)

    def _list(
        self,
        kind: PageKind,
        stem: str,
        *,
        shard: str = "",
        parts: Sequence[tuple[str, str, int]] = (),
        rows: Sequence[tuple[str, dict[str, str]]] = (),
        before: str = "",
        after: str = "",
    ) -> None:
        told = {"kind": kind.value, "shard": shard, "parts": parts, "before": before}
        told["after"] = after
        for tag in LANGUAGES:
            pages = [(_address(PageKey(kind, code)), code, said[tag]) for code, said in rows]
            self._write_one(stem, tag, "copies/list.html", {**told, "pages": pages})

    def _write(self, stem: str, template: str, context: dict[str, Any]) -> None:
        for tag in LANGUAGES:
            self._write_one(stem, tag, template, context)

    def _write_one(self, stem: str, tag: str, template: str, context: dict[str, Any]) -> None:
        place = Place(stem, tag, self.base_url)
        html = render(tag, template, path="/", caller=None, copied=True, **context)
        content = copied(html, place, banner(tag), self.writer.asset)
        self.writer.write(place.file, content.encode(), stem)


def _address(key: PageKey) -> str:
    """The server's address of a page, which `links` makes a file of the copy."""
    if key.kind == PageKind.LOT:
        return f"/t/{key.code}"
    return "/" + quote(stem_of(key)) if key.kind != PageKind.CERTIFICATE else _number(key.code)


def _number(code: str) -> str:
    return f"/certificates/{quote(code)}"


def _day_css(day: date) -> str:
    return f'.copy-day::after {{ content: "({day:%d/%m/%Y})" }}\n'
