"""Logs: structured, in UTC, without personal data or secrets."""

from http import HTTPStatus
from typing import Literal

import structlog
from fastapi import Request

log = structlog.get_logger()

# Refusals worth a line: somebody knocks where they may not, or too often.
WORTH_NOTING = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})


def configure_logs(form: Literal["console", "json"]) -> None:
    """Lines for a person, or JSON for a collector."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        cache_logger_on_first_use=True,
    )


def request_number(request: Request) -> str:
    """The number of a request: in its answer, and on every line of the log that it causes."""
    return str(request.scope.get("state", {}).get("request_id", ""))


def report(request: Request, slug: str, status: int, error: Exception) -> None:
    """Write a failure, or a refusal worth noting, into the log."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request_failed", route=_route(request), slug=slug, exc_info=error)
    elif status in WORTH_NOTING:
        log.warning("request_refused", route=_route(request), slug=slug)


def _route(request: Request) -> str:
    # The pattern, not the address: addresses hold tokens, and the words people search for.
    pattern = getattr(request.scope.get("route"), "path", "")
    return f"{request.method} {pattern}"
