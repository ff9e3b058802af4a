"""What anybody may know of a certificate number, for machines: the twin of the public page."""

from datetime import date

from fastapi import APIRouter, Response
from pydantic import Field

from app.api.problems import may_fail
from app.api.shapes import Code, Out
from app.certificates.public_queries import State, Told, certificates_numbered
from app.deps import Call, Reading
from app.errors import Refused
from app.models.certificates import Confirmation

router = APIRouter(prefix="/public/certificates", tags=["certificates"])

CACHE = "public, max-age=0, s-maxage=60, must-revalidate"


class PublicCertificateOut(Out):
    """One record of the number; nothing personal. `holder` null: a household that is not named."""

    number: str
    state: State
    since: date | None = Field(description="From when it is suspended, withdrawn or replaced.")
    kind: str = Field(examples=["vietgap"])
    standard: str
    edition: str
    holder: str | None
    body: str
    body_code: str
    confirmation: Confirmation
    issued_on: date
    valid_from: date
    valid_to: date
    in_conversion: bool
    grade: str
    crops: list[str]
    areas: list[str]
    members: int = Field(description="How many stand on its member list; 0: every member.")
    replaced_by: str | None
    demonstration: bool


class PublicNumberOut(Out):
    """What a number is worth today: `unknown` where nothing is recorded of it."""

    number: str
    state: State
    on: date
    certificates: list[PublicCertificateOut]


@router.get("/{number:path}", responses=may_fail(Refused))
def read_public_certificate(number: Code, call: Reading, response: Response) -> PublicNumberOut:
    """Whether a certificate number stands today, for what, and who vouches for it."""
    answer = certificates_numbered(call.session, number, day=call.today)
    response.headers["Cache-Control"] = CACHE
    response.headers["Access-Control-Allow-Origin"] = "*"  # nothing in it depends on who asks
    response.headers["Content-Language"] = call.language.html_tag
    return PublicNumberOut(
        number=answer.number,
        state=answer.state,
        on=call.today,
        certificates=[_certificate(told, call) for told in answer.certificates],
    )


def _certificate(told: Told, call: Call) -> PublicCertificateOut:
    held, standard, tag = told.line.certificate, told.line.standard, call.language.tag
    return PublicCertificateOut(
        number=held.number,
        state=told.state,
        since=told.since,
        kind=standard.kind.value,
        standard=getattr(standard, f"title_{tag}"),
        edition=standard.edition,
        holder=told.holder,
        body=held.body_name,
        body_code=held.body_code,
        confirmation=held.confirmation,
        issued_on=held.issued_on,
        valid_from=held.valid_from,
        valid_to=held.valid_to,
        in_conversion=held.in_conversion,
        grade=held.grade,
        crops=[getattr(crop, f"name_{tag}") for crop in told.crops],
        areas=[area.name for area in told.areas],
        members=told.members,
        replaced_by=told.successor,
        demonstration=told.line.holder.demonstration,
    )
