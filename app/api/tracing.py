"""Following lots on the wire: what they were made of, what was made of them, where that is now."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from app.api.problems import may_fail
from app.api.shapes import Out
from app.deps import Config, Reading
from app.errors import NotFound, Refused
from app.labels.run_files import keys_in
from app.labels.serial_queries import SerialState
from app.models.lots import LotKind, LotState
from app.models.movements import DeliveryState, HoldingState
from app.tracing.closure_queries import Cut
from app.tracing.delivery_queries import TracedDelivery
from app.tracing.start_queries import LONGEST, Asked
from app.tracing.traces import Trace, Way, trace

router = APIRouter(tags=["inspection"])

EXAMPLE_LOT = "LC0123456789ABC"


class PlaceOfLotOut(Out):
    """So many grams of a lot are there; `party` is an outside party that has them, or empty."""

    state: HoldingState
    organisation: str = Field(examples=["Hợp tác xã Rau Bắc Hà"])
    party: str = Field(examples=["Bếp ăn Trường tiểu học Na Hối"])
    quantity_g: int = Field(examples=[120000])


class TracedLotOut(Out):
    """A lot that a trace found; `steps`: the fewest steps from where it began."""

    code: str = Field(examples=[EXAMPLE_LOT])
    kind: LotKind
    organisation: str = Field(examples=["Hợp tác xã Rau Bắc Hà"])
    area: str | None = Field(examples=["Nà Hối"])
    harvested_on: date
    quantity_g: int = Field(examples=[450000])
    state: LotState
    steps: int = Field(examples=[1])
    places: list[PlaceOfLotOut]


class TracedEdgeOut(Out):
    """So many grams of one lot went into another."""

    source: str = Field(examples=[EXAMPLE_LOT])
    made: str = Field(examples=["LC0123456789ABD"])
    quantity_g: int = Field(examples=[100000])


class TracedDeliveryOut(Out):
    """So many grams of a lot went from one to the other; nulls: nobody answered yet."""

    lot: str = Field(examples=[EXAMPLE_LOT])
    delivery: UUID
    shipped_at: datetime
    document: str = Field(examples=["PXK-0123"])
    sender: str = Field(examples=["Hợp tác xã Rau Bắc Hà"])
    receiver: str = Field(description="An organisation of the system, or empty.")
    party: str = Field(examples=["Bếp ăn Trường tiểu học Na Hối"])
    state: DeliveryState
    sent_g: int = Field(examples=[120000])
    received_g: int | None = Field(examples=[118000])
    refused_g: int | None = Field(examples=[0])

    @classmethod
    def of(cls, one: TracedDelivery, lot: str) -> "TracedDeliveryOut":
        return cls(
            lot=lot,
            delivery=one.delivery,
            shipped_at=one.shipped_at,
            document=one.document,
            sender=one.sender,
            receiver=one.receiver,
            party=one.party,
            state=one.state,
            sent_g=one.sent_g,
            received_g=one.received_g,
            refused_g=one.refused_g,
        )


class TracedSupplyOut(Out):
    """So many grams of a lot came from a supplier outside of the system: one step back."""

    lot: str = Field(examples=[EXAMPLE_LOT])
    movement: UUID
    received_at: datetime
    document: str = Field(examples=["PNK-0031"])
    place: str = Field(examples=["Nhà đóng gói Bản Phố"])
    organisation: str = Field(examples=["Nhà đóng gói Bắc Hà"])
    supplier: str = Field(examples=["Hộ Giàng A Sử, ngoài hệ thống"])
    supplier_address: str = Field(examples=["Thôn Na Hối"])
    supplier_code: str = Field(examples=[""])
    quantity_g: int = Field(examples=[120000])


class TracedLabelOut(Out):
    """The numbered label that a trace was asked for by.

    `state` null: a secret is missing, and nobody can say; `number` null: it was not made here.
    """

    serial: str = Field(examples=["0001K7M2Q"])
    state: SerialState | None
    number: int | None = Field(examples=[1])
    reason: str


class TraceOut(Out):
    """A trace. `began_as`: what the text was taken for; `cut`: why it is not whole, else null.

    `label` null: it was not asked for by a numbered label.
    """

    began_as: str = Field(examples=["Lot"])
    label: TracedLabelOut | None
    starts: list[str] = Field(examples=[[EXAMPLE_LOT]])
    more_starts: bool
    cut: Cut | None
    lots: list[TracedLotOut]
    edges: list[TracedEdgeOut]
    deliveries: list[TracedDeliveryOut]
    supplies: list[TracedSupplyOut] = Field(
        description="Of lots from outside of the system: who brought them. The own suppliers, or all."
    )


@router.get("/trace", responses=may_fail(NotFound, Refused))
def read_trace(
    call: Reading,
    config: Config,
    q: Annotated[
        str, Query(max_length=LONGEST, description="Any code or name.", examples=[EXAMPLE_LOT])
    ] = "",
    way: Way = Way.BOTH,
    since: Annotated[date | None, Query(description="Of spraying, else of harvest.")] = None,
    until: date | None = None,
) -> TraceOut:
    """Everything in lots and everything made of them, as far as the caller may see."""
    keys = keys_in(config.data_dir)
    told = trace(call.session, Asked(q, since, until), way, reach=call.within, keys=keys)
    for organisation in told.shown_buyers_of():
        call.saw(organisation, "buyers")
    return _told(told, call.language.say(told.begun.what))


def _told(told: Trace, began_as: str) -> TraceOut:
    places: dict[int, list[PlaceOfLotOut]] = {}
    for place in told.places:
        places.setdefault(place.lot_id, []).append(PlaceOfLotOut.model_validate(place))
    lots = told.found.lots
    return TraceOut(
        began_as=began_as,
        label=told.label and TracedLabelOut.model_validate(told.label),
        starts=[lots[key].code for key in told.found.starts if key in lots],
        more_starts=told.begun.more,
        cut=told.found.cut,
        lots=[
            TracedLotOut(
                code=lot.code,
                kind=lot.kind,
                organisation=told.names.organisations[lot.organisation_id],
                area=told.names.areas[lot.area_id] if lot.area_id else None,
                harvested_on=lot.harvested_on,
                quantity_g=lot.quantity_g,
                state=lot.state,
                steps=told.found.steps[lot.id],
                places=places.get(lot.id, []),
            )
            for lot in lots.values()
        ],
        edges=[
            TracedEdgeOut(
                source=lots[edge.parent].code, made=lots[edge.child].code, quantity_g=edge.grams
            )
            for edge in told.found.edges
        ],
        deliveries=[TracedDeliveryOut.of(one, lots[one.lot_id].code) for one in told.deliveries],
        supplies=[
            TracedSupplyOut(
                lot=lots[one.lot_id].code,
                **{
                    name: getattr(one, name)
                    for name in TracedSupplyOut.model_fields
                    if name != "lot"
                },
            )
            for one in told.supplies
        ],
    )
