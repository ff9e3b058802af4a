"""Organisations on the wire: register, read, amend."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.registry.shapes import CommuneNamed, communes
from app.api.shapes import Code, In, Name, Out
from app.deps import (
    Call,
    ExpectedVersion,
    OnceDep,
    PageArgs,
    Reading,
    Writing,
    etag,
    require_version,
)
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.models.registry import Organisation, OrganisationKind
from app.registry import organisation_commands as commands
from app.registry import organisation_queries as queries

router = APIRouter(prefix="/organisations")


class OrganisationChangeIn(In):
    """What is written down about an organisation; the whole of it, as it should be."""

    name: Name = Field(examples=["Hợp tác xã Rau Bản Phố"])
    commune: Code = Field(
        default="",
        description="The commune's code of today, or a former one that no commune bears today.",
        examples=["02839"],
    )
    former_commune: Code | None = Field(
        default=None, description="The code before 1 July 2025.", examples=["02866"]
    )
    address: str = Field(default="", max_length=200, examples=["Thôn Bản Phố 2"])
    public_phone: str = Field(default="", max_length=40, examples=["0214 3820 123"])
    registration_number: Code | None = Field(default=None, examples=["12A07000031"])
    email: str = Field(default="", max_length=300, description="Where notices are mailed to.")
    name_public: bool | None = Field(
        default=None, description="Whether the public register may show a household's name."
    )

    def details(self) -> commands.OrganisationDetails:
        """The same, as the command takes it."""
        return commands.OrganisationDetails(
            name=self.name,
            commune=self.commune,
            former_commune=self.former_commune,
            address=self.address,
            public_phone=self.public_phone,
            registration_number=self.registration_number,
            email=self.email,
            name_public=self.name_public,
        )


class OrganisationIn(OrganisationChangeIn):
    """A new organisation."""

    kind: OrganisationKind


class OrganisationOut(Out):
    """An organisation, with its address before and since the merger of communes."""

    id: UUID
    kind: OrganisationKind
    name: str
    commune: CommuneNamed | None
    former_commune: CommuneNamed | None
    address: str
    public_phone: str
    registration_number: str | None
    email: str
    name_public: bool
    demonstration: bool
    created_at: datetime
    version: int


@router.get("", responses=may_fail(Malformed))
def list_organisations(
    call: Reading,
    page: PageArgs,
    q: Annotated[Name, Query(description="Words of the name.")] = "",
    kind: OrganisationKind | None = None,
) -> PageOut[OrganisationOut]:
    """Organisations within the caller's reach, in the order they were registered."""
    found = queries.organisations(
        call.session, within=call.within, q=q, kind=kind, after=page.after, limit=page.limit
    )
    return PageOut(items=_shown(call, found.items), next=found.next)


@router.post(
    "",
    status_code=201,
    response_model=OrganisationOut,
    responses=may_fail(Malformed, Conflict, Refused),
)
def register_organisation(body: OrganisationIn, call: Writing, once: OnceDep) -> Response:
    """Enter a cooperative, group, enterprise, certification body or authority in the register."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        made = commands.register_organisation(
            call.session, kind=body.kind, details=body.details(), by=call.actor, now=call.now
        )
        address = f"/api/v1/organisations/{made.uid}"
        return _shown(call, (made,))[0], {"Location": address, "ETag": etag(made.version)}

    return once(effect)


@router.get("/{organisation}", responses=may_fail(NotFound))
def read_organisation(organisation: UUID, call: Reading, response: Response) -> OrganisationOut:
    """One organisation."""
    found = queries.organisation_by_uid(call.session, organisation, within=call.within)
    response.headers["ETag"] = etag(found.version)
    return _shown(call, (found,))[0]


@router.put(
    "/{organisation}",
    responses=may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired),
)
def amend_organisation(
    organisation: UUID,
    body: OrganisationChangeIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> OrganisationOut:
    """Correct what is written down about an organisation."""
    found = queries.organisation_by_uid(call.session, organisation, within=call.within)
    require_version(found.version, expected)
    commands.amend_organisation(
        call.session, organisation=found, details=body.details(), by=call.actor, now=call.now
    )
    response.headers["ETag"] = etag(found.version)
    return _shown(call, (found,))[0]


def _shown(call: Call, found: tuple[Organisation, ...]) -> list[OrganisationOut]:
    places = communes(
        call.session,
        {unit_id for one in found for unit_id in (one.commune_id, one.former_commune_id)},
    )
    return [
        OrganisationOut(
            id=one.uid,
            kind=one.kind,
            name=one.name,
            commune=places.get(one.commune_id),
            former_commune=places.get(one.former_commune_id),
            address=one.address,
            public_phone=one.public_phone,
            registration_number=one.registration_number,
            email=one.email,
            name_public=one.name_public,
            demonstration=one.demonstration,
            created_at=one.created_at,
            version=one.version,
        )
        for one in found
    ]
