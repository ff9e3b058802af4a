"""An organisation's own print run, printer, paper and layout, for the walk along the policy table."""

import tempfile
from pathlib import Path

from sqlmodel import Session

from app.accounts.reach import Reach
from app.labels.stock_commands import (
    ProfileDetails,
    StockDetails,
    add_profile,
    add_stock,
    save_layout,
)
from app.labels.stock_queries import body_of, layout_by_slug
from app.ledger.actors import Actor
from app.models.lots import HarvestLot
from app.models.print_runs import (
    LabelLayout,
    LabelStock,
    Output,
    PrinterProfile,
    PrintRun,
    StockKind,
)
from app.models.registry import Organisation
from tests.given import Given
from tests.labels.printing import Printing

BY = Actor.system()


def printed_things(
    session: Session, given: Given, organisation: Organisation, lot: HarvestLot
) -> tuple[PrintRun, PrinterProfile, LabelStock, LabelLayout]:
    """One of each."""
    with tempfile.TemporaryDirectory() as folder:
        run = Printing(session, given, Path(folder)).run((lot, 2), reprint_reason="In lại")
    stock = add_stock(
        session,
        organisation=organisation,
        details=StockDetails("Cuộn", StockKind.ROLL, 50_000, 30_000, 50_000, 30_000),
        by=BY,
        now=given.now,
    )
    session.flush()
    printer = add_profile(
        session,
        organisation=organisation,
        stock=stock,
        details=ProfileDetails(f"Máy {lot.code}", Output.TSPL),
        by=BY,
        now=given.now,
    )
    former = layout_by_slug(session, "l1-50x30", within=Reach.all(), on=given.day(0))
    layout = save_layout(
        session,
        organisation=organisation,
        former=former,
        name="Tem",
        body=body_of(former),
        by=BY,
        now=given.now,
    )
    return run, printer, stock, layout
