"""What machines may ask about lots, places and GS1 identifiers without signing in."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from app.api.problems import may_fail
from app.api.shapes import Code, Out
from app.deps import Config, Reading
from app.errors import Gone, NotFound, Refused, refuse
from app.kit.codes import MistypedLotCode, read_lot_code
from app.models.lots import LotState
from app.models.registry import OrganisationKind
from app.provenance.epcis import events_of
from app.provenance.places import place_told
from app.provenance.recall import recall_of
from app.provenance.translating import LONGEST, Translated, translated

router = APIRouter(prefix="/public", tags=["provenance"])

CACHE = "public, max-age=0, s-maxage=30, must-revalidate"
JSON_LD = "application/ld+json"
EXAMPLE_LOT = "LC0123456789ABC"


class LiftedOut(Out):
    """A recall that was an error: from when until when it stood, and why it was lifted."""

    since: date
    lifted_on: date
    reason: str


class ReleasedOut(Out):
    """Goods that were recalled, then fixed and, after a second look of the authority, released.

    `code`: the lot that was released, another where the goods are in a lot made of it.
    """

    code: str = Field(examples=[EXAMPLE_LOT])
    since: date
    recall_reason: str
    fixed_on: date
    released_on: date
    reason: str


class RecallStatusOut(Out):
    """The answer behind `gs1:recallStatus`: whether a lot was recalled, and what to do."""

    code: str = Field(examples=[EXAMPLE_LOT])
    recalled: bool
    state: LotState
    since: datetime
    reason: str = Field(examples=["Dư lượng thuốc bảo vệ thực vật vượt mức cho phép."])
    what_to_do: str = Field(examples=["Do not eat, sell or give it away."])
    lifted: LiftedOut | None
    released: ReleasedOut | None


class PlaceOut(Out):
    """A place or party by its GLN. `name` null: a household that is not named."""

    gln: str = Field(examples=["9506000134376"])
    page: str
    kind: OrganisationKind
    name: str | None
    area: str | None
    address: str
    planting_area_codes: list[str]
    demonstration: bool


class ElementOut(Out):
    """One element: the application identifier, what GS1 calls it, its value."""

    ai: str = Field(examples=["01"])
    title: str = Field(examples=["GTIN"])
    value: str = Field(examples=["09506000134352"])


class TranslatedOut(Out):
    """A text as GS1 elements, in every form they can be written in."""

    read_as: str = Field(examples=["element_string"])
    elements: list[ElementOut]
    element_string: str = Field(examples=["(01)09506000134352(10)LC0123456789ABC"])
    scanned: str = Field(description="As a scanner sends it: FNC1 is the character U+001D.")
    digital_link: str | None = Field(description="Its address here.")
    canonical: str | None = Field(description="The same under GS1's own root.")
    leads_to: str = Field(description="The page of ours that tells of it, known or not.")


@router.get("/lots/{code}/recall", responses=may_fail(NotFound, Refused))
def read_lot_recall(code: Code, call: Reading, response: Response) -> RecallStatusOut:
    """Whether a lot was recalled: state, since when, why, what to do."""
    told = recall_of(call.session, _exact(code))
    _open(response)
    response.headers["Content-Language"] = call.language.html_tag
    return RecallStatusOut(
        code=told.code,
        recalled=told.recalled,
        state=told.state,
        since=told.since,
        reason=told.reason,
        what_to_do=call.language.say(told.to_do),
        lifted=LiftedOut.model_validate(told.lifted) if told.lifted else None,
        released=ReleasedOut.model_validate(told.released) if told.released else None,
    )


_EVENTS_EXAMPLE = {
    "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
    "type": "EPCISDocument",
    "schemaVersion": "2.0",
    "creationDate": "2026-11-20T03:00:00.000Z",
    "epcisBody": {"eventList": []},
}


@router.get(
    "/lots/{code}/events",
    response_class=JSONResponse,
    responses={
        **may_fail(NotFound, Gone, Refused),
        200: {
            "description": "An EPCIS 2.0 document in JSON-LD.",
            "content": {JSON_LD: {"schema": {"type": "object"}, "example": _EVENTS_EXAMPLE}},
        },
    },
)
def read_lot_events(code: Code, call: Reading, config: Config) -> Response:
    """What befell a lot so far, as EPCIS events: harvest, packing."""
    told = events_of(call.session, _exact(code), root=config.base_url, now=call.now)
    answer = JSONResponse(told, media_type=JSON_LD)
    _open(answer)
    return answer


@router.get("/places/{gln}", responses=may_fail(NotFound, Refused))
def read_place(gln: Code, call: Reading, config: Config, response: Response) -> PlaceOut:
    """Who or where a Global Location Number is."""
    told = place_told(call.session, gln, day=call.today)
    _open(response)
    return PlaceOut(
        gln=told.gln,
        page=config.base_url + told.page,
        kind=told.kind,
        name=told.name,
        area=told.area,
        address=told.address,
        planting_area_codes=list(told.codes),
        demonstration=told.demonstration,
    )


@router.get("/gs1", responses=may_fail(Refused))
def translate_gs1(
    text: Annotated[
        str,
        Query(
            max_length=LONGEST,
            description="An element string, a scan, a GTIN, a Digital Link of any host, a lot code.",
            examples=["(01)09506000134352(10)LC0123456789ABC"],
        ),
    ],
    config: Config,
    response: Response,
) -> TranslatedOut:
    """Element string to Digital Link and back; what is wrong is named with its place."""
    _open(response)
    return _translated(translated(text, root=config.base_url))


def _translated(told: Translated) -> TranslatedOut:
    return TranslatedOut(
        read_as=told.form.value,
        elements=[
            ElementOut(ai=ai, title=title, value=value) for ai, title, value in told.elements
        ],
        element_string=told.bracketed,
        scanned=told.scanned,
        digital_link=told.here,
        canonical=told.canonical,
        leads_to=told.leads_to,
    )


def _exact(code: str) -> str:
    try:
        return read_lot_code(code)
    except MistypedLotCode as slip:
        raise refuse("code", slip.why) from None


def _open(response: Any) -> None:
    """Pages of anybody may read it: nothing in it depends on who asks."""
    response.headers["Cache-Control"] = CACHE
    response.headers["Access-Control-Allow-Origin"] = "*"
