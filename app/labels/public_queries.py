"""What everybody may know of a lot's labels: when, what they say, whether they are on goods. Reads only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select
from sqlmodel import Session, col

from app.db import once_a_reading
from app.kit.i18n import language
from app.kit.quantities import Grams
from app.labels.face import LANGUAGE, WORDS, LabelFacts
from app.labels.run_content import Content, content_from
from app.labels.run_queries import RunLine, any_standing
from app.labels.run_request import LabelWords, label_words
from app.labels.snapshot import label_facts, thawed
from app.lots.claims import Claim
from app.lots.presence_queries import beside
from app.lots.queries import LotLine
from app.models.labels import LabelPrint
from app.models.lots import HarvestLot, LotState
from app.models.print_runs import (
    LabelLayout,
    LabelMark,
    LabelStock,
    MarkKind,
    PrintRun,
    PrintRunLot,
    Purpose,
    RunState,
)
from app.models.products import Product

# A crate's tag stays in the house and names the household; so does a grower's name on a label
# whose consent may have ended since.
_HIDDEN = frozenset({"grower", "area_name", "weight_line", "host", "serial", "lot_code"})


_FOR_BUYERS = (
    (col(LabelLayout.purpose) != Purpose.CRATE)
    & (col(PrintRun.state) == RunState.READY)
    & any_standing()
)


@dataclass(frozen=True)
class PrintedLabels:
    """The newest labels of a lot that are meant for buyers and are not void."""

    printed_at: datetime
    words: LabelWords


@dataclass(frozen=True)
class Pack:
    """What labels of a lot say of the packs: the product, where one was named, and the clerk's words."""

    product: Product | None
    content: Content


def is_activated(session: Session, lot: HarvestLot) -> bool:
    """Whether labels of a lot are on goods, as far as can be known.

    A producer who says of its runs which labels were stuck on is taken at its word. Where nobody
    ever said so, and of sheets printed in the former way, printed counts as used.
    """
    if lot.state is LotState.CLOSED:
        return True
    if _printed(session, lot).newest is not None:
        return True
    if not _runs(session, lot):
        return False
    asked = {"lot": lot.pk, "organisation": lot.organisation_id}
    return bool(session.execute(_USED, asked).scalar_one())


def first_labelled_on(session: Session, lot: HarvestLot) -> datetime | None:
    """When the first label of a lot for buyers was printed."""
    made = (line.run.created_at for line, _ in _runs(session, lot))
    found = (_printed(session, lot).first_at, *made)
    return min((when for when in found if when is not None), default=None)


def newest_labels(
    session: Session, line: LotLine, claims: Sequence[Claim], *, base_url: str, now: datetime
) -> PrintedLabels | None:
    """The newest labels of a lot for buyers, with what they would say today; None: none were printed.

    `claims`: what the lot may claim today.
    """
    newest = _printed(session, line.lot).newest
    printed = session.get(LabelPrint, newest) if newest is not None else None
    made = _runs(session, line.lot)[:1]
    if made and (printed is None or made[0][0].run.created_at >= printed.printed_at):
        run, part = made[0]
        words = label_words(session, run, part, line, base_url=base_url, now=now, claims=claims)
        return PrintedLabels(run.run.created_at, _shown(words))
    if printed is None:
        return None
    today = label_facts(session, line, base_url=base_url, now=now, claims=claims)
    words = LabelWords(_words(thawed(printed.snapshot)), _words(today))
    return PrintedLabels(printed.printed_at, _shown(words))


def packs_of(session: Session, lot: HarvestLot) -> list[Pack]:
    """What the labels of a lot say of its packs, the newest first; cartons behind what is in them."""
    packs = [Pack(line.product, _content(line.run)) for line, _ in _runs(session, lot)]
    return sorted(packs, key=lambda pack: bool(pack.product and pack.product.holds_id))


def _parts() -> Select[Any]:
    """Labels of one lot in one run for buyers."""
    return (
        select(col(PrintRunLot.id))
        .join(PrintRun, col(PrintRun.id) == col(PrintRunLot.run_id))
        .join(LabelLayout, col(LabelLayout.id) == col(PrintRun.layout_id))
        .where(_FOR_BUYERS)
    )


def _stuck_on() -> ColumnElement[bool]:
    return exists().where(
        col(LabelMark.run_lot_id) == col(PrintRunLot.id),
        col(LabelMark.kind) == MarkKind.APPLIED,
    )


# Put together once: every public page of a lot asks for these. Whether labels of a lot are said to
# be stuck on, or its producer never said of any.
_OF_LOT: Any = col(PrintRunLot.lot_id) == bindparam("lot")
_USED: Any = select(
    or_(
        _parts().where(_OF_LOT, _stuck_on()).exists(),
        ~_parts()
        .where(col(PrintRun.organisation_id) == bindparam("organisation"), _stuck_on())
        .exists(),
    )
)
_RUNS: Any = (
    select(PrintRun, LabelLayout, LabelStock, Product, PrintRunLot)
    .join(PrintRunLot, col(PrintRunLot.run_id) == col(PrintRun.id))
    .join(LabelLayout, col(LabelLayout.id) == col(PrintRun.layout_id))
    .join(LabelStock, col(LabelStock.id) == col(PrintRun.stock_id))
    .outerjoin(Product, col(Product.id) == col(PrintRun.product_id))
    .where(_OF_LOT, _FOR_BUYERS)
    .order_by(col(PrintRun.id).desc())
)
_PRINTED: Any = select(func.min(col(LabelPrint.printed_at)), func.max(col(LabelPrint.id))).where(
    col(LabelPrint.lot_id) == bindparam("lot")
)


class _Printed(NamedTuple):
    """Sheets of a lot printed in the former way: when the first, and the key of the newest."""

    first_at: datetime | None
    newest: int | None


@once_a_reading
def _printed(session: Session, lot: HarvestLot) -> _Printed:
    if not beside(session, lot).sheets:
        return _Printed(None, None)
    return _Printed(*session.execute(_PRINTED, {"lot": lot.pk}).one())


@once_a_reading
def _runs(session: Session, lot: HarvestLot) -> list[tuple[RunLine, PrintRunLot]]:
    if not beside(session, lot).runs:
        return []
    return [
        (RunLine(run, layout, stock, None, product), part)
        for run, layout, stock, product, part in session.execute(_RUNS, {"lot": lot.pk})
    ]


def _content(run: PrintRun) -> Content:
    return content_from(json.loads(run.frozen)["content"])


def _shown(words: LabelWords) -> LabelWords:
    return LabelWords(
        {fact: text for fact, text in words.said.items() if fact not in _HIDDEN},
        {fact: text for fact, text in words.today.items() if fact not in _HIDDEN},
    )


def _words(facts: LabelFacts) -> dict[str, str]:
    """A label of the former kind, fact by fact, with the captions it was printed with."""
    captions, tell = WORDS[LANGUAGE], language(LANGUAGE)
    words: dict[str, str] = {}
    for fact in ("product_name", "claim", "producer_name", *captions):
        value = getattr(facts, fact)
        match value:
            case date():
                text = tell.date(value)
            case Grams():
                text = tell.quantity(value)
            case _:
                text = str(value or "")
        if text and fact != "demonstration":
            words[fact] = captions.get(fact, "{}").format(text)
    return words
