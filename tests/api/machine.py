"""A partner's program that speaks the JSON API with a key, in English."""

import json
from typing import Any
from uuid import uuid4

from httpx2 import Response
from starlette.testclient import TestClient

ROOT = "/api/v1"


class Machine:
    """Sends requests as one caller. Bodies go out as ASCII JSON, so that any text can be sent."""

    def __init__(self, client: TestClient, headers: dict[str, str]) -> None:
        self.client = client
        self.headers = {**headers, "Accept-Language": "en"}

    def get(self, address: str, **params: str) -> Response:
        return self.client.get(_whole(address), params=params, headers=self.headers)

    def post(
        self, address: str, body: Any = None, *, key: str = "", version: int | None = None
    ) -> Response:
        return self._send("POST", address, body, {"Idempotency-Key": key or str(uuid4())}, version)

    def put(self, address: str, body: Any, *, version: int | None = None) -> Response:
        return self._send("PUT", address, body, {}, version)

    def _send(
        self,
        method: str,
        address: str,
        body: Any,
        headers: dict[str, str],
        version: int | None,
    ) -> Response:
        match = {} if version is None else {"If-Match": f'"{version}"'}
        return self.client.request(
            method,
            _whole(address),
            content=None if body is None else json.dumps(body),
            headers={**self.headers, **headers, **match, "Content-Type": "application/json"},
        )


def at(answer: Response) -> list[str]:
    """The fields a problem names."""
    assert answer.headers["content-type"] == "application/problem+json"
    return [error["at"] for error in answer.json()["errors"]]


def _whole(address: str) -> str:
    return address if address.startswith(ROOT) else ROOT + address
