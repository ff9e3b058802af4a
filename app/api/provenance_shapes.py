"""What the public may know of a lot, on the wire: the same story as the page, field for field."""

from datetime import date, datetime

from pydantic import Field

from app.api.shapes import Out
from app.models.inspection import Sampler, Verdict
from app.models.lots import LotState
from app.provenance.standing import Standing, Tone


class PublicStandingOut(Out):
    """How the lot stands today, computed from facts: the gravest first, and what else is wrong."""

    standing: Standing = Field(examples=["in_force"])
    standings: list[Standing]
    tone: Tone
    title: str = Field(examples=["In force: no warning stands"])
    words: list[str]
    also: list[str]


class PublicPackOut(Out):
    """What packs of the lot are sold as, by the labels that were printed."""

    name: str
    brand: str
    gtin: str | None = Field(examples=["08936012340014"])
    pack_g: int | None
    storage: str
    warning: str


class PublicTreatmentOut(Out):
    """A pesticide that the diary names; `interval_days` null: nobody knows how long to wait."""

    product: str
    on: date
    interval_days: int | None
    waited_days: int


class PublicDiaryOut(Out):
    """The diary summed up; `waiting` is `kept`, `broken` or `unknown`."""

    counts: dict[str, int] = Field(examples=[{"fertilising": 5, "spraying": 1}])
    sown_on: date | None
    treatments: list[PublicTreatmentOut]
    deciding: PublicTreatmentOut | None
    waiting: str


class PublicDifferenceOut(Out):
    """A fact that the printed label says otherwise than a new one would."""

    fact: str
    said: str
    today: str


class PublicLabelOut(Out):
    """The newest printed labels: what they say, and what has changed since."""

    printed_on: date
    said: list[str]
    differences: list[PublicDifferenceOut]


class PublicCodeOut(Out):
    """A planting-area code on the harvest day and today."""

    code: str
    market: str
    scheme: str
    issued_on: date
    status_then: str
    status_now: str


class PublicOriginOut(Out):
    """A place that part of a lot comes from, when it was made of several harvests."""

    percent: int
    place: str
    area: str


class PublicClaimOut(Out):
    """A claim as it was recorded and as it stands today."""

    kind: str = Field(examples=["vietgap"])
    title: str
    granted: bool
    reason: str
    granted_when_recorded: bool
    reason_when_recorded: str
    number: str | None
    standard: str | None
    body: str | None
    valid_from: date | None
    valid_to: date | None
    status: str | None
    confirmation: str | None


class PublicTestResultOut(Out):
    """What was found of one analyte, against what is allowed."""

    analyte: str
    found: str = Field(examples=["0.02 mg/kg"])
    limit: str | None
    limit_ref: str
    verdict: Verdict


class PublicTestOut(Out):
    """A laboratory's report on a sample: official, or the producer's own."""

    sampler: Sampler
    sampled_by: str
    laboratory: str
    accreditation: str
    number: str
    sampled_on: date
    reported_on: date
    verdict: Verdict
    lifted: bool = Field(description="It failed, and a verification test passed since.")
    results: list[PublicTestResultOut]


class PublicEventOut(Out):
    """A critical tracking event (NĐ 37/2026/NĐ-CP art. 23(5)e)."""

    what: str
    on: date
    where: str
    who: str


class PublicLotOut(Out):
    """The items of NĐ 37/2026/NĐ-CP art. 23(5), as far as they exist; nothing personal."""

    code: str = Field(examples=["LC0123456789ABC"])
    page: str
    standing: PublicStandingOut
    name: str
    scientific_name: str
    sold_as: list[PublicPackOut]
    producer: str
    producer_address: str
    grower: str | None
    origin: str = Field(description="Empty: from a supplier outside of the system.")
    outside_percent: int = Field(
        description="Of a hundred kilograms, how many came from suppliers outside of the system: "
        "where these grew is not known here. A share too small for a whole percent counts as one.",
        examples=[0],
    )
    area: str
    origins: list[PublicOriginOut]
    state: LotState
    state_since: datetime
    state_reason: str = Field(description="Of a recall or a withdrawal; else empty.")
    harvested_on: date
    packed_on: date | None
    best_before: date | None
    sellable_from: date | None
    planting_area_codes: list[PublicCodeOut]
    pictures: list[str] = Field(examples=[["https://nguongoc.example/i/LC0123456789ABC/0-960.jpg"]])
    claims: list[PublicClaimOut]
    diary: PublicDiaryOut | None
    tests: list[PublicTestOut]
    failed_test: str | None = Field(description="What a test that failed, and stands, says.")
    label: PublicLabelOut | None
    events: list[PublicEventOut]
    ledger_position: int = Field(description="Which entry of the public log recorded it.")
    log_leaf: str | None = Field(
        description="The hash of that entry in the log's tree (RFC 6962 §2.1), hexadecimal; null "
        "until the log has taken it in. What it commits to is salted."
    )
    proof: str = Field(description="Where the public log proves the records of the lot.")
    demonstration: bool
