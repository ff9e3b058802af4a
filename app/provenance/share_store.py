"""Pictures of shared links: found while what they show is still so, kept when they were drawn."""

import hashlib

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.db import is_sqlite
from app.models.pages import PageKind, SharePicture

SHORT = 19


def short_name(kind: PageKind, code: str) -> str:
    """What pictures of pages other than lots' are kept under: as short as a lot's code, and never one."""
    return "~" + hashlib.sha256(f"{kind}/{code}".encode()).hexdigest()[:SHORT]


def find_share_picture(session: Session, code: str, language: str, digest: str) -> bytes | None:
    """The picture of a lot in a language, if exactly this one was drawn."""
    kept = session.get(SharePicture, (code, language))
    return kept.content if kept is not None and kept.digest == digest else None


def keep_share_picture(
    session: Session, *, code: str, language: str, digest: str, content: bytes
) -> None:
    """Keep a picture in the place of the one before."""
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    made = insert(SharePicture).values(code=code, language=language, digest=digest, content=content)
    newer = {"digest": made.excluded.digest, "content": made.excluded.content}
    session.execute(made.on_conflict_do_update(index_elements=["code", "language"], set_=newer))
