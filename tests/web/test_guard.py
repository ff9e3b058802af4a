"""What every answer carries, and what is refused before anything else looks at a request."""

import json
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from starlette.testclient import TestClient

from app.main import create_app
from app.models.accounts import Role
from app.settings import Settings
from tests.given import Given

BODY = {"content-type": "application/json", "accept-language": "en"}
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
}
ADDRESSES = (
    "/",
    "/nothing",
    "/t/LC1",
    "/api/v1/lots",
    "/api/v1/nothing",
    "/static/app.css",
    "/healthz",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_security_headers_and_its_number(
    client: TestClient, address: str
) -> None:
    answer = client.get(address)
    assert EVERYWHERE.items() <= dict(answer.headers).items()
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    assert answer.headers["x-request-id"] != client.get(address).headers["x-request-id"]


def test_without_https_browsers_are_not_told_to_insist_on_it(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path, database_url="sqlite://", base_url="http://127.0.0.1:8000"
    )
    plain = TestClient(create_app(settings), base_url="http://127.0.0.1:8000")
    assert "strict-transport-security" not in plain.get("/static/icon.svg").headers


def test_private_answers_are_never_kept(client: TestClient, session: Session, given: Given) -> None:
    key = given.headers(Role.STAFF)
    session.commit()
    for address in ("/work", "/work/lots", "/account", "/api/v1/lots", "/api/v1/me"):
        assert "no-store" in client.get(address, headers=key).headers["cache-control"], address
    for address in ("/sign-in", "/t/LC1"):
        assert "no-" in client.get(address).headers["cache-control"], address


@pytest.mark.parametrize("address", ["/", "/healthz", "/sign-in", "/register", "/static/app.css"])
def test_head_is_get_without_the_body(client: TestClient, address: str) -> None:
    read, headed = client.get(address), client.head(address)
    assert headed.status_code == read.status_code == 200
    assert headed.headers["content-type"] == read.headers["content-type"]
    assert headed.content == b""


def refused(answer, status: int, slug: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == f"/problems/{slug}"
    assert told["status"] == status
    assert told["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    assert set(told) == {"type", "title", "status", "detail", "instance", "errors"}
    assert answer.headers["cache-control"].endswith("no-store")


def test_each_way_to_be_refused_is_a_problem_document(
    client: TestClient, session: Session, given: Given
) -> None:
    area = given.area()
    lot = given.lot(area)
    key = {**BODY, **given.headers(Role.STAFF, given.cooperative())}
    session.commit()
    once = {**key, "idempotency-key": "mot-lan"}
    refused(client.get("/api/v1/nothing"), 404, "not-found")
    refused(client.get(f"/api/v1/lots/{lot.code}", headers=key), 404, "not-found")
    refused(client.get("/api/v1/lots"), 401, "not-signed-in")
    refused(client.post("/api/v1/legal-rules/x", headers=once, json={}), 403, "forbidden")
    refused(client.delete("/api/v1/lots"), 405, "malformed")
    refused(client.post("/api/v1/lots", headers=key, json={}), 400, "malformed")
    refused(client.post("/api/v1/lots", headers=once, json={}), 422, "invalid")
    refused(client.post("/api/v1/lots", headers=once, content="{"), 422, "invalid")
    refused(client.get("/api/v1/lots?after=%00", headers=key), 400, "malformed")
    large = b'{"note": "' + b"x" * 10_000_000 + b'"}'
    refused(client.post("/api/v1/lots", headers=once, content=large), 413, "too-large")
    streamed = client.post("/api/v1/lots", headers=once, content=pieces(large))
    refused(streamed, 413, "too-large")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
        wrong = {**once, "content-type": kind}
        answer = client.post("/api/v1/lots", headers=wrong, content=b"a=1")
        refused(answer, 415, "unsupported-media-type")
    elsewhere = {**once, "sec-fetch-site": "cross-site"}
    refused(client.post("/api/v1/lots", headers=elsewhere, json={}), 403, "forbidden")


def pieces(content: bytes) -> Iterator[bytes]:
    """A body that does not say how long it is."""
    for start in range(0, len(content), 65_536):
        yield content[start : start + 65_536]


def test_a_fault_in_json_is_said_of_the_body(
    client: TestClient, session: Session, given: Given
) -> None:
    key = {**BODY, **given.headers(Role.STAFF), "idempotency-key": "x"}
    session.commit()
    answer = client.post("/api/v1/lots", headers=key, content='{"crop": }')
    assert answer.json()["errors"] == [{"at": "body", "why": "This is not valid JSON."}]


@contextmanager
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[MutableMapping[str, Any]]]:
    """What the product writes into its log meanwhile."""
    monkeypatch.setattr("app.logs.log", structlog.get_logger())  # the old one keeps its outlet
    merging = [structlog.contextvars.merge_contextvars]
    with structlog.testing.capture_logs(processors=merging) as lines:
        yield lines


def test_a_failure_is_logged_with_the_number_the_answer_carries_and_without_its_address(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("disk full"))

    monkeypatch.setattr("app.web.signing.find_link", broken)
    with noted(monkeypatch) as lines:
        answer = client.get("/welcome/geheim")
    assert answer.status_code == 503
    number = answer.headers["x-request-id"]
    assert number in answer.text
    assert [line["request"] for line in lines] == [number]
    assert lines[0]["route"] == "GET /welcome/{token}"
    assert "geheim" not in json.dumps({k: str(v) for k, v in lines[0].items()})


def test_knocking_where_one_may_not_is_logged(
    client: TestClient, session: Session, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = given.headers(Role.GROWER)
    session.commit()
    with noted(monkeypatch) as lines:
        client.get("/desk", headers=key)
    assert [(line["event"], line["slug"]) for line in lines] == [("request_refused", "forbidden")]


@pytest.mark.parametrize("tag", ["xx", "%0d%0a", "vi%00"])
def test_only_a_language_of_the_product_is_remembered(client: TestClient, tag: str) -> None:
    assert "set-cookie" not in client.get(f"/language/{tag}").headers
    assert "lang=zh" in client.get("/language/zh").headers["set-cookie"]
