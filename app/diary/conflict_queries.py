"""Finding conflicts: two versions of one entry, and in what they differ."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.diary.entry_queries import writing_of
from app.diary.writing import Writing, content_of, differing, from_json
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.accounts import Account
from app.models.diary import ConflictState, DiaryConflict, DiaryEntry
from app.models.registry import Organisation

PICTURES = "pictures"
SENT = "sent"


@dataclass(frozen=True)
class ConflictLine:
    """A conflict with both versions, the fields in which they differ, and who wrote the other."""

    conflict: DiaryConflict
    standing: DiaryEntry
    organisation: Organisation
    here: Writing
    other: Writing
    fields: tuple[str, ...]
    other_by: str


def conflicts(
    session: Session,
    *,
    within: Reach,
    open_only: bool = True,
    after: str | None = None,
    limit: int = 50,
) -> Page[ConflictLine]:
    """Conflicts, the newest first."""
    wanted = select(DiaryConflict).where(within.limits(col(DiaryConflict.organisation_id)))
    if open_only:
        wanted = wanted.where(col(DiaryConflict.state) == ConflictState.OPEN)
    if after is not None:
        wanted = wanted.where(col(DiaryConflict.id) < decode(after, int)[0])
    rows = session.execute(wanted.order_by(col(DiaryConflict.id).desc()).limit(limit + 1))
    found = page_of(list(rows.scalars()), limit=limit, key=lambda one: (one.pk,))
    return Page(tuple(line_of_conflict(session, one) for one in found.items), found.next)


def conflict_by_uid(session: Session, uid: UUID, *, within: Reach) -> DiaryConflict:
    """The conflict with this public id; NotFound outside the reach."""
    wanted = select(DiaryConflict).where(
        col(DiaryConflict.uid) == uid, within.limits(col(DiaryConflict.organisation_id))
    )
    found: DiaryConflict | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such conflict."))
    return found


def line_of_conflict(session: Session, conflict: DiaryConflict) -> ConflictLine:
    """A conflict with both of its versions."""
    standing = session.get_one(DiaryEntry, conflict.standing_id)
    here, other = writing_of(session, standing), other_of(conflict)
    account = session.get(Account, conflict.account_id) if conflict.account_id else None
    return ConflictLine(
        conflict=conflict,
        standing=standing,
        organisation=session.get_one(Organisation, conflict.organisation_id),
        here=here,
        other=other,
        fields=tuple(differing(content_of(here), content_of(other))),
        other_by="" if account is None else account.display_name,
    )


def other_of(conflict: DiaryConflict) -> Writing:
    """The version that does not stand, as it was sent."""
    return from_json(json.dumps(json.loads(conflict.other)[SENT]))


def find_conflict(session: Session, other_uid: UUID) -> DiaryConflict | None:
    """The conflict that keeps the version with this id."""
    wanted = select(DiaryConflict).where(col(DiaryConflict.other_uid) == other_uid)
    found: DiaryConflict | None = session.execute(wanted).scalar_one_or_none()
    return found


def open_conflicts(session: Session, organisation_id: int) -> int:
    """How many conflicts of an organisation wait to be settled."""
    wanted = select(func.count()).where(
        col(DiaryConflict.organisation_id) == organisation_id,
        col(DiaryConflict.state) == ConflictState.OPEN,
    )
    return int(session.execute(wanted).scalar_one())
