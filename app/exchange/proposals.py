"""What was probably meant: the nearest known name, or the day that a slip of the keyboard hides. Pure."""

import calendar
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from difflib import SequenceMatcher

from app.exchange.written import Cell, as_text
from app.kit.messages import Message, say
from app.kit.text import fold

CLOSE_ENOUGH = 0.7
# Comparing costs: of long lists only names that share a word are looked at, and not for ever.
MOST_COMPARED = 400
MOST_PROPOSALS = 2_000

_PARTS = re.compile(r"(\d{1,2})[/.\- ]+(\d{1,2})(?:[/.\- ]+(\d{4}|\d{2}))?", re.ASCII)
_MONTHS = 12
_LONGEST_MONTH = 31
_YEARS = range(1900, 2101)
_LIFETIME = 60


def proposed(why: Message, proposal: object | None) -> Message:
    """The sentence with a question after it, where there is something to propose."""
    if proposal is None:
        return why
    return say("{why} Is it {proposal}?", why=why, proposal=proposal)


class Nearest:
    """Known names, and the one nearest to what somebody wrote."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, str] = {}
        self._by_word: defaultdict[str, list[str]] = defaultdict(list)
        self._left = MOST_PROPOSALS
        for name in names:
            key = fold(name)
            if key and key not in self._names:
                self._names[key] = name
                for word in set(key.split()):
                    self._by_word[word].append(key)

    def to(self, written: str) -> str | None:
        """The nearest name; None when none is near."""
        key = fold(written[:200])
        if not key or self._left <= 0:
            return None
        self._left -= 1
        best = max(self._candidates(key), key=lambda known: _likeness(key, known), default=None)
        if best is None or _likeness(key, best) < CLOSE_ENOUGH:
            return None
        return self._names[best]

    def _candidates(self, key: str) -> list[str]:
        if len(self._names) <= MOST_COMPARED:
            return list(self._names)
        # The rarest word of a name tells most.
        lists = sorted(
            (self._by_word[word] for word in key.split() if word in self._by_word), key=len
        )
        sharing = [known for names in lists for known in names[:MOST_COMPARED]]
        return list(dict.fromkeys(sharing))[:MOST_COMPARED]


def _likeness(written: str, known: str) -> float:
    plain = SequenceMatcher(None, written, known).ratio()
    turned = SequenceMatcher(None, _sorted(written), _sorted(known)).ratio()
    return max(plain, turned)


def _sorted(key: str) -> str:
    return " ".join(sorted(key.split()))


def meant_day(cell: Cell, today: date) -> date | None:
    """The day that was meant by one that does not exist or lacks its year; None for no idea."""
    if isinstance(cell, date):
        return None
    found = _PARTS.search(as_text(cell)[:40])
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[2]), found[3]
    if year is None:
        return _newest(first, second, today)
    full = int(year) if len(year) == len("2026") else 2000 + int(year)
    if second > _MONTHS >= first:
        first, second = second, first  # the month first, as in English
    return _clamped(first, second, full)


def past_day(day: date, today: date) -> date | None:
    """The past day that one in the future stands for: day and month turned, or the year mistyped."""
    turned = _made(day.month, day.day, day.year) if day.day <= _MONTHS else None
    digits = f"{day.year}"
    swapped = _made(day.day, day.month, int(digits[:2] + digits[:1:-1]))
    this_year = _made(day.day, day.month, min(day.year, today.year))
    last_year = _made(day.day, day.month, today.year - 1)
    possible = (turned, swapped, this_year, last_year)
    return next(
        (one for one in possible if one and one <= today and one.year > today.year - _LIFETIME),
        None,
    )


def _newest(day: int, month: int, today: date) -> date | None:
    this_year = _clamped(day, month, today.year)
    if this_year is None or this_year <= today:
        return this_year
    return _clamped(day, month, today.year - 1)


def _clamped(day: int, month: int, year: int) -> date | None:
    if not (1 <= month <= _MONTHS and 1 <= day <= _LONGEST_MONTH and year in _YEARS):
        return None
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _made(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
