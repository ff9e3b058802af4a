"""What the public may know of a lot, on the wire: the same story as the page, field for field."""

from datetime import date, datetime

from pydantic import Field

from app.api.shapes import Out
from app.kit.i18n import Language
from app.lots.lab_queries import LabReportTold
from app.models.inspection import Sampler, Verdict
from app.models.lots import LotState
from app.provenance.standing import Standing, Tone
from app.provenance.story import (
    ClaimTold,
    DiaryTold,
    LabelTold,
    SoldAsTold,
    Story,
    TreatmentTold,
)


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
    origin: str
    area: str
    state: LotState
    state_since: datetime
    state_reason: str = Field(description="Of a recall or a withdrawal; else empty.")
    harvested_on: date
    packed_on: date | None
    best_before: date | None
    sellable_from: date | None
    planting_area_codes: list[PublicCodeOut]
    claims: list[PublicClaimOut]
    diary: PublicDiaryOut | None
    tests: list[PublicTestOut]
    failed_test: str | None = Field(description="What a test that failed, and stands, says.")
    label: PublicLabelOut | None
    events: list[PublicEventOut]
    ledger_position: int
    leaf_hash: str
    demonstration: bool


def public_lot(story: Story, language: Language) -> PublicLotOut:
    """The story in one language."""
    say, strip = language.say, story.strip
    return PublicLotOut(
        code=story.code,
        page=story.address,
        standing=PublicStandingOut(
            standing=strip.standing,
            standings=list(strip.standings),
            tone=strip.tone,
            title=say(strip.title),
            words=[say(words) for words in strip.words],
            also=[say(words) for words in strip.also],
        ),
        name=story.crop.name(language.tag),
        scientific_name=story.crop.scientific_name,
        sold_as=[_pack(one, language) for one in story.sold_as],
        producer=say(story.producer.name),
        producer_address=story.producer.address,
        grower=story.producer.grower,
        origin=f"{story.area.commune}, {story.area.province}, Việt Nam",
        area=story.area.name,
        state=story.state,
        state_since=story.state_since,
        state_reason=story.state_reason,
        harvested_on=story.harvested_on,
        packed_on=story.packed_on,
        best_before=story.best_before,
        sellable_from=story.sellable_from,
        planting_area_codes=[PublicCodeOut.model_validate(code) for code in story.area.codes],
        claims=[_claim(claim, language) for claim in story.claims],
        diary=_diary(story.diary) if story.diary else None,
        tests=[_test(one, language) for one in story.tests],
        failed_test=say(story.failed_test) if story.failed_test else None,
        label=_label(story.label, language) if story.label else None,
        events=[
            PublicEventOut(what=say(event.what), on=event.on, where=event.where, who=say(event.who))
            for event in story.events
        ],
        ledger_position=story.proof.position,
        leaf_hash=story.proof.leaf_hash,
        demonstration=story.demonstration,
    )


def _pack(sold: SoldAsTold, language: Language) -> PublicPackOut:
    return PublicPackOut(
        name=sold.name(language.tag),
        brand=sold.brand,
        gtin=sold.gtin,
        pack_g=sold.pack.value if sold.pack else None,
        storage=sold.storage[language.tag],
        warning=sold.warning[language.tag],
    )


def _diary(diary: DiaryTold) -> PublicDiaryOut:
    return PublicDiaryOut(
        counts={work.value: count for work, count in diary.counts.items()},
        sown_on=diary.sown_on,
        treatments=[_treatment(one) for one in diary.treatments],
        deciding=_treatment(diary.deciding) if diary.deciding else None,
        waiting=diary.waiting.value,
    )


def _treatment(one: TreatmentTold) -> PublicTreatmentOut:
    return PublicTreatmentOut.model_validate(one)


def _test(test: LabReportTold, language: Language) -> PublicTestOut:
    return PublicTestOut(
        sampler=test.sampler,
        sampled_by=test.sampled_by,
        laboratory=test.laboratory,
        accreditation=test.accreditation,
        number=test.number,
        sampled_on=test.sampled_on,
        reported_on=test.reported_on,
        verdict=test.verdict,
        lifted=test.lifted,
        results=[
            PublicTestResultOut(
                analyte=one.analyte,
                found=language.say(one.found),
                limit=f"{language.number(one.limit)} {one.unit}" if one.limit is not None else None,
                limit_ref=one.limit_ref,
                verdict=one.verdict,
            )
            for one in test.results
        ],
    )


def _label(label: LabelTold, language: Language) -> PublicLabelOut:
    return PublicLabelOut(
        printed_on=label.printed_on,
        said=list(label.said),
        differences=[
            PublicDifferenceOut(fact=language.say(one.fact), said=one.said, today=one.today)
            for one in label.differences
        ],
    )


def _claim(claim: ClaimTold, language: Language) -> PublicClaimOut:
    return PublicClaimOut(
        kind=claim.kind,
        title=language.say(claim.title),
        granted=claim.granted_now,
        reason=language.say(claim.reason_now),
        granted_when_recorded=claim.granted_then,
        reason_when_recorded=language.say(claim.reason_then),
        number=claim.number,
        standard=claim.standard,
        body=claim.body,
        valid_from=claim.valid_from,
        valid_to=claim.valid_to,
        status=claim.status_now,
        confirmation=claim.confirmation.value if claim.confirmation else None,
    )
