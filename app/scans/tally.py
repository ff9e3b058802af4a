"""Scans of one process that are not written down yet: counts in memory, taken out in batches. Pure.

What is here when a process dies is lost: at most what came since the last writing.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from struct import Struct
from threading import Lock
from typing import NamedTuple

from app.models.scans import WHOLE_LOT
from app.scans.rules import Sign

# More labels at once than this are not told apart: a database that is away must not fill the memory.
MOST_KEYS = 100_000
# So many looks are sorted by their labels at once, and so many wait for it at most.
SORTED_AT_ONCE = 2_000
MOST_UNSORTED = 200_000
_number_of = Struct(">q").unpack


class Key(NamedTuple):
    """A label of a lot (or WHOLE_LOT, NOT_MADE_HERE) on a day; a lot by its trace code."""

    day: date
    code: str
    serial: int


@dataclass
class Count:
    """How often, from which devices, and what was unusual about it."""

    scans: int = 0
    devices: set[int] = field(default_factory=set)
    signs: set[Sign] = field(default_factory=set)


Batch = dict[Key, Count]


class Tally:
    """Counts by key, added to by every thread of the process."""

    def __init__(self, most_keys: int = MOST_KEYS) -> None:
        self._most_keys = most_keys
        self._held: dict[tuple[date, str, int], Count] = {}
        self._lock = Lock()
        # What the instant pages saw, as it came: put at its end and taken from its head by any
        # thread without a lock, and sorted by who writes.
        self._unsorted: deque[tuple[date, str, bytes]] = deque()
        self.lost = 0

    def note(self, day: date, code: str, device: bytes) -> None:
        """One more scan of a lot's page, to be sorted later; `device`: its 64 bits, or empty.

        What takes least of the time of who asks.
        """
        self._unsorted.append((day, code, device))
        if len(self._unsorted) > MOST_UNSORTED:
            self._sort()

    def add(
        self, key: tuple[date, str, int], device: int | None, signs: Iterable[Sign] = ()
    ) -> None:
        """One more scan (the parts of a Key); `device` None where none could be told."""
        with self._lock:
            self._add(key, device, signs)

    def _add(
        self, key: tuple[date, str, int], device: int | None, signs: Iterable[Sign] = ()
    ) -> None:
        count = self._held.get(key)
        if count is None:
            if len(self._held) >= self._most_keys:
                self.lost += 1
                return
            count = self._held[key] = Count()
        count.scans += 1
        if device is not None:
            count.devices.add(device)
        if signs:
            count.signs.update(signs)

    def _sort(self) -> None:
        """Count what was noted so far, some at a time, so that nobody waits long for the lock."""
        left = len(self._unsorted)
        while left > 0:
            with self._lock:
                for _ in range(min(left, SORTED_AT_ONCE)):
                    try:
                        day, code, device = self._unsorted.popleft()
                    except IndexError:  # another thread sorts too
                        return
                    self._add((day, code, WHOLE_LOT), _number_of(device)[0] if device else None)
            left -= SORTED_AT_ONCE

    def waiting(self, key: Key) -> Count:
        """What waits to be written of one key (a copy)."""
        self._sort()
        with self._lock:
            held = self._held.get(key, Count())
            return Count(held.scans, set(held.devices), set(held.signs))

    def take(self) -> Batch:
        """All that waits; the tally is empty afterwards."""
        self._sort()
        with self._lock:
            taken, self._held = self._held, {}
        return {Key(*key): count for key, count in taken.items()}

    def give_back(self, batch: Batch) -> None:
        """What could not be written waits again."""
        with self._lock:
            for key, count in batch.items():
                held = self._held.setdefault(key, Count())
                held.scans += count.scans
                held.devices |= count.devices
                held.signs |= count.signs
