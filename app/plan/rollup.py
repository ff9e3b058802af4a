"""The roll-up of the register into the plan's figures: brought up to date, or made anew.

Both ways compute an area as a whole from its records, so that they cannot differ (ADR 0033).
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, func, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col

from app.db import insert_rows, is_sqlite, open_read_session, transaction
from app.kit.clock import day_of
from app.models.ledger import LedgerEntry
from app.models.plan_figures import PlanCell, PlanCursor, PlanDue, PlanLand
from app.models.registry import PlantingArea
from app.models.scans import WHOLE_LOT, ScanDay
from app.plan.axes import whose_axes
from app.plan.cells import Values, cells_of, land_of
from app.plan.due import KEYS_AT_ONCE, areas_of_lots, look_on
from app.plan.gathering import Gatherer

THE_CURSOR = 1
# So many areas are computed in one go; so many at most before a page is shown.
A_CHUNK = 50
MOST_AT_ONCE = 200
# Farther behind than so many facts, to compute everything is quicker than to read them.
MOST_FACTS = 50_000
A_DAY = timedelta(days=1)

Steps = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True)
class AsOf:
    """How far the figures are: all facts up to `position` are in them; `due` areas are still to come."""

    position: int
    due: int

    @property
    def complete(self) -> bool:
        """Whether nothing is known to be missing."""
        return not self.due


def as_of(session: Session) -> AsOf:
    """How far the figures are now. Facts that nobody looked at yet are behind `position` too."""
    cursor = session.get(PlanCursor, THE_CURSOR)
    counted = select(func.min(col(PlanDue.position)), func.count())
    first, due = session.execute(counted.select_from(PlanDue)).one()
    if cursor is None:
        return AsOf(-1, 0)
    return AsOf(cursor.position if first is None else int(first) - 1, int(due))


def is_behind(session: Session, now: datetime) -> bool:
    """Whether there is anything to bring up to date: what a reader asks before it is done."""
    cursor = session.get(PlanCursor, THE_CURSOR)
    if cursor is None or cursor.position != _end(session):
        return True
    if cursor.scanned_until < day_of(now) - A_DAY or cursor.year < day_of(now).year:
        return True
    return session.execute(select(col(PlanDue.area_id)).limit(1)).first() is not None


def freshen(session: Session, steps: Steps, now: datetime) -> AsOf:
    """What every page of figures begins with: brings them up to date as far as a reader may wait.

    `session` only reads; what is written is committed by `steps` before anything else is read.
    """
    if is_behind(session, now):
        session.rollback()  # what was read until now is older than what is written next
        with steps() as writing:
            refresh(writing, now)
        session.expire_all()
    return as_of(session)


def follow(engine: Engine, now: datetime) -> None:
    """What the background does every few seconds, so that readers seldom wait for it."""
    with open_read_session(engine) as session:
        if not is_behind(session, now):
            return
    with transaction(engine) as session:
        refresh(session, now)


def refresh(session: Session, now: datetime, *, most: int | None = MOST_AT_ONCE) -> int:
    """Bring the figures up to date, at most so many areas (None: all); returns how many are left.

    While somebody else is at it, nothing is done.
    """
    cursor = _take_cursor(session, now)
    if cursor is None:
        return as_of(session).due
    _look_at_facts(session, cursor)
    _look_at_days(session, cursor, day_of(now))
    session.flush()
    left = most
    while left is None or left > 0:
        keys = _next_due(session, A_CHUNK if left is None else min(A_CHUNK, left))
        if not keys:
            break
        _compute(session, keys, cursor)
        left = None if left is None else left - len(keys)
    return as_of(session).due


def rebuild(session: Session, now: datetime) -> int:
    """Make all figures anew; returns of how many areas."""
    cursor = _take_cursor(session, now, wait=True)
    if cursor is None:
        raise RuntimeError("whoever waits gets the cursor")
    for table in (PlanDue, PlanCell, PlanLand):
        session.execute(delete(table))
    today = day_of(now)
    cursor.position, cursor.scanned_until, cursor.year = _end(session), today - A_DAY, today.year
    session.flush()
    gatherer, done, last = Gatherer(session, cursor.scanned_until), 0, 0
    while keys := _areas_behind(session, last):
        _write(session, gatherer, keys, cursor.year)
        done, last = done + len(keys), keys[-1]
    return done


def _take_cursor(session: Session, now: datetime, *, wait: bool = False) -> PlanCursor | None:
    """The cursor for as long as the transaction lasts; None when somebody else has it."""
    today = day_of(now)
    row = {"id": THE_CURSOR, "position": -1, "scanned_until": today - A_DAY, "year": today.year}
    made = _insert(session)(PlanCursor).values(**row).on_conflict_do_nothing()
    if session.get(PlanCursor, THE_CURSOR) is None:
        session.execute(made)
        _all_due(session, 0)
        # The first time everything is due, whatever the ledger tells of.
        session.get_one(PlanCursor, THE_CURSOR).position = _end(session)
        session.flush()
    wanted = select(PlanCursor).where(col(PlanCursor.id) == THE_CURSOR)
    locked = wanted.with_for_update(skip_locked=not wait).execution_options(populate_existing=True)
    found: PlanCursor | None = session.execute(locked).scalar_one_or_none()
    return found


def _look_at_facts(session: Session, cursor: PlanCursor) -> None:
    behind = _end(session) - cursor.position
    if not 0 <= behind <= MOST_FACTS:  # below 0: the database was restored to an earlier day
        _all_due(session, min(cursor.position, _end(session)) + 1)
        cursor.position = _end(session)
    while (looked := look_on(session, cursor.position)) is not None:
        if looked.everything:
            _all_due(session, looked.first)
        else:
            _mark(session, looked.areas, looked.first)
        cursor.position = looked.last
        if not looked.more:
            break


def _look_at_days(session: Session, cursor: PlanCursor, today: date) -> None:
    """What changes by the calendar alone: scans count when their day is over, land when a year begins.

    So do axes, from the day on which a plan that has its own is in force.
    """
    yesterday = today - A_DAY
    if cursor.scanned_until < yesterday:
        whose = whose_axes(session, today)
        if replace(whose, today=cursor.scanned_until + A_DAY).in_year(today.year) != (
            whose.in_year(today.year)
        ):
            _all_due(session, cursor.position + 1)
        lots = _first_scanned(session, cursor.scanned_until, yesterday)
        _mark(session, areas_of_lots(session, lots), cursor.position + 1)
        cursor.scanned_until = yesterday
    if cursor.year < today.year:
        _all_due(session, cursor.position + 1)
        cursor.year = today.year


def _first_scanned(session: Session, after: date, until: date) -> set[int]:
    """The lots that were looked up for the first time after a day."""
    earlier, day = aliased(ScanDay), col(ScanDay.day)
    before = select(col(earlier.day)).where(
        col(earlier.lot_id) == col(ScanDay.lot_id),
        col(earlier.serial) == WHOLE_LOT,
        col(earlier.day) <= after,
    )
    wanted = select(col(ScanDay.lot_id)).where(
        col(ScanDay.serial) == WHOLE_LOT, day > after, day <= until, ~before.exists()
    )
    return set(session.execute(wanted).scalars())


def _mark(session: Session, areas: Iterable[int], position: int) -> None:
    rows = [{"area_id": key, "position": position} for key in sorted(areas)]
    for at in range(0, len(rows), KEYS_AT_ONCE):
        made = _insert(session)(PlanDue).values(rows[at : at + KEYS_AT_ONCE])
        session.execute(made.on_conflict_do_nothing())  # the earlier mark is the older debt


def _all_due(session: Session, position: int) -> None:
    known = select(col(PlanDue.area_id))
    area = col(PlantingArea.id)
    missing = select(area, literal(position)).where(area.not_in(known))
    session.execute(insert(PlanDue).from_select(["area_id", "position"], missing))


def _next_due(session: Session, most: int) -> list[int]:
    wanted = select(col(PlanDue.area_id)).order_by(col(PlanDue.position), col(PlanDue.area_id))
    return list(session.execute(wanted.limit(most)).scalars())


def _areas_behind(session: Session, key: int) -> list[int]:
    area = col(PlantingArea.id)
    return list(
        session.execute(select(area).where(area > key).order_by(area).limit(A_CHUNK)).scalars()
    )


def _compute(session: Session, keys: Sequence[int], cursor: PlanCursor) -> None:
    for table in (PlanCell, PlanLand, PlanDue):
        session.execute(
            delete(table).where(col(table.area_id).in_(keys)),
            execution_options={"synchronize_session": False},
        )
    _write(session, Gatherer(session, cursor.scanned_until), keys, cursor.year)


def _write(session: Session, gatherer: Gatherer, keys: Sequence[int], year: int) -> None:
    cells: list[Values] = []
    land: list[Values] = []
    for gathered in gatherer.gather(keys):
        cells += [_whole(PlanCell, row) for row in cells_of(gathered)]
        land += land_of(gathered, year)
    insert_rows(session, PlanCell, cells)
    insert_rows(session, PlanLand, land)


def _whole(table: type[SQLModel], row: Values) -> Values:
    """A row with every column, nothing where nothing was counted."""
    columns = SQLModel.metadata.tables[str(table.__tablename__)].columns
    return {one.name: row.get(one.name, 0) for one in columns if one.name != "id"}


def _end(session: Session) -> int:
    newest = session.execute(select(func.max(col(LedgerEntry.position)))).scalar_one()
    return -1 if newest is None else int(newest)


def _insert(session: Session) -> Any:
    return sqlite.insert if is_sqlite(session) else postgresql.insert
