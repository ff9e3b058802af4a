"""The references: a bare ASGI application, and an empty synchronous FastAPI route."""

from typing import Any

from fastapi import FastAPI

app = FastAPI(openapi_url=None)


@app.get("/empty")
def empty() -> dict[str, str]:
    """An empty synchronous route."""
    return {}


async def raw(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """The least an ASGI application can do."""
    if scope["type"] != "http":
        return
    headers = [(b"content-length", b"2"), (b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})
