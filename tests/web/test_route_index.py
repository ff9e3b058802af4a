"""The index finds what FastAPI's own search finds, and leaves everything else to it."""

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, APIRouter, RouteContext, iter_route_contexts
from starlette.testclient import TestClient

from app.web.route_index import RouteIndex

# A value for every parameter; where an address with words is meant too, its order decides.
VALUES = ("01a21-9", "new", "Mã số:7")
PARAMETER = re.compile(r"{\w+(:path)?}")


class Missing:
    """In the place of the router's own search: says that it was asked."""

    async def __call__(self, scope, receive, send) -> None:
        raise LookupError(scope["path"])


def first_of(routes: list[RouteContext], method: str, path: str) -> RouteContext:
    """What a walk through all routes in their order finds."""
    fitting = (
        route
        for route in routes
        if route.path_regex.match(path) and method in (route.methods or ())
    )
    return next(fitting)


def addresses(routes: list[RouteContext]) -> Iterator[tuple[str, str]]:
    for route in routes:
        for method in sorted(route.methods or ()):
            filled = [PARAMETER.sub(value, route.path) for value in VALUES]
            # Routes with a convertor of their own (`{edition:int}`, GS1 keys) are not FastAPI's.
            yield from ((method, path) for path in filled if "{" not in path)


def test_every_address_leads_where_a_walk_through_all_routes_leads(app: FastAPI) -> None:
    routes = [one for one in iter_route_contexts(app.routes) if hasattr(one, "path_regex")]
    index = RouteIndex(app, Missing())
    asked = 0
    for method, path in addresses(routes):
        expected = first_of(routes, method, path)
        found = index._find({"type": "http", "path": path, "method": method})
        if not isinstance(expected.original_route, APIRoute):
            assert found is None
            continue
        assert found is not None, path
        assert (found[0].name, found[0].path) == (expected.name, expected.path)
        asked += 1
    assert asked > 1_000


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nothing/here"),
        ("GET", "/work/"),
        ("GET", "/api/v1/lots/"),
        ("DELETE", "/api/v1/lots"),
        ("GET", "/static/app.css"),
        ("GET", "/healthz"),
        ("GET", "//work"),
    ],
)
def test_what_is_not_a_route_of_its_own_goes_the_usual_way(
    app: FastAPI, method: str, path: str
) -> None:
    index = RouteIndex(app, Missing())
    assert index._find({"type": "http", "path": path, "method": method}) is None


def test_another_method_is_still_answered_with_those_there_are(client: TestClient) -> None:
    answer = client.delete("/api/v1/lots", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"


def test_parameters_come_as_their_route_reads_them() -> None:
    router, app = APIRouter(), FastAPI()

    @router.get("/a/{number:int}/{rest:path}")
    def words(number: int, rest: str) -> str:
        return f"{number} {rest}"

    @router.get("/a/7/x")
    def later() -> str:
        return "never"

    app.include_router(router, prefix="/p")
    app.router.middleware_stack = RouteIndex(app, Missing())
    client = TestClient(app)
    assert client.get("/p/a/7/x").json() == "7 x"
    assert client.get("/p/a/7/x/y").json() == "7 x/y"
    with pytest.raises(LookupError):
        client.get("/p/a/x/y")
