"""Certification bodies and their registrations on the wire."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.shapes import Code, In, Out
from app.certificates.body_commands import register_body_period as register
from app.certificates.body_queries import bodies_with_registrations
from app.deps import OnceDep, Reading, Writing
from app.errors import Conflict, Malformed, NotFound, NotSignedIn, Refused
from app.registry.organisation_queries import organisation_by_uid

router = APIRouter(prefix="/certification-bodies", tags=["certificates"])


class BodyPeriodIn(In):
    """A registration; without a last day it is open. Sent again with one, it ends."""

    number: Code = Field(examples=["123/CN-CNHC"])
    valid_from: date
    valid_to: date | None = None


class BodyPeriodOut(Out):
    """A registration of a body."""

    number: str
    valid_from: date
    valid_to: date | None


class BodyOut(Out):
    """A certification body and when it is, or was, registered."""

    id: UUID
    name: str
    registrations: list[BodyPeriodOut]


@router.get("", responses=may_fail(NotSignedIn))
def list_certification_bodies(call: Reading) -> PageOut[BodyOut]:
    """Every certification body, by name: always one page."""
    return PageOut(
        items=[
            BodyOut(
                id=line.body.uid,
                name=line.body.name,
                registrations=[BodyPeriodOut.model_validate(row) for row in line.registrations],
            )
            for line in bodies_with_registrations(call.session)
        ],
        next=None,
    )


@router.post(
    "/{organisation}/registrations",
    status_code=201,
    response_model=BodyPeriodOut,
    responses=may_fail(NotFound, Conflict, Refused, Malformed),
)
def register_body_period(
    organisation: UUID, body: BodyPeriodIn, call: Writing, once: OnceDep
) -> Response:
    """Write down a registration, or the day it ended."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        row = register(
            call.session,
            body=organisation_by_uid(call.session, organisation, within=call.within),
            number=body.number,
            valid_from=body.valid_from,
            valid_to=body.valid_to,
            by=call.actor,
            now=call.now,
        )
        return BodyPeriodOut.model_validate(row), {}

    return once(effect)
