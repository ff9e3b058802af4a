"""Pictures and stylesheets as the server itself would send them, asked for inside the process."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import anyio
from anyio.from_thread import start_blocking_portal
from starlette.types import ASGIApp, Message

from app.web.copies.writing import Fetch

OK = 200


@contextmanager
def fetching_from(app: ASGIApp, base_url: str) -> Iterator[Fetch]:
    """What an application answers to a reader who is not signed in; it runs in a thread of its own."""
    host = urlsplit(base_url).netloc
    with start_blocking_portal() as portal:

        def fetch(url: str) -> tuple[str, bytes] | None:
            status, media_type, body = portal.call(_asked, app, host, url)
            return (media_type, body) if status == OK else None

        yield fetch


async def _asked(app: ASGIApp, host: str, url: str) -> tuple[int, str, bytes]:
    parts = urlsplit(url)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(b"host", host.encode())],
        "client": None,
        "server": None,
    }
    answer = _Exchange()
    await app(scope, answer.ask, answer.take)
    return answer.status, answer.media_type, bytes(answer.body)


class _Exchange:
    def __init__(self) -> None:
        self.status, self.media_type, self.body = 0, "", bytearray()
        self._asked = False

    async def ask(self) -> Message:
        """The request, once; after it a reader who waits for the answer and never hangs up."""
        if self._asked:
            await anyio.sleep_forever()
        self._asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = dict(message["headers"])
            self.media_type = headers.get(b"content-type", b"").decode("latin-1")
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
