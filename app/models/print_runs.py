"""Tables of printing: stocks, layouts, printers, runs with their serial ranges, what became of labels."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text
from app.models.catalogue import RowSource


class StockKind(StrEnum):
    ROLL = "roll"
    SHEET = "sheet"


class LabelStock(Row, table=True):
    """Paper as it is sold: one row of labels on a roll, or a sheet of them. All lengths in micrometres.

    `organisation_id` None: everybody's. `checked` False: the maker's figures were never measured.
    """

    __tablename__ = "label_stock"
    __table_args__ = (
        CheckConstraint("columns BETWEEN 1 AND 20 AND rows BETWEEN 1 AND 40", name="grid"),
        CheckConstraint("width_um > 0 AND height_um > 0", name="label"),
        CheckConstraint("page_width_um > 0 AND page_height_um > 0", name="page"),
        CheckConstraint("left_um >= 0 AND top_um >= 0", name="margins"),
        CheckConstraint("pitch_x_um >= width_um AND pitch_y_um >= height_um", name="pitch"),
    )

    slug: str = Field(max_length=60, unique=True)
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    name: str = Field(max_length=120)
    kind: StockKind = Field(sa_type=stored_as_text(StockKind, "kind"))
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
    checked: bool = Field(default=False)
    note: str = Field(default="", max_length=300)
    source: RowSource = Field(
        default=RowSource.SHIPPED, sa_type=stored_as_text(RowSource, "source")
    )


class Purpose(StrEnum):
    """What a layout is for, which decides what it must say."""

    RETAIL = "retail"
    MINI = "mini"
    CARTON = "carton"
    EXPORT = "export"
    CRATE = "crate"


class LabelLayout(Row, table=True):
    """One edition of a layout: where each fact stands (`body`, JSON). An edition is never rewritten."""

    __tablename__ = "label_layout"
    __table_args__ = (UniqueConstraint("slug", "edition"),)

    slug: str = Field(max_length=60)
    edition: int
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", index=True)
    name: str = Field(max_length=120)
    purpose: Purpose = Field(sa_type=stored_as_text(Purpose, "purpose"))
    valid_from: date
    body: str
    source: RowSource = Field(
        default=RowSource.SHIPPED, sa_type=stored_as_text(RowSource, "source")
    )


class Output(StrEnum):
    """What a run is made into. `zpl_native`: the printer draws QR and number itself, the file is small."""

    PDF = "pdf"
    PNG = "png"
    SVG = "svg"
    ZPL = "zpl"
    ZPL_NATIVE = "zpl_native"
    TSPL = "tspl"
    ESCPOS = "escpos"


class PrinterProfile(Public, Versioned, table=True):
    """A printer with the paper that lies in it, and how far it prints beside where it should.

    Offsets shift everything; a pitch of 0 is the stock's own; `scale_ppm` of 1,000,000 is true size.
    `checked_at` is when somebody measured a ruler page.
    """

    __tablename__ = "printer_profile"
    __table_args__ = (
        CheckConstraint("scale_ppm BETWEEN 900000 AND 1100000", name="scale_ppm"),
        CheckConstraint("dpi BETWEEN 150 AND 1200", name="dpi"),
        UniqueConstraint("organisation_id", "name"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    name: str = Field(max_length=80)
    stock_id: int = Field(foreign_key="label_stock.id", index=True)
    output: Output = Field(sa_type=stored_as_text(Output, "output"))
    dpi: int = Field(default=203)
    offset_x_um: int = Field(default=0)
    offset_y_um: int = Field(default=0)
    pitch_x_um: int = Field(default=0)
    pitch_y_um: int = Field(default=0)
    scale_ppm: int = Field(default=1_000_000)
    crop_marks: bool = Field(default=False)
    checked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    created_at: datetime = Field(sa_type=UTCDateTime)


class RunState(StrEnum):
    """A run is being made, ready to be printed, stopped by the system, or cancelled by somebody."""

    MAKING = "making"
    READY = "ready"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


class PrintRun(Public, Versioned, table=True):
    """Labels printed in one go. `frozen` (JSON) is the layout and paper as they were that day."""

    __tablename__ = "print_run"
    __table_args__ = (
        CheckConstraint("total > 0", name="total"),
        CheckConstraint("start_at >= 1", name="start_at"),
        Index("ix_print_run_organisation", "organisation_id", "id"),
    )

    organisation_id: int = Field(foreign_key="organisation.id")
    layout_id: int = Field(foreign_key="label_layout.id", index=True)
    stock_id: int = Field(foreign_key="label_stock.id", index=True)
    profile_id: int | None = Field(default=None, foreign_key="printer_profile.id", index=True)
    # What the goods are sold as: its GTIN stands in the symbol. None: the lot alone is named.
    product_id: int | None = Field(default=None, foreign_key="product.id", index=True)
    output: Output = Field(sa_type=stored_as_text(Output, "output"))
    language: str = Field(max_length=8)
    dpi: int
    start_at: int = Field(default=1)
    serialised: bool = Field(default=False)
    # Which of the installation's secrets the serials were made with (app/labels/keys.py).
    key_id: str = Field(default="", max_length=12)
    pack_g: int | None = Field(default=None)
    reprint_reason: str = Field(default="", max_length=300)
    total: int
    frozen: str
    state: RunState = Field(
        default=RunState.MAKING, sa_type=stored_as_text(RunState, "state"), index=True
    )
    # Why it stopped, as msgid and JSON values.
    stopped_because: str = Field(default="", max_length=500)
    job_id: int | None = Field(default=None, foreign_key="job.id", unique=True)
    size: int = Field(default=0, sa_type=BigInteger)
    created_at: datetime = Field(sa_type=UTCDateTime)
    ready_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    verified_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class PrintRunLot(Row, table=True):
    """One lot's labels in a run, `first_index` to `last_index` (inclusive), and what they say.

    Of a serialised run the indexes are the serials' and never come again; of copies they count the
    labels of this run from 0. `said` is JSON: the words by fact, and what the symbol holds.
    """

    __tablename__ = "print_run_lot"
    __table_args__ = (
        CheckConstraint("first_index >= 0 AND last_index >= first_index", name="indexes"),
        UniqueConstraint("run_id", "lot_id"),
        Index("ix_print_run_lot_lot", "lot_id", "first_index"),
    )

    run_id: int = Field(foreign_key="print_run.id")
    lot_id: int = Field(foreign_key="harvest_lot.id")
    first_index: int = Field(sa_type=BigInteger)
    last_index: int = Field(sa_type=BigInteger)
    said: str


class LotSerial(SQLModel, table=True):
    """How many serials of a lot were given out: it only grows, with the run that takes them."""

    __tablename__ = "lot_serial"

    lot_id: int = Field(primary_key=True, foreign_key="harvest_lot.id")
    taken: int = Field(default=0, sa_type=BigInteger)


class MarkKind(StrEnum):
    APPLIED = "applied"
    VOIDED = "voided"


class VoidCause(StrEnum):
    """Why labels are void, as the page behind one may say it."""

    MISPRINTED = "misprinted"
    DAMAGED = "damaged"
    UNUSED = "unused"
    LOST = "lost"
    NOT_PRINTED = "not_printed"
    OTHER = "other"


class LabelMark(Row, table=True):
    """What became of a range of printed labels: stuck on goods, or void. Never taken back.

    `cause` is said to whoever looks up a void label, `reason` only to those who print.
    """

    __tablename__ = "label_mark"
    __table_args__ = (
        CheckConstraint("first_index >= 0 AND last_index >= first_index", name="indexes"),
        Index("ix_label_mark_run_lot", "run_lot_id", "first_index"),
    )

    run_lot_id: int = Field(foreign_key="print_run_lot.id")
    kind: MarkKind = Field(sa_type=stored_as_text(MarkKind, "kind"))
    first_index: int = Field(sa_type=BigInteger)
    last_index: int = Field(sa_type=BigInteger)
    reason: str = Field(default="", max_length=300)
    cause: VoidCause | None = Field(default=None, sa_type=stored_as_text(VoidCause, "cause"))
    marked_at: datetime = Field(sa_type=UTCDateTime)


class ProofEnd(StrEnum):
    """Which label of a run was read back."""

    FIRST = "first"
    LAST = "last"


class LabelProof(Row, table=True):
    """A label read back from paper: what it said, and whether that was right."""

    __tablename__ = "label_proof"
    __table_args__ = (Index("ix_label_proof_run", "run_id", "id"),)

    run_id: int = Field(foreign_key="print_run.id")
    which: ProofEnd = Field(sa_type=stored_as_text(ProofEnd, "which"))
    read: str = Field(max_length=300)
    matched: bool
    read_at: datetime = Field(sa_type=UTCDateTime)
