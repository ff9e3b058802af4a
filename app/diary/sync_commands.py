"""Taking in what devices wrote while they were offline: each item once, in any order, none lost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.diary.book import Book
from app.diary.conflict_commands import keep_conflict
from app.diary.conflict_queries import find_conflict
from app.diary.entry_commands import Pen, write_into
from app.diary.entry_queries import find_entry, standing_of, writing_of
from app.diary.sync_order import in_causal_order
from app.diary.wording import cleaned_writing
from app.diary.writing import Writing, content_of, differing
from app.errors import DomainError, FieldError, NotFound
from app.kit.messages import Message, say
from app.models.diary import DiaryConflict, DiaryEntry
from app.models.registry import Organisation

MOST_ITEMS = 200


class OutcomeKind(StrEnum):
    """What became of an item. A waiting one corrects an entry that has not arrived: it is sent again."""

    CREATED = "created"
    KNOWN = "known"
    CONFLICT = "conflict"
    REFUSED = "refused"
    WAITING = "waiting"


@dataclass(frozen=True)
class Outcome:
    """What became of one item; `fields` say what was wrong with a refused one."""

    kind: OutcomeKind
    uid: UUID | None
    entry: DiaryEntry | None = None
    conflict: DiaryConflict | None = None
    why: Message | None = None
    fields: tuple[FieldError, ...] = ()


def take_in(
    session: Session, *, organisation: Organisation, items: Sequence[Writing], pen: Pen
) -> list[Outcome]:
    """The outcome of each item, in the order given. What is refused leaves nothing half-written."""
    _queue(session, organisation)
    book = Book(session, organisation)
    outcomes: dict[int, Outcome] = {}
    for place in in_causal_order(items):
        outcomes[place] = _taken(book, items[place], pen=pen)
    return [outcomes[place] for place in range(len(items))]


def _taken(book: Book, item: Writing, *, pen: Pen) -> Outcome:
    try:
        writing = cleaned_writing(item)
        known = _known(book, writing, pen=pen)
        if known is not None:
            return known
        if writing.corrects is not None:
            return _taken_correction(book, writing, pen=pen)
        return _created(book, writing, pen=pen)
    except DomainError as refused:
        return Outcome(OutcomeKind.REFUSED, item.uid, why=refused.why, fields=refused.fields)


def _created(book: Book, writing: Writing, *, pen: Pen) -> Outcome:
    entry = write_into(book, writing, pen=pen)
    return Outcome(OutcomeKind.CREATED, entry.uid, entry=entry)


def _taken_correction(book: Book, writing: Writing, *, pen: Pen) -> Outcome:
    target = _target(book, writing)
    if target is None:
        why = say("The entry that this corrects has not arrived yet. Send it again.")
        return Outcome(OutcomeKind.WAITING, writing.uid, why=why)
    standing, of_other = target
    if of_other or standing.corrected:
        return _conflict(book, standing_of(book.session, standing), writing, pen=pen)
    return _created(book, writing, pen=pen)


def _target(book: Book, writing: Writing) -> tuple[DiaryEntry, bool] | None:
    """The entry an item corrects, and whether it corrects a version that does not stand."""
    if writing.corrects is None:
        return None
    conflict = find_conflict(book.session, writing.corrects)
    entry = find_entry(book.session, writing.corrects)
    if entry is None and conflict is not None:
        entry = book.session.get_one(DiaryEntry, conflict.standing_id)
        return (entry, True) if _is_own(book, entry) else None
    return (entry, False) if entry is not None and _is_own(book, entry) else None


def _known(book: Book, writing: Writing, *, pen: Pen) -> Outcome | None:
    """What is said of an item that arrived before; a changed one is kept as another version."""
    if writing.uid is None:
        return None
    conflict = find_conflict(book.session, writing.uid)
    entry = find_entry(book.session, writing.uid)
    if entry is not None and not _is_own(book, entry):
        raise NotFound(say("This id is given to another entry already."))
    if conflict is not None and conflict.organisation_id == book.organisation.pk:
        kind = OutcomeKind.KNOWN if entry is not None else OutcomeKind.CONFLICT
        standing = entry or book.session.get_one(DiaryEntry, conflict.standing_id)
        return Outcome(kind, writing.uid, entry=standing, conflict=conflict)
    if entry is None:
        return None
    if _says_the_same(book, entry, writing):
        return Outcome(OutcomeKind.KNOWN, entry.uid, entry=entry)
    return _conflict(book, standing_of(book.session, entry), writing, pen=pen)


def _says_the_same(book: Book, entry: DiaryEntry, writing: Writing) -> bool:
    if entry.void and writing.void:
        return True  # a note of a mistake repeats what the entry said, whatever was sent
    stored = content_of(writing_of(book.session, entry))
    return not differing(stored, content_of(_as_catalogued(book, writing)))


def _as_catalogued(book: Book, writing: Writing) -> Writing:
    """With the names that the catalogue writes, as an entry keeps them."""
    known = [(one, book.facts(one)) for one in writing.inputs]
    named = [
        one if facts is None else replace(one, name=facts.product.name) for one, facts in known
    ]
    return replace(writing, inputs=tuple(named))


def _conflict(book: Book, standing: DiaryEntry, writing: Writing, *, pen: Pen) -> Outcome:
    kept = keep_conflict(book, standing, writing, pen=pen)
    why = say("Somebody corrected this entry before you. Both versions are worth a look.")
    return Outcome(OutcomeKind.CONFLICT, writing.uid, entry=standing, conflict=kept, why=why)


def _is_own(book: Book, entry: DiaryEntry) -> bool:
    return entry.organisation_id == book.organisation.pk


def _queue(session: Session, organisation: Organisation) -> None:
    # Two batches of one organisation queue here: the same item in both arrives once.
    wanted = select(col(Organisation.id)).where(col(Organisation.id) == organisation.pk)
    session.execute(wanted.with_for_update(key_share=True))
