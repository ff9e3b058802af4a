"""Links of communes on the wire: with one, a commune without an account sends in its part."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from app.api.paging import PageOut
from app.api.plan_parts import OfQuarter, OfYear
from app.api.plan_report_shapes import Quarter, Year
from app.api.problems import may_fail
from app.api.shapes import Code, In, Out
from app.deps import Config, OnceDep, Reading, Writing
from app.errors import Conflict, Malformed, NotFound, Refused
from app.plan.part_link_commands import Made, end_part_link, make_part_links
from app.plan.part_link_queries import LinkTold, communes_asked, link_by_uid, links_told
from app.plan.report_periods import period_of
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(prefix="/plan/part-links", tags=["plan"])


class PartLinksIn(In):
    """For which communes (codes of today); none: for all whose part is missing."""

    year: Year
    quarter: Quarter = 0
    communes: list[Code] = Field(default_factory=list, max_length=200, examples=[["02839"]])


class PartLinkOut(Out):
    """A link that was not ended; its secret is not kept."""

    id: UUID
    commune: str = Field(examples=["02839"])
    commune_name: str
    year: int
    quarter: int
    works: bool
    made_at: datetime
    expires_at: datetime
    renewed_at: datetime | None

    @classmethod
    def of(cls, told: LinkTold, now: datetime) -> "PartLinkOut":
        link = told.link
        return cls(
            id=link.uid,
            commune=told.commune.code,
            commune_name=told.commune.name,
            year=link.year,
            quarter=link.quarter,
            works=told.works(now),
            made_at=link.made_at,
            expires_at=link.expires_at,
            renewed_at=link.renewed_at,
        )


class MadeLinkOut(Out):
    """A new link, told this once; the one that the commune had before works no more."""

    id: UUID
    commune: str = Field(examples=["02839"])
    commune_name: str
    link: str
    expires_at: datetime

    @classmethod
    def of(cls, one: Made, base_url: str) -> "MadeLinkOut":
        return cls(
            id=one.link.uid,
            commune=one.commune.code,
            commune_name=one.commune.name,
            link=f"{base_url}/b/{one.token}",
            expires_at=one.link.expires_at,
        )


@router.get("", responses=may_fail(Malformed, Refused))
def list_part_links(call: Reading, year: OfYear, quarter: OfQuarter = 0) -> PageOut[PartLinkOut]:
    """The links of a period that were not ended: always one page."""
    period = period_of(year, quarter, call.today)
    found = [PartLinkOut.of(one, call.now) for one in links_told(call.session, period)]
    return PageOut(items=found, next=None)


@router.post(
    "",
    status_code=201,
    response_model=PageOut[MadeLinkOut],
    responses=may_fail(Malformed, Refused),
)
def make_part_links_of_communes(
    body: PartLinksIn, call: Writing, once: OnceDep, config: Config
) -> Response:
    """Make links for communes: the secrets are told this once."""

    def effect() -> tuple[PageOut[MadeLinkOut], dict[str, str]]:
        period = period_of(body.year, body.quarter, call.today)
        made = make_part_links(
            call.session,
            communes_asked(call.session, period, body.communes),
            period,
            office=organisation_by_id(call.session, call.caller.organisation_id),
            by=call.actor,
            now=call.now,
        )
        told = [MadeLinkOut.of(one, config.base_url) for one in made]
        return PageOut(items=told, next=None), {}

    return once(effect)


@router.post(
    "/{link}/end",
    response_model=PartLinkOut,
    responses=may_fail(Conflict, Malformed, NotFound),
)
def end_part_link_of_commune(link: UUID, call: Writing, once: OnceDep) -> Response:
    """A link works no more; what came by it stays."""

    def effect() -> tuple[PartLinkOut, dict[str, str]]:
        told = link_by_uid(call.session, link)
        end_part_link(call.session, told, by=call.actor, now=call.now)
        return PartLinkOut.of(told, call.now), {}

    return once(effect)
