"""Refusals as problem details (RFC 9457)."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app import errors
from app.deps import language_of
from app.errors import DomainError, FieldError
from app.kit.i18n import Language
from app.kit.messages import Message
from app.logs import report, request_number
from app.refusals import STATUS, as_refusal, phrase, refusal_headers

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One input that was not accepted."""

    at: str = Field(examples=["harvested_on"])
    why: str = Field(examples=["Ngày thu hoạch 31/12/2026 ở tương lai."])


class Problem(BaseModel):
    """RFC 9457 problem details; `errors` lists the inputs that were meant."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(examples=["/problems/refused"])
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["Ngày thu hoạch 31/12/2026 ở tương lai."])
    instance: str = Field(
        description="This very refusal; the same number stands in X-Request-ID and in the log.",
        examples=["urn:uuid:6f1c9a52-9c2b-4d0f-8a55-0d6e6a3f4c11"],
    )
    errors: list[FieldProblem] = Field(default=[])


def may_fail(*kinds: type[DomainError]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an endpoint that can refuse in these ways (and in the common ones)."""
    common: tuple[type[DomainError], ...] = (errors.NotSignedIn, errors.Forbidden)
    statuses = sorted({STATUS[kind][1] for kind in (*common, *kinds)} | {422})
    return {
        status: {
            "model": Problem,
            "description": phrase(status),
            "content": {MEDIA_TYPE: {}},
        }
        for status in statuses
    }


def problem(
    language: Language,
    *,
    slug: str,
    status: int,
    why: Message,
    instance: str,
    fields: tuple[FieldError, ...] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """The response that says no."""
    body = Problem(
        type=f"/problems/{slug}",
        title=phrase(status),
        status=status,
        detail=language.say(why),
        instance=instance,
        errors=[FieldProblem(at=field.field, why=language.say(field.why)) for field in fields],
    )
    said = {"Content-Language": language.html_tag, "Cache-Control": "no-store", **(headers or {})}
    return Response(body.model_dump_json(), status, said, media_type=MEDIA_TYPE)


def answer_problem(request: Request, error: Exception) -> Response:
    """The handler of every exception under /api."""
    slug, status, why, fields = as_refusal(error)
    report(request, slug, status, error)
    return problem(
        language_of(request),
        slug=slug,
        status=status,
        why=why,
        instance=f"urn:uuid:{request_number(request)}",
        fields=fields,
        headers=refusal_headers(error),
    )
