"""Writing counts down, exact whichever process does it; and forgetting what a day is over for.

A device is counted once a day and label: its salted hash goes into `scan_device`, and only what was
not there yet adds to the count. The salt is random, one a day, and destroyed with the hashes.
"""

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.db import is_sqlite
from app.kit.clock import day_of, start_of
from app.models.scans import (
    NOT_MADE_HERE,
    WHOLE_LOT,
    DeviceAct,
    ScanDay,
    ScanDevice,
    ScanSalt,
    SerialPlace,
)
from app.scans.count_sql import add_counts, find_lots, insert_devices
from app.scans.limit_queries import limits_on
from app.scans.rules import Limits, Sign
from app.scans.tally import Batch, Count, Key

SALT_BYTES = 32


@dataclass(frozen=True)
class Odd:
    """A label that was looked up in an unusual way."""

    lot_id: int
    serial: int
    signs: tuple[Sign, ...]


def find_salt(session: Session, day: date) -> bytes | None:
    """The salt of a day, if some process made it already and the day is not over."""
    wanted = select(col(ScanSalt.salt)).where(col(ScanSalt.day) == day)
    found: bytes | None = session.execute(wanted).scalar_one_or_none()
    return found


def make_salt(session: Session, day: date) -> bytes:
    """The salt of a day: the one that stands, or a new one. Of two processes the first one's holds."""
    fresh = insert_of(session)(ScanSalt).values(day=day, salt=secrets.token_bytes(SALT_BYTES))
    session.execute(fresh.on_conflict_do_nothing())
    salt: bytes = session.execute(
        select(col(ScanSalt.salt)).where(col(ScanSalt.day) == day)
    ).scalar_one()
    return salt


def write_counts(session: Session, batch: Batch, *, now: datetime) -> list[Odd]:
    """Add a batch to the counts; what was unusual in it. A lot that is not there any more is left out."""
    lots = find_lots(session, sorted({key.code for key in batch}))
    known = {key: count for key, count in batch.items() if key.code in lots}
    if not known:
        return []
    fresh = _fresh_devices(session, known, lots)
    rows = [
        (key.day.isoformat(), lot, key.serial, count.scans, fresh[lot, key.serial, key.day])
        for key, count in sorted(known.items())
        for lot in [lots[key.code]]
    ]
    devices = {(lot, serial, day): so_far for lot, serial, day, so_far in add_counts(session, rows)}
    limits = limits_on(session, day_of(now))
    return [
        Odd(lot, serial, signs)
        for key, count in known.items()
        for lot, serial in [(lots[key.code], key.serial)]
        if (signs := _signs(count, serial, devices[lot, serial, key.day], limits))
    ]


def seen_first(
    session: Session, *, lot_id: int, serial: int, act: DeviceAct, device: int, day: date
) -> bool:
    """Note that a device did something today; False when it had done so before, or the day is over."""
    if find_salt(session, day) is None:
        return False
    row = {"day": day, "lot_id": lot_id, "serial": serial, "act": act, "device": device}
    made = insert_of(session)(ScanDevice).values(**row).on_conflict_do_nothing()
    return session.execute(made.returning(col(ScanDevice.device))).first() is not None


def end_days(session: Session, *, now: datetime) -> int:
    """Destroy the salts and hashes of days that are over; delete counts of labels kept long enough.

    The salt goes first: whoever writes late finds none and counts no devices of that day any more.
    """
    today = day_of(now)
    session.execute(delete(ScanSalt).where(col(ScanSalt.day) < today))
    gone = session.execute(delete(ScanDevice).where(col(ScanDevice.day) < today))
    oldest = today - timedelta(days=limits_on(session, today).serial_kept_days)
    later = aliased(ScanDay)
    looked_up_since = (
        select(col(later.day))
        .where(
            col(later.lot_id) == col(ScanDay.lot_id),
            col(later.serial) == col(ScanDay.serial),
            col(later.day) >= oldest,
        )
        .correlate(ScanDay)
        .exists()
    )
    single = col(ScanDay.serial) != WHOLE_LOT
    session.execute(delete(ScanDay).where(single, col(ScanDay.day) < oldest, ~looked_up_since))
    session.execute(delete(SerialPlace).where(col(SerialPlace.last_at) < start_of(oldest)))
    return int(getattr(gone, "rowcount", 0))


def insert_of(session: Session) -> Any:
    """INSERT with ON CONFLICT, as the database writes it."""
    return sqlite.insert if is_sqlite(session) else postgresql.insert


def _fresh_devices(
    session: Session, batch: dict[Key, Count], lots: dict[str, int]
) -> Counter[tuple[int, int, date]]:
    """How many devices of each label were not counted on that day before."""
    # Locked: a day that ends at this moment waits, and takes these hashes along.
    wanted = select(col(ScanSalt.day)).where(col(ScanSalt.day).in_({key.day for key in batch}))
    open_days = set(session.execute(wanted.with_for_update(read=True)).scalars())
    rows = [
        (key.day.isoformat(), lots[key.code], key.serial, device)
        for key, count in sorted(batch.items())
        if key.day in open_days
        for device in sorted(count.devices)
    ]
    return Counter((lot, serial, day) for lot, serial, day in insert_devices(session, rows))


def _signs(count: Count, serial: int, devices: int, limits: Limits) -> tuple[Sign, ...]:
    found = set(count.signs)
    if serial >= 0 and devices > limits.unusual_devices:
        found.add(Sign.DEVICES)
    if serial == NOT_MADE_HERE and devices > limits.unknown_devices:
        found.add(Sign.NOT_MADE_HERE)
    return tuple(sorted(found))
