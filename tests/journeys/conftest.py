"""A real server and a real browser: the application on a port of its own, Debian's Chromium."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine

from app.kit.clock import Clock, system_clock
from app.main import create_app
from app.settings import Settings
from tests.conftest import move

# Chromium must not look for its maker's hosts: the tests speak to loopback only.
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without it the journey fails and says what to run."""
    found = os.environ.get("NGUONGOC_CHROMIUM") or shutil.which("chromium")
    if not found:
        pytest.fail("No Chromium. Run: sudo apt-get install -y chromium", pytrace=False)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture
def now() -> datetime:
    """Journeys run today: the browser's clock cannot be set back."""
    return datetime.fromtimestamp(system_clock().timestamp(), UTC)


@pytest.fixture
def address(engine: Engine, tmp_path: Path) -> Iterator[str]:
    """Where the application listens."""
    with served(engine, tmp_path) as found:
        yield found


_waiting: list[FastAPI] = []


@contextmanager
def served(
    engine: Engine, folder: Path, clock: Clock = system_clock, *, anew: bool = False
) -> Iterator[str]:
    """The application on a port of its own, on a database.

    One that served before serves again, on another database: putting it together and answering
    its first request take longer than what most journeys do. `anew`: its keys lie in the folder.
    """
    reused = _waiting.pop() if _waiting and not anew else None
    app = move(reused or _put_together(folder), engine, clock)
    settings: Settings = app.state.settings
    config = uvicorn.Config(app, host="127.0.0.1", port=settings.port, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > deadline:
            raise TimeoutError("the server did not start")
        time.sleep(0.02)
    yield settings.base_url
    server.should_exit = True
    thread.join(timeout=20)
    if not thread.is_alive():
        _waiting.append(app)


def _put_together(folder: Path) -> FastAPI:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    chosen = Settings(
        data_dir=folder, database_url="sqlite://", base_url=f"http://127.0.0.1:{port}", port=port
    )
    return create_app(chosen)
