"""Paper and layouts on the wire."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from app.api.problems import may_fail
from app.api.shapes import In, Name, Out, Words
from app.deps import Call, Config, ExpectedVersion, OnceDep, Reading, Writing, etag, require_version
from app.errors import Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.labels import stock_commands
from app.labels.checking import FACT_NAMES
from app.labels.label_rules import label_rules
from app.labels.layout import checked_layout
from app.labels.previewing import layout_picture
from app.labels.stock_queries import (
    body_of,
    layout_by_slug,
    layouts,
    stock_by_slug,
    stocks,
)
from app.models.print_runs import (
    LabelLayout,
    LabelStock,
    Purpose,
    StockKind,
)
from app.models.registry import Organisation
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(tags=["labels"])

Micrometres = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]


class StockIn(In):
    """Paper for labels, in micrometres. A pitch of 0: labels lie without a gap."""

    name: Name = Field(examples=["Cuộn 45 × 25 mm"])
    kind: StockKind
    page_width_um: Micrometres = Field(examples=[45000])
    page_height_um: Micrometres = Field(examples=[25000])
    width_um: Micrometres = Field(examples=[45000])
    height_um: Micrometres = Field(examples=[25000])
    columns: int = Field(default=1, ge=0, le=1000)
    rows: int = Field(default=1, ge=0, le=1000)
    left_um: Micrometres = 0
    top_um: Micrometres = 0
    pitch_x_um: Micrometres = 0
    pitch_y_um: Micrometres = 0
    note: Words = ""


class StockOut(Out):
    """Paper for labels. `checked` is false for figures nobody measured."""

    slug: str
    name: str
    kind: StockKind
    page_width_um: int
    page_height_um: int
    columns: int
    rows: int
    width_um: int
    height_um: int
    left_um: int
    top_um: int
    pitch_x_um: int
    pitch_y_um: int
    checked: bool
    note: str


class LayoutIn(In):
    """A layout. `body`: width, height, languages, blocks of facts, symbols and bars, in millimetres."""

    name: Name
    body: dict[str, Any]


class LayoutOut(Out):
    """The edition of a layout that is in use; `facts` are what a block may show."""

    slug: str
    edition: int
    name: str
    purpose: Purpose
    valid_from: date
    own: bool
    body: dict[str, Any]
    facts: list[str]

    @classmethod
    def of(cls, layout: LabelLayout) -> "LayoutOut":
        return cls(
            slug=layout.slug,
            edition=layout.edition,
            name=layout.name,
            purpose=layout.purpose,
            valid_from=layout.valid_from,
            own=layout.organisation_id is not None,
            body=body_of(layout).model_dump(mode="json"),
            facts=sorted(FACT_NAMES),
        )


class PreviewIn(In):
    """A layout as it might become, with a made-up lot on it."""

    body: dict[str, Any]
    language: str = Field(default="vi", max_length=8)


def owner_of(call: Call) -> Organisation | None:
    """Whose the new row is: the caller's organisation's, or everybody's when the province adds it."""
    if call.within.everything:
        return None
    return organisation_by_id(call.session, call.caller.organisation_id)


@router.get("/label-stocks", responses=may_fail())
def list_label_stocks(call: Reading) -> list[StockOut]:
    """Paper that everybody may use, and your own."""
    return [StockOut.model_validate(stock) for stock in stocks(call.session, within=call.within)]


@router.post(
    "/label-stocks",
    status_code=201,
    response_model=StockOut,
    responses=may_fail(Malformed, Refused),
)
def add_label_stock(body: StockIn, call: Writing, once: OnceDep) -> Response:
    """Add paper: your own, or everybody's when the province adds it."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        stock: LabelStock = stock_commands.add_stock(
            call.session,
            organisation=owner_of(call),
            details=stock_commands.StockDetails(**body.model_dump()),
            by=call.actor,
            now=call.now,
        )
        out = StockOut.model_validate(stock)
        return out, {"Location": f"/api/v1/label-stocks/{stock.slug}"}

    return once(effect)


@router.get("/label-stocks/{stock}", responses=may_fail(NotFound))
def read_label_stock(stock: str, call: Reading) -> StockOut:
    """One kind of paper."""
    return StockOut.model_validate(stock_by_slug(call.session, stock, within=call.within))


@router.get("/label-layouts", responses=may_fail())
def list_label_layouts(call: Reading) -> list[LayoutOut]:
    """The layouts in use today, everybody's and your own."""
    return [LayoutOut.of(one) for one in layouts(call.session, within=call.within, on=call.today)]


@router.get("/label-layouts/{layout}", responses=may_fail(NotFound))
def read_label_layout(layout: str, call: Reading, response: Response) -> LayoutOut:
    """One layout; its edition is its ETag."""
    found = layout_by_slug(call.session, layout, within=call.within, on=call.today)
    response.headers["ETag"] = etag(found.edition)
    return LayoutOut.of(found)


@router.put(
    "/label-layouts/{layout}",
    responses=may_fail(Malformed, NotFound, Refused, StaleVersion, VersionRequired),
)
def save_label_layout(
    layout: str, body: LayoutIn, call: Writing, expected: ExpectedVersion, response: Response
) -> LayoutOut:
    """A new edition of your own layout, or your own copy of everybody's."""
    former = layout_by_slug(call.session, layout, within=call.within, on=call.today)
    require_version(former.edition, expected)
    saved = stock_commands.save_layout(
        call.session,
        organisation=owner_of(call),
        former=former,
        name=body.name,
        body=checked_layout(body.body),
        by=call.actor,
        now=call.now,
    )
    response.headers["ETag"] = etag(saved.edition)
    return LayoutOut.of(saved)


@router.post(
    "/label-layouts/{layout}/preview",
    response_class=Response,
    responses={**may_fail(Malformed, NotFound, Refused), 200: {"content": {"image/png": {}}}},
)
def preview_label_layout(layout: str, body: PreviewIn, call: Reading, config: Config) -> Response:
    """A picture of a layout before it is saved."""
    former = layout_by_slug(call.session, layout, within=call.within, on=call.today)
    picture, _ = layout_picture(
        checked_layout(body.body),
        body.language,
        Purpose(former.purpose),
        label_rules(call.session, call.today),
        base_url=config.base_url,
    )
    return Response(picture, media_type="image/png", headers={"Cache-Control": "no-store"})
