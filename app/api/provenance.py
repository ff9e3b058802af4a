"""What the public may know about a lot, for machines: the twin of the page behind the QR."""

from datetime import date, datetime

from fastapi import APIRouter, Response
from pydantic import Field

from app.api.problems import may_fail
from app.api.shapes import Code, Out
from app.deps import Call, Config, Reading
from app.errors import Gone, NotFound, refuse
from app.kit.codes import MistypedLotCode, read_lot_code
from app.kit.messages import say
from app.models.lots import LotState
from app.provenance.queries import story_of
from app.provenance.story import ClaimTold, Story

router = APIRouter(prefix="/public", tags=["provenance"])

CACHE = "public, max-age=0, s-maxage=30, must-revalidate"


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
    name: str
    scientific_name: str
    producer: str
    producer_address: str
    grower: str | None
    origin: str
    area: str
    state: LotState
    state_since: datetime
    state_reason: str
    harvested_on: date
    packed_on: date | None
    best_before: date | None
    sellable_from: date | None
    failed_test: str | None = Field(
        description="An official sample that was over a limit; null: none, or it was lifted."
    )
    planting_area_codes: list[PublicCodeOut]
    claims: list[PublicClaimOut]
    events: list[PublicEventOut]
    ledger_position: int
    leaf_hash: str
    demonstration: bool


@router.get("/lots/{code}", responses=may_fail(NotFound, Gone))
def read_public_lot(code: Code, call: Reading, config: Config, response: Response) -> PublicLotOut:
    """The provenance of a lot, without signing in."""
    try:
        exact = read_lot_code(code)
    except MistypedLotCode as slip:
        raise refuse("code", slip.why) from None
    address = f"{config.base_url}/t/{exact}"
    story = story_of(call.session, exact, address=address, now=call.now)
    if story.state is LotState.WITHDRAWN:
        raise Gone(say("This lot was withdrawn: it was recorded by mistake."))
    response.headers["Cache-Control"] = CACHE
    response.headers["Content-Language"] = call.language.html_tag
    return _told(story, call)


def _told(story: Story, call: Call) -> PublicLotOut:
    return PublicLotOut(
        code=story.code,
        page=story.address,
        name=story.crop.name(call.language.tag),
        scientific_name=story.crop.scientific_name,
        producer=story.producer.name,
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
        failed_test=call.language.say(story.failed_test) if story.failed_test else None,
        planting_area_codes=[PublicCodeOut.model_validate(code) for code in story.area.codes],
        claims=[_claim(claim, call) for claim in story.claims],
        events=[
            PublicEventOut(
                what=call.language.say(event.what), on=event.on, where=event.where, who=event.who
            )
            for event in story.events
        ],
        ledger_position=story.proof.position,
        leaf_hash=story.proof.leaf_hash,
        demonstration=story.demonstration,
    )


def _claim(claim: ClaimTold, call: Call) -> PublicClaimOut:
    return PublicClaimOut(
        kind=claim.kind,
        title=call.language.say(claim.title),
        granted=claim.granted_now,
        reason=call.language.say(claim.reason_now),
        granted_when_recorded=claim.granted_then,
        reason_when_recorded=call.language.say(claim.reason_then),
        number=claim.number,
        standard=claim.standard,
        body=claim.body,
        valid_from=claim.valid_from,
        valid_to=claim.valid_to,
        status=claim.status_now,
        confirmation=claim.confirmation.value if claim.confirmation else None,
    )
