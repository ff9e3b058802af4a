"""Whether a page of this site is open to a role: a link that leads to a refusal is not shown."""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

from app.accounts.policy import Scope, access_to
from app.models.accounts import Role

Pages = tuple[tuple[re.Pattern[str], str], ...]


def may_open(app: FastAPI, role: Role, address: str) -> bool:
    """Whether the policy table lets a role read what stands at an address."""
    path = urlsplit(address).path
    name = next((name for pattern, name in _pages(app) if pattern.match(path)), "")
    access = access_to(name)
    return access is not None and access.scope(role) is not Scope.NO


@lru_cache(maxsize=4)
def _pages(app: FastAPI) -> Pages:
    return tuple(_patterns(app))


def _patterns(app: FastAPI) -> Iterator[tuple[re.Pattern[str], str]]:
    for context in iter_route_contexts(app.routes):
        if "GET" in (getattr(context, "methods", None) or ()):
            yield compile_path(str(context.path))[0], str(context.name)
