"""Finding runs and what became of their labels."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.gs1_numbers import sscc_of
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.labels.accounting import Account, account_of
from app.models.jobs import Job
from app.models.labels import LabelPrint
from app.models.logistic_units import SsccRange
from app.models.lots import HarvestLot
from app.models.print_runs import (
    LabelLayout,
    LabelMark,
    LabelProof,
    LabelStock,
    MarkKind,
    PrintRun,
    PrintRunLot,
    Purpose,
    RunState,
)
from app.models.products import Product

COUNTED = (RunState.MAKING, RunState.READY)


@dataclass(frozen=True)
class RunLine:
    """A run with its layout, paper and product, and the job that makes it (None for a small one)."""

    run: PrintRun
    layout: LabelLayout
    stock: LabelStock
    job: Job | None
    product: Product | None


@dataclass(frozen=True)
class RunPart:
    """One lot's labels in a run, with what became of them; `ssccs`: the first and the last of them."""

    part: PrintRunLot
    lot: HarvestLot
    account: Account
    marks: tuple[LabelMark, ...]
    ssccs: tuple[str, str] | None = None


def run_by_uid(session: Session, uid: UUID, *, within: Reach) -> RunLine:
    """The run with this public id; NotFound outside the reach."""
    found = session.execute(_lines(within).where(col(PrintRun.uid) == uid)).one_or_none()
    if found is None:
        raise NotFound(say("There is no such print run."))
    return RunLine(*found)


def runs(
    session: Session,
    *,
    within: Reach,
    lot: HarvestLot | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[RunLine]:
    """Runs, newest first; those of one lot when it is given."""
    wanted = _lines(within).order_by(col(PrintRun.id).desc()).limit(limit + 1)
    if lot is not None:
        of_lot = select(col(PrintRunLot.run_id)).where(col(PrintRunLot.lot_id) == lot.pk)
        wanted = wanted.where(col(PrintRun.id).in_(of_lot))
    if after is not None:
        wanted = wanted.where(col(PrintRun.id) < decode(after, int)[0])
    rows = [RunLine(*row) for row in session.execute(wanted).all()]
    return page_of(rows, limit=limit, key=lambda line: (line.run.pk,))


def runs_of_lot(session: Session, lot: HarvestLot) -> list[UUID]:
    """The public ids of all runs with labels of a lot."""
    wanted = (
        select(col(PrintRun.uid))
        .join(PrintRunLot, col(PrintRunLot.run_id) == col(PrintRun.id))
        .where(col(PrintRunLot.lot_id) == lot.pk)
    )
    return list(session.execute(wanted).scalars())


def parts_of(session: Session, run: PrintRun) -> list[RunPart]:
    """The lots of a run in their order, with the account of each."""
    wanted = (
        select(PrintRunLot, HarvestLot, SsccRange)
        .join(HarvestLot, col(HarvestLot.id) == col(PrintRunLot.lot_id))
        .outerjoin(SsccRange, col(SsccRange.run_lot_id) == col(PrintRunLot.id))
        .where(col(PrintRunLot.run_id) == run.pk)
        .order_by(col(PrintRunLot.id))
    )
    rows = [(row[0], row[1], row[2]) for row in session.execute(wanted).all()]
    marks = _marks(session, [part.pk for part, _, _ in rows])
    return [
        RunPart(
            part,
            lot,
            account_of(part.first_index, part.last_index, marks.get(part.pk, [])),
            tuple(marks.get(part.pk, [])),
            _ssccs(units) if units else None,
        )
        for part, lot, units in rows
    ]


def proofs_of(session: Session, run: PrintRun) -> list[LabelProof]:
    """What was read back from a run's labels, newest first."""
    wanted = (
        select(LabelProof)
        .where(col(LabelProof.run_id) == run.pk)
        .order_by(col(LabelProof.id).desc())
    )
    return list(session.execute(wanted).scalars())


def grams_labelled(session: Session, lot: HarvestLot, *, cartons: bool) -> int:
    """How much of a lot the labels say that were printed before and are not void: packs, or cartons."""
    purposes = (Purpose.CARTON, Purpose.EXPORT) if cartons else (Purpose.RETAIL, Purpose.MINI)
    wanted = (
        select(PrintRunLot, col(PrintRun.pack_g))
        .join(PrintRun, col(PrintRun.id) == col(PrintRunLot.run_id))
        .join(LabelLayout, col(LabelLayout.id) == col(PrintRun.layout_id))
        .where(
            col(PrintRunLot.lot_id) == lot.pk,
            col(PrintRun.pack_g).is_not(None),
            col(PrintRun.state).in_(COUNTED),
            col(LabelLayout.purpose).in_(purposes),
        )
    )
    rows = [(row[0], row[1]) for row in session.execute(wanted).all()]
    marks = _marks(session, [part.pk for part, _ in rows])
    return sum(
        account_of(part.first_index, part.last_index, marks.get(part.pk, [])).standing * grams
        for part, grams in rows
    )


def any_standing() -> ColumnElement[bool]:
    """Of a lot's labels in a run (`PrintRunLot`): whether some are not void."""
    void = (
        select(func.coalesce(func.sum(col(LabelMark.last_index) - LabelMark.first_index + 1), 0))
        .where(
            col(LabelMark.run_lot_id) == col(PrintRunLot.id),
            col(LabelMark.kind) == MarkKind.VOIDED,
        )
        .correlate(PrintRunLot)
        .scalar_subquery()
    )
    # Ranges that are void never overlap.
    return void < col(PrintRunLot.last_index) - col(PrintRunLot.first_index) + 1


def was_printed(session: Session, lot: HarvestLot) -> bool:
    """Whether labels of a lot that are not void were printed before, by a run or in the former way."""
    in_run = (
        select(col(PrintRunLot.id))
        .join(PrintRun, col(PrintRun.id) == col(PrintRunLot.run_id))
        .where(col(PrintRunLot.lot_id) == lot.pk, col(PrintRun.state).in_(COUNTED), any_standing())
    )
    before = select(col(LabelPrint.id)).where(col(LabelPrint.lot_id) == lot.pk)
    found = session.execute(select(case((in_run.exists() | before.exists(), 1), else_=0)))
    return bool(found.scalar_one())


def _ssccs(units: SsccRange) -> tuple[str, str]:
    return sscc_of(units.prefix, units.first_number), sscc_of(units.prefix, units.last_number)


def _marks(session: Session, parts: list[int]) -> dict[int, list[LabelMark]]:
    wanted = (
        select(LabelMark).where(col(LabelMark.run_lot_id).in_(parts)).order_by(col(LabelMark.id))
    )
    found: dict[int, list[LabelMark]] = {}
    for mark in session.execute(wanted).scalars():
        found.setdefault(mark.run_lot_id, []).append(mark)
    return found


def _lines(within: Reach) -> Any:
    return (
        select(PrintRun, LabelLayout, LabelStock, Job, Product)
        .join(LabelLayout, col(LabelLayout.id) == col(PrintRun.layout_id))
        .join(LabelStock, col(LabelStock.id) == col(PrintRun.stock_id))
        .outerjoin(Job, col(Job.id) == col(PrintRun.job_id))
        .outerjoin(Product, col(Product.id) == col(PrintRun.product_id))
        .where(within.limits(col(PrintRun.organisation_id)))
    )
