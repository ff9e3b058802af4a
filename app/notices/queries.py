"""What an organisation was told: newest first, and how much of it nobody read yet."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import Message, say, thawed
from app.models.notices import Notice


def notices_of(
    session: Session,
    organisation_id: int,
    *,
    unread_only: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> Page[Notice]:
    """The notices of an organisation, newest first."""
    wanted = select(Notice).where(col(Notice.organisation_id) == organisation_id)
    if unread_only:
        wanted = wanted.where(col(Notice.read_at).is_(None))
    if after is not None:
        wanted = wanted.where(col(Notice.id) < decode(after, int)[0])
    rows = session.execute(wanted.order_by(col(Notice.id).desc()).limit(limit + 1)).scalars()
    return page_of(list(rows), limit=limit, key=lambda notice: (notice.pk,))


def unread_count(session: Session, organisation_id: int) -> int:
    """How many notices of an organisation nobody marked as read."""
    wanted = (
        select(func.count())
        .select_from(Notice)
        .where(col(Notice.organisation_id) == organisation_id, col(Notice.read_at).is_(None))
    )
    return int(session.execute(wanted).scalar_one())


def was_told(session: Session, organisation_id: int, about: str) -> bool:
    """Whether an organisation has a notice about this already."""
    wanted = select(col(Notice.id)).where(
        col(Notice.organisation_id) == organisation_id, col(Notice.about) == about
    )
    return session.execute(wanted.limit(1)).first() is not None


def notice_by_uid(session: Session, uid: UUID, *, within: Reach) -> Notice:
    """The notice with this public id; NotFound outside the reach."""
    found: Notice | None = session.execute(
        select(Notice).where(col(Notice.uid) == uid, within.limits(col(Notice.organisation_id)))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such notice."))
    return found


def message_of(notice: Notice) -> Message:
    """What the notice says, to be said in the reader's language."""
    return thawed(notice.sentence, notice.details)
