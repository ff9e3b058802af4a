"""A run that is wanted, and one that could be printed with all that is wrong about it. Pure."""

import hashlib
from dataclasses import dataclass, field

from app.catalogue.product_queries import ProductLine
from app.errors import FieldError, Refused
from app.kit.messages import Message
from app.labels.checking import Lack, refusals
from app.labels.label_rules import LabelRules
from app.labels.layout import LayoutBody
from app.labels.paper import Paper
from app.labels.run_content import Content
from app.labels.run_labels import Edition, Front
from app.labels.run_product import filled
from app.lots.queries import LotLine
from app.models.print_runs import LabelLayout, LabelStock, Output, PrinterProfile

# Office printers have 300 or 600 dots to the inch: a module is whole dots on both.
PDF_DPI = 300


@dataclass(frozen=True)
class Wanted:
    """What somebody wants printed. `lots` with the number of labels of each."""

    lots: tuple[tuple[LotLine, int], ...]
    layout: LabelLayout
    stock: LabelStock
    output: Output
    language: str = "vi"
    dpi: int = PDF_DPI
    start_at: int = 1
    serialised: bool = False
    crop_marks: bool = False
    profile: PrinterProfile | None = None
    content: Content = field(default_factory=Content)
    product: ProductLine | None = None
    reprint_reason: str = ""
    # The company prefix of the SSCCs that cartons get; "" where they get none.
    sscc_prefix: str = ""

    @property
    def each_differs(self) -> bool:
        """Whether no two labels are the same."""
        return self.serialised or bool(self.sscc_prefix)

    @property
    def filled(self) -> Content:
        """The content with what the product knows."""
        return filled(self.content, self.product)


@dataclass(frozen=True)
class PlannedLot:
    """One lot's labels: how many, what they say, their front as it would be drawn."""

    line: LotLine
    count: int
    edition: Edition
    front: Front


@dataclass(frozen=True)
class Plan:
    """A run that could be printed, with what is wrong about it."""

    wanted: Wanted
    body: LayoutBody
    paper: Paper
    rules: LabelRules
    lots: tuple[PlannedLot, ...]
    lacks: tuple[Lack, ...]
    withheld: tuple[Message, ...]

    @property
    def total(self) -> int:
        return sum(lot.count for lot in self.lots)

    @property
    def warnings_mark(self) -> str:
        """A short mark of the grave warnings, to know again that somebody saw just these; empty for none."""
        grave = sorted(f"{lack.field}\t{lack.why}" for lack in self.lacks if lack.grave)
        return hashlib.sha256("\n".join(grave).encode()).hexdigest()[:16] if grave else ""

    def require_printable(self) -> None:
        """Refused with everything that forbids it."""
        wrong = refusals(self.lacks)
        if wrong:
            raise Refused(wrong[0].why, *(FieldError(lack.field, lack.why) for lack in wrong))
