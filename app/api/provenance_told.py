"""Says the story of a lot on the wire, in one language."""

from app.api.provenance_shapes import (
    PublicClaimOut,
    PublicCodeOut,
    PublicDiaryOut,
    PublicDifferenceOut,
    PublicEventOut,
    PublicLabelOut,
    PublicLotOut,
    PublicOriginOut,
    PublicPackOut,
    PublicStandingOut,
    PublicTestOut,
    PublicTestResultOut,
    PublicTreatmentOut,
)
from app.kit.i18n import Language
from app.lots.lab_queries import LabReportTold
from app.pictures.versions import WIDTHS
from app.provenance.story import (
    AreaTold,
    ClaimTold,
    DiaryTold,
    LabelTold,
    OriginTold,
    SoldAsTold,
    Story,
    TreatmentTold,
)


def public_lot(story: Story, language: Language, leaf: bytes | None) -> PublicLotOut:
    """The story in one language."""
    say = language.say
    return PublicLotOut(
        code=story.code,
        page=story.address,
        standing=_standing(story, language),
        name=story.crop.name(language.tag),
        scientific_name=story.crop.scientific_name,
        sold_as=[_pack(one, language) for one in story.sold_as],
        producer=say(story.producer.name),
        producer_address=story.producer.address,
        grower=story.producer.grower,
        origin=_place(story.area),
        outside_percent=story.outside_percent,
        area=story.area.name,
        origins=[_origin(one) for one in story.origins],
        state=story.state,
        state_since=story.state_since,
        state_reason=story.state_reason,
        harvested_on=story.harvested_on,
        packed_on=story.packed_on,
        best_before=story.best_before,
        sellable_from=story.sellable_from,
        planting_area_codes=[PublicCodeOut.model_validate(code) for code in story.codes],
        pictures=_pictures(story),
        claims=[_claim(claim, language) for claim in story.claims],
        diary=_diary(story.diary) if story.diary else None,
        tests=[_test(one, story, language) for one in story.tests],
        failed_test=say(story.failed_test) if story.failed_test else None,
        label=_label(story.label, language) if story.label else None,
        events=[
            PublicEventOut(what=say(event.what), on=event.on, where=event.where, who=say(event.who))
            for event in story.events
        ],
        ledger_position=story.proof.position,
        log_leaf=leaf.hex() if leaf else None,
        proof=story.address.replace("/t/", "/log/lots/"),
        demonstration=story.demonstration,
    )


def _origin(origin: OriginTold) -> PublicOriginOut:
    return PublicOriginOut(percent=origin.percent, place=_place(origin.area), area=origin.area.name)


def _place(area: AreaTold) -> str:
    return "" if area.outside else f"{area.commune}, {area.province}, Việt Nam"


def _standing(story: Story, language: Language) -> PublicStandingOut:
    say, strip = language.say, story.strip
    return PublicStandingOut(
        standing=strip.standing,
        standings=list(strip.standings),
        tone=strip.tone,
        title=say(strip.title),
        words=[say(words) for words in strip.words],
        also=[say(words) for words in strip.also],
    )


def _pictures(story: Story) -> list[str]:
    """The addresses of the largest photographs."""
    home = story.address.replace("/t/", "/i/")
    return [f"{home}/{one.name}-{WIDTHS[-1]}.jpg" for one in story.pictures]


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


def _test(test: LabReportTold, story: Story, language: Language) -> PublicTestOut:
    # Of an own test the producer had the sample taken: a household is told as it agreed.
    own = language.say(story.producer.name)
    return PublicTestOut(
        sampler=test.sampler,
        sampled_by=test.sampled_by if test.official else own,
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
