"""Finding logistic units by their SSCC; which company prefix the next ones are made from."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.gs1_numbers import (
    PREFIX_DIGITS,
    begins_with,
    number_in_sscc,
    sscc_capacity,
)
from app.errors import NotFound, refuse
from app.kit.messages import say
from app.models.logistic_units import SsccCounter, SsccRange
from app.models.lots import HarvestLot
from app.models.print_runs import PrintRun, PrintRunLot
from app.models.products import CompanyPrefix


@dataclass(frozen=True)
class LogisticUnit:
    """A carton or pallet: its label (numbered from 0 in its lot's numbers), the lot, the run."""

    sscc: str
    index: int
    lot: HarvestLot
    run: PrintRun


def unit_of(session: Session, sscc: str, *, within: Reach) -> LogisticUnit:
    """The unit with an SSCC that was given out here; NotFound for any other, and outside the reach."""
    wanted = (
        select(SsccRange, PrintRunLot, HarvestLot, PrintRun)
        .join(PrintRunLot, col(PrintRunLot.id) == col(SsccRange.run_lot_id))
        .join(HarvestLot, col(HarvestLot.id) == col(PrintRunLot.lot_id))
        .join(PrintRun, col(PrintRun.id) == col(PrintRunLot.run_id))
        .where(within.limits(col(PrintRun.organisation_id)))
    )
    found = session.execute(wanted.where(or_(false(), *_holding(sscc)))).first()
    if found is None:
        raise NotFound(say("No carton or pallet was given this SSCC here."))
    kept, part, lot, run = found
    number = number_in_sscc(sscc, kept.prefix) or 0
    return LogisticUnit(sscc, part.first_index + number - kept.first_number, lot, run)


def _holding(sscc: str) -> Iterator[ColumnElement[bool]]:
    """The ranges an SSCC may lie in: which of its digits are the prefix cannot be seen."""
    for length in PREFIX_DIGITS:
        prefix = sscc[1 : 1 + length]
        number = number_in_sscc(sscc, prefix)
        if number is not None:
            yield (
                (col(SsccRange.prefix) == prefix)
                & (col(SsccRange.first_number) <= number)
                & (col(SsccRange.last_number) >= number)
            )


def prefix_for_units(session: Session, organisation_id: int, gtin: str | None, count: int) -> str:
    """The company prefix for so many SSCCs: the goods' own, else the first that has as many left.

    Raises Refused for an organisation without one.
    """
    wanted = (
        select(col(CompanyPrefix.prefix), col(SsccCounter.taken))
        .outerjoin(SsccCounter, col(SsccCounter.prefix) == col(CompanyPrefix.prefix))
        .where(col(CompanyPrefix.organisation_id) == organisation_id)
        .order_by(col(CompanyPrefix.prefix))
    )
    held = [(str(prefix), taken or 0) for prefix, taken in session.execute(wanted)]
    if not held:
        why = say("SSCCs are made from a company prefix of GS1: write yours down first.")
        raise refuse("sscc", why)
    free = [prefix for prefix, taken in held if taken + count <= sscc_capacity(prefix)]
    if not free:
        raise refuse(
            "sscc", say("The company prefix {prefix} has no SSCCs left.", prefix=held[0][0])
        )
    return next((one for one in free if gtin and begins_with(gtin, [one])), free[0])
