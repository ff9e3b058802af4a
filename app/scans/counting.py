"""The scans of one process: told apart by a salted hash, gathered in memory, written every ten seconds.

Neither an address nor a browser's name is kept: a device is 64 bits of BLAKE2b over both, keyed
with the day's salt, and even that does not outlive the day.
"""

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.db import open_read_session, transaction
from app.kit.clock import day_of, start_of
from app.models.scans import WHOLE_LOT
from app.scans.alert_commands import raise_alerts
from app.scans.count_commands import find_salt, make_salt, write_counts
from app.scans.rules import Sign
from app.scans.tally import Count, Key, Tally

log = structlog.get_logger()

_HASH_BYTES = 8
_number_of = struct.Struct(">q").unpack
_TRY_AGAIN = timedelta(seconds=10)


@dataclass(frozen=True)
class _Day:
    """The day that is counted, and until when; without a salt no devices are told apart."""

    day: date
    since: float
    until: float
    salted: "hashlib.blake2b | None"


_NEVER = _Day(date.min, 0.0, 0.0, None)


class ScanCounter:
    """Counts for one process and one database; of every thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._tally = Tally()
        self._day = _NEVER

    def is_open(self, instant: float) -> bool:
        """Whether the day at an instant (seconds since 1970) is the one that is counted."""
        return self._day.since <= instant < self._day.until

    def open(self, now: datetime) -> None:
        """Count the day it is from now on, with its salt; made here if nobody made it yet.

        Once a day and process. If the database is away, scans are counted without devices and it
        is tried again soon.
        """
        day = day_of(now)
        try:
            salt, until = self._salt(day), start_of(day + timedelta(days=1))
        except DBAPIError as error:
            log.warning("scans_without_salt", error=type(error).__name__)
            salt, until = b"", now + _TRY_AGAIN
        salted = hashlib.blake2b(key=salt, digest_size=_HASH_BYTES) if salt else None
        self._day = _Day(day, start_of(day).timestamp(), until.timestamp(), salted)

    def device(self, address: str, agent: bytes = b"") -> int | None:
        """A device as it is told from others today; None while no salt is at hand."""
        told = self._hash(address, agent)
        return _number_of(told)[0] if told else None

    def count_visit(self, code: str, address: str, agent: bytes) -> None:
        """One scan of a lot's page by somebody at an address: what the instant pages call."""
        self._tally.note(self._day.day, code, self._hash(address, agent))

    def _hash(self, address: str, agent: bytes) -> bytes:
        salted = self._day.salted
        if salted is None:
            return b""
        told = salted.copy()
        told.update(address.encode() + b"\0" + agent)
        return told.digest()

    def count_lot(self, code: str, device: int | None) -> None:
        """One scan of a lot's page."""
        self._tally.add((self._day.day, code, WHOLE_LOT), device)

    def count_label(
        self, code: str, serial: int, device: int | None, signs: Iterable[Sign] = ()
    ) -> None:
        """One scan of a numbered label, which is one of its lot too."""
        day = self._day.day
        self._tally.add((day, code, WHOLE_LOT), device)
        self._tally.add((day, code, serial), device, signs)

    def waiting(self, code: str, serial: int) -> Count:
        """What this process counted of a label today and has not written yet."""
        return self._tally.waiting(Key(self._day.day, code, serial))

    def keep_up(self, now: datetime) -> None:
        """What is done every ten seconds: write down what waits, and turn to a new day in time."""
        if not self.is_open(now.timestamp()):
            self.open(now)
        self.flush(now)

    def flush(self, now: datetime) -> None:
        """Write down what waits; what cannot be written waits on. Then raise what is unusual."""
        batch = self._tally.take()
        if not batch:
            return
        try:
            with transaction(self.engine) as session:
                odd = write_counts(session, batch, now=now)
        except DBAPIError:
            self._tally.give_back(batch)
            raise
        if odd:
            with transaction(self.engine) as session:
                raise_alerts(session, odd, now=now)
        if self._tally.lost:
            log.warning("scans_lost", scans=self._tally.lost)
            self._tally.lost = 0

    def _salt(self, day: date) -> bytes:
        with open_read_session(self.engine) as session:
            found = find_salt(session, day)
        if found is not None:
            return found
        with transaction(self.engine) as session:
            return make_salt(session, day)
