"""Every route of the running application stands in the policy table and behaves as its line says."""

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.testclient import TestClient

from app.accounts import policy
from app.accounts.policy import COLUMNS, POLICY, Scope
from app.main import create_app
from app.models.accounts import Role
from tests.conftest import BASE_URL
from tests.contracts.world import OTHER, OWN, PARAMETER, World, is_free, routes_of

# Every route of the application: minutes, which the fast checks do not have.
pytestmark = pytest.mark.walk


def undeclared(app: FastAPI) -> set[str]:
    return {name for name, _, _ in routes_of(app)} - POLICY.keys()


def test_every_route_is_declared_and_every_line_is_a_route(app: FastAPI) -> None:
    names = {name for name, _, _ in routes_of(app)}
    assert undeclared(app) == set()
    assert POLICY.keys() - names == set()


def test_an_undeclared_route_is_found_and_answers_nobody(
    app: FastAPI, engine: Engine, world: World
) -> None:
    app = create_app(app.state.settings, clock=app.state.clock, engine=engine)
    client = TestClient(app, base_url=BASE_URL)
    app.add_api_route("/api/v1/forgotten", lambda: {"secret": True}, name="forgotten")
    headers = {"Authorization": f"Bearer {world.callers[Role.PROVINCE_ADMIN][1]}"}
    assert undeclared(app) == {"forgotten"}
    assert client.get("/api/v1/forgotten").status_code == 401
    assert client.get("/api/v1/forgotten", headers=headers).status_code == 403


def test_every_route_answers_every_role_as_its_line_says(
    app: FastAPI, client: TestClient, world: World
) -> None:
    wrong = [
        fault
        for name, method, path in routes_of(app)
        if name not in {"static", "openapi"}
        for role in COLUMNS
        for side in sides(name, method, path, role)
        for fault in world.faults(client, name, method, path, role, side)
    ]
    assert not wrong, "\n".join(wrong)


def sides(name: str, method: str, path: str, role: Role | None) -> tuple[str, ...]:
    """Whose things to ask for, where the answer depends on it.

    A refusal is given before anything is looked up; who may have everybody's must be given what is
    another's; and a question that names no object is the same on both sides.
    """
    if POLICY[name].scope(role) is not Scope.OWN:
        return (OTHER,)
    same = method == "GET" and (is_free(name, path) or not PARAMETER.search(path))
    return (OWN,) if same else (OWN, OTHER)


def test_the_walk_notices_a_line_that_says_too_little(
    client: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    loose = policy.line("- a a a a a a")
    monkeypatch.setitem(policy.POLICY, "read_lot", loose)
    answer = world.ask(client, "read_lot", "GET", "/api/v1/lots/{code}", Role.STAFF, OTHER)
    assert answer == 200
