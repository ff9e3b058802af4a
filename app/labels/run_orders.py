"""What is to be made of a run, and whether it may be handed out: read in one statement, written once."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.artwork import Artwork
from app.catalogue.mark_queries import artworks_by_sha256
from app.errors import Conflict, NotFound
from app.kit.messages import say
from app.labels.run_standing import STOPPING, stopped_by
from app.models.lots import HarvestLot
from app.models.print_runs import Output, PrintRun, PrintRunLot, RunState

MARKS = "marks"
MEDIA_TYPES: dict[Output, tuple[str, str]] = {
    Output.PDF: ("application/pdf", "pdf"),
    Output.PNG: ("image/png", "png"),
    Output.SVG: ("image/svg+xml", "svg"),
    Output.ZPL: ("application/octet-stream", "zpl"),
    Output.ZPL_NATIVE: ("application/octet-stream", "zpl"),
    Output.TSPL: ("application/octet-stream", "tspl"),
    Output.ESCPOS: ("application/octet-stream", "escpos"),
}


# Sent to a label printer as they are.
PRINTED_IN_DOTS = frozenset({Output.ZPL, Output.ZPL_NATIVE, Output.TSPL, Output.ESCPOS})


@dataclass(frozen=True)
class Part:
    """One lot's labels in an order: what they say (JSON), and which numbers they bear."""

    lot: str
    said: str
    first: int
    last: int


@dataclass(frozen=True)
class Order:
    """A run as it is made: nothing of it is read from the register any more.

    `key_id`: the secret its serials are made with; None where labels bear none. `marks`: the
    pictures of standards that its labels bear, frozen in the parts by their hashes.
    """

    uid: UUID
    output: Output
    language: str
    dpi: int
    start_at: int
    total: int
    made: datetime
    frozen: str
    key_id: str | None
    parts: tuple[Part, ...]
    marks: tuple[Artwork, ...] = ()

    @property
    def name(self) -> str:
        return name_of(self.parts[0].lot, self.made, self.uid)

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self.output][0]

    @property
    def file_name(self) -> str:
        return f"{self.name}.{MEDIA_TYPES[self.output][1]}"


def name_of(lot: str, made: datetime, uid: UUID) -> str:
    """What the file of a run is called, without its ending."""
    return f"{lot}-{made:%Y%m%d}-{str(uid)[-6:]}"


@dataclass(frozen=True)
class Ordered:
    """An order with what decides whether its file may be handed out today."""

    order: Order
    state: RunState
    in_background: bool
    stopping: str | None

    def require_ready(self) -> None:
        """Refuse the file of a run that is not ready, or whose lot may not leave any more."""
        if self.stopping is not None:
            raise Conflict(stopped_by(self.stopping))
        if self.state is not RunState.READY:
            raise Conflict(say("This run is not ready to be printed."))


# One row a lot of the run.
_WANTED: Any = (
    select(
        col(PrintRun.organisation_id),
        col(PrintRun.state),
        col(PrintRun.job_id),
        col(PrintRun.output),
        col(PrintRun.language),
        col(PrintRun.dpi),
        col(PrintRun.start_at),
        col(PrintRun.total),
        col(PrintRun.created_at),
        col(PrintRun.frozen),
        col(PrintRun.serialised),
        col(PrintRun.key_id),
        col(HarvestLot.state),
        col(HarvestLot.code),
        col(PrintRunLot.said),
        col(PrintRunLot.first_index),
        col(PrintRunLot.last_index),
    )
    .join(PrintRunLot, col(PrintRunLot.run_id) == col(PrintRun.id))
    .join(HarvestLot, col(HarvestLot.id) == col(PrintRunLot.lot_id))
    .where(col(PrintRun.uid) == bindparam("uid"))
    .order_by(col(PrintRunLot.id))
)


def find_order(reading: Session | Connection, uid: UUID, *, within: Reach) -> Ordered:
    """The order of a run; NotFound outside the reach."""
    rows = reading.execute(_WANTED, {"uid": uid}).all()
    if not rows or not within.sees(rows[0][0]):
        raise NotFound(say("There is no such print run."))
    _, state, job_id, output, language, dpi, start_at, total, made, frozen, *_ = rows[0]
    serialised, key_id = rows[0][10:12]
    parts = tuple(Part(*row[13:]) for row in rows)
    return Ordered(
        order=Order(
            uid=uid,
            output=output,
            language=language,
            dpi=dpi,
            start_at=start_at,
            total=total,
            made=made,
            frozen=frozen,
            key_id=key_id if serialised else None,
            parts=parts,
            marks=_marks(reading, parts),
        ),
        state=state,
        in_background=job_id is not None,
        stopping=next((row[13] for row in rows if row[12] in STOPPING), None),
    )


def _marks(reading: Session | Connection, parts: tuple[Part, ...]) -> tuple[Artwork, ...]:
    """The pictures that the parts name; most runs name none, and nothing more is read."""
    wanted = {
        sha256
        for part in parts
        if MARKS in part.said
        for sha256 in json.loads(part.said).get(MARKS, {}).values()
    }
    return tuple(artworks_by_sha256(reading, wanted)) if wanted else ()
