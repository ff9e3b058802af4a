"""Telling an organisation something, in the transaction of what happened."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.kit.messages import Message, frozen
from app.models.notices import Notice
from app.models.registry import Organisation
from app.notices.queries import was_told


def tell(
    session: Session,
    *,
    organisation: Organisation,
    kind: str,
    about: str,
    sentence: Message,
    address: str,
    now: datetime,
) -> Notice:
    """Tell an organisation, every time; it is mailed too where the organisation has an address.

    `kind` is `noun.verb` as in the ledger; `about` names the occasion (at most 120 letters);
    `address` is the path of the page to look at, or "". ValueError for an address elsewhere.
    """
    if address and (not address.startswith("/") or address.startswith(("//", "/\\"))):
        raise ValueError("a notice leads to a page of this product")
    msgid, details = frozen(sentence)
    notice = Notice(
        organisation_id=organisation.pk,
        kind=kind,
        about=about,
        sentence=msgid,
        details=details,
        address=address,
        created_at=now,
        mail_wanted=bool(organisation.email),
    )
    session.add(notice)
    session.flush()
    return notice


def tell_once(
    session: Session,
    *,
    organisation: Organisation,
    kind: str,
    about: str,
    sentence: Message,
    address: str,
    now: datetime,
) -> Notice | None:
    """Tell an organisation unless it was told about this before; None when it was.

    Two that try at the same moment queue behind the organisation's row.
    """
    _queue(session, organisation)
    if was_told(session, organisation.pk, about):
        return None
    return tell(
        session,
        organisation=organisation,
        kind=kind,
        about=about,
        sentence=sentence,
        address=address,
        now=now,
    )


def mark_read(session: Session, *notices: Notice, now: datetime) -> None:
    """Somebody of the organisation read these; the first reading stays."""
    for notice in notices:
        notice.read_at = notice.read_at or now
    session.flush()


def mark_all_read(session: Session, organisation_id: int, *, until: Notice, now: datetime) -> int:
    """Mark everything up to the newest notice the reader saw; returns how many were unread."""
    result = session.execute(
        update(Notice)
        .where(
            col(Notice.organisation_id) == organisation_id,
            col(Notice.id) <= until.pk,
            col(Notice.read_at).is_(None),
        )
        .values(read_at=now)
    )
    return int(getattr(result, "rowcount", 0))


def _queue(session: Session, organisation: Organisation) -> None:
    # NO KEY: rows that refer to the organisation may be written meanwhile. SQLite queues anyway.
    wanted = select(col(Organisation.id)).where(col(Organisation.id) == organisation.pk)
    session.execute(wanted.with_for_update(key_share=True))
