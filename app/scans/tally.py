"""Scans of one process that are not written down yet: counts in memory, taken out in batches. Pure.

What is here when a process dies is lost: at most what came since the last writing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import NamedTuple

from app.scans.rules import Sign

# More labels at once than this are not told apart: a database that is away must not fill the memory.
MOST_KEYS = 100_000


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
        self.lost = 0

    def add(
        self, key: tuple[date, str, int], device: int | None, signs: Iterable[Sign] = ()
    ) -> None:
        """One more scan (the parts of a Key); `device` None where none could be told."""
        with self._lock:
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

    def waiting(self, key: Key) -> Count:
        """What waits to be written of one key (a copy)."""
        with self._lock:
            held = self._held.get(key, Count())
            return Count(held.scans, set(held.devices), set(held.signs))

    def take(self) -> Batch:
        """All that waits; the tally is empty afterwards."""
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
