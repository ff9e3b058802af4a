"""When anything was last recorded about a subject: what lets a ready-made page know that it is stale."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.db import is_sqlite
from app.models.pages import SubjectMark

NOBODY = "*"


def noun_mark(organisation: UUID | None, noun: str) -> str:
    """The mark of all facts of a noun that an organisation has, such as its certificates."""
    return f"{organisation or NOBODY}/{noun}"


def subjects_touched(kind: str, subject: str, organisation: UUID | None) -> tuple[str, str]:
    """What a fact is about: its subject, and the facts of its noun as a whole."""
    return subject, noun_mark(organisation, kind.partition(".")[0])


def mark(session: Session, subjects: Iterable[str], position: int) -> None:
    """Note a fact's position with everything it is about, in the fact's own transaction."""
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    # In one order, so that two transactions never wait for each other.
    rows = [{"subject": subject, "position": position} for subject in sorted(set(subjects))]
    made = insert(SubjectMark).values(rows)
    newer = {"position": made.excluded.position}
    session.execute(made.on_conflict_do_update(index_elements=["subject"], set_=newer))
