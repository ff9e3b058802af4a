"""Somebody with a telephone in front of a label."""

from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.web.visits import counter_of

PHONE = (
    "Mozilla/5.0 (Linux; Android 13; SM-A536E) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)
BROWSER = {
    "user-agent": PHONE,
    "accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "accept-language": "en",
    "sec-fetch-dest": "document",
    "sec-fetch-site": "none",
}


def look(client: TestClient, path: str, *, phone: int = 0, **headers: str) -> Any:
    """A page as a telephone asks for it; each number is another telephone."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers={**BROWSER, "user-agent": f"{PHONE} v{phone}", **said})


def write_down(app: FastAPI) -> None:
    """What the process does every ten seconds."""
    counter = counter_of(app.state)
    assert counter is not None
    counter.keep_up(app.state.clock())
