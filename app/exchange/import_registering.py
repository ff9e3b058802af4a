"""Registering the rows of an import in the background.

Rows are registered in transactions of some hundred. Each takes rows that are still new, and marks
them with what was made of them in the same transaction: whoever comes after a crash, or works
beside another, finds no row half done and none to be done twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app.db import learn_statistics, open_read_session, transaction, update_rows
from app.errors import DomainError
from app.exchange.filling import FilledRow
from app.exchange.import_checking import CheckedRow, checked_rows
from app.exchange.import_commands import kept_fault, record_of_import
from app.exchange.import_reading import batch_of
from app.exchange.importers import IMPORTERS
from app.exchange.importing import ROWS_A_TRANSACTION, Doing, Importer, Made
from app.exchange.row_reading import Note, cells_kept, kept_notes
from app.jobs.progress import Progress
from app.jobs.queries import actor_of, argument_of
from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.models.exchange import ImportBatch, ImportRow, ImportState, RowOutcome
from app.models.jobs import Job
from app.models.registry import Organisation

# After so many rows tables are other than those which queries were planned for.
MANY_ROWS = 1_000
CONTRADICTION = say("This contradicts another record that stands already.")


@dataclass(frozen=True)
class _Row:
    """A row that was new when the file was read, checked again."""

    key: int
    checked: CheckedRow


@dataclass
class _Became:
    """What became of some rows: what was made of each, or why it was refused."""

    made: dict[int, Made]
    refused: dict[int, list[Note]]


class _NotWhole(Exception):
    """All or none was asked for, and some rows were refused."""

    def __init__(self, became: _Became) -> None:
        super().__init__()
        self.became = became


def do_import(engine: Engine, job: Job, progress: Progress) -> None:
    """Register the rows of an import that are new: as many as can be, or all of them or none."""
    work = _Work(engine, job, progress)
    if argument_of(job)["whole"]:
        work.all_or_none()
    else:
        work.what_is_right()
    if work.rows >= MANY_ROWS:
        learn_statistics(engine)


class _Work:
    """The registering of one import."""

    def __init__(self, engine: Engine, job: Job, progress: Progress) -> None:
        self._engine, self._job, self._progress = engine, job, progress
        with open_read_session(engine) as session:
            batch = batch_of(session, job, lock=False)
            self._importer: Importer = IMPORTERS[batch.layout]
            self._organisation = session.get_one(Organisation, batch.organisation_id)
            self._batch_uid = batch.uid
            self._before = batch.rows_imported
            self._rows = list(self._again(session, batch))

    @property
    def rows(self) -> int:
        """How many were to be registered."""
        return len(self._rows)

    def what_is_right(self) -> None:
        """Some hundred rows at a time; what is refused after all is said in its row."""
        size = min(ROWS_A_TRANSACTION, self._importer.rows_a_transaction)
        for first in range(0, len(self._rows), size):
            self._progress.step(self._before + first, self._before + len(self._rows))
            rows = self._rows[first : first + size]
            try:
                with transaction(self._engine) as session:
                    self._do(session, rows, self._many)
            except (DomainError, IntegrityError):
                with transaction(self._engine) as session:
                    self._do(session, rows, self._one_by_one)
        with transaction(self._engine) as session:
            batch = batch_of(session, self._job)
            if batch.state is ImportState.IMPORTING:
                self._end(session, batch)

    def all_or_none(self) -> None:
        """One transaction; when a row is refused, all refusals are said and nothing is done."""
        try:
            self._whole(self._many)
        except (DomainError, IntegrityError):
            self._whole_one_by_one()
        except _NotWhole as torn:
            self._give_back(torn.became)

    def _whole_one_by_one(self) -> None:
        try:
            self._whole(self._one_by_one)
        except _NotWhole as torn:
            self._give_back(torn.became)

    def _whole(self, how: Any) -> None:
        with transaction(self._engine) as session:
            batch = batch_of(session, self._job)
            if batch.state is not ImportState.IMPORTING:
                return
            became = how(session, self._rows)
            if became.refused:
                raise _NotWhole(became)
            self._mark(session, batch, became)
            self._end(session, batch)

    def _again(self, session: Session, batch: ImportBatch) -> Iterator[_Row]:
        """The rows that are new still, checked against the register as it is now."""
        now = self._progress.now()
        wanted = select(col(ImportRow.id), col(ImportRow.number), col(ImportRow.cells)).where(
            col(ImportRow.batch_id) == batch.pk, col(ImportRow.outcome) == RowOutcome.GOOD
        )
        kept = session.execute(wanted.order_by(col(ImportRow.number))).all()
        rows = [FilledRow(number, cells_kept(cells)) for _, number, cells in kept]
        checker = self._importer.checker(session, self._organisation, now)
        checked = checked_rows(
            rows, self._importer, checker, today=day_of(now), told=lambda _done, _all: None
        )
        for (key, *_), row in zip(kept, checked, strict=True):
            yield _Row(int(key or 0), row)

    def _do(self, session: Session, rows: Sequence[_Row], how: Any) -> None:
        batch = batch_of(session, self._job)
        if batch.state is ImportState.IMPORTING:
            self._mark(session, batch, how(session, _still_new(session, rows)))

    def _many(self, session: Session, rows: Sequence[_Row]) -> _Became:
        became = _sorted_out(rows)
        new = [row for row in rows if row.checked.outcome is RowOutcome.GOOD]
        size = min(ROWS_A_TRANSACTION, self._importer.rows_a_transaction)
        for first in range(0, len(new), size):
            some = new[first : first + size]
            facts = [row.checked.fact for row in some]
            made = self._importer.register(session, self._doing(), facts)
            became.made |= {row.key: uid for row, uid in zip(some, made, strict=True)}
        return became

    def _one_by_one(self, session: Session, rows: Sequence[_Row]) -> _Became:
        became = _sorted_out(rows)
        for row in rows:
            if row.checked.outcome is not RowOutcome.GOOD:
                continue
            try:
                with session.begin_nested():
                    uid = self._importer.register_one(session, self._doing(), row.checked.fact)
                became.made[row.key] = uid
            except DomainError as refused:
                became.refused[row.key] = self._notes(refused)
            except IntegrityError:
                became.refused[row.key] = [Note(self._importer.column_of(""), CONTRADICTION)]
        return became

    def _notes(self, refused: DomainError) -> list[Note]:
        faults = [(fault.field, fault.why) for fault in refused.fields] or [("", refused.why)]
        return [Note(self._importer.column_of(name), why) for name, why in faults]

    def _mark(self, session: Session, batch: ImportBatch, became: _Became) -> None:
        done = [
            {"id": key, "outcome": RowOutcome.IMPORTED, "made": str(uid)}
            for key, uid in became.made.items()
        ]
        update_rows(session, ImportRow, done)
        _mark_refused(session, batch, became)
        batch.rows_imported += len(became.made)
        batch.rows_good -= len(became.made)
        session.flush()

    def _known(self) -> set[int]:
        return {row.key for row in self._rows if row.checked.outcome is RowOutcome.KNOWN}

    def _give_back(self, became: _Became) -> None:
        with transaction(self._engine) as session:
            batch = batch_of(session, self._job)
            if batch.state is not ImportState.IMPORTING:
                return
            _mark_refused(session, batch, became)
            batch.state = ImportState.READY
            batch.fault = kept_fault(_none_of_them(len(became.refused)))
            session.flush()
            self._progress.settle(session)

    def _end(self, session: Session, batch: ImportBatch) -> None:
        _mark_known(session, batch, self._known())
        batch.state, batch.ended_at = ImportState.IMPORTED, self._progress.now()
        session.flush()
        by, now = actor_of(self._job), self._progress.now()
        facts: dict[str, object] = {"rows": batch.rows_imported}
        record_of_import(session, batch, "import.imported", facts, by=by, now=now)
        self._progress.settle(session)

    def _doing(self) -> Doing:
        by, now = actor_of(self._job), self._progress.now()
        return Doing(self._organisation, self._batch_uid, by, now)


def _sorted_out(rows: Sequence[_Row]) -> _Became:
    """The rows that are faulty by now, with why."""
    faulty = [row for row in rows if row.checked.outcome is RowOutcome.FAULTY]
    return _Became({}, {row.key: row.checked.notes for row in faulty})


def _still_new(session: Session, rows: Sequence[_Row]) -> list[_Row]:
    keys = [row.key for row in rows]
    wanted = select(col(ImportRow.id)).where(
        col(ImportRow.id).in_(keys), col(ImportRow.outcome) == RowOutcome.GOOD
    )
    new = set(session.execute(wanted).scalars())
    return [row for row in rows if row.key in new]


def _mark_refused(session: Session, batch: ImportBatch, became: _Became) -> None:
    if not became.refused:
        return
    rows = [
        {"id": key, "outcome": RowOutcome.FAULTY, "faults": kept_notes(notes)}
        for key, notes in became.refused.items()
    ]
    update_rows(session, ImportRow, rows)
    batch.rows_faulty += len(rows)
    batch.rows_good -= len(rows)


def _mark_known(session: Session, batch: ImportBatch, keys: set[int]) -> None:
    if not keys:
        return
    rows = [{"id": key, "outcome": RowOutcome.KNOWN} for key in sorted(keys)]
    update_rows(session, ImportRow, rows)
    batch.rows_known += len(rows)
    batch.rows_good -= len(rows)


def _none_of_them(count: int) -> Message:
    return say("Nothing was imported: {count} rows are faulty by now.", count=count)
