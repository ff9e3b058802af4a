"""A process whose clock jumps while eight write and the log is tended: `clocked URL FOLDER CLOCK`.

CLOCK is the file that libfaketime reads the difference to the real clock from.
"""

import select
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from app.db import engine_for, transaction
from app.kit.clock import system_clock
from app.transparency.log_keys import LogKeys
from app.transparency.tending import Tender
from app.transparency.the_log import TheLog
from tests.transparency.facts import write_facts

WRITERS = 8
JUMPS = ("+0", "+9h", "+5m", "-1d", "+0")
A_WHILE, A_BREATH = 0.15, 0.03


def write(engine: Engine, ended: threading.Event, written: list[int]) -> None:
    number = 0
    while not ended.is_set():
        with transaction(engine) as session:
            write_facts(session, system_clock(), 2, begin=number)
        number += 2
        written.append(number)
        select.select([], [], [], A_BREATH)  # libfaketime has no sleep that it does not jump in


def main(url: str, folder: Path, clock: Path) -> None:
    log = TheLog(
        name="truyxuat.test/log",
        keys=LogKeys(folder / "log-keys"),
        published=folder / "published.jsonl",
        merge_delay=timedelta(0),
        every=timedelta(minutes=5),
    )
    engine, tender, ended = engine_for(url), Tender(log), threading.Event()
    written: list[int] = []
    threads = [
        threading.Thread(target=write, args=(engine, ended, written)) for _ in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    for jump in JUMPS:
        clock.write_text(jump)
        until = time.monotonic() + A_WHILE
        # Each writer may have looked at the clock before it jumped: one write more looked after.
        enough = len(written) + WRITERS + 1
        while time.monotonic() < until or len(written) < enough:
            tender(engine, system_clock())
    ended.set()
    for thread in threads:
        thread.join()
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
