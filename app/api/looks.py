"""Who saw private data, and what looks odd, on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from app.accounts.looks import SeenLine, looks
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.deps import PageArgs, Reading
from app.errors import Malformed, NotFound
from app.inspection.oddity_queries import OddityKind, oddities
from app.models.accounts import Role
from app.registry.organisation_queries import organisation_by_uid

router = APIRouter(tags=["inspection"])


class LookOut(BaseModel):
    """What one person saw of one thing on one day, how often and when last."""

    day: date
    organisation: UUID
    by: str
    role: Role
    office: str
    what: str = Field(examples=["lot"])
    subject: str
    times: int
    last_at: datetime

    @classmethod
    def of(cls, line: SeenLine) -> "LookOut":
        look = line.look
        return cls(
            day=look.day,
            organisation=line.organisation.uid,
            by=line.account.display_name,
            role=look.role,
            office=line.office.name,
            what=look.what,
            subject=look.subject,
            times=look.times,
            last_at=look.last_at,
        )


class OddityOut(BaseModel):
    """Something odd; `page` shows it."""

    kind: OddityKind
    organisation: UUID
    organisation_name: str
    day: date
    why: str
    page: str


@router.get("/looks", responses=may_fail(Malformed))
def list_looks(call: Reading, page: PageArgs) -> PageOut[LookOut]:
    """Who of the authority and the certifiers saw private data of the own organisation, newest first."""
    found = looks(call.session, within=call.within, after=page.after, limit=page.limit)
    return page_out(found, LookOut.of)


@router.get("/inspection/anomalies", responses=may_fail(NotFound))
def list_anomalies(
    call: Reading,
    organisation: Annotated[UUID | None, Query(description="Of one organisation only.")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="At most so many of a kind.")] = 30,
) -> PageOut[OddityOut]:
    """What looks odd: lots over the cap, codes used for other crops, back-dated entries and others."""
    home = (
        organisation_by_uid(call.session, organisation, within=call.within)
        if organisation
        else None
    )
    found = oddities(call.session, today=call.today, organisation=home, limit=limit)
    items = [
        OddityOut(
            kind=one.kind,
            organisation=one.organisation.uid,
            organisation_name=one.organisation.name,
            day=one.day,
            why=call.language.say(one.why),
            page=one.address,
        )
        for one in found
    ]
    return PageOut(items=items, next=None)
