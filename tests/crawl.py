"""Walks the pages of the product as somebody would who follows every link."""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient

# Two of a kind are enough: the second shows what the first did not happen to hold.
OF_A_KIND = 2
_PARAMETER = re.compile(r"{\w+(:\w+)?}")
_ELSEWHERE = ("/static/", "/language/")


def routes_of(app: FastAPI) -> Iterator[tuple[str, str, str]]:
    """Name, method and path of everything the application serves."""
    for context in iter_route_contexts(app.routes):
        methods = getattr(context, "methods", None) or {"GET"}
        for method in sorted(set(methods) - {"HEAD"}):
            yield str(context.name), method, str(context.path)


@dataclass(frozen=True)
class Form:
    """A form as a page shows it: where it goes and what it holds already."""

    method: str
    action: str
    fields: dict[str, str]
    files: frozenset[str]


class _Reader(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.links, self.forms = address, [], []
        self._open: dict | None = None
        self._choice = ""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(urljoin(self.address, given["href"]))
        elif tag == "form":
            action = urljoin(self.address, given.get("action") or self.address)
            self._open = {"method": given.get("method", "get").lower(), "action": action}
            self._open |= {"fields": {}, "files": set()}
        elif self._open is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: dict) -> None:
        name = given.get("name")
        if tag == "option" and self._choice:
            chosen = "selected" in given or not self._open["fields"].get(self._choice)
            if chosen:
                self._open["fields"][self._choice] = given.get("value") or ""
        elif name and given.get("type") == "file":
            self._open["files"].add(name)
        elif name and tag in {"input", "textarea", "select", "button"}:
            self._open["fields"].setdefault(name, given.get("value") or "")
            self._choice = name if tag == "select" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open is not None:
            self.forms.append(
                Form(
                    self._open["method"],
                    self._open["action"],
                    self._open["fields"],
                    frozenset(self._open["files"]),
                )
            )
            self._open = None


@dataclass
class Crawl:
    """What was found: pages by the route that shows them, forms by the route that takes them."""

    pages: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    forms: dict[str, list[tuple[str, Form]]] = field(default_factory=lambda: defaultdict(list))
    broken: list[str] = field(default_factory=list)


class Crawler:
    """Knows the routes of an application and walks them as one client, `within` a part of the site.

    Of a part it walks the pages alone: tables to be taken away are read to the end, and can be long.
    """

    def __init__(self, app: FastAPI, within: str = "") -> None:
        self.within = within
        self.routes = [
            (name, method, re.compile(_PARAMETER.sub(r"[^/]+", path) + "$"), path.count("{"))
            for name, method, path in routes_of(app)
        ]

    def route(self, method: str, path: str) -> str:
        """The name of the route that answers an address; empty for none."""
        fitting = [
            (parameters, name)
            for name, takes, pattern, parameters in self.routes
            if takes == method and pattern.match(path)
        ]
        return min(fitting)[1] if fitting else ""

    def walk(self, client: TestClient, starts: Iterable[str], *, until: str | None = None) -> Crawl:
        """Follow every link from the starts; a link that leads nowhere is broken.

        `until`: go no further once such a link is among the broken ones.
        """
        found, waiting, known = Crawl(), deque((start, "start") for start in starts), set()
        while waiting and not any(until and until in link for link in found.broken):
            address, source = waiting.popleft()
            name = self.route("GET", urlsplit(address).path)
            if address in known or len(found.pages[name]) >= OF_A_KIND:
                continue
            if self.within and (not address.startswith(self.within) or _is_file(address)):
                continue
            known.add(address)
            answer = client.get(address, follow_redirects=True)
            # 409: there, and not yet to be had, such as the proof of what the log publishes in a minute.
            if answer.status_code >= 400 and answer.status_code != 409 and source != "start":
                found.broken.append(f"{source} -> {address}: {answer.status_code}")
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            found.pages[name].append(address)
            page = _Reader(answer.url.path)
            page.feed(answer.text)
            waiting.extend((link, address) for link in map(_local, page.links) if link)
            for form in page.forms:
                taker = self.route(form.method.upper(), urlsplit(form.action).path)
                if len(found.forms[taker]) < OF_A_KIND:
                    found.forms[taker].append((address, form))
        return found


def _is_file(address: str) -> bool:
    return "." in urlsplit(address).path.rpartition("/")[2] or "/files/" in address


def _local(link: str) -> str:
    """A link within the site, without its anchor; empty for any other."""
    parts = urlsplit(unescape(link))
    inside = parts.path.startswith("/") and not parts.netloc and not parts.scheme
    if not inside or parts.path.startswith(_ELSEWHERE):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
