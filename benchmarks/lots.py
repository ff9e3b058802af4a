"""Lots under load: one with a long diary behind it, and a clerk's home among 100,000 of them."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, insert, select, text
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app import reference
from app.catalogue.rules import active_key
from app.db import engine_for, open_read_session, transaction
from app.kit.clock import day_of, system_clock
from app.kit.codes import new_lot_code
from app.kit.quantities import Grams
from app.kit.text import fold
from app.lots.evidence import claims_of
from app.main import create_app
from app.migrating import migrate
from app.models.accounts import Role
from app.models.catalogue import Confidence, RegulatedActive
from app.models.diary import DiaryEntry, EntryInput, EntryPlot, Planting, PlantingPlot, Work
from app.models.inputs import (
    InputKind,
    InputProduct,
    Permission,
    ProductActive,
    ProductPermission,
    ProductUse,
)
from app.models.lots import HarvestLot, LotSource, LotState
from app.models.registry import Organisation, PlantingArea
from app.settings import Settings
from benchmarks.harness import Result, interleaved, side
from benchmarks.worlds import BASE_URL, empty_database
from tests.given import Given

ENTRIES = 200
LOTS = 100_000
AREAS = 200
REQUESTS = 60
ROUNDS = 5
BATCH = 5_000
PRODUCTS = 8


def claims_per_lot(engine: str) -> Result:
    """Everything one lot may claim, 200 diary entries behind it, against a bare read of those rows."""
    with _prepared(engine) as (opened, now):
        with transaction(opened) as session:
            lot_id, planting_id = _lot_with_diary(session, now)

        def claimed() -> float:
            with open_read_session(opened) as session:
                lot = session.get_one(HarvestLot, lot_id)
                return _milliseconds(lambda: claims_of(session, lot, today=day_of(now)))

        def read() -> float:
            with open_read_session(opened) as session:
                return _milliseconds(lambda: _read_bare(session, lot_id, planting_id))

        claimed(), read()
        ours, bare, ratio = interleaved(
            lambda: statistics.median(claimed() for _ in range(9)),
            lambda: statistics.median(read() for _ in range(9)),
            rounds=ROUNDS,
        )
    return Result(
        f"claims_per_lot_{engine}",
        ratio,
        side("claims of a lot", "ms", ours),
        side("bare read of the same rows", "ms", bare),
        engine,
        f"{ENTRIES} entries, each with an input",
    )


def clerk_home_p95(engine: str) -> Result:
    """The clerk's home of a cooperative with 100,000 lots against the bare counts it shows."""
    with _prepared(engine) as (opened, now):
        with transaction(opened) as session:
            home, headers = _many_lots(session, now)
        _analyse(opened)
        client = _client(opened)

        def page() -> float:
            answer: list[int] = []
            spent = _milliseconds(
                lambda: answer.append(client.get("/work", headers=headers).status_code)
            )
            if answer != [200]:
                raise RuntimeError(str(answer))
            return spent

        def counts() -> float:
            with open_read_session(opened) as session:
                return _milliseconds(lambda: _count_bare(session, home, day_of(now)))

        page(), counts()
        ours, bare, ratio = interleaved(
            lambda: _p95([page() for _ in range(REQUESTS)]),
            lambda: _p95([counts() for _ in range(REQUESTS)]),
            rounds=ROUNDS,
        )
    return Result(
        f"clerk_home_p95_{engine}",
        ratio,
        side("GET /work, whole page", "ms", ours),
        side("bare counts", "ms", bare),
        engine,
        f"{LOTS} lots of one cooperative",
    )


@contextmanager
def _prepared(engine: str) -> Iterator[tuple[Engine, datetime]]:
    """A fresh installation with the reference data, thrown away after."""
    with empty_database(engine) as url:
        opened, now = engine_for(url), system_clock()
        migrate(opened)
        with transaction(opened) as session:
            reference.load(session, now=now)
        yield opened, now
        opened.dispose()


def _lot_with_diary(session: Session, now: datetime) -> tuple[int, int]:
    given, chance = Given(session, now), random.Random(2026)
    area = given.area()
    given.code(area)
    given.certificate(area)
    given.season(area, expected_output=Grams(40_000_000))
    session.flush()
    planting = Planting(
        organisation_id=area.organisation_id,
        area_id=area.pk,
        crop_id=_crop_of(session, area),
        sown_on=given.day(-120),
        area_m2=10_000,
        created_at=now,
    )
    session.add(planting)
    products = [_product(session, number, now) for number in range(PRODUCTS)]
    session.flush()
    _write(session, planting, products, chance, now)
    lot = given.lot(area)
    session.flush()
    return lot.pk, planting.pk


def _crop_of(session: Session, area: PlantingArea) -> int:
    row = session.execute(
        text("SELECT crop_id FROM area_crop WHERE area_id = :area"), {"area": area.pk}
    )
    return int(row.scalar_one())


def _product(session: Session, number: int, now: datetime) -> InputProduct:
    name = f"Thuốc đo {number}"
    product = InputProduct(kind=InputKind.PESTICIDE, name=name, name_key=fold(name), created_at=now)
    session.add(product)
    session.flush()
    active = f"chất {number}"
    session.add_all(
        [
            ProductActive(product_id=product.pk, name=active, name_key=active_key(active)),
            ProductPermission(
                product_id=product.pk,
                status=Permission.PERMITTED,
                valid_from=date(2020, 1, 1),
                legal_ref="đo",
                confidence=Confidence.UNVERIFIED,
            ),
            ProductUse(
                product_id=product.pk,
                crop_words="rau cải",
                crop_words_key="rau cai",
                crop_group="Brassicaceae",
                interval_days=7,
            ),
        ]
    )
    return product


def _write(
    session: Session,
    planting: Planting,
    products: list[InputProduct],
    chance: random.Random,
    now: datetime,
) -> None:
    for number in range(ENTRIES):
        day = day_of(now) - timedelta(days=10 + number % 100)
        entry = DiaryEntry(
            organisation_id=planting.organisation_id,
            planting_id=planting.pk,
            work=Work.SPRAYING if number % 2 else Work.FERTILISING,
            done_on=day,
            written_at=now,
            arrived_at=now,
        )
        session.add(entry)
        session.flush()
        product = chance.choice(products) if number % 2 else None
        session.add(
            EntryInput(
                entry_id=entry.pk,
                product_id=product.id if product else None,
                name=product.name if product else "Phân chuồng",
                interval_days=7 if product else None,
            )
        )


def _read_bare(session: Session, lot_id: int, planting_id: int) -> None:
    """The rows the claims rest on, as plain tuples."""
    entries = select(DiaryEntry.__table__).where(col(DiaryEntry.planting_id) == planting_id)
    keys = [row.id for row in session.execute(entries)]
    used = session.execute(
        select(EntryInput.__table__).where(col(EntryInput.entry_id).in_(keys))
    ).all()
    products = {row.product_id for row in used if row.product_id}
    for statement in (
        select(HarvestLot.__table__).where(col(HarvestLot.id) == lot_id),
        select(LotSource.__table__).where(col(LotSource.lot_id) == lot_id),
        select(Planting.__table__).where(col(Planting.id) == planting_id),
        select(PlantingPlot.__table__).where(col(PlantingPlot.planting_id) == planting_id),
        select(EntryPlot.__table__).where(col(EntryPlot.entry_id).in_(keys)),
        select(InputProduct.__table__).where(col(InputProduct.id).in_(products)),
        select(ProductActive.__table__).where(col(ProductActive.product_id).in_(products)),
        select(ProductPermission.__table__).where(col(ProductPermission.product_id).in_(products)),
        select(ProductUse.__table__).where(col(ProductUse.product_id).in_(products)),
        select(RegulatedActive.__table__),
    ):
        session.execute(statement).all()


def _many_lots(session: Session, now: datetime) -> tuple[int, dict[str, str]]:
    given, chance = Given(session, now), random.Random(2026)
    home = given.cooperative()
    areas = [given.area(home) for _ in range(AREAS)]
    session.flush()
    crop = _crop_of(session, areas[0])
    rows = _rows(home, [area.pk for area in areas], crop, chance, now)
    waiting = list(rows)
    for start in range(0, len(waiting), BATCH):
        session.execute(insert(HarvestLot), waiting[start : start + BATCH])
    return home.pk, given.headers(Role.STAFF, home)


def _rows(
    home: Organisation, areas: list[int], crop: int, chance: random.Random, now: datetime
) -> Iterator[dict[str, Any]]:
    """Four years of harvests; the newest hundred are open, the others sealed or closed."""
    for number in range(LOTS):
        age = (LOTS - number) * 4 * 365 // LOTS
        fresh = number > LOTS - 100
        yield {
            "code": new_lot_code(),
            "organisation_id": home.pk,
            "area_id": chance.choice(areas),
            "crop_id": crop,
            "harvested_on": day_of(now) - timedelta(days=age),
            "quantity_g": chance.randint(20, 400) * 1000,
            "grade": "",
            "note": "",
            "state": LotState.OPEN if fresh else chance.choice([LotState.SEALED, LotState.CLOSED]),
            "state_reason": "",
            "state_since": now,
            "recorded_at": now - timedelta(days=age),
            "ledger_position": 0,
            "version": 1,
        }


def _client(opened: Engine) -> TestClient:
    settings = Settings(database_url="sqlite://", base_url=BASE_URL)
    return TestClient(create_app(settings, engine=opened), base_url=BASE_URL)


def _count_bare(session: Session, home: int, today: date) -> None:
    """What the page counts, with nothing around it."""
    mine = col(HarvestLot.organisation_id) == home
    session.execute(
        select(func.count(), func.sum(col(HarvestLot.quantity_g))).where(
            mine,
            col(HarvestLot.harvested_on) == today,
            col(HarvestLot.state) != LotState.WITHDRAWN,
        )
    ).one()
    for state in (LotState.OPEN, LotState.HELD):
        counted = select(func.count()).where(mine, col(HarvestLot.state) == state)
        session.execute(counted).scalar_one()
    sellable = select(func.count()).where(mine, col(HarvestLot.sellable_from) == today)
    session.execute(sellable).scalar_one()


def _analyse(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        analyse = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
        connection.execute(text(analyse))


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1_000


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


CASES: dict[str, tuple[Callable[[], Result], ...]] = {
    "claims_per_lot": (lambda: claims_per_lot("sqlite"), lambda: claims_per_lot("postgres")),
    "clerk_home_p95": (lambda: clerk_home_p95("sqlite"), lambda: clerk_home_p95("postgres")),
}
