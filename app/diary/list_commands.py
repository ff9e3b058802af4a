"""Writing many entries at once, and noting many as a mistake: what must be known is read once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.diary.book import Book
from app.diary.entry_commands import Pen, write_into
from app.diary.writing import Writing
from app.errors import Conflict
from app.kit.messages import say
from app.models.diary import DiaryEntry, Planting
from app.models.registry import Organisation
from app.registry.grower_list_queries import batches


def write_entries(
    session: Session, *, organisation: Organisation, writings: Sequence[Writing], pen: Pen
) -> list[DiaryEntry]:
    """Write many entries of one organisation, in their order, all or none."""
    book = Book(session, organisation)
    return [write_into(book, writing, pen=pen) for writing in writings]


def void_entries(
    session: Session, *, organisation: Organisation, uids: Sequence[UUID], reason: str, pen: Pen
) -> None:
    """Note of many entries that they never happened; Conflict, naming one, when one was corrected."""
    book = Book(session, organisation)
    for entry, planting in _standing(session, uids):
        note = Writing(
            planting=planting,
            work=entry.work,
            done_on=entry.done_on,
            corrects=entry.uid,
            reason=reason,
            void=True,
        )
        write_into(book, note, pen=pen)


def _standing(session: Session, uids: Sequence[UUID]) -> list[tuple[DiaryEntry, UUID]]:
    found: list[tuple[DiaryEntry, UUID]] = []
    for some in batches(uids):
        wanted = (
            select(DiaryEntry, col(Planting.uid))
            .join(Planting, col(Planting.id) == col(DiaryEntry.planting_id))
            .where(col(DiaryEntry.uid).in_(some))
            .order_by(col(DiaryEntry.id))
            .with_for_update(of=DiaryEntry)
        )
        rows = session.execute(wanted.execution_options(populate_existing=True)).all()
        found += [(entry, planting) for entry, planting in rows]
    for entry, _ in found:
        if entry.corrected:
            why = say("It cannot be undone: the entry of {day} was corrected.", day=entry.done_on)
            raise Conflict(why)
    return found
