"""A print run as somebody asks for it, by codes and names; and how what was printed differs from today."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts.reach import Reach
from app.catalogue.product_queries import ProductLine
from app.errors import NotFound, refuse
from app.kit.messages import say
from app.labels.layout import LayoutBody
from app.labels.layout_words import SERIAL, words_of
from app.labels.run_content import Content, content_from
from app.labels.run_facts import Meant, facts_of
from app.labels.run_fronts import VECTOR
from app.labels.run_plan import PDF_DPI, Wanted
from app.labels.run_product import chosen_product, filled, product_of_run
from app.labels.run_queries import RunLine, parts_of
from app.labels.sscc_queries import prefix_for_units
from app.labels.stock_commands import DPIS
from app.labels.stock_queries import ProfileLine, chosen_layout, chosen_stock, profile_by_uid
from app.lots.claims import Claim
from app.lots.queries import LotLine, line_of, lot_line
from app.models.print_runs import Output, PrintRunLot, Purpose


@dataclass(frozen=True)
class RunRequest:
    """What was asked for. A printer brings its paper, language and dots unless they are named too."""

    lots: tuple[tuple[str, int], ...]
    layout: str
    stock: str = ""
    printer: UUID | None = None
    output: Output | None = None
    language: str = "vi"
    dpi: int | None = None
    start_at: int = 1
    serialised: bool = False
    crop_marks: bool | None = None
    content: Content = field(default_factory=Content)
    product: UUID | None = None
    sscc: bool = False
    reprint_reason: str = ""


@dataclass(frozen=True)
class Difference:
    """A fact that was printed and would be said otherwise today ("" where it would not be said)."""

    lot_code: str
    fact: str
    said: str
    today: str


@dataclass(frozen=True)
class LabelWords:
    """The words of a label by fact: as they were printed, and as they would be today."""

    said: Mapping[str, str]
    today: Mapping[str, str]

    @property
    def differing(self) -> list[str]:
        """The facts that are said otherwise, in one order."""
        return [
            fact
            for fact in sorted({*self.said, *self.today})
            if self.said.get(fact, "") != self.today.get(fact, "")
        ]


def wanted_of(session: Session, asked: RunRequest, *, within: Reach, today: date) -> Wanted:
    """The request with everything it names found; Refused beside the field of what is not there."""
    printer = _printer(session, asked, within)
    if printer and asked.stock in {"", printer.stock.slug}:
        stock, profile = printer.stock, printer.profile
    elif asked.stock:
        # Figures measured for other paper mean nothing on this one.
        stock, profile = chosen_stock(session, asked.stock, within=within), None
    else:
        raise refuse("stock", say("Choose the paper, or a printer with paper in it."))
    output = asked.output or (printer.profile.output if printer else Output.PDF)
    marks = (
        asked.crop_marks
        if asked.crop_marks is not None
        else bool(printer and printer.profile.crop_marks)
    )
    lots = _lots(session, asked, within)
    product = chosen_product(session, asked.product, within=within)
    return Wanted(
        lots=lots,
        layout=chosen_layout(session, asked.layout, within=within, on=today),
        stock=stock,
        output=output,
        language=asked.language,
        dpi=_dpi(asked, printer, output),
        start_at=asked.start_at,
        serialised=asked.serialised,
        crop_marks=marks,
        profile=profile,
        content=asked.content,
        product=product,
        sscc_prefix=_prefix(session, lots, product) if asked.sscc else "",
        reprint_reason=asked.reprint_reason,
    )


def differences(
    session: Session, line: RunLine, *, base_url: str, now: datetime
) -> list[Difference]:
    """What the labels of a run say and would not say today, by lot and fact."""
    return [
        Difference(part.lot.code, fact, words.said.get(fact, ""), words.today.get(fact, ""))
        for part in parts_of(session, line.run)
        for words in (
            label_words(
                session, line, part.part, line_of(session, part.lot), base_url=base_url, now=now
            ),
        )
        for fact in words.differing
    ]


def said_on(line: RunLine, part: PrintRunLot) -> dict[str, str]:
    """What the labels of one lot in a run say, in the order of the register; not their own numbers."""
    shown = LayoutBody.model_validate(json.loads(line.run.frozen)["layout"]).facts
    said: dict[str, str] = json.loads(part.said)["words"]
    return {fact: said[fact] for fact in said if fact in shown and SERIAL not in said[fact]}


def label_words(
    session: Session,
    line: RunLine,
    part: PrintRunLot,
    lot: LotLine,
    *,
    base_url: str,
    now: datetime,
    claims: Sequence[Claim] | None = None,
) -> LabelWords:
    """What the labels of one lot in a run say, and what they would say today.

    `claims`: those of today, for who has found them already.
    """
    frozen = json.loads(line.run.frozen)
    chosen = product_of_run(session, line.run)
    gathered = facts_of(
        session,
        lot,
        filled(content_from(frozen["content"]), chosen),
        Meant(
            Purpose(line.layout.purpose),
            chosen,
            serialised=line.run.serialised,
            numbered=bool(frozen.get("sscc")),
        ),
        base_url=base_url,
        now=now,
        known=claims,
    )
    shown = LayoutBody.model_validate(frozen["layout"]).facts
    said = json.loads(part.said)["words"]
    today = words_of(gathered.facts, line.run.language)
    return LabelWords(
        {fact: said[fact] for fact in said if fact in shown},
        {fact: today[fact] for fact in today if fact in shown},
    )


def _printer(session: Session, asked: RunRequest, within: Reach) -> ProfileLine | None:
    if asked.printer is None:
        return None
    try:
        return profile_by_uid(session, asked.printer, within=within)
    except NotFound:
        raise refuse("printer", say("Choose one from the list.")) from None


def _prefix(
    session: Session, lots: tuple[tuple[LotLine, int], ...], product: ProductLine | None
) -> str:
    if not lots:
        return ""  # refused by its number
    return prefix_for_units(
        session,
        lots[0][0].lot.organisation_id,
        product.product.gtin if product else None,
        sum(max(0, count) for _, count in lots),
    )


def _dpi(asked: RunRequest, printer: ProfileLine | None, output: Output) -> int:
    dpi = asked.dpi or (printer.profile.dpi if printer else 0)
    if not dpi:
        dpi = PDF_DPI if output in VECTOR else DPIS[0]
    if dpi not in DPIS:
        raise refuse("dpi", say("Choose one from the list."))
    return dpi


def _lots(session: Session, asked: RunRequest, within: Reach) -> tuple[tuple[LotLine, int], ...]:
    counts: dict[int, tuple[LotLine, int]] = {}
    for code, count in asked.lots:
        try:
            line = lot_line(session, code, within=within)
        except NotFound as unknown:
            raise refuse("lots", unknown.why) from None
        before = counts.get(line.lot.pk, (line, 0))[1]
        counts[line.lot.pk] = (line, before + count)
    return tuple(counts.values())
