"""A process that records, publishes and says so, until somebody kills it: `writing URL FOLDER`."""

import sys
from datetime import timedelta
from pathlib import Path

from app.db import engine_for, transaction
from app.kit.clock import system_clock
from app.transparency.log_keys import LogKeys
from app.transparency.tending import publish, take_in
from app.transparency.the_log import TheLog
from tests.transparency.facts import write_facts


def log_in(folder: Path) -> TheLog:
    return TheLog(
        name="truyxuat.test/log",
        keys=LogKeys(folder / "log-keys"),
        published=folder / "published.jsonl",
        merge_delay=timedelta(0),
        every=timedelta(0),
    )


def work(url: str, folder: Path) -> None:
    """Every line is a checkpoint that was published: whoever reads it may rely on it."""
    engine, log, number = engine_for(url), log_in(folder), 0
    while True:
        with transaction(engine) as session:
            write_facts(session, system_clock(), 7, begin=number)
        number += 7
        take_in(engine, log, system_clock())
        made = publish(engine, log, system_clock())
        if made is not None:
            sys.stdout.write(f"{made.size} {made.root.hex()}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]))
