"""Reading an uploaded list in the background: every row is checked, nothing is registered."""

import json
from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, delete, select
from sqlmodel import Session, col

from app.db import insert_rows, open_read_session, transaction
from app.errors import DomainError
from app.exchange.import_checking import CheckedRow, checked_rows, opened, rows_of
from app.exchange.import_commands import kept_fault
from app.exchange.import_queries import HEADINGS, find_content
from app.exchange.importers import IMPORTERS
from app.exchange.row_reading import kept_cells, kept_notes
from app.jobs.progress import Progress
from app.jobs.queries import argument_of
from app.kit.clock import day_of
from app.models.exchange import ImportBatch, ImportRow, ImportState, RowOutcome
from app.models.jobs import Job
from app.models.registry import Organisation


def read_import(engine: Engine, job: Job, progress: Progress) -> None:
    """Read the file of an import and check its rows; nothing is registered."""
    try:
        batch_id, mapping, rows = _checked(engine, job, progress)
    except DomainError as refused:
        with transaction(engine) as session:
            batch = batch_of(session, job)
            batch.state, batch.fault = ImportState.FAILED, kept_fault(refused.why)
            batch.ended_at = progress.now()
            progress.settle(session)
        return
    with transaction(engine) as session:
        _keep(session, batch_id, mapping, rows)
        batch = batch_of(session, job)
        counts = Counter(row["outcome"] for row in rows)
        batch.rows_good = counts[RowOutcome.GOOD]
        batch.rows_known = counts[RowOutcome.KNOWN]
        batch.rows_faulty = counts[RowOutcome.FAULTY]
        batch.state = ImportState.READY
        session.flush()
        progress.settle(session)


def _checked(
    engine: Engine, job: Job, progress: Progress
) -> tuple[int, dict[str, Any], list[dict[str, Any]]]:
    now = progress.now()
    with open_read_session(engine) as session:
        batch = batch_of(session, job, lock=False)
        importer = IMPORTERS[batch.layout]
        content = find_content(session, batch) or b""
        file = opened(content, filename=batch.filename, importer=importer)
        mapping, rows = file.mapping(), rows_of(file, importer)
        del file, content  # the rows are what is left of it
        organisation = session.get_one(Organisation, batch.organisation_id)
        checker = importer.checker(session, organisation, now)
        checked = checked_rows(rows, importer, checker, today=day_of(now), told=progress.step)
        return batch.pk, mapping, [_as_row(batch.pk, row) for row in checked]


def _as_row(batch_id: int, row: CheckedRow) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "number": row.number,
        "cells": kept_cells(row.cells),
        "faults": kept_notes(row.notes) if row.notes else "[]",
        "outcome": row.outcome,
    }


def _keep(
    session: Session, batch_id: int, mapping: dict[str, Any], rows: list[dict[str, Any]]
) -> None:
    session.execute(delete(ImportRow).where(col(ImportRow.batch_id) == batch_id))
    headings = {
        "batch_id": batch_id,
        "number": HEADINGS,
        "cells": json.dumps(mapping, ensure_ascii=False),
        "faults": "[]",
        "outcome": RowOutcome.KNOWN,
    }
    insert_rows(session, ImportRow, [headings, *rows])


def batch_of(session: Session, job: Job, *, lock: bool = True) -> ImportBatch:
    """The import a job works on; locked, nobody else changes it until the transaction ends."""
    wanted = select(ImportBatch).where(col(ImportBatch.uid) == UUID(argument_of(job)["import"]))
    found = session.execute(wanted.with_for_update() if lock else wanted)
    batch: ImportBatch = found.scalar_one()
    return batch
