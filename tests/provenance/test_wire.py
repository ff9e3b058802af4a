"""The resolver on the wire: whatever bytes come, as a server hands them on."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from sqlmodel import Session

from tests.conftest import BASE_URL
from tests.given import Given
from tests.provenance.goods import product_of


@pytest.fixture
def port(app: FastAPI) -> Iterator[int]:
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


def sent(port: int, target: bytes, headers: bytes = b"Host: x\r\n") -> tuple[int, str]:
    """Status and whole answer of a request line as it stands."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(b"GET " + target + b" HTTP/1.1\r\n" + headers + b"Connection: close\r\n\r\n")
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    text = answer.decode("utf-8", "replace")
    return int(text.split(" ", 2)[1]), text


def test_hostile_targets_are_refused_without_a_trace(
    port: int, session: Session, given: Given
) -> None:
    lot = given.lot()
    number = product_of(session, lot).gtin.encode()
    session.commit()
    code = lot.code.encode()
    root = b"/01/" + number
    good = root + b"/10/" + code
    cases = {
        good: {307},
        good + b"?a=%0d%0aSet-Cookie:x": {307},
        good.replace(b"/10/", b"/10/%2e%2e%2f"): {404},
        root + b"/10/A%2FB": {404},
        root + b"/../../etc/passwd": {400},
        b"//evil.example" + good: {404},
        b"http://evil.example" + good: {307, 400, 404},
        root + b"/10/%00": {400},
        root + b"/10/%ED%A0%80": {400},
        root + b"/10/\xe1\xba\xa3": {400},
        good + b"?x=\xff": {400},
        root + b"/10/" + b"A" * 8_000: {400},
        good + b"?" + b"a" * 8_000: {307},
        root + b"/10/javascript:alert(1)": {404},
        root + b"/10/" + code + b"%0d%0aX:y": {400},
    }
    for target, statuses in cases.items():
        status, text = sent(port, target)
        assert status in statuses, (target[:80], status)
        assert "Traceback" not in text
        for line in text.partition("\r\n\r\n")[0].split("\r\n"):
            name, _, value = line.partition(": ")
            assert name.lower() not in {"set-cookie", "x"}
            if name.lower() == "location":
                assert value.startswith(f"{BASE_URL}/t/{lot.code}")


def test_no_header_of_a_request_moves_an_address(port: int, session: Session, given: Given) -> None:
    lot = given.lot()
    number = product_of(session, lot).gtin
    session.commit()
    strange = (
        b"Host: evil.example\r\nX-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n"
    )
    for target in (
        f"/01/{number}/10/{lot.code}",
        f"/01/{number}?linkType=linkset",
        "/.well-known/gs1resolver",
    ):
        status, text = sent(port, target.encode(), strange)
        assert status in {200, 307}
        assert "evil.example" not in text
