"""Harvest lots on the wire: record, read, amend, seal, withdraw, recall."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import Code, In, Out, Words
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
from app.kit.codes import grouped
from app.kit.i18n import Language
from app.kit.quantities import Grams
from app.lots import commands, queries
from app.lots.claims import Claim
from app.lots.evidence import claims_of
from app.models.lots import HarvestLot, LotState
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(prefix="/lots", tags=["lots"])

LARGEST_INT = 2**53 - 1


class LotIn(In):
    """A harvest as it is recorded. `quantity_g` in grams."""

    area: UUID = Field(description="The planting area's id.")
    crop: Code = Field(max_length=40, examples=["BAP_CAI"])
    harvested_on: date = Field(examples=["2026-11-20"])
    quantity_g: int = Field(le=LARGEST_INT, ge=-LARGEST_INT, examples=[250000])
    packed_on: date | None = Field(default=None, examples=["2026-11-20"])
    best_before: date | None = Field(default=None, examples=["2026-11-27"])
    grower: UUID | None = Field(default=None, description="The member who harvested.")
    note: Words = ""

    def harvest(self) -> commands.Harvest:
        """The same, as the command takes it."""
        return commands.Harvest(
            area=self.area,
            crop=self.crop,
            harvested_on=self.harvested_on,
            quantity=Grams(self.quantity_g),
            packed_on=self.packed_on,
            best_before=self.best_before,
            grower=self.grower,
            note=self.note,
        )


class LotChangeIn(In):
    """What may still be corrected while a lot is open; the whole of it, as it should be."""

    quantity_g: int = Field(le=LARGEST_INT, ge=-LARGEST_INT, examples=[245000])
    packed_on: date | None
    best_before: date | None
    note: Words

    def correction(self) -> commands.Correction:
        """The same, as the command takes it."""
        return commands.Correction(
            quantity=Grams(self.quantity_g),
            packed_on=self.packed_on,
            best_before=self.best_before,
            note=self.note,
        )


class ReasonIn(In):
    """Why."""

    reason: Words = Field(examples=["Dư lượng thuốc vượt mức cho phép."])


class ClaimOut(BaseModel):
    """What the lot may, or may not, claim today, and why."""

    kind: str = Field(examples=["vietgap"])
    granted: bool
    reason: str
    mend: str | None
    certificate_number: str | None

    @classmethod
    def of(cls, claim: Claim, language: Language) -> "ClaimOut":
        return cls(
            kind=claim.kind,
            granted=claim.granted,
            reason=language.say(claim.reason),
            mend=language.say(claim.mend) if claim.mend else None,
            certificate_number=claim.number,
        )


class LotLineOut(Out):
    """A lot in a list."""

    code: str = Field(examples=["LC0123456789ABC"])
    code_in_groups: str
    area: UUID
    area_name: str
    crop: str
    organisation: UUID
    organisation_name: str
    harvested_on: date
    quantity_g: int
    state: LotState
    version: int

    @classmethod
    def of(cls, line: queries.LotLine) -> "LotLineOut":
        return cls(**_line(line))


class LotOut(LotLineOut):
    """A lot with everything its organisation may see."""

    packed_on: date | None
    best_before: date | None
    note: str
    state_reason: str
    state_since: datetime
    recorded_at: datetime
    page: str = Field(description="The public page's address.")
    claims: list[ClaimOut]


def _line(line: queries.LotLine) -> dict[str, Any]:
    return {
        "code": line.lot.code,
        "code_in_groups": grouped(line.lot.code),
        "area": line.area.uid,
        "area_name": line.area.name,
        "crop": line.crop.slug,
        "organisation": line.organisation.uid,
        "organisation_name": line.organisation.name,
        "harvested_on": line.lot.harvested_on,
        "quantity_g": line.lot.quantity_g,
        "state": line.lot.state,
        "version": line.lot.version,
    }


def _whole(line: queries.LotLine, claims: list[Claim], language: Language) -> LotOut:
    lot = line.lot
    return LotOut(
        **_line(line),
        packed_on=lot.packed_on,
        best_before=lot.best_before,
        note=lot.note,
        state_reason=lot.state_reason,
        state_since=lot.state_since,
        recorded_at=lot.recorded_at,
        page=f"/t/{lot.code}",
        claims=[ClaimOut.of(claim, language) for claim in claims],
    )


@router.get("", responses=may_fail(Malformed))
def list_lots(call: Reading, page: PageArgs) -> PageOut[LotLineOut]:
    """The newest lots within the caller's reach."""
    found = queries.newest_lots(
        call.session, within=call.within, after=page.after, limit=page.limit
    )
    return page_out(found, LotLineOut.of)


@router.post(
    "",
    status_code=201,
    response_model=LotOut,
    responses=may_fail(Malformed, NotFound, Conflict, Refused),
)
def record_lot(body: LotIn, call: Writing, once: OnceDep) -> Response:
    """Record a harvest. A claim that cannot be made is withheld with its reason; the harvest stands."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        lot = commands.record_lot(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            harvest=body.harvest(),
            by=call.actor,
            now=call.now,
        )
        return _told(call, lot), {"Location": f"/api/v1/lots/{lot.code}", "ETag": etag(lot.version)}

    return once(effect)


@router.get("/{code}", responses=may_fail(NotFound))
def read_lot(code: Code, call: Reading, response: Response) -> LotOut:
    """One lot, with what it may claim today."""
    return _answer(call, queries.lot_by_code(call.session, code, within=call.within), response)


@router.put("/{code}", responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired))
def amend_lot(
    code: Code, body: LotChangeIn, call: Writing, expected: ExpectedVersion, response: Response
) -> LotOut:
    """Correct an open lot."""
    lot = _of_version(call, code, expected)
    commands.amend_lot(
        call.session, lot=lot, correction=body.correction(), by=call.actor, now=call.now
    )
    return _answer(call, lot, response)


@router.post("/{code}/seal", responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired))
def seal_lot(code: Code, call: Writing, expected: ExpectedVersion, response: Response) -> LotOut:
    """Close a lot for good."""
    lot = _of_version(call, code, expected)
    commands.seal_lot(call.session, lot=lot, by=call.actor, now=call.now)
    return _answer(call, lot, response)


@router.post(
    "/{code}/withdraw", responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired)
)
def withdraw_lot(
    code: Code, body: ReasonIn, call: Writing, expected: ExpectedVersion, response: Response
) -> LotOut:
    """Take back a lot that was recorded by mistake."""
    lot = _of_version(call, code, expected)
    commands.withdraw_lot(call.session, lot=lot, reason=body.reason, by=call.actor, now=call.now)
    return _answer(call, lot, response)


@router.post("/{code}/recall", responses=may_fail(NotFound, Refused, StaleVersion, VersionRequired))
def recall_lot(
    code: Code, body: ReasonIn, call: Writing, expected: ExpectedVersion, response: Response
) -> LotOut:
    """Recall a lot: its public page warns from this moment."""
    lot = _of_version(call, code, expected)
    commands.recall_lot(call.session, lot=lot, reason=body.reason, by=call.actor, now=call.now)
    return _answer(call, lot, response)


def _of_version(call: Call, code: str, expected: int) -> HarvestLot:
    lot = queries.lot_by_code(call.session, code, within=call.within)
    require_version(lot.version, expected)
    return lot


def _answer(call: Call, lot: HarvestLot, response: Response) -> LotOut:
    told = _told(call, lot)
    response.headers["ETag"] = etag(lot.version)
    return told


def _told(call: Call, lot: HarvestLot) -> LotOut:
    line = queries.line_of(call.session, lot)
    return _whole(line, claims_of(call.session, lot, today=call.today), call.language)
