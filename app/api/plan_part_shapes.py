"""Units' parts of reports on the wire: what is sent and what is answered."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.plan_report_shapes import Quarter, Year
from app.api.shapes import Code, In, Out
from app.models.catalogue import CropGroup
from app.models.plan_reports import ReportPeriod
from app.plan.submission_queries import Expected, PartTold, Unit
from app.plan.submission_rules import Channel, Difference, GroupPart, PartFigures


class GroupPartIn(In):
    """One group of crops: square metres, grams, đồng; null: not known."""

    group: CropGroup
    sown_m2: int | None = Field(default=None, examples=[42_000])
    output_g: int | None = Field(default=None, examples=[96_000_000])
    value_dong: int | None = Field(default=None, examples=[1_150_000_000])


class PlanPartIn(In):
    """A unit's part. An officer names the `commune` (code of today) or `organisation` it is of."""

    year: Year
    quarter: Quarter = 0
    land_m2: int | None = Field(default=None, examples=[20_000])
    groups: list[GroupPartIn] = Field(default_factory=list, max_length=len(CropGroup))
    note: Annotated[str, Field(max_length=2_000)] = ""
    commune: Code | None = Field(default=None, examples=["02839"])
    organisation: UUID | None = None

    def part(self) -> PartFigures:
        """The figures as rules know them; of a group named twice the last counts."""
        groups = {one.group: GroupPart(**one.model_dump()) for one in self.groups}
        return PartFigures(self.land_m2, tuple(groups.values()))


class GroupPartOut(Out):
    """One group of crops."""

    group: CropGroup
    sown_m2: int | None
    output_g: int | None
    value_dong: int | None


class PartFiguresOut(Out):
    """What was said, or what the records gave."""

    land_m2: int | None
    sown_m2: int | None
    output_g: int | None
    value_dong: int | None
    groups: list[GroupPartOut]

    @classmethod
    def of(cls, part: PartFigures) -> "PartFiguresOut":
        return cls.model_validate(part)


class UnitOut(Out):
    """Whose part it is."""

    kind: str = Field(examples=["organisation"])
    name: str
    organisation: UUID | None
    commune: str | None

    @classmethod
    def of(cls, unit: Unit) -> "UnitOut":
        return cls(
            kind=unit.kind,
            name=unit.name,
            organisation=unit.organisation.uid if unit.organisation else None,
            commune=unit.commune.code if unit.commune else None,
        )


class PlanPartOut(Out):
    """A part as it was sent: it never changes, a later one is a new `edition`."""

    id: UUID
    kind: ReportPeriod
    year: int
    quarter: int
    unit: UnitOut
    edition: int
    late: bool
    due_on: date
    submitted_at: datetime
    entered_by: str
    channel: Channel = Field(description="Sent by itself, by a commune's link, or by an officer.")
    note: str
    said: PartFiguresOut
    ours: PartFiguresOut = Field(description="What the records gave at that moment.")
    ledger_position: int

    @classmethod
    def of(cls, told: PartTold) -> "PlanPartOut":
        sent = told.submission
        names = cls.model_fields.keys() & type(sent).model_fields.keys() - {"id", "ours"}
        return cls.model_validate(
            {
                **{name: getattr(sent, name) for name in names},
                "id": sent.uid,
                "unit": UnitOut.of(told.unit),
                "entered_by": told.entered_by.name,
                "channel": told.channel,
                "said": PartFiguresOut.of(told.said),
                "ours": PartFiguresOut.of(told.ours),
            }
        )


class DifferenceOut(Out):
    """What a unit says, what the records give, and by how much it says more."""

    said: int | None
    ours: int | None
    less: int | None = Field(serialization_alias="difference")
    is_far: bool

    @classmethod
    def of(cls, difference: Difference) -> "DifferenceOut":
        return cls.model_validate(difference)


class ExpectedPartOut(Out):
    """A unit whose part is asked for. `edition` 0: nothing came."""

    unit: UnitOut
    edition: int
    late: bool
    submission: UUID | None
    sown_m2: DifferenceOut
    output_g: DifferenceOut

    @classmethod
    def of(cls, one: Expected, due: date, today: date) -> "ExpectedPartOut":
        return cls(
            unit=UnitOut.of(one.unit),
            edition=one.last.edition if one.last else 0,
            late=one.is_late(due, today),
            submission=one.last.uid if one.last else None,
            sown_m2=DifferenceOut.of(one.sown),
            output_g=DifferenceOut.of(one.output),
        )


class ExpectedPartsOut(Out):
    """Every unit of a period, and until when its part is in time."""

    due_on: date
    units: list[ExpectedPartOut]
