"""Counts are exact across processes, tell of nobody, and lose no more than what they say they lose."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, SQLModel

from app.db import open_read_session
from app.kit.clock import day_of, start_of
from app.models.scans import NOT_MADE_HERE, WHOLE_LOT, ScanDay, ScanDevice, ScanSalt
from app.scans import count_commands
from app.scans.count_commands import end_days
from app.scans.counting import ScanCounter
from app.scans.tally import Key, Tally
from tests.conftest import Clock
from tests.given import Given
from tests.scans.conftest import counts
from tests.threads import at_once

AGENT = b"Mozilla/5.0 (Linux; Android 13; SM-A536E)"
Started = Callable[[], ScanCounter]


def test_a_scan_of_a_label_is_one_of_its_lot_too(
    session: Session, given: Given, process: Started, now: datetime
) -> None:
    lot = given.lot()
    session.commit()
    counter = process()
    phone = counter.device("203.0.113.7", AGENT)
    counter.count_lot(lot.code, phone)
    counter.count_label(lot.code, 4, phone)
    counter.count_label(lot.code, 4, counter.device("203.0.113.8", AGENT))
    counter.count_label(lot.code, NOT_MADE_HERE, phone)
    assert counts(session, lot) == {}
    counter.flush(now)
    assert counts(session, lot) == {WHOLE_LOT: (4, 2), 4: (2, 2), NOT_MADE_HERE: (1, 1)}


def test_several_processes_that_write_at_once_lose_nothing_and_count_no_device_twice(
    session: Session, given: Given, process: Started, now: datetime
) -> None:
    lots = [given.lot(), given.lot()]
    session.commit()
    session.close()
    processes = [process() for _ in range(4)]

    def busy(counter: ScanCounter) -> None:
        for round_ in range(5):
            for number in range(30):
                phone = counter.device(f"198.51.100.{number}", AGENT)
                counter.count_label(lots[number % 2].code, round_, phone)
            counter.flush(now)

    assert at_once([lambda counter=counter: busy(counter) for counter in processes]) == [None] * 4
    for lot in lots:
        found = counts(session, lot)
        assert found.pop(WHOLE_LOT) == (4 * 5 * 15, 15)
        assert found == dict.fromkeys(range(5), (4 * 15, 15))


def test_a_tally_added_to_by_many_threads_misses_nothing(now: datetime) -> None:
    tally, key = Tally(), Key(day_of(now), "LC", WHOLE_LOT)

    def scan(thread: int) -> None:
        for number in range(2000):
            tally.add(key, thread * 10 + number % 10)

    assert at_once([lambda thread=thread: scan(thread) for thread in range(4)]) == [None] * 4
    count = tally.take()[key]
    assert (count.scans, len(count.devices)) == (8000, 40)


def test_what_could_not_be_written_is_written_the_next_time(
    session: Session,
    given: Given,
    process: Started,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lot = given.lot()
    session.commit()
    counter = process()
    counter.count_lot(lot.code, 1)

    def away(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the database is away"))

    with monkeypatch.context() as broken:
        broken.setattr(count_commands, "add_counts", away)
        with pytest.raises(OperationalError):
            counter.flush(now)
    counter.count_lot(lot.code, 2)
    counter.flush(now)
    counter.flush(now)
    assert counts(session, lot) == {WHOLE_LOT: (2, 2)}


def test_a_database_that_stays_away_does_not_fill_the_memory(now: datetime) -> None:
    tally = Tally(most_keys=10)
    for number in range(25):
        tally.add(Key(day_of(now), "LC", number), number)
    tally.add(Key(day_of(now), "LC", 3), 99)
    assert len(tally.take()) == 10
    assert tally.lost == 15


def test_a_lot_that_is_no_more_is_left_out(
    session: Session, given: Given, process: Started, now: datetime
) -> None:
    lot = given.lot()
    session.commit()
    counter = process()
    counter.count_lot("LC0000000000000", 1)
    counter.count_lot(lot.code, 1)
    counter.flush(now)
    assert counts(session, lot) == {WHOLE_LOT: (1, 1)}
    assert session.execute(select(func.count()).select_from(ScanDay)).scalar_one() == 1


def test_a_device_is_another_one_tomorrow(
    engine: Engine, session: Session, given: Given, clock: Clock
) -> None:
    lot = given.lot()
    session.commit()
    counter = ScanCounter(engine)
    hashes = []
    for _ in range(2):
        counter.open(clock())
        phone = counter.device("203.0.113.7", AGENT)
        hashes.append(phone)
        counter.count_lot(lot.code, phone)
        counter.flush(clock())
        clock.forward(days=1)
    assert hashes[0] != hashes[1]
    assert counts(session, lot) == {WHOLE_LOT: (2, 2)}


def test_a_day_is_open_from_midnight_to_midnight_in_viet_nam(
    engine: Engine, session: Session, now: datetime
) -> None:
    counter = ScanCounter(engine)
    assert not counter.is_open(now.timestamp())
    counter.open(now)
    first = start_of(day_of(now))
    assert counter.is_open(first.timestamp())
    assert counter.is_open((first + timedelta(hours=23, minutes=59, seconds=59)).timestamp())
    assert not counter.is_open((first + timedelta(days=1)).timestamp())
    assert not counter.is_open((first - timedelta(seconds=1)).timestamp())


def test_the_salt_and_the_hashes_of_a_day_that_is_over_are_destroyed(
    session: Session, given: Given, process: Started, clock: Clock
) -> None:
    lot = given.lot()
    session.commit()
    counter = process()
    counter.count_label(lot.code, 0, counter.device("203.0.113.7", AGENT))
    counter.flush(clock())
    assert _rows(session) == (1, 2)
    end_days(session, now=clock())
    session.commit()
    assert _rows(session) == (1, 2)  # the day is not over
    clock.forward(days=1)
    end_days(session, now=clock())
    session.commit()
    assert _rows(session) == (0, 0)
    assert counts(session, lot) == {WHOLE_LOT: (1, 1), 0: (1, 1)}


def test_who_writes_after_the_day_ended_leaves_no_hash_behind(
    session: Session, given: Given, process: Started, clock: Clock
) -> None:
    lot = given.lot()
    session.commit()
    counter = process()
    counter.count_lot(lot.code, counter.device("203.0.113.7", AGENT))
    clock.forward(days=1)
    end_days(session, now=clock())
    session.commit()
    counter.flush(clock())
    assert _rows(session) == (0, 0)
    assert counts(session, lot) == {WHOLE_LOT: (1, 0)}


def test_counts_of_a_label_go_when_nobody_looked_it_up_for_long_and_those_of_lots_stay(
    engine: Engine, session: Session, given: Given, clock: Clock
) -> None:
    lot = given.lot()
    session.commit()
    counter = ScanCounter(engine)
    for serials in ((1, 2), (2,)):
        counter.open(clock())
        for serial in serials:
            counter.count_label(lot.code, serial, 7)
        counter.flush(clock())
        clock.forward(days=250)
    end_days(session, now=clock())  # the first day is 500 days ago, the second 250
    session.commit()
    # Label 2 was looked up since, so its first scan is remembered; label 1 is forgotten.
    assert counts(session, lot) == {WHOLE_LOT: (3, 2), 2: (2, 2)}


def test_neither_the_address_nor_the_browser_is_in_any_table(
    engine: Engine, session: Session, given: Given, process: Started, now: datetime
) -> None:
    lot = given.lot()
    session.commit()
    counter = process()
    counter.count_label(lot.code, 0, counter.device("203.0.113.77", b"Mozilla/5.0 CanaryPhone"))
    counter.flush(now)
    told = "\n".join(itertools.chain(_everything(engine)))
    assert lot.code in told
    assert "203.0.113" not in told
    assert "CanaryPhone" not in told


def _rows(session: Session) -> tuple[int, int]:
    with open_read_session(session.get_bind()) as reading:
        salts, devices = (
            reading.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (ScanSalt, ScanDevice)
        )
    return salts, devices


def _everything(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [
            str(row)
            for table in SQLModel.metadata.tables
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        ]
