"""A recall that reaches ten thousand lots: decided, every one stopped, every page stale, in one transaction."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlalchemy import Engine, func, insert, select, update
from sqlmodel import Session, SQLModel, col

from app import reference
from app.accounts.reach import Reach
from app.db import engine_for, open_session, transaction
from app.kit.clock import system_clock
from app.kit.codes import new_lot_code
from app.ledger.actors import Actor
from app.migrating import migrate
from app.models.accounts import Role
from app.models.lots import HarvestLot, LotKind, LotState
from app.models.movements import LotEdge, Movement, MovementKind
from app.models.pages import SubjectMark
from app.models.recalls import Recall
from app.recalls.commands import Opening, decide_recall, open_recall
from benchmarks.harness import Result, interleaved, side
from benchmarks.worlds import empty_database
from tests.given import Given

LOTS = 10_000
ROUNDS = 3
REASON = "Dư lượng thuốc vượt mức cho phép."


def recall_10k(engine_name: str) -> Result:
    """Seconds of the decision against those of one bare UPDATE of the same lots."""
    with empty_database(engine_name) as url:
        engine = engine_for(url)
        key = _prepared(engine)
        ours, bare = partial(_decided, engine, key), partial(_updated, engine)
        product, base, ratio = interleaved(ours, bare, rounds=ROUNDS)
        engine.dispose()
    return Result(
        f"recall_10k_{engine_name}",
        ratio,
        side("a recall of 10,000 lots decided", "s", product),
        side("one UPDATE of the same rows", "s", base),
        engine_name,
        "scope by trace, states, steps, facts and marks of every page; the commit is not counted",
    )


def _prepared(engine: Engine) -> int:
    """A harvest with 9,999 descendants, and its recall that is not decided yet."""
    migrate(engine)
    with transaction(engine) as session:
        reference.load(session, now=system_clock())
    with open_session(engine) as session:
        given = Given(session, system_clock())
        lot = given.lot(kilograms=1_000)
        key = _opened(session, given, lot).pk
        _descend(session, lot)
        session.commit()
    return key


def _decided(engine: Engine, key: int) -> float:
    with open_session(engine) as session:
        began = time.perf_counter()
        recall = session.get_one(Recall, key)
        decide_recall(session, recall, by=Actor.system(), now=system_clock())
        session.flush()
        taken = time.perf_counter() - began
        _require_all(session)
        session.rollback()
    return taken


def _updated(engine: Engine) -> float:
    with open_session(engine) as session:
        began = time.perf_counter()
        session.execute(update(HarvestLot).values(state=LotState.RECALLED))
        taken = time.perf_counter() - began
        session.rollback()
    return taken


def _opened(session: Session, given: Given, lot: HarvestLot) -> Recall:
    caller = given.caller(Role.INSPECTOR)
    opening = Opening((lot.code,), REASON, given.now - timedelta(hours=1))
    return open_recall(session, opening, caller=caller, within=Reach.all(), now=given.now)


def _descend(session: Session, lot: HarvestLot) -> None:
    """Ten lots of the harvest, ten of each of these, and so on."""
    movement = Movement(
        organisation_id=lot.organisation_id,
        kind=MovementKind.SPLITTING,
        happened_at=lot.recorded_at,
        recorded_at=lot.recorded_at,
    )
    session.add(movement)
    session.flush()
    first = lot.pk
    tables = SQLModel.metadata.tables
    session.execute(insert(tables["harvest_lot"]), [_row(lot, first + n) for n in range(1, LOTS)])
    edges = [
        {
            "parent_id": first + (number - 1) // 10,
            "child_id": first + number,
            "quantity_g": 100,
            "movement_id": movement.pk,
        }
        for number in range(1, LOTS)
    ]
    session.execute(insert(tables[str(LotEdge.__tablename__)]), edges)


def _row(lot: HarvestLot, key: int) -> dict[str, object]:
    return {
        **lot.model_dump(),
        "id": key,
        "code": new_lot_code(),
        "kind": LotKind.SPLIT,
        "area_id": None,
        "quantity_g": 100,
    }


def _require_all(session: Session) -> None:
    """Every lot is stopped, and every one's page has a newer fact than before."""
    stopped = select(func.count()).where(col(HarvestLot.state) == LotState.RECALLED)
    marks = (
        select(func.count())
        .select_from(SubjectMark)
        .where(col(SubjectMark.subject).in_(select(col(HarvestLot.code))))
    )
    found = session.execute(stopped).scalar_one(), session.execute(marks).scalar_one()
    if found != (LOTS, LOTS):
        raise AssertionError(f"stopped, stale: {found}")


CASES: dict[str, tuple[Callable[[], Result], ...]] = {
    "recall_10k": (lambda: recall_10k("sqlite"), lambda: recall_10k("postgres"))
}
