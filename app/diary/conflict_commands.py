"""Keeping two versions of one entry, and settling which of them stands. Nothing is dropped."""

import json
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.diary.book import Book
from app.diary.conflict_queries import PICTURES, SENT, other_of
from app.diary.entry_commands import Pen, write_into
from app.diary.entry_queries import find_entry, standing_of
from app.diary.wording import cleaned_writing
from app.diary.writing import Writing, as_json
from app.errors import Refused, refuse
from app.kit.messages import say
from app.ledger.commands import record
from app.models.base import new_uid
from app.models.diary import ConflictState, DiaryConflict, DiaryEntry, EntryPicture, Planting
from app.models.pictures import Picture
from app.models.registry import Organisation


def keep_conflict(book: Book, standing: DiaryEntry, writing: Writing, *, pen: Pen) -> DiaryConflict:
    """Keep a version that arrived when another stood already."""
    writing = cleaned_writing(writing)
    if writing.uid is None:
        raise refuse("uid", say("This is required."))
    conflict = DiaryConflict(
        organisation_id=book.organisation.pk,
        standing_id=standing.pk,
        other=json.dumps({SENT: json.loads(as_json(writing)), PICTURES: []}, ensure_ascii=False),
        other_uid=writing.uid,
        arrived_at=pen.now,
        account_id=pen.account_id,
    )
    book.session.add(conflict)
    book.session.flush()
    facts: dict[str, object] = {
        "conflict": conflict.uid,
        "standing": standing.uid,
        "other": writing.uid,
    }
    _record(book.session, conflict, standing, "entry.conflicted", facts, pen=pen)
    return conflict


def settle_conflict(
    session: Session, *, conflict: DiaryConflict, choice: ConflictState, pen: Pen
) -> DiaryConflict:
    """Let the standing version stand, the other take its place, or both count; once."""
    if conflict.state is not ConflictState.OPEN:
        raise Refused(say("This conflict is settled already."))
    if choice is ConflictState.OPEN:
        raise refuse("choice", say("Choose one."))
    standing = session.get_one(DiaryEntry, conflict.standing_id)
    facts: dict[str, object] = {"conflict": conflict.uid, "choice": choice}
    if choice is not ConflictState.KEPT_STANDING:
        written = _write_other(session, conflict, standing, choice, pen=pen)
        facts["entry"] = written.uid
    conflict.state, conflict.settled_at, conflict.settled_by = choice, pen.now, pen.account_id
    session.flush()  # a lost race must fail before the ledger is touched
    _record(session, conflict, standing, "entry.conflict_settled", facts, pen=pen)
    return conflict


def add_picture_of_other(conflict: DiaryConflict, picture: Picture) -> bool:
    """Keep a photograph with the version that does not stand; False when it is there already."""
    kept = json.loads(conflict.other)
    if str(picture.uid) in kept[PICTURES]:
        return False
    kept[PICTURES].append(str(picture.uid))
    conflict.other = json.dumps(kept, ensure_ascii=False)
    return True


def _write_other(
    session: Session,
    conflict: DiaryConflict,
    standing: DiaryEntry,
    choice: ConflictState,
    *,
    pen: Pen,
) -> DiaryEntry:
    other = other_of(conflict)
    if choice is ConflictState.BOTH and other.void:
        raise refuse("choice", say("An entry cannot both count and never have happened."))
    uid = conflict.other_uid
    # The version may bear the id of the entry itself, if a device changed what it had sent.
    taken = find_entry(session, uid) is not None
    head = standing_of(session, standing)
    writing = _replaced(
        other,
        uid=new_uid() if taken else uid,
        corrects=head.uid if choice is ConflictState.TOOK_OTHER else None,
    )
    book = Book(session, session.get_one(Organisation, conflict.organisation_id))
    written = write_into(book, writing, pen=pen)
    _show(session, conflict, written)
    return written


def _replaced(writing: Writing, **other: object) -> Writing:
    return Writing(**{**vars(writing), **other})


def _show(session: Session, conflict: DiaryConflict, written: DiaryEntry) -> None:
    uids = [UUID(uid) for uid in json.loads(conflict.other)[PICTURES]]
    shown = set(
        session.execute(
            select(col(EntryPicture.picture_id)).where(col(EntryPicture.entry_id) == written.pk)
        ).scalars()
    )
    wanted = select(Picture).where(
        col(Picture.uid).in_(uids), col(Picture.organisation_id) == conflict.organisation_id
    )
    session.add_all(
        EntryPicture(entry_id=written.pk, picture_id=picture.pk)
        for picture in session.execute(wanted).scalars()
        if picture.pk not in shown
    )


def _record(
    session: Session,
    conflict: DiaryConflict,
    standing: DiaryEntry,
    kind: str,
    facts: dict[str, object],
    *,
    pen: Pen,
) -> None:
    record(
        session,
        kind=kind,
        subject=str(session.get_one(Planting, standing.planting_id).uid),
        by=pen.by,
        now=pen.now,
        organisation=session.get_one(Organisation, conflict.organisation_id).uid,
        facts=facts,
    )
