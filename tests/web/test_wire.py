"""What is sent at once: the bytes the usual way would send, to whoever asks in whichever manner."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from fastapi import FastAPI
from sqlmodel import Session
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.models.lots import HarvestLot
from app.web.kept_pages import memory_of
from app.web.page_answer import joined
from app.web.wire import Wire, _asked_by
from tests.given import Given

_ITS_OWN = re.compile(rb"(?:date|x-request-id): [^\r]+\r\n")


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    """A lot whose page may be asked for."""
    made = given.lot()
    session.commit()
    return made


@contextmanager
def serving(app: FastAPI, protocol: type | str) -> Iterator[int]:
    """The application behind a socket; its port."""
    config = uvicorn.Config(
        app, port=0, log_level="error", lifespan="off", http=protocol, access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


def told(port: int, *requests: bytes) -> bytes:
    """All that is answered to requests sent in one piece, the last of which ends the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(b"".join(requests))
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    return _ITS_OWN.sub(b"", answer)


def test_what_is_at_hand_is_sent_as_the_usual_way_sends_it(app: FastAPI, lot: HarvestLot) -> None:
    memory_of(app.state)._bound = 60.0  # PostgreSQL is asked once, and then all is at hand
    path = f"/t/{lot.code}".encode()
    at_once = []

    def asked(scope, address_of, ask=app.state.at_hand):
        answer = ask(scope, address_of)
        at_once.append(answer is not None)
        return answer

    def request(method=b"GET", path=path, more=b"", version=b"1.1"):
        return method + b" " + path + b" HTTP/" + version + b"\r\nHost: x\r\n" + more + b"\r\n"

    last = request(more=b"Connection: close\r\n")
    browser = b"Accept-Encoding: br, gzip\r\nAccept-Language: en\r\n"
    has_it = b"If-None-Match: *\r\n"
    cases = [
        (last,),
        (request(more=browser), last),
        (request(more=browser + has_it), last),
        (request(b"HEAD", more=browser), last),
        (request(path=path + b"?lang=zh"), last),
        (request(version=b"1.0"),),
        (request(more=b"Content-Length: 3\r\n") + b"abc", last),
        # What waits behind a slow answer, and more of it than anybody could answer within itself.
        (request(path=b"/healthz"), *[request(more=has_it)] * 400, last),
    ]
    app.state.at_hand = None
    with serving(app, Wire) as port:
        for language in (b"vi", b"en", b"zh"):  # made, pressed, and read twice: it is in the memory
            for _ in range(3):
                told(port, request(more=b"Connection: close\r\nAccept-Language: %b\r\n" % language))
        usual = [told(port, *case) for case in cases]
    app.state.at_hand = asked
    with serving(app, Wire) as port:
        assert [told(port, *case) for case in cases] == usual
    assert all(b"HTTP/1.1 200" in answer or b"HTTP/1.1 304" in answer for answer in usual)
    assert usual[-1].count(b"HTTP/1.1 304") == 400
    assert sum(at_once) > len(cases)


def test_who_asks_is_who_a_trusted_proxy_says(app: FastAPI) -> None:
    def asked(trusted: str) -> str:
        address_of, at_hand = _asked_by(ProxyHeadersMiddleware(app, trusted_hosts=trusted))
        assert at_hand is app.state.at_hand
        return address_of(scope)

    sent = [(b"x-forwarded-for", b"203.0.113.7")]
    scope = {"type": "http", "client": ("10.0.0.1", 1), "scheme": "http", "headers": sent}
    assert asked("10.0.0.1") == "203.0.113.7"
    assert asked("10.0.0.2") == "10.0.0.1"
    assert scope["client"] == ("10.0.0.1", 1)


def test_no_header_ends_before_its_line() -> None:
    assert joined([(b"a", b"b"), (b"c", b"d")]) == b"a: b\r\nc: d\r\n"
    for value in (b"x\r\nset-cookie: y", b"\n", b"\0"):
        with pytest.raises(ValueError):
            joined([(b"a", value)])
