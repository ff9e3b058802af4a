"""Importing 10,000 growers and their plots from Excel, against a bare executemany of the same rows."""

import random
import time
from collections.abc import Callable
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
from app.kit.clock import system_clock
from app.ledger.actors import Actor
from app.main import HANDLERS
from app.models.accounts import Role
from app.models.exchange import ImportLayout, ImportState
from app.models.ledger import LedgerEntry, LedgerPersonal
from app.models.registry import (
    Grower,
    GrowerMembership,
    Organisation,
    OrganisationKind,
    Plot,
)
from app.registry.organisation_commands import OrganisationDetails, register_organisation
from benchmarks.harness import Result, side
from benchmarks.worlds import world

GROWERS, ROUNDS = 10_000, 3
FAMILIES = ("Lý", "Giàng", "Sùng", "Vàng", "Lù", "Thào", "Tẩn", "Nguyễn", "Hoàng", "Phàn")
MIDDLES = ("Thị", "A", "Văn", "Seo", "Láo", "Mùi")
NAMES = ("Mẩy", "Páo", "Chư", "Sua", "Dín", "Sử", "Tả", "Pà", "Khé", "Chẩn", "Vui", "Hoa")
COMMUNES = ("Xã Bắc Hà", "Bản Phố, Bắc Hà", "Tả Phìn, Sa Pa", "Xã Bảo Nhai", "02839")


def import_growers_vs_executemany(engine: str) -> Result:
    """Two files sent, read, checked and imported, against the rows they leave, inserted bare."""
    growers, plots = _files(random.Random(20_261_125))
    ours: list[float] = []
    bare: list[float] = []
    told: list[float] = []
    with world(engine) as made:
        opened = engine_for(made.url)
        for turn in range(ROUNDS):
            home = _cooperative(opened, turn)
            started = time.perf_counter()
            _import(opened, home, ImportLayout.GROWERS, growers)
            _import(opened, home, ImportLayout.PLOTS, plots)
            ours.append(time.perf_counter() - started)
            register, ledger = _insert_again(opened, home)
            told.append(register)
            bare.append(register + ledger)
        opened.dispose()
    ratios = sorted(theirs / mine for mine, theirs in zip(ours, bare, strict=True))
    return Result(
        f"import_growers_vs_executemany_{engine}",
        ratios[len(ratios) // 2],
        side("two files sent, read, checked, imported", "s", ours),
        side("executemany of the rows they leave in register and ledger", "s", bare),
        engine,
        f"{GROWERS} growers, {GROWERS} plots; of the executemany, growers, memberships and plots "
        f"alone: {sorted(told)[len(told) // 2]:.2f} s",
    )


def _files(chance: random.Random) -> tuple[bytes, bytes]:
    choose = chance.choice
    people = [
        (
            f"{choose(FAMILIES)} {choose(MIDDLES)} {choose(NAMES)} {number % 97}",
            f"09{number:08}",
            choose(COMMUNES),
            f"Thôn {number % 40}",
            "05/03/2024",
        )
        for number in range(GROWERS)
    ]
    headings = ("Họ và tên", "Số điện thoại", "Xã", "Thôn", "Ngày vào HTX")
    land = [
        (name, phone, f"Thửa {number % 7 + 1}", chance.randint(200, 9_000))
        for number, (name, phone, *_) in enumerate(people)
    ]
    land_headings = ("Chủ hộ", "Số điện thoại", "Tên thửa", "Diện tích (m²)")
    return sheet("Ho_dan", headings, people), sheet("Thua_dat", land_headings, land)


def _cooperative(engine: Engine, turn: int) -> Organisation:
    with transaction(engine) as session:
        return register_organisation(
            session,
            kind=OrganisationKind.COOPERATIVE,
            details=OrganisationDetails(name=f"HTX đo {turn}", commune="02839"),
            by=Actor.system(),
            now=system_clock(),
        )


def _import(engine: Engine, home: Organisation, layout: ImportLayout, content: bytes) -> None:
    runner = Runner(engine, HANDLERS, system_clock)
    by = Actor.system()
    with transaction(engine) as session:
        sent = SentList(layout, "danh-sach.xlsx", content)
        uid = send_list(
            session, organisation=home, sent=sent, role=Role.STAFF, by=by, now=system_clock()
        ).uid
    runner.run_one()
    with transaction(engine) as session:
        line = import_line(session, uid, within=Reach.all())
        begin_import(session, line=line, whole=False, role=Role.STAFF, by=by, now=system_clock())
    runner.run_one()
    with transaction(engine) as session:
        batch = import_line(session, uid, within=Reach.all()).batch
        if batch.state is not ImportState.IMPORTED or batch.rows_imported != GROWERS:
            raise AssertionError(f"{batch.state}: {batch.rows_imported}, {batch.fault}")


def _insert_again(engine: Engine, home: Organisation) -> tuple[float, float]:
    """Seconds to insert the same rows once more under other keys: the register's, the ledger's."""
    with transaction(engine) as session:
        copies = _copies(session, home)
    register, ledger = copies[:3], copies[3:]
    return _seconds(engine, register), _seconds(engine, ledger)


def _seconds(engine: Engine, copies: list[tuple[Any, list[dict[str, Any]]]]) -> float:
    started = time.perf_counter()
    with engine.begin() as connection:
        for table, rows in copies:
            connection.execute(insert(table), rows)
    return time.perf_counter() - started


def _copies(session: Session, home: Organisation) -> list[tuple[Any, list[dict[str, Any]]]]:
    members = select(GrowerMembership.__table__).where(
        col(GrowerMembership.organisation_id) == home.pk
    )
    memberships = _rows(session, members)
    ids = {row["grower_id"] for row in memberships}
    least = session.execute(select(func.max(col(Grower.id)))).scalar_one() + 1 - min(ids)
    growers = [
        row | {"id": row["id"] + least, "uid": uuid4(), "code": f"X{uuid4().hex[:15]}"}
        for row in _rows(session, select(Grower.__table__))
        if row["id"] in ids
    ]
    for row in memberships:
        del row["id"]
        row["grower_id"] += least
    plots = _rows(session, select(Plot.__table__).where(col(Plot.organisation_id) == home.pk))
    for row in plots:
        del row["id"]
        row |= {"uid": uuid4(), "grower_id": row["grower_id"] + least}
    return [
        (Grower.__table__, growers),
        (GrowerMembership.__table__, memberships),
        (Plot.__table__, plots),
        *_facts(session, home),
    ]


def _facts(session: Session, home: Organisation) -> list[tuple[Any, list[dict[str, Any]]]]:
    kinds = ("grower.registered", "plot.registered")
    wanted = select(LedgerEntry.__table__).where(
        col(LedgerEntry.organisation) == home.uid, col(LedgerEntry.kind).in_(kinds)
    )
    entries = _rows(session, wanted)
    first = session.execute(select(func.max(col(LedgerEntry.position)))).scalar_one() + 1
    places = {row["position"]: first + number for number, row in enumerate(entries)}
    personal = [
        row | {"position": places[row["position"]]}
        for row in _rows(session, select(LedgerPersonal.__table__))
        if row["position"] in places
    ]
    moved = [row | {"position": places[row["position"]]} for row in entries]
    return [(LedgerEntry.__table__, moved), (LedgerPersonal.__table__, personal)]


def _rows(session: Session, wanted: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(wanted).mappings()]


CASES: dict[str, tuple[Callable[[], Result], ...]] = {
    "import_growers_vs_executemany": (
        lambda: import_growers_vs_executemany("sqlite"),
        lambda: import_growers_vs_executemany("postgres"),
    ),
}
