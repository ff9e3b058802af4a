"""A list that stays in the database: counted there, and read as far as it is looked at."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

from sqlalchemy import func, select
from sqlmodel import Session

T = TypeVar("T")


class Found:
    """What one statement finds, its number, and a part of it with that number.

    All three are the same statement. It must order its rows without ties. Written once for many
    readers (`lru_cache`): to write a long one takes longer than a database needs for a short list.
    """

    def __init__(self, wanted: Any) -> None:
        self.rows = wanted
        self.number = select(func.count()).select_from(wanted.order_by(None).subquery())
        self.part = wanted.add_columns(func.count().over())


class Listing(Sequence[T], Generic[T]):
    """What is found, in its order: its number and its rows cannot differ.

    `made` makes of a row what the list holds; only of rows that somebody looks at.
    """

    def __init__(self, session: Session, found: Found, made: Callable[[Any], T]) -> None:
        self._session, self._found, self._made = session, found, made
        self._whole: int | None = None

    def __len__(self) -> int:
        if self._whole is None:
            self._whole = int(self._session.execute(self._found.number).scalar_one())
        return self._whole

    def __iter__(self) -> Iterator[T]:
        return map(self._made, self._session.execute(self._found.rows))

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        if isinstance(at, slice):
            return self._part(at)
        place = at if at >= 0 else at + len(self)
        if place < 0:
            raise IndexError(at)
        (one,) = self._part(slice(place, place + 1)) or self._nothing(at)
        return one

    def _part(self, at: slice) -> Sequence[T]:
        """Some rows, and with them the number of all: it costs less than to find all twice."""
        first, end, step = at.start or 0, at.stop, at.step or 1
        if end is None or step != 1 or first < 0 or end < 0:
            return list(self)[at]
        part = self._found.part.limit(max(end - first, 0)).offset(first)
        rows = self._session.execute(part).all()
        if rows:
            self._whole = int(rows[0][-1])
        return [self._made(row) for row in rows]

    def _nothing(self, at: int) -> Sequence[T]:
        raise IndexError(at)
