"""The life of an import: sent in, begun by somebody who saw the preview, undone as one."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import PurePath

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from app.errors import Conflict, Forbidden, refuse
from app.exchange.import_queries import HEADINGS, ImportLine
from app.exchange.importers import IMPORTERS
from app.exchange.importing import Doing, Made
from app.exchange.sheet_limits import MOST_BYTES
from app.jobs.commands import queue
from app.kit.messages import Message, frozen, say
from app.kit.text import TextRefused, clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.accounts import Role
from app.models.exchange import (
    ImportBatch,
    ImportFile,
    ImportLayout,
    ImportRow,
    ImportState,
    RowOutcome,
)
from app.models.jobs import Job
from app.models.registry import Organisation

READ_JOB = "imports.read"
IMPORT_JOB = "imports.import"
# How long uploaded files and what their cells say are kept: they are full of personal data.
KEPT_FOR = timedelta(days=30)

_LONGEST_NAME = 160


@dataclass(frozen=True)
class SentList:
    """A file as somebody sent it."""

    layout: ImportLayout
    filename: str
    content: bytes


def send_list(
    session: Session,
    *,
    organisation: Organisation,
    sent: SentList,
    role: Role,
    by: Actor,
    now: datetime,
) -> ImportBatch:
    """Take a file in: it is read and checked in the background, and nothing is registered yet."""
    require_role(sent.layout, role)
    if not sent.content:
        raise refuse("file", say("The file is empty."))
    if len(sent.content) > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        raise refuse("file", say("The file is larger than {most} MB.", most=most))
    batch = ImportBatch(
        organisation_id=organisation.pk,
        layout=sent.layout,
        filename=_plain_name(sent.filename),
        sha256=hashlib.sha256(sent.content).hexdigest(),
        created_at=now,
    )
    session.add(batch)
    session.flush()  # the batch's id, for its file and its job
    session.add(ImportFile(batch_id=batch.pk, content=sent.content))
    batch.job_id = _queue(session, READ_JOB, batch, {}, by=by, now=now).pk
    session.flush()
    _record(session, "import.sent", batch, {"sha256": batch.sha256}, by=by, now=now)
    return batch


def begin_import(
    session: Session, *, line: ImportLine, whole: bool, role: Role, by: Actor, now: datetime
) -> ImportBatch:
    """Register in the background what is right; with `whole`, all rows or none of them.

    Raises Conflict when somebody began already, Refused when nothing is new or, with `whole`,
    something is wrong.
    """
    batch = line.batch
    require_role(batch.layout, role)
    _lock(session, line)
    if batch.state is not ImportState.READY and not _was_interrupted(session, line):
        raise Conflict(_not_ready(batch.state))
    if batch.state is ImportState.READING:
        batch.job_id = _queue(session, READ_JOB, batch, {}, by=by, now=now).pk
        return _begun(session, batch, "import.sent", by=by, now=now)
    if whole and batch.rows_faulty:
        raise refuse("whole", say("{count} rows are faulty still.", count=batch.rows_faulty))
    if not batch.rows_good:
        raise refuse("whole", say("There is nothing new in this file."))
    batch.state = ImportState.IMPORTING
    batch.fault = ""
    argument: dict[str, object] = {"whole": whole}
    batch.job_id = _queue(session, IMPORT_JOB, batch, argument, by=by, now=now).pk
    return _begun(session, batch, "import.begun", by=by, now=now)


def undo_import(
    session: Session, *, line: ImportLine, role: Role, by: Actor, now: datetime
) -> ImportBatch:
    """Take back everything an import registered; Conflict, naming what, when something rests on it."""
    batch = line.batch
    require_role(batch.layout, role)
    _lock(session, line)
    if batch.state is not ImportState.IMPORTED:
        raise Conflict(_not_ready(batch.state))
    doing = Doing(line.organisation, batch.uid, by, now)
    made = _made(session, batch)
    if not made:
        raise Conflict(say("This import registered nothing."))
    IMPORTERS[batch.layout].take_back(session, doing, made)
    session.execute(
        update(ImportRow)
        .where(col(ImportRow.batch_id) == batch.pk, col(ImportRow.outcome) == RowOutcome.IMPORTED)
        .values(outcome=RowOutcome.UNDONE)
    )
    batch.state = ImportState.UNDONE
    batch.ended_at = now
    session.flush()
    _record(session, "import.undone", batch, {"rows": len(made)}, by=by, now=now)
    return batch


def forget_old_imports(session: Session, *, now: datetime) -> int:
    """Delete files and cells that were kept long enough; how many imports there were of them.

    What an import registered stays, and can still be undone. A file never imported is given up.
    """
    old = select(ImportBatch).where(
        col(ImportBatch.created_at) < now - KEPT_FOR,
        col(ImportBatch.id).in_(select(col(ImportFile.batch_id))),
        col(ImportBatch.state).not_in([ImportState.READING, ImportState.IMPORTING]),
    )
    batches = list(session.execute(old.with_for_update()).scalars())
    for batch in batches:
        session.execute(delete(ImportFile).where(col(ImportFile.batch_id) == batch.pk))
        session.execute(
            update(ImportRow)
            .where(col(ImportRow.batch_id) == batch.pk, col(ImportRow.number) > HEADINGS)
            .values(cells="{}", faults="[]")
        )
        if batch.state is ImportState.READY:
            batch.state = ImportState.FAILED
            batch.fault = kept_fault(say("The file was not imported in 30 days and was deleted."))
        _record(session, "import.forgotten", batch, {}, by=Actor.system(), now=now)
    return len(batches)


def require_role(layout: ImportLayout, role: Role) -> None:
    """Raise Forbidden for a list that is not this role's to import."""
    if role not in IMPORTERS[layout].roles:
        raise Forbidden(say("Your role may not import this kind of list."))


def kept_fault(why: Message) -> str:
    """A refusal as `ImportBatch.fault` keeps it."""
    return "\n".join(frozen(why))


def record_of_import(
    session: Session,
    batch: ImportBatch,
    kind: str,
    facts: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Append what became of an import; the name of its file is nobody's business."""
    _record(session, kind, batch, facts, by=by, now=now)


def _lock(session: Session, line: ImportLine) -> None:
    # Locked and read again: of two who press at once, the second must see the first.
    session.refresh(line.batch, with_for_update=True)


def _was_interrupted(session: Session, line: ImportLine) -> bool:
    job = session.get(Job, line.batch.job_id, populate_existing=True)
    return replace(line, job=job).interrupted


def _begun(
    session: Session, batch: ImportBatch, kind: str, *, by: Actor, now: datetime
) -> ImportBatch:
    session.flush()
    _record(session, kind, batch, {"rows": batch.rows_good}, by=by, now=now)
    return batch


def _made(session: Session, batch: ImportBatch) -> Sequence[Made]:
    wanted = select(col(ImportRow.made)).where(
        col(ImportRow.batch_id) == batch.pk, col(ImportRow.outcome) == RowOutcome.IMPORTED
    )
    found = session.execute(wanted.order_by(col(ImportRow.number))).scalars()
    made_of = IMPORTERS[batch.layout].made_of
    return [made_of(made) for made in found if made]


def _queue(
    session: Session,
    kind: str,
    batch: ImportBatch,
    argument: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> Job:
    return queue(
        session,
        kind=kind,
        argument={"import": str(batch.uid), **argument},
        by=by,
        organisation_id=batch.organisation_id,
        now=now,
    )


def _record(
    session: Session,
    kind: str,
    batch: ImportBatch,
    facts: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> None:
    record(
        session,
        kind=kind,
        subject=str(batch.uid),
        by=by,
        now=now,
        organisation=session.get_one(Organisation, batch.organisation_id).uid,
        facts={"layout": batch.layout, **facts},
    )


def _not_ready(state: ImportState) -> Message:
    return {
        ImportState.READING: say("The file is still being read."),
        ImportState.READY: say("This file was not imported yet."),
        ImportState.IMPORTING: say("Somebody began this import already."),
        ImportState.IMPORTED: say("This file was imported already."),
        ImportState.UNDONE: say("This import was undone already."),
        ImportState.FAILED: say("This file could not be read."),
    }[state]


def _plain_name(filename: str) -> str:
    name = PurePath(filename.replace("\\", "/")).name
    try:
        return clean(name, longest=_LONGEST_NAME) or "—"
    except TextRefused:
        printable = "".join(letter for letter in name if letter.isprintable())
        return printable.encode("ascii", "ignore").decode()[-_LONGEST_NAME:] or "—"
