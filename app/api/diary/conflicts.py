"""Conflicts on the wire: both versions of an entry, and which of them is to stand."""

import json
from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field, JsonValue

from app.api.diary.entries import pen_of
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import In, Out
from app.deps import Call, ExpectedVersion, PageArgs, Reading, Writing, etag, require_version
from app.diary.conflict_commands import settle_conflict as settle
from app.diary.conflict_queries import (
    ConflictLine,
    conflict_by_uid,
    conflicts,
    line_of_conflict,
)
from app.diary.writing import content_of
from app.errors import Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.models.diary import ConflictState

router = APIRouter(prefix="/diary/conflicts")


class SettlingIn(In):
    """Which version is to stand, or that both count."""

    choice: Literal["kept_standing", "took_other", "both"]


class ConflictOut(Out):
    """Two versions of one entry; `fields` names in what they differ."""

    id: UUID
    state: ConflictState
    arrived_at: datetime
    settled_at: datetime | None
    standing: UUID
    other: UUID
    fields: list[str] = Field(examples=[["quantity_g"]])
    standing_says: dict[str, JsonValue]
    other_says: dict[str, JsonValue]
    version: int


@router.get("", responses=may_fail(Malformed))
def list_conflicts(call: Reading, page: PageArgs, settled: bool = False) -> PageOut[ConflictOut]:
    """Conflicts that wait to be settled, newest first; with `settled`, all of them."""
    found = conflicts(
        call.session,
        within=call.within,
        open_only=not settled,
        after=page.after,
        limit=page.limit,
    )
    for line in found.items:
        call.saw(line.organisation.pk, "diary")
    return page_out(found, _out)


@router.get("/{conflict}", responses=may_fail(NotFound))
def read_conflict(conflict: UUID, call: Reading, response: Response) -> ConflictOut:
    """One conflict."""
    return _answer(call, conflict, response)


@router.post(
    "/{conflict}/settle",
    responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired),
)
def settle_conflict(
    conflict: UUID,
    body: SettlingIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> ConflictOut:
    """Say which version stands. The other stays to be read."""
    found = conflict_by_uid(call.session, conflict, within=call.within)
    require_version(found.version, expected)
    settle(call.session, conflict=found, choice=ConflictState(body.choice), pen=pen_of(call))
    return _answer(call, conflict, response)


def _answer(call: Call, uid: UUID, response: Response) -> ConflictOut:
    found = conflict_by_uid(call.session, uid, within=call.within)
    response.headers["ETag"] = etag(found.version)
    line = line_of_conflict(call.session, found)
    call.saw(line.organisation.pk, "entry", line.standing.uid)
    return _out(line)


def _out(line: ConflictLine) -> ConflictOut:
    conflict = line.conflict
    return ConflictOut(
        id=conflict.uid,
        state=conflict.state,
        arrived_at=conflict.arrived_at,
        settled_at=conflict.settled_at,
        standing=line.standing.uid,
        other=conflict.other_uid,
        fields=list(line.fields),
        standing_says=json.loads(json.dumps(content_of(line.here))),
        other_says=json.loads(json.dumps(content_of(line.other))),
        version=conflict.version,
    )
