"""The wire shapes of print runs."""

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlmodel import Session

from app.api.jobs import JobOut
from app.api.shapes import Code, In, Out, Words
from app.kit.i18n import Language
from app.kit.messages import thawed
from app.kit.quantities import Grams
from app.labels.checking import FACT_NAMES, Lack, public_items
from app.labels.run_content import Content
from app.labels.run_plan import Plan
from app.labels.run_queries import RunLine, RunPart, parts_of
from app.labels.run_request import RunRequest, differences
from app.models.print_runs import Output, RunState

LARGEST = 2**53 - 1


class LotCountIn(In):
    """How many labels of a lot."""

    lot: Code = Field(examples=["LCJ6VNGGH6BCFNM"])
    labels: int = Field(ge=-LARGEST, le=LARGEST, examples=[500])


class RunIn(In):
    """What to print, on what. A printer brings its paper, language and dots.

    `pack_g` is the net weight of one pack in grams, `packs` how many are in a carton.
    """

    lots: list[LotCountIn] = Field(max_length=200)
    layout: str = Field(max_length=60, examples=["l1-50x30"])
    stock: str = Field(default="", max_length=60, examples=["roll-50x30"])
    printer: UUID | None = None
    output: Output | None = None
    language: str = Field(default="vi", max_length=8, examples=["vi+en"])
    dpi: int | None = None
    start_at: int = Field(default=1, ge=-LARGEST, le=LARGEST)
    serialised: bool = False
    crop_marks: bool | None = None
    pack_g: int | None = Field(default=None, ge=-LARGEST, le=LARGEST, examples=[500])
    packs: int = Field(default=0, ge=-LARGEST, le=LARGEST)
    storage: Words = ""
    warning: Words = ""
    packing_house: Code = ""
    gtin: Code = Field(
        default="",
        description="Of cartons without a product: name a product instead.",
        json_schema_extra={"deprecated": True},
    )
    product: UUID | None = Field(
        default=None, description="What the goods are sold as: its name, pack, words and GTIN."
    )
    sscc: bool = Field(default=False, description="Number cartons and pallets (SSCC).")
    reason: Words = Field(default="", description="Why labels that were printed are printed again.")

    def asked(self) -> RunRequest:
        """The same, as the planner takes it."""
        return RunRequest(
            lots=tuple((one.lot, one.labels) for one in self.lots),
            layout=self.layout,
            stock=self.stock,
            printer=self.printer,
            output=self.output,
            language=self.language,
            dpi=self.dpi,
            start_at=self.start_at,
            serialised=self.serialised,
            crop_marks=self.crop_marks,
            content=Content(
                pack=Grams(self.pack_g) if self.pack_g is not None else None,
                packs=self.packs,
                storage=self.storage,
                warning=self.warning,
                packing_house=self.packing_house,
                gtin=self.gtin,
            ),
            product=self.product,
            sscc=self.sscc,
            reprint_reason=self.reason,
        )


class LackOut(Out):
    """Something a label lacks; `refuses`: it may not be printed so."""

    field: str
    why: str
    refuses: bool

    @classmethod
    def of(cls, lack: Lack, reader: Language) -> "LackOut":
        return cls(field=lack.field, why=reader.say(lack.why), refuses=lack.refuses)


class CheckOut(Out):
    """A run as it would be. `complete` counts the items the page behind the code must show."""

    total: int
    lacks: list[LackOut]
    withheld: list[str]
    complete: dict[str, bool]
    words: dict[str, dict[str, str]]

    @classmethod
    def of(cls, plan: Plan, reader: Language) -> "CheckOut":
        first = plan.lots[0]
        return cls(
            total=plan.total,
            lacks=[LackOut.of(lack, reader) for lack in plan.lacks],
            withheld=[reader.say(why) for why in plan.withheld],
            complete=public_items(plan.rules, first.edition.words),
            words={
                lot.line.lot.code: {
                    fact: text for fact, text in lot.edition.words.items() if fact != "serial"
                }
                for lot in plan.lots
            },
        )


class RunOut(Out):
    """A run; `job` is set while it is made in the background, `file` where it is fetched."""

    id: UUID
    state: RunState
    stopped_because: str | None
    layout: str
    edition: int
    stock: str
    output: Output
    language: str
    dpi: int
    start_at: int
    serialised: bool
    product: UUID | None
    total: int
    reason: str
    created_at: datetime
    ready_at: datetime | None
    verified_at: datetime | None
    size: int
    job: JobOut | None
    file: str

    @classmethod
    def of(cls, line: RunLine, reader: Language) -> "RunOut":
        return cls(**_plain(line, reader))


class PartOut(Out):
    """One lot's labels, numbered from 1: printed = applied + voided + unknown.

    `first_sscc` and `last_sscc` are those of cartons that are numbered, in one row without a gap.
    """

    lot: str
    first: int
    last: int
    printed: int
    applied: int
    voided: int
    unknown: int
    first_sscc: str | None = Field(examples=["189353120000000014"])
    last_sscc: str | None = Field(examples=["189353120000000113"])

    @classmethod
    def of(cls, part: RunPart) -> "PartOut":
        return cls(
            lot=part.lot.code,
            first=part.part.first_index + 1,
            last=part.part.last_index + 1,
            printed=part.account.printed,
            applied=part.account.applied,
            voided=part.account.voided,
            unknown=part.account.unknown,
            first_sscc=part.ssccs[0] if part.ssccs else None,
            last_sscc=part.ssccs[1] if part.ssccs else None,
        )


class DifferenceOut(Out):
    """A fact that the label says and that would be said otherwise today."""

    lot: str
    fact: str
    name: str
    said: str
    today: str


class RunWholeOut(RunOut):
    """A run with its lots, and what its labels say that is not so any more."""

    lots: list[PartOut]
    differences: list[DifferenceOut]

    @classmethod
    def of_whole(
        cls, session: Session, line: RunLine, reader: Language, *, base_url: str, now: datetime
    ) -> "RunWholeOut":
        return cls(
            **_plain(line, reader),
            lots=[PartOut.of(part) for part in parts_of(session, line.run)],
            differences=[
                DifferenceOut(
                    lot=one.lot_code,
                    fact=one.fact,
                    name=reader.say(FACT_NAMES[one.fact]),
                    said=one.said,
                    today=one.today,
                )
                for one in differences(session, line, base_url=base_url, now=now)
            ],
        )


def said_why_stopped(line: RunLine, reader: Language) -> str | None:
    """Why a run stopped, in the reader's language."""
    sentence, _, values = line.run.stopped_because.partition("\n")
    return reader.say(thawed(sentence, values or "{}")) if sentence else None


def _plain(line: RunLine, reader: Language) -> dict[str, object]:
    run = line.run
    same = {name: getattr(run, name) for name in _SAME}
    return {
        **same,
        "id": run.uid,
        "stopped_because": said_why_stopped(line, reader),
        "layout": line.layout.slug,
        "edition": line.layout.edition,
        "stock": line.stock.slug,
        "product": line.product.uid if line.product else None,
        "reason": run.reprint_reason,
        "job": JobOut.of(line.job, reader) if line.job else None,
        "file": f"/api/v1/print-runs/{run.uid}/file",
    }


_SAME = (
    "state",
    "output",
    "language",
    "dpi",
    "start_at",
    "serialised",
    "total",
    "created_at",
    "ready_at",
    "verified_at",
    "size",
)
