"""Ready-made public pages: found while they are fresh, kept when they were made (product decision 6)."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.db import is_sqlite
from app.models.ledger import LedgerEntry
from app.models.pages import PageSubject, StoredPage, SubjectMark


class PageKey(NamedTuple):
    """Which page: a `PageKind` and the code that names one of its kind."""

    kind: str
    code: str


@dataclass(frozen=True)
class MadePage:
    """A page in one language, compressed, with what it speaks of and how long it may stand."""

    kind: str
    code: str
    language: str
    status: int
    build: str
    position: int
    fresh_from: datetime
    fresh_until: datetime
    etag: str
    gzip: bytes
    brotli: bytes
    subjects: frozenset[str]

    @property
    def key(self) -> PageKey:
        return PageKey(self.kind, self.code)


def ledger_end(session: Session) -> int:
    """The position of the newest fact; -1 in an empty ledger."""
    newest = session.execute(select(func.max(col(LedgerEntry.position)))).scalar_one()
    return -1 if newest is None else int(newest)


def touched_since(session: Session, position: int) -> list[str]:
    """Every subject that a fact after a position is about."""
    wanted = select(col(SubjectMark.subject)).where(col(SubjectMark.position) > position)
    return list(session.execute(wanted).scalars())


def is_touched(session: Session, subjects: frozenset[str], position: int) -> bool:
    """Whether anything was recorded about one of the subjects after a position."""
    wanted = select(col(SubjectMark.subject)).where(
        col(SubjectMark.subject).in_(subjects), col(SubjectMark.position) > position
    )
    return session.execute(wanted.limit(1)).first() is not None


def find_page(
    session: Session, key: PageKey, language: str, *, build: str, now: datetime
) -> MadePage | None:
    """The page if it was made and is still fresh."""
    stale = exists().where(
        col(PageSubject.page_id) == col(StoredPage.id),
        col(SubjectMark.subject) == col(PageSubject.subject),
        col(SubjectMark.position) > col(StoredPage.position),
    )
    found = session.execute(
        select(StoredPage).where(
            col(StoredPage.kind) == key.kind,
            col(StoredPage.code) == key.code,
            col(StoredPage.language) == language,
            col(StoredPage.build) == build,
            col(StoredPage.fresh_from) <= now,
            col(StoredPage.fresh_until) > now,
            ~stale,
        )
    ).scalar_one_or_none()
    if found is None:
        return None
    of_page = select(col(PageSubject.subject)).where(col(PageSubject.page_id) == found.pk)
    subjects = frozenset(session.execute(of_page).scalars())
    kept = found.model_dump(exclude={"id"})
    return MadePage(**kept, subjects=subjects)


def keep_page(session: Session, page: MadePage) -> None:
    """Keep a page in the place of the one before; a newer one stays, whoever made it."""
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    values = {name: getattr(page, name) for name in StoredPage.model_fields if name != "id"}
    made = insert(StoredPage).values(**values)
    newer = {name: made.excluded[name] for name in values}
    key = ["kind", "code", "language"]
    replaced = made.on_conflict_do_update(
        index_elements=key,
        set_=newer,
        where=(col(StoredPage.build) != page.build) | (col(StoredPage.position) <= page.position),
    )
    page_id = session.execute(replaced.returning(col(StoredPage.id))).scalar_one_or_none()
    if page_id is None:
        return
    session.execute(delete(PageSubject).where(col(PageSubject.page_id) == page_id))
    rows = [{"page_id": page_id, "subject": subject} for subject in sorted(page.subjects)]
    session.execute(insert(PageSubject).values(rows).on_conflict_do_nothing())
