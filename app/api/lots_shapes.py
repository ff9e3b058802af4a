"""Harvest lots as they are written on the wire."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.shapes import Code, In, Out, Words
from app.kit.codes import grouped
from app.kit.i18n import Language
from app.kit.quantities import Grams
from app.lots import queries
from app.lots.claims import Claim
from app.lots.findings import Findings
from app.lots.harvests import MOST_PICTURES, Correction, Harvest, Part
from app.lots.part_queries import PartLine
from app.lots.rules import MOST_PARTS
from app.models.lots import LotKind, LotState

LARGEST_INT = 2**53 - 1


class PartIn(In):
    """A part of a lot: what one planting, plot or member brought, or one harvest of the diary."""

    quantity_g: int = Field(le=LARGEST_INT, ge=-LARGEST_INT, examples=[120000])
    planting: UUID | None = None
    plot: UUID | None = None
    grower: UUID | None = Field(default=None, description="The plot's grower unless given.")
    entry: UUID | None = Field(default=None, description="The diary's entry of this harvest.")

    def part(self) -> Part:
        """The same, as the command takes it."""
        return Part(Grams(self.quantity_g), self.planting, self.plot, self.grower, self.entry)


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
    grade: str = Field(default="", max_length=40, examples=["Loại 1"])
    parts: list[PartIn] = Field(
        default_factory=list, max_length=MOST_PARTS, description="Empty: of the area as a whole."
    )
    pictures: list[UUID] = Field(default_factory=list, max_length=MOST_PICTURES)

    def harvest(self) -> Harvest:
        """The same, as the command takes it."""
        return Harvest(
            area=self.area,
            crop=self.crop,
            harvested_on=self.harvested_on,
            quantity=Grams(self.quantity_g),
            packed_on=self.packed_on,
            best_before=self.best_before,
            grower=self.grower,
            note=self.note,
            grade=self.grade,
            parts=tuple(part.part() for part in self.parts),
            pictures=tuple(self.pictures),
        )


class LotChangeIn(In):
    """What may still be corrected while a lot is open; the whole of it, as it should be."""

    quantity_g: int = Field(le=LARGEST_INT, ge=-LARGEST_INT, examples=[245000])
    packed_on: date | None
    best_before: date | None
    note: Words
    grade: str = Field(default="", max_length=40)

    def correction(self) -> Correction:
        """The same, as the command takes it."""
        return Correction(
            quantity=Grams(self.quantity_g),
            packed_on=self.packed_on,
            best_before=self.best_before,
            note=self.note,
            grade=self.grade,
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


class PartOut(Out):
    """A part of a lot."""

    quantity_g: int
    planting: UUID | None
    plot: UUID | None
    plot_name: str | None
    grower: UUID | None

    @classmethod
    def of(cls, part: PartLine) -> "PartOut":
        return cls(
            quantity_g=part.source.quantity_g,
            planting=part.planting.uid if part.planting else None,
            plot=part.plot.uid if part.plot else None,
            plot_name=part.plot.name if part.plot else None,
            grower=part.grower.uid if part.grower else None,
        )


class LotLineOut(Out):
    """A lot in a list."""

    code: str = Field(examples=["LC0123456789ABC"])
    code_in_groups: str
    kind: LotKind
    area: UUID | None = Field(description="Null: it was made of other lots.")
    area_name: str | None
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
    grade: str
    sellable_from: date | None = Field(
        description="Not to be sold before this day; null: no waiting time runs."
    )
    state_reason: str
    state_since: datetime
    recorded_at: datetime
    page: str = Field(description="The public page's address.")
    claims: list[ClaimOut]
    parts: list[PartOut]


def _line(line: queries.LotLine) -> dict[str, Any]:
    return {
        "code": line.lot.code,
        "code_in_groups": grouped(line.lot.code),
        "kind": line.lot.kind,
        "area": line.area.uid if line.area else None,
        "area_name": line.area.name if line.area else None,
        "crop": line.crop.slug,
        "organisation": line.organisation.uid,
        "organisation_name": line.organisation.name,
        "harvested_on": line.lot.harvested_on,
        "quantity_g": line.lot.quantity_g,
        "state": line.lot.state,
        "version": line.lot.version,
    }


def whole(
    line: queries.LotLine, findings: Findings, parts: list[PartLine], language: Language
) -> LotOut:
    """A lot with what was found out about it, and its parts."""
    lot = line.lot
    return LotOut(
        **_line(line),
        packed_on=lot.packed_on,
        best_before=lot.best_before,
        note=lot.note,
        grade=lot.grade,
        sellable_from=findings.sellable_from,
        state_reason=lot.state_reason,
        state_since=lot.state_since,
        recorded_at=lot.recorded_at,
        page=f"/t/{lot.code}",
        claims=[ClaimOut.of(claim, language) for claim in findings.claims],
        parts=[PartOut.of(part) for part in parts],
    )
