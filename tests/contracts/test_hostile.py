"""Whatever is sent to any route of the API is answered, never failed at: NUL, half characters, too much, too strange."""

import copy
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.accounts.policy import POLICY, Scope
from app.models.accounts import Role
from tests.contracts.bodies import json_for
from tests.contracts.world import PARAMETER, World, address_of, routes_of

# Values that no field of the API takes, whatever it is for.
NEVER_TAKEN = ["\ud800", "a\x00b", "x" * 20_000, {"\x00": 1}, [[["x"]]]]
# Values that some fields take; none of them may break anything.
STRANGE = [None, True, "", " ", -1, 0, 2**63, 10**400, "\u0663", "\u202eabc", "9999-12-31", []]
IN_ADDRESSES = ["%00", "%ED%A0%80", "..%2f..%2f", "%F0%9F%8C%B1", "x" * 3000, "-1", "'%22%3C"]
LIKELY = (Role.PROVINCE_ADMIN, Role.COOP_ADMIN, Role.STAFF, Role.CERTIFIER, Role.INSPECTOR)

# Every route of the application: minutes, which the fast checks do not have.
pytestmark = pytest.mark.walk


class Sender:
    """Sends to routes of the API as somebody who may use them, and keeps what went wrong."""

    def __init__(self, client: TestClient, world: World) -> None:
        self.client, self.world, self.wrong = client, world, []
        self.sent = 0

    def role_for(self, name: str) -> Role:
        return next(role for role in LIKELY if POLICY[name].scope(role) is not Scope.NO)

    def send(self, name: str, method: str, path: str, content: bytes | None, about: str) -> int:
        role = self.role_for(name)
        headers = {"Authorization": f"Bearer {self.world.callers[role][1]}"}
        headers |= {"Idempotency-Key": str(uuid4()), "If-Match": '"1"', "Accept-Language": "en"}
        if content is not None:
            headers["Content-Type"] = "application/json"
        self.sent += 1
        try:
            answer = self.client.request(method, path, headers=headers, content=content)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is a failure of ours
            self.wrong.append(f"{name} {about}: {error!r}"[:300])
            return 500
        if answer.status_code >= 500:
            self.wrong.append(f"{name} {about}: {answer.status_code}")
        elif answer.status_code >= 400:
            told = answer.json()
            if answer.headers["content-type"] != "application/problem+json" or not told["detail"]:
                self.wrong.append(f"{name} {about}: no problem document")
        return answer.status_code


def leaves(body: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where a body holds something."""
    if isinstance(body, dict):
        for key, value in body.items():
            yield (*at, key)
            yield from leaves(value, (*at, key))
    elif isinstance(body, list):
        for index, value in enumerate(body):
            yield (*at, index)
            yield from leaves(value, (*at, index))


def with_value(body: dict[str, Any], at: tuple[str | int, ...], value: Any) -> bytes:
    changed = copy.deepcopy(body)
    target: Any = changed
    for step in at[:-1]:
        target = target[step]
    target[at[-1]] = value
    return json.dumps(changed).encode()


def with_bodies(app: FastAPI, world: World) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    for name, method, path in routes_of(app):
        body = json_for(name, world.other) if path.startswith("/api/") else None
        if body is not None:
            place = world.own[Role.STAFF]
            yield name, method, address_of(name, path, place), json_for(name, place) or {}


def test_no_value_in_any_field_is_more_than_the_api_can_answer(
    app: FastAPI, client: TestClient, world: World
) -> None:
    sender = Sender(client, world)
    taken = []
    for name, method, address, body in with_bodies(app, world):
        for at in leaves(body):
            for value in NEVER_TAKEN:
                content = with_value(body, at, value)
                status = sender.send(name, method, address, content, f"{at}={value!r:.20}")
                if status < 400:
                    taken.append(f"{name} {at} {value!r:.20}")
            for value in STRANGE:
                content = with_value(body, at, value)
                sender.send(name, method, address, content, f"{at}={value!r:.20}")
    assert sender.wrong == []
    assert taken == []
    assert sender.sent > 1000


def test_a_field_nobody_knows_is_refused_by_every_route(
    app: FastAPI, client: TestClient, world: World
) -> None:
    sender = Sender(client, world)
    unnoticed = [
        name
        for name, method, address, body in with_bodies(app, world)
        if sender.send(name, method, address, with_value(body, ("extra",), 1), "extra") != 422
    ]
    assert sender.wrong == []
    assert unnoticed == []


def test_no_body_is_too_broken_to_answer(app: FastAPI, client: TestClient, world: World) -> None:
    sender = Sender(client, world)
    whole = b'{"a": ' + b"[" * 50_000
    broken = [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"x"', b"NaN", b"1e999", whole]
    accepted = [
        (name, content[:10])
        for name, method, address, _ in with_bodies(app, world)
        for content in broken
        if sender.send(name, method, address, content, f"{content[:10]!r}") < 400
    ]
    assert sender.wrong == []
    assert accepted == []


def test_no_address_is_too_strange_to_answer(
    app: FastAPI, client: TestClient, world: World
) -> None:
    sender = Sender(client, world)
    for name, method, path in routes_of(app):
        if not path.startswith("/api/v1/") or name == "openapi" or not PARAMETER.search(path):
            continue
        body = json_for(name, world.own[Role.STAFF])
        content = None if body is None else json.dumps(body).encode()
        for strange in IN_ADDRESSES:
            sender.send(name, method, PARAMETER.sub(strange, path), content, strange[:12])
    assert sender.wrong == []


def test_no_question_is_too_strange_to_answer(
    app: FastAPI, client: TestClient, world: World
) -> None:
    sender = Sender(client, world)
    described = app.openapi()["paths"]
    for name, method, path in routes_of(app):
        if method != "GET" or path not in described:
            continue
        address = address_of(name, path, world.own[sender.role_for(name)])
        asked = [one["name"] for one in described[path]["get"].get("parameters", [])]
        for parameter in asked:
            for strange in [
                *IN_ADDRESSES,
                "",
                "2026-02-30",
                "99999999999999999999",
                "WzFd",
                "bnVsbA",
            ]:
                sender.send(
                    name,
                    method,
                    f"{address}?{parameter}={strange}",
                    None,
                    f"{parameter}={strange[:12]}",
                )
    assert sender.wrong == []


def test_the_walk_notices_a_failure(
    client: TestClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("app.api.lots.commands.record_lot", broken)
    sender = Sender(client, world)
    body = json.dumps(json_for("record_lot", world.own[Role.STAFF])).encode()
    assert sender.send("record_lot", "POST", "/api/v1/lots", body, "as it is") == 500
    assert len(sender.wrong) == 1
