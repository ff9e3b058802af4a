"""Importing 10,000 harvests from Excel, against a bare executemany of the rows that this leaves."""

import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, func, insert, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.db import engine_for, transaction
from app.exchange.import_commands import SentList, begin_import, send_list
from app.exchange.import_queries import import_line
from app.exchange.workbook_writing import sheet
from app.jobs.running import Runner
from app.kit.clock import day_of, system_clock
from app.kit.codes import new_lot_code
from app.kit.quantities import SquareMetres
from app.ledger.actors import Actor
from app.main import HANDLERS
from app.models.accounts import Role
from app.models.exchange import ImportLayout, ImportState
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot, LotClaim, LotSource, LotStep
from app.models.registry import Organisation, OrganisationKind
from app.registry.area_commands import AreaDetails, register_area
from app.registry.grower_commands import Person, register_grower
from app.registry.organisation_commands import OrganisationDetails, register_organisation
from app.registry.plot_commands import PlotDetails, register_plot
from benchmarks.harness import Result, side
from benchmarks.worlds import world

HARVESTS, AREAS, MEMBERS_AN_AREA, DAYS = 10_000, 20, 10, 50
CROPS = ("BAP_CAI", "SU_HAO")
COMMUNE = "02839"
BY = Actor.system()

Copies = list[tuple[Any, list[dict[str, Any]]]]


def import_harvests_vs_executemany(engine: str) -> Result:
    """A file sent, read, checked and imported once, against the rows it leaves, inserted bare."""
    with world(engine) as made:
        opened = engine_for(made.url)
        home, content = _cooperative(opened)
        started = time.perf_counter()
        read = _import(opened, home, content)
        ours = time.perf_counter() - started
        lots, ledger = _insert_again(opened, home)
        opened.dispose()
    return Result(
        f"import_harvests_vs_executemany_{engine}",
        (lots + ledger) / ours,
        side("a file sent, read, checked, imported", "s", [ours]),
        side("executemany of the rows it leaves in lots and ledger", "s", [lots + ledger]),
        engine,
        f"{HARVESTS} harvests of {AREAS * MEMBERS_AN_AREA} plots in {AREAS} areas on {DAYS} days, one "
        f"round; reading and checking {read:.1f} s of it; {HARVESTS / ours:.0f} harvests/s",
    )


def _cooperative(engine: Engine) -> tuple[Organisation, bytes]:
    chance, now = random.Random(20_261_129), system_clock()
    today, since = day_of(now), day_of(now) - timedelta(days=400)
    land: list[tuple[str, str]] = []
    with transaction(engine) as session:
        home = register_organisation(
            session,
            kind=OrganisationKind.COOPERATIVE,
            details=OrganisationDetails(name="HTX đo thu hoạch", commune=COMMUNE),
            by=BY,
            now=now,
        )
        for number in range(AREAS):
            details = AreaDetails(f"Vùng {number}", COMMUNE, CROPS, SquareMetres(200_000), since)
            area = register_area(session, organisation=home, details=details, by=BY, now=now)
            for turn in range(MEMBERS_AN_AREA):
                person = Person(
                    name=f"Lý Thị {number} {turn}", phone=f"09{number:04}{turn:04}", commune=COMMUNE
                )
                grower = register_grower(
                    session, organisation=home, person=person, member_since=since, by=BY, now=now
                )
                plot = PlotDetails("Thửa 1", grower.uid, COMMUNE, SquareMetres(9_000), area.uid)
                register_plot(session, organisation=home, details=plot, by=BY, now=now)
                land.append((grower.code, "Thửa 1"))
    rows = [
        (
            f"{today - timedelta(days=number % DAYS):%d/%m/%Y}",
            *land[number % len(land)],
            chance.choice(("Bắp cải", "Su hào")),
            20 + number / 100,
        )
        for number in range(HARVESTS)
    ]
    headings = ("Ngày", "Mã hộ", "Mã thửa", "Sản phẩm", "Khối lượng (kg)")
    return home, sheet("Thu_hoach", headings, rows)


def _import(engine: Engine, home: Organisation, content: bytes) -> float:
    """Import the file; the seconds until it was read and checked."""
    started = time.perf_counter()
    runner = Runner(engine, HANDLERS, system_clock)
    with transaction(engine) as session:
        sent = SentList(ImportLayout.HARVESTS, "thu-hoach.xlsx", content)
        uid = send_list(
            session, organisation=home, sent=sent, role=Role.STAFF, by=BY, now=system_clock()
        ).uid
    runner.run_one()
    read = time.perf_counter() - started
    with transaction(engine) as session:
        line = import_line(session, uid, within=Reach.all())
        begin_import(session, line=line, whole=False, role=Role.STAFF, by=BY, now=system_clock())
    runner.run_one()
    with transaction(engine) as session:
        batch = import_line(session, uid, within=Reach.all()).batch
        if batch.state is not ImportState.IMPORTED or batch.rows_imported != HARVESTS:
            raise AssertionError(f"{batch.state}: {batch.rows_imported}, {batch.fault}")
    return read


def _insert_again(engine: Engine, home: Organisation) -> tuple[float, float]:
    """Seconds to insert the same rows once more under other keys: those of lots, the ledger's."""
    with transaction(engine) as session:
        lots, ledger = _lots(session, home), _ledger(session, home)
    return _seconds(engine, lots), _seconds(engine, ledger)


def _seconds(engine: Engine, copies: Copies) -> float:
    started = time.perf_counter()
    with engine.begin() as connection:
        for table, rows in copies:
            connection.execute(insert(table), rows)
    return time.perf_counter() - started


def _lots(session: Session, home: Organisation) -> Copies:
    mine = col(HarvestLot.organisation_id) == home.pk
    lots = _rows(session, select(HarvestLot.__table__).where(mine))
    moved = 10_000_000
    for row in lots:
        row |= {"id": row["id"] + moved, "code": new_lot_code()}
    copies: Copies = [(HarvestLot.__table__, lots)]
    keys = select(col(HarvestLot.id)).where(mine)
    for table in (LotSource, LotClaim, LotStep):
        parts = _rows(session, select(table.__table__).where(col(table.lot_id).in_(keys)))
        for row in parts:
            del row["id"]
            row["lot_id"] += moved
        copies.append((table.__table__, parts))
    return copies


def _ledger(session: Session, home: Organisation) -> Copies:
    wanted = select(LedgerEntry.__table__).where(
        col(LedgerEntry.organisation) == home.uid, col(LedgerEntry.kind) == "lot.recorded"
    )
    facts = _rows(session, wanted.order_by(col(LedgerEntry.position)))
    newest = session.execute(select(func.max(col(LedgerEntry.position)))).scalar_one()
    for position, row in enumerate(facts, start=newest + 1):
        row |= {"position": position, "subject": f"X{uuid4().hex[:15]}"}
    return [(LedgerEntry.__table__, facts)]


def _rows(session: Session, wanted: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(wanted).mappings()]


CASES: dict[str, tuple[Callable[[], Result], ...]] = {
    "import_harvests_vs_executemany": (
        lambda: import_harvests_vs_executemany("sqlite"),
        lambda: import_harvests_vs_executemany("postgres"),
    ),
}
