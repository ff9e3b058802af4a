"""The closure of a lot among a million edges, with labels and quantities, against bare keys."""

import random
import time
from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine, insert, text
from sqlmodel import Session, SQLModel

from app import reference
from app.db import engine_for, open_read_session, transaction
from app.kit.clock import system_clock
from app.migrating import migrate
from app.models.lots import HarvestLot, LotKind, LotState
from app.models.movements import LotEdge, Movement, MovementKind
from app.tracing.closure_queries import Bounds, Cut, Direction, closure
from benchmarks.harness import Result, interleaved, side
from benchmarks.worlds import empty_database
from tests.given import Given

LOTS = 300_000
EDGES = 1_000_000
FROM_HOW_FAR = 2_000
AT_ONCE = 20_000
ASKED = 40
ROUNDS = 7
_BARE = {
    way: text(
        f"WITH RECURSIVE walk(id) AS (SELECT CAST(:start AS integer) UNION SELECT edge.{far}"
        f" FROM walk JOIN lot_edge AS edge ON edge.{near} = walk.id) SELECT id FROM walk"
    )
    for way, near, far in (
        (Direction.BACK, "child_id", "parent_id"),
        (Direction.FORWARD, "parent_id", "child_id"),
    )
}


def closure_vs_bare(engine: str) -> Result:
    """Back and forward from lots in the middle of the graph, each in milliseconds."""
    with empty_database(engine) as url:
        opened = engine_for(url)
        first = _filled(opened)
        with open_read_session(opened) as session:
            _bounded(session, first)
            asked = _asked(first)
            sizes = sorted(len(_bare(session, *one)) for one in asked)

            def whole() -> float:
                return _milliseconds(lambda: [closure(session, [key], way) for key, way in asked])

            def bare() -> float:
                return _milliseconds(lambda: [_bare(session, *one) for one in asked])

            whole(), bare()
            ours, least, ratio = interleaved(whole, bare, rounds=ROUNDS)
        opened.dispose()
    return Result(
        f"closure_vs_bare_{engine}",
        ratio,
        side("with lots, quantities and steps", "ms", ours),
        side("keys alone", "ms", least),
        engine,
        f"{EDGES} edges, {LOTS} lots; lots of a closure: median {sizes[len(sizes) // 2]}, most {sizes[-1]}",
    )


def _bare(session: Session, start: int, way: Direction) -> list[int]:
    return list(session.execute(_BARE[way], {"start": start}).scalars())


def _asked(first: int) -> list[tuple[int, Direction]]:
    """Lots at random, each both ways; the database has read what it needs of them."""
    dice = random.Random(7)  # a graph, no secret
    keys = [first + dice.randrange(LOTS) for _ in range(ASKED // 2)]
    return [(key, way) for key in keys for way in Direction]


def _bounded(session: Session, first: int) -> None:
    """However large the graph is, a bound ends the walk."""
    found = closure(
        session, range(first, first + 500), Direction.FORWARD, bounds=Bounds(lots=1_000)
    )
    if (len(found.lots), found.cut) != (1_000, Cut.SIZE):
        raise AssertionError("a bound must end a walk through a million edges")


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1_000 / ASKED


def _filled(engine: Engine) -> int:
    """Lots made of lots that are a little older; the key of the first."""
    migrate(engine)
    now, dice = system_clock(), random.Random(1)  # a graph, no secret
    with transaction(engine) as session:
        reference.load(session, now=now)
        model = Given(session, now).lot()
        movement = Movement(
            organisation_id=model.organisation_id,
            kind=MovementKind.MERGING,
            happened_at=now,
            recorded_at=now,
        )
        session.add(movement)
        session.flush()
        plain = {
            "kind": LotKind.MERGED,
            "organisation_id": model.organisation_id,
            "crop_id": model.crop_id,
            "harvested_on": date(2026, 11, 1),
            "quantity_g": 250_000,
            "state": LotState.OPEN,
            "state_since": now,
            "recorded_at": now,
            "row_version": 1,
            "grade": "",
            "note": "",
            "state_reason": "",
            "ledger_position": 0,
        }
        first, made_by = model.pk + 1, movement.pk
        for start in range(0, LOTS, AT_ONCE):
            rows = [
                {**plain, "code": f"LC{number:013}"} for number in range(start, start + AT_ONCE)
            ]
            _insert(session, HarvestLot, rows)
        pairs: set[tuple[int, int]] = set()
        while len(pairs) < EDGES:
            child = dice.randrange(1, LOTS)
            # A season's goods are mixed with one another, not with those of former years.
            block = child // FROM_HOW_FAR * FROM_HOW_FAR
            if child > block:
                pairs.add((dice.randrange(block, child), child))
        ordered = sorted(pairs, key=lambda pair: pair[1])
        for start in range(0, EDGES, AT_ONCE):
            _insert(
                session,
                LotEdge,
                [
                    {
                        "parent_id": first + parent,
                        "child_id": first + child,
                        "quantity_g": 50_000,
                        "movement_id": made_by,
                    }
                    for parent, child in ordered[start : start + AT_ONCE]
                ],
            )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return first


def _insert(session: Session, model: type[SQLModel], rows: list[dict[str, object]]) -> None:
    session.connection().execute(insert(SQLModel.metadata.tables[str(model.__tablename__)]), rows)


CASES: dict[str, tuple[Callable[[], Result | None], ...]] = {
    "closure_vs_bare": (lambda: closure_vs_bare("sqlite"), lambda: closure_vs_bare("postgres")),
}
