"""Growers on the wire: register, read, amend; membership and consent. Personal data."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.registry.shapes import CommuneNamed
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
from app.registry import grower_commands as commands
from app.registry import grower_queries as queries
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(prefix="/growers")


class GrowerChangeIn(In):
    """What is written down about a grower; the whole of it, as it should be."""

    name: Name = Field(examples=["Giàng A Páo"])
    commune: Code = Field(
        default="",
        description="The commune's code of today, or a former one that no commune bears today.",
        examples=["02839"],
    )
    former_commune: Code | None = Field(
        default=None, description="The code before 1 July 2025.", examples=["02866"]
    )
    phone: str = Field(default="", max_length=40, examples=["0912 345 678"])
    hamlet: Name = Field(default="", examples=["Thôn Bản Phố 2"])

    def person(self) -> commands.Person:
        """The same, as the command takes it."""
        return commands.Person(
            name=self.name,
            commune=self.commune,
            former_commune=self.former_commune,
            phone=self.phone,
            hamlet=self.hamlet,
        )


class GrowerIn(GrowerChangeIn):
    """A new member of the caller's organisation."""

    member_since: date = Field(examples=["2026-01-15"])


class MembershipEndIn(In):
    """The last day of a membership; it still counts."""

    last_day: date = Field(examples=["2026-11-30"])


class GrowerLineOut(Out):
    """A grower in a list, with the newest membership within the caller's reach."""

    id: UUID
    code: str = Field(examples=["NH-7Q2M9XKD"])
    name: str
    phone: str | None
    hamlet: str
    commune: CommuneNamed
    organisation: UUID
    organisation_name: str
    member_since: date
    member_until: date | None
    version: int

    @classmethod
    def of(cls, line: queries.GrowerLine) -> "GrowerLineOut":
        return cls(**_line(line))


class GrowerOut(GrowerLineOut):
    """A grower, and whether their name may be told in public."""

    named_in_public: bool


@router.get("", responses=may_fail(Malformed))
def list_growers(
    call: Reading,
    page: PageArgs,
    q: Annotated[Name, Query(description="Words of the name, or of the code.")] = "",
) -> PageOut[GrowerLineOut]:
    """Growers of the organisations within reach, former members too, newest first."""
    found = queries.growers(
        call.session, within=call.within, q=q, after=page.after, limit=page.limit
    )
    for line in found.items:
        call.saw(line.organisation.pk, "growers")
    return page_out(found, GrowerLineOut.of)


@router.post(
    "",
    status_code=201,
    response_model=GrowerOut,
    responses=may_fail(Malformed, Conflict, Refused),
)
def register_grower(body: GrowerIn, call: Writing, once: OnceDep) -> Response:
    """Enter a member of your organisation. A former member comes back under the same code."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        made = commands.register_grower(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            person=body.person(),
            member_since=body.member_since,
            by=call.actor,
            now=call.now,
        )
        line = queries.grower_line(call.session, made.uid, within=call.within)
        headers = {"Location": f"/api/v1/growers/{made.uid}", "ETag": etag(made.version)}
        return _whole(call, line), headers

    return once(effect)


@router.get("/{grower}", responses=may_fail(NotFound))
def read_grower(grower: UUID, call: Reading, response: Response) -> GrowerOut:
    """One grower."""
    line = queries.grower_line(call.session, grower, within=call.within)
    call.saw(line.organisation.pk, "grower", grower)
    response.headers["ETag"] = etag(line.grower.version)
    return _whole(call, line)


@router.put(
    "/{grower}", responses=may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired)
)
def amend_grower(
    grower: UUID,
    body: GrowerChangeIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> GrowerOut:
    """Correct what is written down about a member."""
    line = queries.grower_line(call.session, grower, within=call.within)
    require_version(line.grower.version, expected)
    commands.amend_grower(
        call.session, line=line, person=body.person(), by=call.actor, now=call.now
    )
    changed = queries.grower_line(call.session, grower, within=call.within)
    response.headers["ETag"] = etag(changed.grower.version)
    return _whole(call, changed)


@router.post(
    "/{grower}/end-membership",
    response_model=GrowerOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def end_grower_membership(
    grower: UUID, body: MembershipEndIn, call: Writing, once: OnceDep
) -> Response:
    """End a membership; its last day still counts."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        line = queries.grower_line(call.session, grower, within=call.within)
        commands.end_membership(
            call.session,
            membership=line.membership,
            last_day=body.last_day,
            by=call.actor,
            now=call.now,
        )
        return _whole(call, line), {}

    return once(effect, status=200)


@router.post(
    "/{grower}/consent",
    response_model=GrowerOut,
    responses=may_fail(Malformed, NotFound, Conflict),
)
def give_grower_consent(grower: UUID, call: Writing, once: OnceDep) -> Response:
    """Write down that a grower agrees to be named in public. Doing it twice changes nothing."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        line = queries.grower_line(call.session, grower, within=call.within)
        commands.give_consent(call.session, grower=line.grower, by=call.actor, now=call.now)
        return _whole(call, line), {}

    return once(effect, status=200)


@router.post(
    "/{grower}/consent/withdraw",
    response_model=GrowerOut,
    responses=may_fail(Malformed, NotFound),
)
def withdraw_grower_consent(grower: UUID, call: Writing, once: OnceDep) -> Response:
    """Write down that a grower no longer agrees. Doing it twice changes nothing."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        line = queries.grower_line(call.session, grower, within=call.within)
        commands.withdraw_consent(call.session, grower=line.grower, by=call.actor, now=call.now)
        return _whole(call, line), {}

    return once(effect, status=200)


def _line(line: queries.GrowerLine) -> dict[str, Any]:
    return {
        "id": line.grower.uid,
        "code": line.grower.code,
        "name": line.grower.name,
        "phone": line.grower.phone,
        "hamlet": line.grower.hamlet,
        "commune": CommuneNamed.of(line.commune),
        "organisation": line.organisation.uid,
        "organisation_name": line.organisation.name,
        "member_since": line.membership.valid_from,
        "member_until": line.membership.valid_to,
        "version": line.grower.version,
    }


def _whole(call: Call, line: queries.GrowerLine) -> GrowerOut:
    named = queries.find_consent(call.session, line.grower.pk) is not None
    return GrowerOut(**_line(line), named_in_public=named)
