"""A synthetic province to measure over, and its roll-up.

Made at a size that a run affords; `NGUONGOC_BENCH_SQLITE` and `NGUONGOC_BENCH_POSTGRES` name one that
was made before with `nguongoc demo scale`, and is measured as it stands.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, func, select, text
from sqlmodel import Session, SQLModel, col

from app import reference
from app.db import engine_for, open_read_session, transaction
from app.demo.scale import Size, generate
from app.kit.clock import day_of, system_clock
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.lots.commands import record_lot
from app.lots.harvests import Harvest
from app.migrating import migrate
from app.models.catalogue import Crop
from app.models.lots import HarvestLot
from app.models.registry import AreaCrop, Organisation, PlantingArea
from app.plan import rollup
from benchmarks.harness import Result, interleaved, side
from benchmarks.worlds import BASE_URL, empty_database

SIZE = {"growers": 1_200, "areas": 300, "lots": 60_000, "years": 5, "seed": 1}
ROUNDS = 3
A_DAYS_LOTS = 100
ROLLED = ("plan_cell", "plan_land")

# What a figure of the desk is, straight from the register: land, sown land, output, and how much
# of it came from under a code that held, by former district. The roll-up stands in its place.
_BY_DISTRICT = """
  JOIN planting_area area ON area.id = {key}
  JOIN admin_unit place ON place.id = coalesce(area.former_commune_id, area.commune_id)
"""
BARE = (
    """SELECT place.district_code, sum(area.area_m2) FROM planting_area area
       JOIN admin_unit place ON place.id = coalesce(area.former_commune_id, area.commune_id)
       WHERE area.established_on <= :last AND (area.closed_on IS NULL OR area.closed_on >= :first)
       GROUP BY place.district_code""",
    f"""SELECT place.district_code, sum(season.area_m2) FROM season_declaration season
       {_BY_DISTRICT.format(key="season.area_id")}
       WHERE season.harvest_from BETWEEN :first AND :last GROUP BY place.district_code""",
    f"""SELECT place.district_code, count(*), sum(lot.quantity_g),
         sum(CASE WHEN (SELECT step.status FROM area_code_step step
               JOIN area_code code ON code.id = step.code_id
               WHERE code.area_id = area.id AND step.effective_on <= lot.harvested_on
               ORDER BY step.effective_on DESC, step.id DESC LIMIT 1) IN ('active', 'warned')
             THEN lot.quantity_g ELSE 0 END)
       FROM harvest_lot lot {_BY_DISTRICT.format(key="lot.area_id")}
       WHERE lot.harvested_on BETWEEN :first AND :last AND lot.state <> 'withdrawn'
         AND lot.kind = 'harvest' GROUP BY place.district_code""",
)


@contextmanager
def province(engine: str) -> Iterator[Engine]:
    """A synthetic province with its figures made."""
    known = os.environ.get(f"NGUONGOC_BENCH_{engine.upper()}")
    if known:
        opened = engine_for(known)
        yield opened
        opened.dispose()
        return
    with empty_database(engine) as url:
        opened, now = engine_for(url), system_clock()
        migrate(opened)
        with transaction(opened) as session:
            reference.load(session, now=now)
        size = Size(**SIZE, until=day_of(now))
        generate(opened, size, base_url=BASE_URL, progress=lambda _done, _whole: None)
        _analyse(opened)
        yield opened
        opened.dispose()


def rollup_vs_full(engine: str) -> Result:
    """A day's harvests brought into the figures, against all figures made anew; both must be equal."""
    with province(engine) as opened:
        now, chance = system_clock(), random.Random(2026)
        with transaction(opened) as session:
            rollup.rebuild(session, now)
        made: list[list[Any]] = []

        def day() -> float:
            with transaction(opened) as session:
                _harvest(session, chance)
            with transaction(opened) as session:
                spent = milliseconds(lambda: rollup.refresh(session, system_clock(), most=None))
            with open_read_session(opened) as session:
                made.append(_figures(session))
            return spent

        def everything() -> float:
            with transaction(opened) as session:
                spent = milliseconds(lambda: rollup.rebuild(session, system_clock()))
            with open_read_session(opened) as session:
                if made and made[-1] != _figures(session):
                    raise RuntimeError("the roll-up differs from what was made anew")
            return spent

        ours, reference_side, ratio = interleaved(day, everything, rounds=ROUNDS)
        note = note_of(opened)
    return Result(
        f"rollup_vs_full_{engine}",
        ratio,
        side(f"{A_DAYS_LOTS} new lots brought in", "ms", ours),
        side("all figures anew", "ms", reference_side),
        engine,
        f"{note}; equal after every round",
    )


def bare_sql(opened: Engine) -> None:
    with opened.connect() as connection:
        for statement in BARE:
            connection.execute(text(statement), _this_year()).all()


def _this_year() -> dict[str, date]:
    today = day_of(system_clock())
    return {"first": today.replace(month=1, day=1), "last": today}


def _harvest(session: Session, chance: random.Random) -> None:
    """A day's harvests on different areas, through the command that clerks use."""
    now = system_clock()
    areas = session.execute(
        select(PlantingArea, Organisation, Crop)
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .join(AreaCrop, col(AreaCrop.area_id) == col(PlantingArea.id))
        .join(Crop, col(Crop.id) == col(AreaCrop.crop_id))
        .where(col(PlantingArea.closed_on).is_(None))
        .order_by(col(PlantingArea.id), col(Crop.id))
    ).all()
    for area, organisation, crop in chance.choices(areas, k=A_DAYS_LOTS):
        harvest = Harvest(
            area=area.uid,
            crop=crop.slug,
            harvested_on=day_of(now) - timedelta(days=1),
            quantity=Grams(chance.randint(10, 60) * 1_000),
        )
        record_lot(session, organisation=organisation, harvest=harvest, by=Actor.system(), now=now)


def _figures(session: Session) -> list[Any]:
    """All rows of the roll-up but their keys."""
    found: list[Any] = []
    for name in ROLLED:
        table = SQLModel.metadata.tables[name]
        columns = [column for column in table.columns if column.name != "id"]
        found += sorted(map(tuple, session.execute(select(*columns)).all()))
    return found


def note_of(opened: Engine) -> str:
    with open_read_session(opened) as session:
        counts = [
            session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (HarvestLot, PlantingArea)
        ]
    return f"{counts[0]:,} lots of {counts[1]:,} areas"


def _analyse(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        analyse = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
        connection.execute(text(analyse))


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1_000


CASES: dict[str, tuple[Callable[[], Result], ...]] = {
    "rollup_vs_full": (lambda: rollup_vs_full("sqlite"), lambda: rollup_vs_full("postgres")),
}
