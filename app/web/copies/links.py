"""A page of the server made a page of the copy: links to files, no forms, no scripts of its own. Pure.

Only our own templates are read here, whose attributes stand in double quotes.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from app.models.pages import PageKind
from app.web.copies.names import ENDINGS, LISTS, START, file_of, shard_list, way
from app.web.page_paths import page_at

_FORM = re.compile(r"<form\b(?![^>]*\bdata-copy\b).*?</form>\n?", re.DOTALL)
_SCRIPT = re.compile(r"<script\b(?![^>]*\bdata-copy\b)[^>]*\bsrc=[^>]*></script>\n?")
# The plain JPEG of a photograph is enough for a copy.
_SOURCE = re.compile(r"<source\b[^>]*>")
_ELSEWHERE = re.compile(r'<link rel="(?:canonical|alternate|manifest)"[^>]*>\n?')
_ANCHOR = re.compile(r'<a\b([^>]*?)\bhref="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_ASSET = re.compile(r'(<(?:img|script|link)\b[^>]*?\b)(src|href)="(/[^"]*)"')
_EMPTY = re.compile(r"<p(?: class=\"row\")?>\s*</p>\n?")
# The banner comes after the link that skips to the content, which must be the first.
_HEADER = re.compile(r"<header\b")
_LANGUAGE = re.compile(r"/language/(\w\w)|\?lang=(\w\w)")
_LIST = re.compile(r"/copy/(\w+)(?:/(\w+))?")
# What a link may lead to besides pages.
_PHOTOGRAPHS = "/i/"
_KEPT = ("#", "tel:", "mailto:")
# Pages of the server in whose place the copy has lists.
_INSTEAD = {"/register": PageKind.AREA, "/certificates": PageKind.CERTIFICATE}


@dataclass(frozen=True)
class Place:
    """Where a page is written: its file without ending, its language, the server's own address."""

    stem: str
    tag: str
    base_url: str

    @property
    def file(self) -> str:
        return self.stem + ENDINGS[self.tag]


def copied(html: str, place: Place, banner: str, asset: Callable[[str], str | None]) -> str:
    """The page as a file; `asset` says where in the copy a picture or stylesheet is, if anywhere."""

    def linked(found: re.Match[str]) -> str:
        before, href, after, inner = found.groups()
        target = _target(unescape(href), place)
        if target is None and href.startswith(_PHOTOGRAPHS):
            file = asset(unescape(href))
            target = way(place.file, file) if file else None
        return "" if target is None else f'<a{before}href="{escape(target)}"{after}>{inner}</a>'

    def shown(found: re.Match[str]) -> str:
        start, name, address = found.groups()
        file = asset(unescape(address))
        return f'{start}{name}="{escape(way(place.file, file)) if file else ""}"'

    bare = html
    for unwanted in (_FORM, _SCRIPT, _SOURCE, _ELSEWHERE):
        bare = unwanted.sub("", bare)
    pointed = _ASSET.sub(shown, _ANCHOR.sub(linked, bare))
    styles = "".join(
        f'<link rel="stylesheet" href="{way(place.file, f"static/{name}.css")}">\n'
        for name in ("copy", "day")
    )
    headed = pointed.replace("</head>", f"{styles}</head>", 1)
    start = way(place.file, START + ENDINGS[place.tag])
    told = banner.replace("{start}", escape(start))
    return _HEADER.sub(lambda header: told + header[0], _EMPTY.sub("", headed), count=1)


def _target(href: str, place: Place) -> str | None:
    """The relative address of what a link leads to; None for what the copy does not hold."""
    if href.startswith(_KEPT):
        return href
    language = _LANGUAGE.match(href)
    if language is not None:
        tag = language[1] or language[2]
        return way(place.file, place.stem + ENDINGS[tag])
    parts = urlsplit(href.removeprefix(place.base_url))
    if parts.scheme or parts.netloc:
        return href
    file = _file_at(unquote(parts.path), place.tag)
    anchor = f"#{parts.fragment}" if parts.fragment else ""
    return None if file is None else way(place.file, file) + anchor


def _file_at(path: str, tag: str) -> str | None:
    if path == "/":
        return START + ENDINGS[tag]
    if path in _INSTEAD:
        return LISTS[_INSTEAD[path]] + ENDINGS[tag]
    listed = _LIST.fullmatch(path)
    if listed is not None:
        return _list_at(listed[1], listed[2], tag)
    key = page_at(path)
    return None if key is None else file_of(key, tag)


def _list_at(kind: str, part: str | None, tag: str) -> str:
    if kind == PageKind.LOT and part is not None:
        return shard_list(part, tag)
    number = "" if part in {None, "1"} else f"-{part}"
    return f"{LISTS[PageKind(kind)]}{number}{ENDINGS[tag]}"
