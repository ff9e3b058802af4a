"""Planting-area codes on the wire: what they are, and what befalls them."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from app.api.problems import may_fail
from app.api.registry.shapes import DayAndReasonIn
from app.api.shapes import Out
from app.deps import Call, ExpectedVersion, Writing, etag, require_version
from app.errors import NotFound, Refused, StaleVersion, VersionRequired
from app.models.registry import AreaCode, AreaCodeStep, CodeScheme, CodeStatus
from app.registry import code_commands as commands
from app.registry import code_queries as queries
from app.registry.rules import status_on

router = APIRouter(prefix="/codes")

CHANGE = may_fail(NotFound, Refused, StaleVersion, VersionRequired)


class StepOut(Out):
    """A dated change of a code's status."""

    status: CodeStatus
    effective_on: date
    reason: str
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


@router.post("/{code}/suspend", responses=CHANGE)
def suspend_code(
    code: UUID, body: DayAndReasonIn, call: Writing, expected: ExpectedVersion, response: Response
) -> CodeOut:
    """Suspend a code from a day on: harvests since then cannot claim it."""
    found = _of_version(call, code, expected)
    commands.suspend_code(
        call.session,
        code=found,
        effective_on=body.effective_on,
        reason=body.reason,
        by=call.actor,
        now=call.now,
    )
    return told(call, found, response)


@router.post("/{code}/restore", responses=CHANGE)
def restore_code(
    code: UUID, body: DayAndReasonIn, call: Writing, expected: ExpectedVersion, response: Response
) -> CodeOut:
    """Give a suspended code its force back from a day on."""
    found = _of_version(call, code, expected)
    commands.restore_code(
        call.session,
        code=found,
        effective_on=body.effective_on,
        reason=body.reason,
        by=call.actor,
        now=call.now,
    )
    return told(call, found, response)


@router.post("/{code}/revoke", responses=CHANGE)
def revoke_code(
    code: UUID, body: DayAndReasonIn, call: Writing, expected: ExpectedVersion, response: Response
) -> CodeOut:
    """Revoke a code for good from a day on."""
    found = _of_version(call, code, expected)
    commands.revoke_code(
        call.session,
        code=found,
        effective_on=body.effective_on,
        reason=body.reason,
        by=call.actor,
        now=call.now,
    )
    return told(call, found, response)


def told(call: Call, code: AreaCode, response: Response) -> CodeOut:
    """A code as it is now, with its version in the headers."""
    response.headers["ETag"] = etag(code.version)
    return CodeOut.of(code, queries.steps_of(call.session, code), call.today)


def _of_version(call: Call, code: UUID, expected: int) -> AreaCode:
    found = queries.code_line(call.session, code, within=call.within).code
    require_version(found.version, expected)
    return found
