"""Drills of a recall on the wire: what is sent and what is answered."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.shapes import In, Name, Out, Words
from app.drills.answering_commands import DrillAnswer
from app.drills.queries import AskedTold, DrillTold
from app.drills.rules import LONGEST_LESSONS, MOST
from app.kit.quantities import Grams
from app.models.catalogue import Crop
from app.models.drills import DrillLot, DrillState
from app.models.lots import HarvestLot
from app.tracing.start_queries import LONGEST, Asked

GramsIn = Annotated[int, Field(ge=0, le=MOST.value, examples=[12_500])]
LOT = "LC0123456789ABC"


class DrillIn(In):
    """With what a drill begins: any code or name that a trace takes, and days."""

    q: str = Field(max_length=LONGEST, examples=[LOT])
    since: date | None = None
    until: date | None = None

    def asked(self) -> Asked:
        """The same, as the command takes it."""
        return Asked(self.q, self.since, self.until)


class DrillAnswerIn(In):
    """What is still there and what was sold on. `answered_by`: a person's name, kept in the house."""

    remaining_g: GramsIn
    passed_on_g: GramsIn
    answered_by: Name = ""
    remark: Words = ""

    def answer(self) -> DrillAnswer:
        """The same, as the command takes it."""
        remaining, passed_on = Grams(self.remaining_g), Grams(self.passed_on_g)
        return DrillAnswer(remaining, passed_on, self.answered_by, self.remark)


class LessonsIn(In):
    """What was learnt: the report is about that."""

    lessons: str = Field(max_length=LONGEST_LESSONS, examples=["Gọi cho khách trước 9 giờ."])


class DrillOut(Out):
    """A drill with its clock and its kilograms. Nothing public knows of it."""

    id: UUID
    state: DrillState
    organisation: UUID
    organisation_name: str = Field(examples=["Hợp tác xã Rau Bắc Hà"])
    asked_for: str = Field(examples=[LOT])
    started_at: datetime
    traced_ms: int = Field(description="How long it took to find its lots.", examples=[42])
    asked_at: datetime | None
    ended_at: datetime | None
    lessons: str
    lots: int
    asked: int = Field(description="How many were asked.")
    answered: int
    total_g: int
    home_g: int = Field(description="By the own records.")
    confirmed_g: int = Field(description="By what others answered.")
    open_g: int = Field(description="Not confirmed by those who have it by the records.")
    missing_g: int
    accounted_percent: float = Field(examples=[97.5])
    version: int

    @classmethod
    def of(cls, told: DrillTold) -> "DrillOut":
        row, mass = told.drill, told.mass
        return cls(
            id=row.uid,
            state=row.state,
            organisation=told.organisation.uid,
            organisation_name=told.organisation.name,
            asked_for=row.asked_for,
            started_at=row.started_at,
            traced_ms=row.traced_ms,
            asked_at=row.asked_at,
            ended_at=row.ended_at,
            lessons=row.lessons,
            lots=told.lots,
            asked=told.asked,
            answered=told.answered,
            total_g=mass.total.value,
            home_g=mass.home.value,
            confirmed_g=mass.confirmed.value,
            open_g=mass.open.value,
            missing_g=mass.missing.value,
            accounted_percent=mass.percent,
            version=row.version,
        )


class DrillAskedOut(Out):
    """Somebody who is asked. `name` of a party is seen by its seller and by officials."""

    id: UUID
    organisation: UUID | None
    name: str = Field(examples=["Chợ đầu mối Bắc Hà"])
    expected_g: int
    remaining_g: int | None
    passed_on_g: int | None
    answered_at: datetime | None
    remark: str

    @classmethod
    def of(cls, told: AskedTold) -> "DrillAskedOut":
        one = told.consignee
        known = told.organisation or told.party
        return cls(
            id=one.uid,
            organisation=told.organisation.uid if told.organisation else None,
            name=known.name if known else "",
            expected_g=one.expected_g,
            remaining_g=one.remaining_g,
            passed_on_g=one.passed_on_g,
            answered_at=one.answered_at,
            remark=one.remark,
        )


class DrillLotOut(Out):
    """A lot of a drill. `root`: it began with it; the others were made of such."""

    code: str = Field(examples=[LOT])
    crop: str = Field(examples=["BAP_CAI"])
    quantity_g: int
    root: bool

    @classmethod
    def of(cls, row: DrillLot, lot: HarvestLot, crop: Crop) -> "DrillLotOut":
        return cls(code=lot.code, crop=crop.slug, quantity_g=lot.quantity_g, root=row.root)


class DrillLinkOut(Out):
    """A link for a buyer without an account; shown this once, the one before it is dead."""

    link: str = Field(examples=["https://nguongoc.example/k/Yx3…"])
