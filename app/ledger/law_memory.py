"""What everybody's goods are judged by, kept in a process until a fact changes it.

The law, the reference data and the inputs change some times a year and are asked for with every
page. A session that cannot write looks once a transaction which facts about them are the newest, by
their marks and the hashes of the facts; while these are the same, what was read before still holds.
A session that may write asks the database every time.
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import fields, is_dataclass
from functools import wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, select
from sqlmodel import Session, SQLModel, col

from app.db import is_reading, once_a_reading
from app.ledger.marks import COMMON_NOUNS, noun_mark
from app.models.ledger import LedgerEntry
from app.models.pages import SubjectMark

P = ParamSpec("P")
T = TypeVar("T")

MOST_KEPT = 2_000

_COMMON = (
    select(col(SubjectMark.subject), col(LedgerEntry.position), col(LedgerEntry.leaf_hash))
    .join(LedgerEntry, col(LedgerEntry.position) == col(SubjectMark.position))
    .where(col(SubjectMark.subject).in_(sorted(noun_mark(None, noun) for noun in COMMON_NOUNS)))
    .order_by(col(SubjectMark.subject))
)
_Newest = tuple[tuple[str, int, bytes], ...]


class _Known(NamedTuple):
    """What was read while these facts were the newest."""

    newest: _Newest
    answers: dict[object, Any]


# By the pool, which every engine made of one shares: another database, another memory.
_known: "WeakKeyDictionary[Pool, _Known]" = WeakKeyDictionary()


def while_law_stands(
    read: Callable[Concatenate[Session, P], T],
) -> Callable[Concatenate[Session, P], T]:
    """A query about the law, the reference data or the inputs alone, asked again once they change.

    Rows come without a session. Lists and dictionaries are handed out as copies.
    """

    @wraps(read)
    def answer(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if not is_reading(session):
            return read(session, *args, **kwargs)
        answers = _answers(session)
        about = (read, args, *sorted(kwargs.items()))
        if about not in answers:
            found = read(session, *args, **kwargs)
            for row in _rows_in(found):
                if row in session:
                    session.expunge(row)
            answers[about] = found
        kept: T = answers[about]
        return copy(kept) if isinstance(kept, list | dict) else kept

    return answer


def _answers(session: Session) -> dict[object, Any]:
    """What this transaction may answer with. Facts of another memory begin a new one, never change it."""
    newest = _newest(session)
    pool = session.get_bind().engine.pool
    held = _known.get(pool)
    if held is None or held.newest != newest or len(held.answers) >= MOST_KEPT:
        held = _known[pool] = _Known(newest, {})
    return held.answers


@once_a_reading
def _newest(session: Session) -> _Newest:
    return tuple((subject, at, leaf) for subject, at, leaf in session.execute(_COMMON))


def _rows_in(found: object) -> Iterator[SQLModel]:
    """The rows of an answer, wherever they stand in it."""
    if isinstance(found, SQLModel):
        yield found
    elif isinstance(found, dict):
        yield from _rows_in(list(found.values()))
    elif isinstance(found, list | tuple):
        for one in found:
            yield from _rows_in(one)
    elif is_dataclass(found):
        yield from _rows_in([getattr(found, part.name) for part in fields(found)])
