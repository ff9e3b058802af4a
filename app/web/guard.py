"""What stands before every request: its number, size, origin, and the headers every answer carries.

Cross-site writes are refused by what the browser says of them (Sec-Fetch-Site, else Origin);
a cookie that comes without either is not believed. HEAD is answered as GET is, without the body.
"""

import json
from uuid import uuid4

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.i18n import language, negotiate
from app.kit.messages import Message as Sentence
from app.kit.messages import say
from app.refusals import phrase
from app.web.rendering import render

# What a body sent to the API may be.
API_MEDIA = ("application/json", "multipart/form-data")

# Addresses that take files, by the last part of their path; all others carry forms.
UPLOADS = ("/documents", "/boundaries", "/imports", "/pictures", "/tests", "/report", "/reports")
MEGABYTE = 1024 * 1024
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
NOT_KEPT = (b"cache-control", b"private, no-store")


class Guard:
    """Pure ASGI middleware around the whole application."""

    def __init__(
        self, app: ASGIApp, *, base_url: str, max_body_bytes: int, max_upload_bytes: int
    ) -> None:
        self.app = app
        self.origin = base_url
        self.max_body_bytes = max_body_bytes
        self.max_upload_bytes = max_upload_bytes
        headers = dict(HEADERS)
        if base_url.startswith("https://"):
            headers["Strict-Transport-Security"] = HSTS
        self.headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = str(uuid4())
        scope.setdefault("state", {})["request_id"] = number
        structlog.contextvars.bind_contextvars(request=number)
        answering = self._with_headers(send, scope["path"], number)
        headers = Headers(scope=scope)
        room = self._room(scope["path"])
        refusal = self._refusal(scope, headers, room)
        if refusal is not None:
            read_by_people = "text/html" in headers.get("accept", "")
            by_page = read_by_people and not scope["path"].startswith("/api/")
            say_no = refuse_page if by_page else refuse_problem
            await say_no(answering, *refusal, headers, number)
        elif scope["method"] == "HEAD":
            await self.app({**scope, "method": "GET"}, receive, _without_body(answering))
        else:
            await self.app(scope, _counting(receive, room), answering)

    def _room(self, path: str) -> int:
        """How many bytes a body sent to an address may have."""
        return self.max_upload_bytes if path.endswith(UPLOADS) else self.max_body_bytes

    def _refusal(
        self, scope: Scope, headers: Headers, room: int
    ) -> tuple[int, str, Sentence] | None:
        if scope["method"] in SAFE_METHODS:
            return None
        if _declared_length(headers) > room:
            return 413, "too-large", _too_large(room)
        if not self._same_site(headers):
            return 403, "forbidden", say("This came from another site and was not accepted.")
        if scope["path"].startswith("/api/") and not _readable(headers):
            return 415, "unsupported-media-type", say("Send JSON (Content-Type application/json).")
        return None

    def _same_site(self, headers: Headers) -> bool:
        fetch_site = headers.get("sec-fetch-site")
        if fetch_site is not None:
            return fetch_site in {"same-origin", "none"}
        origin = headers.get("origin")
        if origin is not None:
            return origin == self.origin
        return "cookie" not in headers

    def _with_headers(self, send: Send, path: str, number: str) -> Send:
        own = [(b"x-request-id", number.encode()), *self.headers]
        if path.startswith("/api/"):  # what may be kept says so itself
            own.append(NOT_KEPT)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = message.get("headers", ())
                names = {name for name, _ in said}
                missing = [header for header in own if header[0] not in names]
                message = {**message, "headers": [*said, *missing]}
            await send(message)

        return sending


def _too_large(room: int) -> Sentence:
    if room < MEGABYTE:
        return say("What was sent is too large.")
    return say("What was sent is too large: at most {most} MB.", most=room // MEGABYTE)


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


def _without_body(send: Send) -> Send:
    async def sending(message: Message) -> None:
        emptied = {"body": b""} if message["type"] == "http.response.body" else {}
        await send({**message, **emptied})

    return sending


def _readable(headers: Headers) -> bool:
    """Whether a body, if there is one, is of a kind the API reads."""
    if not _declared_length(headers) and "transfer-encoding" not in headers:
        return True
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in API_MEDIA or kind.endswith("+json")


def _declared_length(headers: Headers) -> int:
    declared = headers.get("content-length", "0")
    return int(declared) if declared.isdigit() else 0


async def refuse_page(
    send: Send, status: int, slug: str, why: Sentence, headers: Headers, _number: str
) -> None:
    """The same as a page: somebody sent a large photograph, or followed a strange link."""
    reader = language(negotiate(headers.get("accept-language", ""), _chosen(headers)))
    page = render(
        reader.tag, "public/error.html", status=status, slug=slug, why=why, caller=None, path="/"
    )
    await _answer(send, status, page.encode(), "text/html; charset=utf-8", reader.html_tag)


def _chosen(headers: Headers) -> str | None:
    return cookie_parser(headers.get("cookie", "")).get("lang")


async def refuse_problem(
    send: Send, status: int, slug: str, why: Sentence, headers: Headers, number: str
) -> None:
    """A refusal as a problem document (RFC 9457)."""
    reader = language(negotiate(headers.get("accept-language", "")))
    body = json.dumps(
        {
            "type": f"/problems/{slug}",
            "title": phrase(status),
            "status": status,
            "detail": reader.say(why),
            "instance": f"urn:uuid:{number}",
            "errors": [],
        },
        ensure_ascii=False,
    ).encode()
    await _answer(send, status, body, "application/problem+json", reader.html_tag)


async def _answer(send: Send, status: int, body: bytes, kind: str, html_tag: str) -> None:
    start: Message = {
        "type": "http.response.start",
        "status": status,
        "headers": [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"content-language", html_tag.encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ],
    }
    await send(start)
    await send({"type": "http.response.body", "body": body})
