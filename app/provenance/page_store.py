"""Ready-made public pages: found while they are fresh, kept when they were made (product decision 6)."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col

from app.db import is_sqlite
from app.models.ledger import LedgerEntry
from app.models.pages import StoredPage, SubjectMark


class PageKey(NamedTuple):
    """Which page: a `PageKind` and the code that names one of its kind."""

    kind: str
    code: str


class MadePage(NamedTuple):
    """A page in one language, compressed, with what it speaks of and how long it may stand.

    `subjects` stand ranked, as `surrogate_keys` wants them; `brotli` is empty where it was not pressed yet.
    """

    kind: str
    code: str
    language: str
    status: int
    build: str
    position: int
    fresh_from: datetime
    fresh_until: datetime
    etag: str
    subjects: tuple[str, ...]
    gzip: bytes
    brotli: bytes

    @property
    def key(self) -> PageKey:
        return PageKey(self.kind, self.code)


_STORED: Any = select(*(col(getattr(StoredPage, name)) for name in MadePage._fields)).where(
    col(StoredPage.kind) == bindparam("kind"),
    col(StoredPage.code) == bindparam("code"),
    col(StoredPage.language) == bindparam("language"),
    col(StoredPage.build) == bindparam("build"),
    col(StoredPage.fresh_from) <= bindparam("now"),
    col(StoredPage.fresh_until) > bindparam("now"),
)


_END: Any = select(func.max(col(LedgerEntry.position)))


def ledger_end(session: Session) -> int:
    """The position of the newest fact; -1 in an empty ledger."""
    newest = session.execute(_END).scalar_one()
    return -1 if newest is None else int(newest)


def touched_since(session: Session, position: int) -> dict[str, int]:
    """Every subject that a fact after a position is about, with the newest fact's position."""
    wanted = select(col(SubjectMark.subject), col(SubjectMark.position)).where(
        col(SubjectMark.position) > position
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def is_touched(session: Session, subjects: Sequence[str], position: int) -> bool:
    """Whether anything was recorded about one of the subjects after a position."""
    wanted = select(col(SubjectMark.subject)).where(
        col(SubjectMark.subject).in_(subjects), col(SubjectMark.position) > position
    )
    return session.execute(wanted.limit(1)).first() is not None


def find_page(
    session: Session, key: PageKey, language: str, *, build: str, now: datetime
) -> MadePage | None:
    """The page if it was made and is still fresh."""
    asked = {"kind": key.kind, "code": key.code, "language": language, "build": build, "now": now}
    found = session.execute(_STORED, asked).one_or_none()
    if found is None:
        return None
    page = MadePage(*found)._replace(subjects=lines(found.subjects))
    return None if is_touched(session, page.subjects, page.position) else page


def lines(text: str) -> tuple[str, ...]:
    """Subjects from how they are stored."""
    first, _, rest = text.partition("\n")
    return (first, *_shared(rest)) if rest else (first,)


# But for the first, which is mostly a lot, pages have the same subjects as many others.
@lru_cache(maxsize=4_096)
def _shared(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))


def keep_pages(session: Session, pages: Sequence[MadePage]) -> None:
    """Keep pages in the place of those before; a newer one stays, whoever made it."""
    if pages:
        rows = [{**page._asdict(), "subjects": "\n".join(page.subjects)} for page in pages]
        session.connection().execute(_keeping(is_on_sqlite=is_sqlite(session)), rows)


@cache
def _keeping(*, is_on_sqlite: bool) -> Any:
    """The statement that keeps a page, put together once."""
    insert = sqlite.insert if is_on_sqlite else postgresql.insert
    made = insert(SQLModel.metadata.tables["stored_page"])
    return made.on_conflict_do_update(
        index_elements=["kind", "code", "language"],
        set_={name: made.excluded[name] for name in MadePage._fields},
        where=(col(StoredPage.build) != made.excluded["build"])
        | (col(StoredPage.position) <= made.excluded["position"]),
    )
