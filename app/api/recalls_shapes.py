"""Recalls on the wire: what is sent and what is answered."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from app.accounts.caller import Caller
from app.api.shapes import Code, In, Name, Words
from app.models.lots import HarvestLot, LotState
from app.models.movements import HoldingState
from app.models.recalls import RecallDisposal, RecallKind, RecallState, Way
from app.recalls.answering_commands import MOST
from app.recalls.clocks import RecallClock
from app.recalls.progress_queries import Progress
from app.recalls.queries import ConsigneeTold, LotTold, RecallTold
from app.recalls.release_queries import ReleaseTold
from app.recalls.rules import MOST_ROOTS

GramsIn = Annotated[int, Field(ge=0, le=MOST.value, examples=[12_500])]


class RecallIn(In):
    """A danger that was found. Whether it is voluntary follows from who sends it."""

    lots: list[Code] = Field(max_length=MOST_ROOTS, examples=[["LC3K7M2Q9TRWXY5"]])
    reason: Words = Field(description="Told to everybody.", examples=["Dư lượng vượt mức."])
    grounds: Words = Field(default="", description="Told to nobody outside.")
    determined_at: datetime | None = Field(default=None, description="null: now.")
    lab_report: UUID | None = None
    shopper_report: UUID | None = None
    decide: bool = Field(default=False, description="Decide it in the same step.")


class DecisionIn(In):
    """The written decision of the authority."""

    number: Code = Field(examples=["12/QĐ-SNNMT"])
    decided_on: date


class ExtensionIn(In):
    """Further lots; none: what was made of its lots since."""

    lots: list[Code] = Field(default_factory=list, max_length=MOST_ROOTS)
    reason: Words = Field(examples=["Cùng một lần phun thuốc."])


class RecallAnswerIn(In):
    """What is left with who has goods. `answered_by`: a person's name, kept in the house."""

    remaining_g: GramsIn
    answered_by: Name = ""
    remark: Words = ""


class GoodsBackIn(In):
    """What came back from a buyer without an account."""

    quantity_g: GramsIn


class DisposalIn(In):
    """What was done with goods at hand, proved by a document, a photograph or both.

    `picture`: a photograph sent to `/pictures` before.
    """

    lot: Code
    way: Way
    quantity_g: GramsIn
    done_on: date
    document: Code = Field(default="", examples=["BB-07/2026"])
    picture: UUID | None = None
    place: Name = ""
    note: Words = ""


class AgreementIn(In):
    """The authority's letter that agrees to how goods are handled."""

    number: Code = Field(examples=["310/CV-SNNMT"])
    agreed_on: date


class RecallReportIn(In):
    """Why it happened, and what keeps it from happening again."""

    cause: Words = Field(examples=["Phun quá liều."])
    prevention: Words = Field(examples=["Tập huấn lại cho các hộ."])


class ClockOut(BaseModel):
    """A deadline. `due` null: not counting yet; `done_at` null: not done yet."""

    name: str
    due: datetime | None
    done_at: datetime | None
    late: bool

    @classmethod
    def of(cls, clock: RecallClock, now: datetime) -> "ClockOut":
        return cls(name=clock.name, due=clock.due, done_at=clock.done_at, late=clock.late(now))


class ProgressOut(BaseModel):
    """Every gram of every lot stands in exactly one column."""

    total_g: int
    in_hand_g: int
    out_g: int
    sold_on_g: int
    fixed_g: int
    repurposed_g: int
    reexported_g: int
    destroyed_g: int
    unaccounted_g: int
    recovered_percent: int

    @classmethod
    def of(cls, progress: Progress) -> "ProgressOut":
        return cls.model_validate(
            {**progress.figures(), "recovered_percent": progress.recovered_percent}
        )


class RecallOut(BaseModel):
    """A recall as it stands. `progress` null: for who only has goods of it."""

    uid: UUID
    kind: RecallKind
    state: RecallState
    organisation: UUID
    organisation_name: str
    opened_by: UUID
    reason: str
    grounds: str
    determined_at: datetime
    decided_at: datetime | None
    decision_number: str
    decision_on: date | None
    agreed_number: str
    agreed_on: date | None
    ended_at: datetime | None
    reported_at: datetime | None
    cause: str
    prevention: str
    lifted_at: datetime | None
    lifted_reason: str
    lots: int
    clocks: list[ClockOut]
    progress: ProgressOut | None

    @classmethod
    def of(cls, told: RecallTold, now: datetime, *, whole: bool) -> "RecallOut":
        recall = told.recall
        names = cls.model_fields.keys() & type(recall).model_fields.keys() - {"grounds"}
        return cls.model_validate(
            {
                **{name: getattr(recall, name) for name in names},
                "grounds": recall.grounds if whole else "",
                "organisation": told.organisation.uid,
                "organisation_name": told.organisation.name,
                "opened_by": told.opened_by.uid,
                "lots": told.lots,
                "clocks": [ClockOut.of(clock, now) for clock in told.clocks],
                "progress": ProgressOut.of(told.progress) if whole else None,
            }
        )


class HoldingOut(BaseModel):
    """So many grams of a lot, where."""

    state: HoldingState
    quantity_g: int


class RecallLotOut(BaseModel):
    """A lot in a recall. `root`: it was named; the others were made of such."""

    code: str
    root: bool
    state: LotState
    quantity_g: int
    holdings: list[HoldingOut]

    @classmethod
    def of(cls, told: LotTold) -> "RecallLotOut":
        return cls(
            code=told.lot.code,
            root=told.row.root,
            state=told.lot.state,
            quantity_g=told.lot.quantity_g,
            holdings=[
                HoldingOut(state=one.state, quantity_g=one.quantity_g) for one in told.holdings
            ],
        )


class ConsigneeOut(BaseModel):
    """Somebody with goods. `name` of a party is seen by its seller and by authorities."""

    uid: UUID
    organisation: UUID | None
    name: str
    expected_g: int
    remaining_g: int | None
    over_g: int = Field(description="By how much it says to have more than by the records.")
    told_at: datetime
    answer_by: datetime | None
    answered_at: datetime | None
    late: bool
    remark: str

    @classmethod
    def of(
        cls, told: ConsigneeTold, caller: Caller, now: datetime, *, all_names: bool
    ) -> "ConsigneeOut":
        one = told.consignee
        known = all_names or told.seller.pk == caller.organisation_id
        party = told.party.name if told.party and known else ""
        return cls(
            uid=one.uid,
            organisation=told.organisation.uid if told.organisation else None,
            name=told.organisation.name if told.organisation else party,
            expected_g=one.expected_g,
            remaining_g=one.remaining_g,
            over_g=one.over_g,
            told_at=one.told_at,
            answer_by=one.answer_by,
            answered_at=one.answered_at,
            late=told.late(now),
            remark=one.remark,
        )


class DisposalOut(BaseModel):
    """What was done with kilograms of a lot, and what proves it."""

    uid: UUID
    lot: str
    way: Way
    quantity_g: int
    done_on: date
    document: str
    place: str
    note: str
    photo_sha256: str
    recorded_at: datetime

    @classmethod
    def of(cls, disposal: RecallDisposal, lot: HarvestLot) -> "DisposalOut":
        names = cls.model_fields.keys() - {"lot"}
        return cls.model_validate(
            {**{name: getattr(disposal, name) for name in names}, "lot": lot.code}
        )


class RecallReleaseOut(BaseModel):
    """Fixed goods that are in trade again. `lot` is another than `source` where they were set apart."""

    uid: UUID
    disposal: UUID
    source: str
    lot: str
    quantity_g: int
    reason: str
    released_at: datetime

    @classmethod
    def of(cls, told: ReleaseTold) -> "RecallReleaseOut":
        release = told.release
        return cls(
            uid=release.uid,
            disposal=told.disposal.uid,
            source=told.source.code,
            lot=told.lot.code,
            quantity_g=release.fixed_g,
            reason=release.reason,
            released_at=release.released_at,
        )


class RecallLinkOut(BaseModel):
    """A link for a buyer without an account; shown this once, the one before it is dead."""

    link: str
