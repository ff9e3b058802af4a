"""Planting-area codes on the wire: what they are, and what befalls them."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.changing import ChangeDep, Changing
from app.api.problems import may_fail
from app.api.registry.shapes import ChangeIn, DecisionIn
from app.api.shapes import Out
from app.deps import Call, ExpectedVersion, OnceDep, Writing, etag, require_version
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.models.registry import AreaCode, AreaCodeStep, CodeScheme, CodeStatus
from app.registry import code_commands as commands
from app.registry import code_queries as queries
from app.registry.issue_commands import reissue_code as reissue
from app.registry.rules import status_on

router = APIRouter(prefix="/codes")

CHANGE = may_fail(NotFound, Refused, StaleVersion, VersionRequired)
DECISION = may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired, Malformed)


class StepOut(Out):
    """A dated change of a code's status."""

    status: CodeStatus
    effective_on: date
    reason: str
    reason_slug: str
    decision_number: str
    recorded_at: datetime


class CodeOut(Out):
    """A planting-area code for one market, with its status today and what befell it."""

    id: UUID
    code: str = Field(examples=["15-PUC-BAPCAI01-000001-VNM"])
    scheme: CodeScheme
    parts: dict[str, Any]
    market: str = Field(examples=["VNM"])
    status: CodeStatus
    issued_on: date
    decision_number: str = Field(examples=["112/QĐ-TTBVTV"])
    steps: list[StepOut]
    version: int

    @classmethod
    def of(cls, code: AreaCode, steps: list[AreaCodeStep], today: date) -> "CodeOut":
        return cls(
            id=code.uid,
            code=code.code,
            scheme=code.scheme,
            parts=json.loads(code.parts),
            market=code.market,
            status=status_on(steps, today) or code.status,
            issued_on=code.issued_on,
            decision_number=code.decision_number,
            steps=[StepOut.model_validate(step) for step in steps],
            version=code.version,
        )


@router.post("/{code}/warn", responses=CHANGE)
def warn_code(code: UUID, body: ChangeIn, change: ChangeDep) -> CodeOut:
    """Warn the holder: the code still holds, and everybody sees the warning."""
    return _changed(change, code, commands.warn_code, body)


@router.post("/{code}/suspend", responses=CHANGE)
def suspend_code(code: UUID, body: ChangeIn, change: ChangeDep) -> CodeOut:
    """Suspend a code from a day on: harvests since then cannot claim it."""
    return _changed(change, code, commands.suspend_code, body)


@router.post("/{code}/restore", responses=CHANGE)
def restore_code(code: UUID, body: ChangeIn, change: ChangeDep) -> CodeOut:
    """Lift a warning, or give a suspended code its force back, from a day on."""
    return _changed(change, code, commands.restore_code, body)


@router.post("/{code}/revoke", responses=CHANGE)
def revoke_code(code: UUID, body: ChangeIn, change: ChangeDep) -> CodeOut:
    """Revoke a code for good from a day on."""
    return _changed(change, code, commands.revoke_code, body)


@router.post("/{code}/cancel", responses=CHANGE)
def cancel_code(code: UUID, body: ChangeIn, change: ChangeDep) -> CodeOut:
    """Cancel a code from a day on: its holder asks for it, or the area is no longer grown."""
    return _changed(change, code, commands.cancel_code, body)


@router.post("/{code}/reissue", status_code=201, response_model=CodeOut, responses=DECISION)
def reissue_code(
    code: UUID, body: DecisionIn, call: Writing, expected: ExpectedVersion, once: OnceDep
) -> Response:
    """Issue a new code in the place of one that holds; the old one is superseded."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        made = reissue(
            call.session,
            code=_of_version(call, code, expected),
            decision=body.decision(),
            by=call.actor,
            now=call.now,
        )
        steps = queries.steps_of(call.session, made)
        return CodeOut.of(made, steps, call.today), {"ETag": etag(made.version)}

    return once(effect)


def _changed(
    change: Changing, code: UUID, command: Callable[..., AreaCode], body: ChangeIn
) -> CodeOut:
    call = change.call
    found = change(
        queries.code_line(call.session, code, within=call.within).code,
        lambda one: command(
            call.session, code=one, change=body.change(), by=call.actor, now=call.now
        ),
    )
    return told(call, found, change.response)


def told(call: Call, code: AreaCode, response: Response) -> CodeOut:
    """A code as it is now, with its version in the headers."""
    response.headers["ETag"] = etag(code.version)
    return CodeOut.of(code, queries.steps_of(call.session, code), call.today)


def _of_version(call: Call, code: UUID, expected: int) -> AreaCode:
    found = queries.code_line(call.session, code, within=call.within).code
    require_version(found.version, expected)
    return found
