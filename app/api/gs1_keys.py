"""GS1 keys on the wire: company prefixes, the next free GTIN, location numbers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.shapes import Code, In, Out
from app.catalogue import gs1_key_commands as commands
from app.catalogue import gs1_key_queries as queries
from app.catalogue.product_queries import product_line, proposed_gtin
from app.deps import OnceDep, Reading, Writing
from app.errors import Conflict, Malformed, NotFound, Refused
from app.registry.area_queries import area_by_uid
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(tags=["products"])

PREFIX = "8935312"


class PrefixIn(In):
    """A company prefix as GS1 wrote it."""

    prefix: Code = Field(examples=[PREFIX])


class PrefixOut(Out):
    """A company prefix and whose it is."""

    prefix: str = Field(examples=[PREFIX])
    organisation: UUID
    organisation_name: str

    @classmethod
    def of(cls, line: queries.PrefixLine) -> "PrefixOut":
        owner = line.organisation
        return cls(prefix=line.prefix.prefix, organisation=owner.uid, organisation_name=owner.name)


class ProposedOut(Out):
    """The next GTIN that nothing has; null when the prefix is used up."""

    gtin: str | None = Field(examples=["08935312340024"])


class LocationIn(In):
    """A GLN: of the organisation as a party, or of one of its planting areas."""

    gln: Code = Field(examples=["8935312000010"])
    area: UUID | None = None


class LocationOut(Out):
    """A GLN and what it names."""

    gln: str = Field(examples=["8935312000010"])
    organisation: UUID
    organisation_name: str
    area: UUID | None
    area_name: str | None

    @classmethod
    def of(cls, line: queries.LocationLine) -> "LocationOut":
        return cls(
            gln=line.number.gln,
            organisation=line.organisation.uid,
            organisation_name=line.organisation.name,
            area=line.area.uid if line.area else None,
            area_name=line.area.name if line.area else None,
        )


@router.get("/company-prefixes", responses=may_fail())
def list_company_prefixes(call: Reading) -> PageOut[PrefixOut]:
    """Company prefixes: always one page."""
    found = queries.company_prefixes(call.session, within=call.within)
    return PageOut(items=[PrefixOut.of(line) for line in found], next=None)


@router.post(
    "/company-prefixes",
    status_code=201,
    response_model=PrefixOut,
    responses=may_fail(Malformed, Conflict, Refused),
)
def register_company_prefix(body: PrefixIn, call: Writing, once: OnceDep) -> Response:
    """Write down a company prefix that GS1 gave the organisation."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        home = organisation_by_id(call.session, call.caller.organisation_id)
        made = commands.register_prefix(
            call.session, organisation=home, prefix=body.prefix, by=call.actor, now=call.now
        )
        return PrefixOut.of(queries.PrefixLine(made, home)), {}

    return once(effect)


@router.delete(
    "/company-prefixes/{prefix}", status_code=204, responses=may_fail(NotFound, Conflict)
)
def remove_company_prefix(prefix: Code, call: Writing) -> None:
    """Strike out a company prefix; numbers that were given out stay."""
    held = queries.company_prefix(call.session, prefix, within=call.within)
    commands.remove_prefix(call.session, held=held, by=call.actor, now=call.now)


@router.get("/company-prefixes/{prefix}/next-gtin", responses=may_fail(NotFound))
def propose_gtin(
    prefix: Code,
    call: Reading,
    holds: Annotated[UUID | None, Query(description="For a carton of this product.")] = None,
) -> ProposedOut:
    """The next free GTIN of a prefix. It is taken when a product is registered with it."""
    held = queries.company_prefix(call.session, prefix, within=call.within)
    inner = product_line(call.session, holds, within=call.within).product if holds else None
    return ProposedOut(gtin=proposed_gtin(call.session, held, held=inner))


@router.get("/location-numbers", responses=may_fail())
def list_location_numbers(call: Reading) -> PageOut[LocationOut]:
    """Location numbers of organisations and their areas: always one page."""
    found = queries.location_numbers(call.session, within=call.within)
    return PageOut(items=[LocationOut.of(line) for line in found], next=None)


@router.post(
    "/location-numbers",
    status_code=201,
    response_model=LocationOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def register_location_number(body: LocationIn, call: Writing, once: OnceDep) -> Response:
    """Write down the GLN of the organisation, or of one of its areas."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        area = area_by_uid(call.session, body.area, within=call.within) if body.area else None
        home = organisation_by_id(call.session, call.caller.organisation_id)
        made = commands.number_location(
            call.session, organisation=home, area=area, gln=body.gln, by=call.actor, now=call.now
        )
        return LocationOut.of(queries.LocationLine(made, home, area)), {}

    return once(effect)


@router.delete("/location-numbers/{gln}", status_code=204, responses=may_fail(NotFound))
def remove_location_number(gln: Code, call: Writing) -> None:
    """Strike out a location number."""
    number = queries.location_number(call.session, gln, within=call.within)
    commands.remove_location_number(call.session, number=number, by=call.actor, now=call.now)
