"""Looking at imports: which there were, what their rows say, the user's file marked."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound, Refused
from app.exchange.import_checking import opened
from app.exchange.importers import IMPORTERS
from app.exchange.importing import Importer
from app.exchange.row_reading import Note, notes_kept, shown_cells
from app.exchange.template_writing import Say, template
from app.exchange.workbook_writing import marked
from app.jobs.queries import fault_of, has_ended
from app.kit.clock import day_of
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import Message, say, thawed
from app.models.exchange import (
    ImportBatch,
    ImportFile,
    ImportLayout,
    ImportRow,
    ImportState,
    RowOutcome,
)
from app.models.jobs import Job, JobState
from app.models.registry import Organisation

HEADINGS = 0
"""The row number under which it is kept what the headings of a file were understood as."""


@dataclass(frozen=True)
class ImportLine:
    """An import with its organisation and the job that works, or worked, on it."""

    batch: ImportBatch
    organisation: Organisation
    job: Job | None

    @property
    def importer(self) -> Importer:
        return IMPORTERS[self.batch.layout]

    @property
    def working(self) -> bool:
        """Whether somebody reads or imports it in this moment."""
        busy = self.batch.state in {ImportState.READING, ImportState.IMPORTING}
        return busy and self.job is not None and not has_ended(self.job)

    @property
    def interrupted(self) -> bool:
        """Whether its job ended without it: it may be begun again."""
        busy = self.batch.state in {ImportState.READING, ImportState.IMPORTING}
        return busy and not self.working

    @property
    def fault(self) -> Message | None:
        """Why the file was refused or the work on it ended, if it did."""
        if self.batch.fault:
            sentence, _, values = self.batch.fault.partition("\n")
            return thawed(sentence, values or "{}")
        failed = self.job is not None and self.job.state is JobState.FAILED
        return fault_of(self.job) if self.job and failed and self.interrupted else None


@dataclass(frozen=True)
class RowLine:
    """A row as people see it."""

    number: int
    outcome: RowOutcome
    cells: dict[str, str]
    notes: list[Note]
    made: str | None

    def notes_at(self, key: str) -> list[Note]:
        """What is said about one cell."""
        return [note for note in self.notes if note.column == key]


def import_line(
    session: Session, uid: UUID, *, within: Reach, layouts: Collection[ImportLayout] | None = None
) -> ImportLine:
    """The import with this public id; NotFound outside the reach."""
    wanted = _lines(within).where(col(ImportBatch.uid) == uid)
    if layouts is not None:
        wanted = wanted.where(col(ImportBatch.layout).in_(layouts))
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(say("There is no such import."))
    return ImportLine(*row)


def imports(
    session: Session,
    *,
    within: Reach,
    layouts: Collection[ImportLayout] | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[ImportLine]:
    """Imports, newest first."""
    wanted = _lines(within)
    if layouts is not None:
        wanted = wanted.where(col(ImportBatch.layout).in_(layouts))
    if after is not None:
        wanted = wanted.where(col(ImportBatch.id) < decode(after, int)[0])
    newest = wanted.order_by(col(ImportBatch.id).desc()).limit(limit + 1)
    rows = [ImportLine(*row) for row in session.execute(newest)]
    return page_of(rows, limit=limit, key=lambda line: (line.batch.pk,))


def import_rows(
    session: Session,
    batch: ImportBatch,
    *,
    outcome: RowOutcome | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[RowLine]:
    """The rows of an import in the order of the file, all or those of one outcome."""
    wanted = select(ImportRow).where(
        col(ImportRow.batch_id) == batch.pk, col(ImportRow.number) > HEADINGS
    )
    if outcome is not None:
        wanted = wanted.where(col(ImportRow.outcome) == outcome)
    if after is not None:
        wanted = wanted.where(col(ImportRow.number) > decode(after, int)[0])
    rows = session.execute(wanted.order_by(col(ImportRow.number)).limit(limit + 1)).scalars()
    return page_of([_line(row) for row in rows], limit=limit, key=lambda row: (row.number,))


def mapping_of(session: Session, batch: ImportBatch) -> dict[str, Any]:
    """What the headings were understood as (see `Opened.mapping`); empty before the file is read."""
    wanted = select(col(ImportRow.cells)).where(
        col(ImportRow.batch_id) == batch.pk, col(ImportRow.number) == HEADINGS
    )
    kept = session.execute(wanted).scalar_one_or_none()
    return json.loads(kept) if kept else {}


def find_content(session: Session, batch: ImportBatch) -> bytes | None:
    """The uploaded bytes, while they are kept."""
    wanted = select(col(ImportFile.content)).where(col(ImportFile.batch_id) == batch.pk)
    content: bytes | None = session.execute(wanted).scalar_one_or_none()
    return content


def marked_file(session: Session, line: ImportLine, *, say: Say) -> bytes:
    """The user's own file with the faulty cells marked; Gone or Refused when it cannot be."""
    content = require_content(session, line.batch)
    file = opened(content, filename=line.batch.filename, importer=line.importer)
    faults: dict[tuple[int, str], Message] = {}
    for row in _faulty(session, line.batch):
        for note in row.notes:
            key = (row.number, note.column)
            if not note.warning:
                faults[key] = _both(faults[key], note.why) if key in faults else note.why
    return marked(file.table, file.header, faults, say=say)


def require_content(session: Session, batch: ImportBatch) -> bytes:
    """The uploaded bytes; Refused when they were deleted already."""
    content = find_content(session, batch)
    if content is None:
        raise Refused(say("The file is not kept any more. Send it again."))
    return content


def template_for(
    session: Session, layout: ImportLayout, organisation: Organisation, *, now: Any, say: Say
) -> bytes:
    """The template of a layout with the lists of an organisation in its drop-downs."""
    importer = IMPORTERS[layout]
    lists = importer.lists(session, organisation, now, say)
    return template(importer.layout, say=say, lists=lists)


def template_name(layout: ImportLayout, now: Any) -> str:
    """The name under which a template is saved."""
    return f"{IMPORTERS[layout].layout.name}-{day_of(now):%Y%m%d}.xlsx"


def _both(first: Message, second: Message) -> Message:
    return say("{first} {second}", first=first, second=second)


def _faulty(session: Session, batch: ImportBatch) -> Sequence[RowLine]:
    wanted = select(ImportRow).where(
        col(ImportRow.batch_id) == batch.pk,
        col(ImportRow.outcome) == RowOutcome.FAULTY,
        col(ImportRow.number) > HEADINGS,
    )
    rows = session.execute(wanted.order_by(col(ImportRow.number))).scalars()
    return [_line(row) for row in rows]


def _line(row: ImportRow) -> RowLine:
    notes = notes_kept(row.faults)
    return RowLine(row.number, row.outcome, shown_cells(row.cells), notes, row.made)


def _lines(within: Reach) -> Any:
    return (
        select(ImportBatch, Organisation, Job)
        .join(Organisation, col(Organisation.id) == col(ImportBatch.organisation_id))
        .outerjoin(Job, col(Job.id) == col(ImportBatch.job_id))
        .where(within.limits(col(ImportBatch.organisation_id)))
    )
