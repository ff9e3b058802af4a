"""Finds the route of an address by the parts of its path: FastAPI tries hundreds one after the other.

Only what FastAPI itself would find is answered here, by the same route, in the same order; whatever
else there is (nothing at all, another method, files) goes the usual way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.types import ASGIApp, Receive, Scope, Send

Numbered = tuple[int, RouteContext]


@dataclass
class Branch:
    """What follows a beginning of a path: by the next part's words, by a parameter, or nothing."""

    words: dict[str, "Branch"] = field(default_factory=dict)
    parameter: "Branch | None" = None
    here: list[Numbered] = field(default_factory=list)
    # Routes whose last parameter takes any number of parts.
    rest: list[Numbered] = field(default_factory=list)

    def add(self, parts: list[str], route: Numbered) -> None:
        """Grow by a route that follows these parts."""
        if not parts:
            self.here.append(route)
        elif ":path}" in parts[0]:
            self.rest.append(route)
        elif "{" in parts[0]:
            self.parameter = self.parameter or Branch()
            self.parameter.add(parts[1:], route)
        else:
            self.words.setdefault(parts[0], Branch()).add(parts[1:], route)

    def under(self, parts: list[str], at: int = 0) -> Iterable[Numbered]:
        """Every route that may fit, in no order."""
        yield from self.rest
        if at == len(parts):
            yield from self.here
            return
        for branch in (self.words.get(parts[at]), self.parameter):
            if branch is not None:
                yield from branch.under(parts, at + 1)


class RouteIndex:
    """Stands before the router's own search; built when it is first needed."""

    def __init__(self, app: FastAPI, search: ASGIApp) -> None:
        self._app = app
        self._search = search

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._find(scope) if scope["type"] == "http" else None
        if found is None:
            await self._search(scope, receive, send)
            return
        route, parameters = found
        scope["router"] = self._app.router
        scope["route"] = route.original_route
        scope["endpoint"] = route.endpoint
        scope["path_params"] = parameters
        await route.app(scope, receive, send)

    def _find(self, scope: Scope) -> tuple[RouteContext, dict[str, Any]] | None:
        path = scope["path"]
        for _, route in sorted(self._root.under(path.split("/")), key=_number):
            fits = route.path_regex.match(path)
            if fits is not None and scope["method"] in (route.methods or ()):
                if not isinstance(route.original_route, APIRoute):
                    return None
                kinds = route.param_convertors
                return route, {
                    name: kinds[name].convert(value) for name, value in fits.groupdict().items()
                }
        return None

    @cached_property
    def _root(self) -> Branch:
        root = Branch()
        for route in enumerate(iter_route_contexts(self._app.routes)):
            root.add((route[1].path or "").split("/"), route)
        return root


def _number(route: Numbered) -> int:
    return route[0]
