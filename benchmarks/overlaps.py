"""Which of 100,000 areas share ground with one: by the index of tiles, against a scan of all boxes."""

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, event, insert, select, text
from sqlmodel import Session, col

from app.db import engine_for, open_read_session, transaction
from app.kit.clock import system_clock
from app.models.finding import AreaTile
from app.models.places import AdminUnit
from app.models.registry import Organisation, PlantingArea
from app.registry.geometry import Bounds, bounds_of, overlap
from app.registry.overlap_queries import areas_over
from app.registry.tiles import tiles_of
from benchmarks.harness import Result, interleaved, side
from benchmarks.worlds import world

AREAS, FIELDS, ROUNDS, BATCH = 100_000, 40, 3, 5_000
FIRST = 1_000_000
# Fields crowd in the valleys: 60 of them, about 3 km across.
SPREAD = 0.015
_ground = random.Random(60)
VALLEYS = [(_ground.uniform(103.6, 104.6), _ground.uniform(21.9, 22.7)) for _ in range(60)]

Check = Callable[[Session, str], list[int]]


def overlap_vs_bbox_scan(engine: str) -> Result:
    """The median time of checking one new polygon; both ways must find the same areas."""
    with world(engine) as made:
        opened = engine_for(made.url)
        chance = random.Random(20_261_125)
        with transaction(opened) as session:
            fill(session, chance, areas=AREAS)
        _analyse(opened)
        asked = [_field(chance) for _ in range(FIELDS)]
        with open_read_session(opened) as session:
            found = [by_tiles(session, one) for one in asked]
            if found != [by_scan(session, one) for one in asked]:
                raise AssertionError("the two ways find different areas")
            ours, reference, ratio = _measured(session, asked)
        _explain(opened, asked[0])
        opened.dispose()
    hits = sum(map(len, found))
    return Result(
        f"overlap_vs_bbox_scan_{engine}",
        ratio,
        side("index of tiles, then the exact shapes", "ms", ours),
        side("scan of the boxes, then the exact shapes", "ms", reference),
        engine,
        f"{AREAS} areas, {FIELDS} polygons checked, {hits} overlaps found by both",
    )


def by_tiles(session: Session, polygon: str) -> list[int]:
    """As the product does it."""
    return sorted(one.area.pk for one in areas_over(session, polygon))


def by_scan(session: Session, polygon: str) -> list[int]:
    """The same question, asked of every box; the exact test is the same."""
    box, area = bounds_of(polygon), PlantingArea
    wanted = (
        select(area, Organisation)
        .join(Organisation, col(Organisation.id) == col(area.organisation_id))
        .where(
            col(area.closed_on).is_(None),
            col(area.west) <= box.east,
            col(area.east) >= box.west,
            col(area.south) <= box.north,
            col(area.north) >= box.south,
        )
    )
    return sorted(
        one.pk
        for one, _ in session.execute(wanted)
        if one.polygon and overlap(polygon, one.polygon) is not None
    )


def _measured(session: Session, asked: list[str]) -> tuple[list[float], list[float], float]:
    def timed(check: Check) -> Callable[[], float]:
        def once() -> float:
            times = []
            for polygon in asked:
                session.expunge_all()
                started = time.perf_counter()
                check(session, polygon)
                times.append((time.perf_counter() - started) * 1_000)
            return statistics.median(times)

        return once

    return interleaved(timed(by_tiles), timed(by_scan), rounds=ROUNDS)


def _field(chance: random.Random) -> str:
    """A field of four uneven corners and 0.1 to 4 hectares in one of the valleys."""
    x, y = chance.choice(VALLEYS)
    west, south = x + chance.uniform(-SPREAD, SPREAD), y + chance.uniform(-SPREAD, SPREAD)
    side_x, side_y = chance.uniform(30, 200) / 102_900, chance.uniform(30, 200) / 110_700
    corners = [(0.0, 0.1), (0.9, 0.0), (1.0, 0.95), (0.15, 1.0), (0.0, 0.1)]
    ring = [[round(west + a * side_x, 7), round(south + b * side_y, 7)] for a, b in corners]
    return json.dumps({"type": "Polygon", "coordinates": [ring]}, separators=(",", ":"))


def fill(session: Session, chance: random.Random, *, areas: int) -> None:
    """So many areas with their tiles, of the first organisation."""
    home = session.execute(select(col(Organisation.id)).limit(1)).scalar_one()
    commune = session.execute(
        select(col(AdminUnit.id)).where(col(AdminUnit.valid_to).is_(None)).limit(1)
    ).scalar_one()
    numbers = range(FIRST, FIRST + areas)
    for start in range(0, areas, BATCH):
        rows = [
            _row(number, _field(chance), home, commune) for number in numbers[start : start + BATCH]
        ]
        session.execute(insert(PlantingArea), rows)
        session.execute(insert(AreaTile), list(_tiles(rows)))


def _row(number: int, polygon: str, home: int, commune: int) -> dict[str, Any]:
    box = bounds_of(polygon)
    return {
        "id": number,
        "uid": uuid4(),
        "version": 1,
        "organisation_id": home,
        "name": f"Thửa {number}",
        "name_key": f"thua {number}",
        "commune_id": commune,
        "area_m2": 5_000,
        "established_on": date(2024, 1, 1),
        "polygon": polygon,
        "west": box.west,
        "south": box.south,
        "east": box.east,
        "north": box.north,
        "created_at": system_clock(),
    }


def _tiles(rows: list[dict[str, Any]]) -> Iterator[dict[str, int]]:
    for row in rows:
        box = Bounds(row["west"], row["south"], row["east"], row["north"])
        for tile in tiles_of(box):
            yield {"area_id": row["id"], "tile": tile}


def _analyse(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        analyse = "VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"
        connection.execute(text(analyse))


def _explain(engine: Engine, polygon: str) -> None:
    """Print how the database answers the question."""
    asked: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        asked.append((statement, given))

    with open_read_session(engine) as session:
        event.listen(engine, "before_cursor_execute", listen)
        by_tiles(session, polygon)
        event.remove(engine, "before_cursor_execute", listen)
    word = "EXPLAIN ANALYZE" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    with engine.connect() as connection:
        for statement, given in asked:
            if statement.startswith("SELECT"):
                rows = connection.exec_driver_sql(f"{word} {statement}", given)
                print("\n".join("   " + str(row[-1])[:160] for row in rows))


CASES: dict[str, tuple[Callable[[], Result], ...]] = {
    "overlap_vs_bbox_scan": (
        lambda: overlap_vs_bbox_scan("sqlite"),
        lambda: overlap_vs_bbox_scan("postgres"),
    ),
}
