"""Tables of recalls: who decided what, which lots are in it, who has the goods, what became of them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text
from app.models.lots import LotState


class RecallKind(StrEnum):
    """By the facility itself, or by decision of the authority (TT 17/2021/TT-BNNPTNT art. 9)."""

    VOLUNTARY = "voluntary"
    COMPULSORY = "compulsory"


class RecallState(StrEnum):
    """`considered`: the danger is known and the clock runs. `mistaken`: there was none."""

    CONSIDERED = "considered"
    RUNNING = "running"
    ENDED = "ended"
    REPORTED = "reported"
    MISTAKEN = "mistaken"


class Way(StrEnum):
    """The four ways in which recalled goods are handled (TT 17/2021/TT-BNNPTNT art. 13)."""

    FIX = "fix"
    REPURPOSE = "repurpose"
    REEXPORT = "reexport"
    DESTROY = "destroy"


class Recall(Public, Versioned, table=True):
    """A recall of lots with everything that was made of them.

    `organisation_id`: the facility that recalls its goods; `opened_by_id`: who opened the case.
    `decided_at` None: not decided yet. A compulsory one may be begun before its decision has a number
    (`decision_at`: when the number was written down). `handle_by` counts from the authority's written agreement
    (`agreed_on`), `report_by` from the end.
    """

    __tablename__ = "recall"
    __table_args__ = (
        CheckConstraint(
            "state IN ('considered', 'mistaken') OR decided_at IS NOT NULL", name="decided_at"
        ),
        CheckConstraint("(decision_number = '') = (decision_at IS NULL)", name="decision_at"),
        Index("ix_recall_organisation", "organisation_id", "id"),
        Index("ix_recall_state", "state", "id"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    opened_by_id: int = Field(foreign_key="organisation.id")
    kind: RecallKind = Field(sa_type=stored_as_text(RecallKind, "kind"))
    state: RecallState = Field(
        default=RecallState.CONSIDERED, sa_type=stored_as_text(RecallState, "state")
    )
    # Told to everybody: on the page of every lot in it.
    reason: str = Field(max_length=500)
    lab_report_id: int | None = Field(default=None, foreign_key="lab_report.id", index=True)
    shopper_report_id: int | None = Field(default=None, foreign_key="shopper_report.id", index=True)
    grounds: str = Field(default="", max_length=500)
    determined_at: datetime = Field(sa_type=UTCDateTime)
    opened_at: datetime = Field(sa_type=UTCDateTime)
    decide_by: datetime | None = Field(default=None, sa_type=UTCDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    decision_number: str = Field(default="", max_length=80)
    decision_on: date | None = Field(default=None)
    decision_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answer_by: datetime | None = Field(default=None, sa_type=UTCDateTime)
    agreed_on: date | None = Field(default=None)
    agreed_number: str = Field(default="", max_length=80)
    handle_by: date | None = Field(default=None)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    report_by: date | None = Field(default=None)
    reported_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    cause: str = Field(default="", max_length=1000)
    prevention: str = Field(default="", max_length=1000)
    lifted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    lifted_reason: str = Field(default="", max_length=500)
    ledger_position: int = Field(default=0)


class RecallLot(Row, table=True):
    """A lot in a recall. `root`: it was named; the others were made of such.

    `state_before` is what the lot was before the recall; None: the recall is not decided yet.
    """

    __tablename__ = "recall_lot"
    __table_args__ = (
        UniqueConstraint("recall_id", "lot_id"),
        Index("ix_recall_lot_lot", "lot_id", "recall_id"),
    )

    recall_id: int = Field(foreign_key="recall.id")
    lot_id: int = Field(foreign_key="harvest_lot.id")
    root: bool = Field(default=False)
    state_before: LotState | None = Field(
        default=None, sa_type=stored_as_text(LotState, "state_before")
    )
    added_at: datetime = Field(sa_type=UTCDateTime)


class RecallConsignee(Public, Versioned, table=True):
    """Somebody who was given goods of a recall: an organisation of the system or an outside party.

    `seller_id`: the organisation whose buyer it is. `expected_g`: what it has by the records;
    `remaining_g`: what it says it still has. `token_hash`: of the link for a party.
    """

    __tablename__ = "recall_consignee"
    __table_args__ = (
        CheckConstraint("(to_organisation_id IS NULL) <> (party_id IS NULL)", name="receiver"),
        CheckConstraint("remaining_g >= 0", name="remaining_g"),
        CheckConstraint("(answered_at IS NULL) = (remaining_g IS NULL)", name="answered_at"),
        UniqueConstraint("recall_id", "to_organisation_id"),
        UniqueConstraint("recall_id", "party_id"),
        UniqueConstraint("token_hash"),
        Index("ix_recall_consignee_receiver", "to_organisation_id", "recall_id"),
        Index("ix_recall_consignee_party", "party_id"),
    )

    recall_id: int = Field(foreign_key="recall.id")
    seller_id: int = Field(foreign_key="organisation.id")
    to_organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    party_id: int | None = Field(default=None, foreign_key="party.id")
    expected_g: int = Field(sa_type=BigInteger)
    told_at: datetime = Field(sa_type=UTCDateTime)
    answer_by: datetime | None = Field(default=None, sa_type=UTCDateTime)
    token_hash: str | None = Field(default=None, max_length=64)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    remaining_g: int | None = Field(default=None, sa_type=BigInteger)
    answered_by: str = Field(default="", max_length=120)
    remark: str = Field(default="", max_length=500)

    @property
    def over_g(self) -> int:
        """By how many grams it says to have more than it has by the records."""
        return max(0, (self.remaining_g or 0) - self.expected_g)


class RecallDisposal(Public, table=True):
    """What was done with kilograms of a recalled lot, with its evidence; never changed."""

    __tablename__ = "recall_disposal"
    __table_args__ = (
        CheckConstraint("quantity_g > 0", name="quantity_g"),
        CheckConstraint("document <> '' OR photo_sha256 <> ''", name="evidence"),
        Index("ix_recall_disposal_recall", "recall_id", "id"),
        Index("ix_recall_disposal_lot", "lot_id"),
    )

    recall_id: int = Field(foreign_key="recall.id")
    lot_id: int = Field(foreign_key="harvest_lot.id")
    organisation_id: int = Field(foreign_key="organisation.id", index=True)
    way: Way = Field(sa_type=stored_as_text(Way, "way"))
    quantity_g: int = Field(sa_type=BigInteger)
    document: str = Field(default="", max_length=80)
    place: str = Field(default="", max_length=160)
    note: str = Field(default="", max_length=500)
    done_on: date
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    photo_sha256: str = Field(default="", max_length=64)
    # The movement by which the goods left the hands; none for what was fixed and stays.
    movement_id: int | None = Field(default=None, foreign_key="movement.id", index=True)


class RecallRelease(Public, table=True):
    """Goods that were fixed and go into trade again after a second look; never changed.

    `source_id`: the lot they were fixed in; `lot_id`: the lot that is free now, another one where
    more goods carry the code of the first (`movement_id` set them apart). The grams are what the
    columns of the recall say of `lot_id` from then on, whatever becomes of it.
    """

    __tablename__ = "recall_release"
    __table_args__ = (
        CheckConstraint("fixed_g > 0", name="fixed_g"),
        CheckConstraint(
            "repurposed_g >= 0 AND reexported_g >= 0 AND destroyed_g >= 0 AND unaccounted_g >= 0",
            name="columns",
        ),
        UniqueConstraint("disposal_id"),
        UniqueConstraint("recall_id", "lot_id"),
        Index("ix_recall_release_lot", "lot_id"),
    )

    recall_id: int = Field(foreign_key="recall.id")
    disposal_id: int = Field(foreign_key="recall_disposal.id")
    source_id: int = Field(foreign_key="harvest_lot.id", index=True)
    lot_id: int = Field(foreign_key="harvest_lot.id")
    office_id: int = Field(foreign_key="organisation.id", index=True)
    movement_id: int | None = Field(default=None, foreign_key="movement.id", index=True)
    # Told to everybody.
    reason: str = Field(max_length=500)
    fixed_g: int = Field(sa_type=BigInteger)
    repurposed_g: int = Field(default=0, sa_type=BigInteger)
    reexported_g: int = Field(default=0, sa_type=BigInteger)
    destroyed_g: int = Field(default=0, sa_type=BigInteger)
    unaccounted_g: int = Field(default=0, sa_type=BigInteger)
    released_at: datetime = Field(sa_type=UTCDateTime)


class RecallPhoto(SQLModel, table=True):
    """The photograph of a disposal (JPEG), without where it was taken."""

    __tablename__ = "recall_photo"

    disposal_id: int = Field(primary_key=True, foreign_key="recall_disposal.id")
    content: bytes = Field(sa_type=LargeBinary)
