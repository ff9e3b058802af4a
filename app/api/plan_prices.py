"""Prices of crops and the plan's model groups on the wire."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut, page_out
from app.api.plan import Asked, asked_plan
from app.api.problems import may_fail
from app.api.registry.shapes import LARGEST_INT
from app.api.shapes import Code, In, Out, Words
from app.certificates.queries import Sight, certificate_line
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
from app.models.plan import SAFE_VEGETABLES_2030
from app.models.plan_prices import PriceSource
from app.models.registry import Organisation
from app.plan import model_commands, price_commands
from app.plan import price_queries as queries
from app.plan.model_commands import ModelDetails
from app.plan.price_commands import PriceDetails
from app.registry.organisation_queries import organisation_by_id, organisation_by_uid

router = APIRouter(prefix="/plan", tags=["plan"])
CHANGING = may_fail(NotFound, Refused, StaleVersion, VersionRequired)


class PriceIn(In):
    """What a kilogram costs at the field from a day on.

    An organisation enters its own; the province those of everybody (`organisation` null) or of one.
    """

    crop: Code = Field(examples=["BAP_CAI"])
    dong_per_kg: int = Field(ge=-LARGEST_INT, le=LARGEST_INT, examples=[9000])
    from_day: date = Field(examples=["2026-11-01"])
    ended_on: date | None = None
    source: PriceSource = PriceSource.ENTERED
    organisation: UUID | None = None
    note: Words = Field(default="", examples=["Giá tại ruộng, chợ Bắc Hà"])


class PriceOut(Out):
    """A price; `organisation` null: everybody's."""

    id: UUID
    crop: str = Field(examples=["BAP_CAI"])
    organisation: UUID | None
    organisation_name: str | None
    dong_per_kg: int = Field(examples=[9000])
    from_day: date
    ended_on: date | None
    source: PriceSource
    note: str
    recorded_at: datetime
    withdrawn_at: datetime | None
    version: int

    @classmethod
    def of(cls, line: queries.PriceLine) -> "PriceOut":
        price, owner = line.price, line.organisation
        return cls(
            id=price.uid,
            crop=line.crop.slug,
            organisation=owner.uid if owner else None,
            organisation_name=owner.name if owner else None,
            dong_per_kg=price.dong_per_kg,
            from_day=price.from_day,
            ended_on=price.ended_on,
            source=price.source,
            note=price.note,
            recorded_at=price.recorded_at,
            withdrawn_at=price.withdrawn_at,
            version=price.version,
        )


class ModelGroupIn(In):
    """An organisation that is to count as a model group, by a certificate of its own."""

    organisation: UUID
    certificate: UUID
    since: date = Field(examples=["2026-01-05"])
    plan: Code | None = Field(
        default=None,
        description="The plan in force, unless given.",
        examples=[SAFE_VEGETABLES_2030],
    )
    note: Words = ""


class ModelEndIn(In):
    """The last day on which it counts."""

    until: date = Field(examples=["2026-11-18"])


class ModelOut(Out):
    """A model group of a plan, with the certificate it rests on."""

    id: UUID
    plan: str = Field(examples=[SAFE_VEGETABLES_2030])
    organisation: UUID
    organisation_name: str = Field(examples=["Hợp tác xã Rau Bắc Hà"])
    certificate: UUID
    certificate_number: str = Field(examples=["VietGAP-TT-13-09-10-0001"])
    since: date
    until: date | None
    note: str
    version: int

    @classmethod
    def of(cls, line: queries.ModelLine) -> "ModelOut":
        group = line.group
        return cls(
            id=group.uid,
            plan=group.plan,
            organisation=line.organisation.uid,
            organisation_name=line.organisation.name,
            certificate=line.certificate.uid,
            certificate_number=line.certificate.number,
            since=group.since,
            until=group.until,
            note=group.note,
            version=group.version,
        )


@router.get("/prices", responses=may_fail(Malformed))
def list_crop_prices(
    call: Reading,
    page: PageArgs,
    crop: Annotated[Code, Query(description="Only of this crop (slug).")] = "",
    withdrawn: Annotated[bool, Query(description="Also those that were withdrawn.")] = False,
) -> PageOut[PriceOut]:
    """Everybody's prices, and those of organisations within reach, the newest first."""
    found = queries.prices(
        call.session,
        within=call.within,
        crop=crop,
        withdrawn=withdrawn,
        after=page.after,
        limit=page.limit,
    )
    return page_out(found, PriceOut.of)


@router.post(
    "/prices",
    status_code=201,
    response_model=PriceOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def enter_crop_price(body: PriceIn, call: Writing, once: OnceDep) -> Response:
    """Enter a price."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        values = body.model_dump(exclude={"organisation"})
        price = price_commands.enter_price(
            call.session,
            organisation=_owner(call, body.organisation),
            details=PriceDetails(**values),
            by=call.actor,
            now=call.now,
        )
        line = queries.price_line(call.session, price.uid, within=call.within)
        return PriceOut.of(line), {
            "Location": f"/api/v1/plan/prices?crop={line.crop.slug}",
            "ETag": etag(price.version),
        }

    return once(effect)


@router.post("/prices/{price}/withdraw", responses=CHANGING)
def withdraw_crop_price(
    price: UUID, call: Writing, expected: ExpectedVersion, response: Response
) -> PriceOut:
    """Take back a price that was a mistake."""
    line = queries.own_price_line(call.session, price, within=call.within)
    require_version(line.price.version, expected)
    price_commands.withdraw_price(call.session, price=line.price, by=call.actor, now=call.now)
    response.headers["ETag"] = etag(line.price.version)
    return PriceOut.of(line)


@router.get("/models", responses=may_fail())
def list_model_groups(call: Reading, plan: Asked = None) -> PageOut[ModelOut]:
    """A plan's model groups, those that ended too: always one page."""
    found = queries.model_lines(call.session, asked_plan(call, plan))
    return PageOut(items=[ModelOut.of(line) for line in found], next=None)


@router.post(
    "/models",
    status_code=201,
    response_model=ModelOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def name_model_group(body: ModelGroupIn, call: Writing, once: OnceDep) -> Response:
    """Count an organisation among a plan's model groups."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        certificate = certificate_line(call.session, body.certificate, sight=Sight(call.within))
        group = model_commands.name_model(
            call.session,
            organisation=organisation_by_uid(call.session, body.organisation, within=call.within),
            certificate=certificate.certificate,
            details=ModelDetails(body.since, body.plan or "", body.note),
            by=call.actor,
            now=call.now,
        )
        told = ModelOut.of(queries.model_line(call.session, group.uid))
        return told, {"Location": "/api/v1/plan/models", "ETag": etag(group.version)}

    return once(effect)


@router.post("/models/{model_group}/end", responses=CHANGING)
def end_model_group(
    model_group: UUID,
    body: ModelEndIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> ModelOut:
    """Count a model group no more after a day."""
    line = queries.model_line(call.session, model_group)
    require_version(line.group.version, expected)
    model_commands.end_model(
        call.session, group=line.group, until=body.until, by=call.actor, now=call.now
    )
    response.headers["ETag"] = etag(line.group.version)
    return ModelOut.of(line)


def _owner(call: Call, wanted: UUID | None) -> Organisation | None:
    """Whose price is entered: the caller's own, unless it sees everything and says otherwise."""
    if wanted is not None:
        return organisation_by_uid(call.session, wanted, within=call.within)
    if call.within.everything:
        return None
    return organisation_by_id(call.session, call.caller.organisation_id)
