"""What stands before every request: size, origin, and the headers every answer carries.

Cross-site writes are refused by what the browser says of them (Sec-Fetch-Site, else Origin);
a cookie that comes without either is not believed.
"""

import json

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.i18n import language, negotiate
from app.kit.messages import Message as Sentence
from app.kit.messages import say

# Addresses that take files, by the last part of their path; all others carry forms.
UPLOADS = ("/documents", "/boundaries", "/imports", "/pictures")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}
HSTS = "max-age=31536000; includeSubDomains"


class Guard:
    """Pure ASGI middleware around the whole application."""

    def __init__(
        self, app: ASGIApp, *, base_url: str, max_body_bytes: int, max_upload_bytes: int
    ) -> None:
        self.app = app
        self.origin = base_url
        self.max_body_bytes = max_body_bytes
        self.max_upload_bytes = max_upload_bytes
        self.headers = dict(HEADERS)
        if base_url.startswith("https://"):
            self.headers["Strict-Transport-Security"] = HSTS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answering = self._with_headers(send)
        headers = Headers(scope=scope)
        room = self._room(scope["path"])
        refusal = self._refusal(scope["method"], headers, room)
        if refusal is None:
            await self.app(scope, _counting(receive, room), answering)
            return
        status, slug, why = refusal
        await _refuse(answering, status, slug, why, headers)

    def _room(self, path: str) -> int:
        """How many bytes a body sent to an address may have."""
        return self.max_upload_bytes if path.endswith(UPLOADS) else self.max_body_bytes

    def _refusal(
        self, method: str, headers: Headers, room: int
    ) -> tuple[int, str, Sentence] | None:
        if method in SAFE_METHODS:
            return None
        if _declared_length(headers) > room:
            return 413, "too-large", say("What was sent is too large.")
        if not self._same_site(headers):
            return 403, "forbidden", say("This came from another site and was not accepted.")
        return None

    def _same_site(self, headers: Headers) -> bool:
        fetch_site = headers.get("sec-fetch-site")
        if fetch_site is not None:
            return fetch_site in {"same-origin", "none"}
        origin = headers.get("origin")
        if origin is not None:
            return origin == self.origin
        return "cookie" not in headers

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                carried = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    carried.setdefault(name, value)
            await send(message)

        return sending


def _counting(receive: Receive, room: int) -> Receive:
    """A body that says nothing of its length is counted as it comes."""
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > room:
            raise HTTPException(413)
        return message

    return receiving


def _declared_length(headers: Headers) -> int:
    declared = headers.get("content-length", "0")
    return int(declared) if declared.isdigit() else 0


async def _refuse(send: Send, status: int, slug: str, why: Sentence, headers: Headers) -> None:
    reader = language(negotiate(headers.get("accept-language", "")))
    body = json.dumps(
        {
            "type": f"/problems/{slug}",
            "title": slug,
            "status": status,
            "detail": reader.say(why),
            "errors": [],
        },
        ensure_ascii=False,
    ).encode()
    start: Message = {
        "type": "http.response.start",
        "status": status,
        "headers": [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            (b"content-language", reader.html_tag.encode()),
            (b"connection", b"close"),
        ],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})
