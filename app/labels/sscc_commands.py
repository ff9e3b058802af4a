"""Giving out SSCCs: gapless for each company prefix, each once, however many clerks print at once."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.catalogue.gs1_numbers import sscc_capacity
from app.db import is_sqlite
from app.errors import refuse
from app.kit.messages import say
from app.models.logistic_units import SsccCounter, SsccRange
from app.models.print_runs import PrintRunLot


def take_ssccs(session: Session, prefix: str, count: int) -> int:
    """The first of `count` numbers of a prefix that no other label has or will have.

    On PostgreSQL the upsert holds the counter's row until commit: the next clerk waits, and a run
    that fails gives its numbers back. SQLite has one writer at a time anyway. Raises Refused when
    the prefix has no more.
    """
    insert: Any = sqlite.insert if is_sqlite(session) else postgresql.insert
    first = insert(SsccCounter).values(prefix=prefix, taken=count)
    counted = first.on_conflict_do_update(
        index_elements=["prefix"], set_={"taken": col(SsccCounter.taken) + count}
    ).returning(col(SsccCounter.taken))
    taken = int(session.execute(counted).scalar_one())
    if taken > sscc_capacity(prefix):
        why = say("The company prefix {prefix} has no SSCCs left.", prefix=prefix)
        raise refuse("sscc", why)
    return taken - count


def keep_range(session: Session, part: PrintRunLot, *, prefix: str, first: int) -> SsccRange:
    """Remember which SSCCs the labels of a lot in a run bear."""
    last = first + part.last_index - part.first_index
    kept = SsccRange(run_lot_id=part.pk, prefix=prefix, first_number=first, last_number=last)
    session.add(kept)
    return kept
