"""When anything was last recorded about a subject: what lets a ready-made page know that it is stale."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.db import is_sqlite
from app.models.pages import SubjectMark

NOBODY = "*"
# What everybody's goods are judged by, whichever organisation's account wrote it down.
COMMON_NOUNS = frozenset({"rule", "reference", "input"})
# What is looked up by number, whoever holds it: its facts count for nobody in particular as well.
NUMBERED_NOUNS = frozenset({"certificate"})


def noun_mark(organisation: UUID | None, noun: str) -> str:
    """The mark of all facts of a noun that an organisation has, such as its certificates."""
    return f"{organisation or NOBODY}/{noun}"


def subjects_touched(kind: str, subject: str, organisation: UUID | None) -> tuple[str, ...]:
    """What a fact is about: its subject, and the facts of its noun as a whole."""
    noun = kind.partition(".")[0]
    whole = noun_mark(None if noun in COMMON_NOUNS else organisation, noun)
    return (subject, whole, noun_mark(None, noun)) if noun in NUMBERED_NOUNS else (subject, whole)


def mark(session: Session, touched: Mapping[str, int]) -> None:
    """Note with every subject the position of its newest fact, in the facts' own transaction."""
    if not touched:
        return
    made = (sqlite.insert if is_sqlite(session) else postgresql.insert)(SubjectMark)
    newer = made.on_conflict_do_update(
        index_elements=["subject"], set_={"position": made.excluded.position}
    )
    # In one order, so that two transactions never wait for each other; as one statement with many
    # rows of values, which is read once: compiling it anew for every number of rows cost more.
    rows = [{"subject": subject, "position": touched[subject]} for subject in sorted(touched)]
    session.connection().execute(newer, rows)
