"""Runs what a request asks for at most once, and replays the answer it gave."""

from collections.abc import Callable
from datetime import datetime

from fastapi import Response
from pydantic import BaseModel
from sqlmodel import Session

from app.accounts.remembering import Attempt, find_answer, remember


class Once:
    """Runs an effect at most once per `Idempotency-Key` and replays the answer it gave."""

    def __init__(self, session: Session, tried: Attempt, now: datetime) -> None:
        self._session = session
        self._tried = tried
        self._now = now

    def __call__(
        self,
        effect: Callable[[], tuple[BaseModel, dict[str, str]]],
        *,
        status: int = 201,
        shown_once: str | None = None,
    ) -> Response:
        """`effect` acts and returns the answer's body and headers.

        `shown_once` names a field that holds a secret: the remembered answer leaves it empty.
        """
        known = find_answer(self._session, self._tried)
        if known is not None:
            headers = dict(pair.split(": ", 1) for pair in known.headers.splitlines())
            replayed = {**headers, "Idempotency-Replayed": "true"}
            return _json(known.body, known.status, replayed)
        answer, headers = effect()
        kept = answer
        if shown_once is not None and getattr(answer, shown_once):
            kept = answer.model_copy(update={shown_once: ""})
        remember(
            self._session,
            self._tried,
            status=status,
            body=kept.model_dump_json(),
            headers="\n".join(f"{name}: {value}" for name, value in headers.items()),
            now=self._now,
        )
        return _json(answer.model_dump_json(), status, headers)


def _json(body: str, status: int, headers: dict[str, str]) -> Response:
    return Response(body, status, headers, media_type="application/json")
