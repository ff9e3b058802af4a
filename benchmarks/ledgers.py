"""The ledger and its public log: appending, taking facts into the tree, looking at all of them anew."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, insert, select
from sqlmodel import col

from app.db import engine_for, open_read_session, transaction
from app.kit.clock import system_clock
from app.ledger.actors import Actor
from app.ledger.commands import record_all
from app.ledger.leaf import leaf_hash
from app.migrating import migrate
from app.models.ledger import LedgerEntry
from app.models.pages import SubjectMark
from app.transparency.checking import check_log
from app.transparency.log_keys import LogKeys
from app.transparency.merkle import Frontier
from app.transparency.publishing import publish_checkpoint
from app.transparency.sequencing import extend_log
from app.transparency.the_log import TheLog
from benchmarks.harness import Result, interleaved, rate, side
from benchmarks.worlds import empty_database
from tests.transparency.facts import lot_fact, other_fact

ROUNDS = 7
BATCH = 100
BATCHES = 40
ONES = 150
IN_MEMORY = 50_000
EVENT_BYTES = 236
FACTS = 6_000


@dataclass(frozen=True)
class _Site:
    """A fresh installation with a log."""

    engine: Engine
    log: TheLog
    now: datetime

    def record(self, facts: int, begin: int = 0) -> None:
        """Commit facts, a third of them about lots, as in the demonstration."""
        told = [
            lot_fact(one) if one % 3 == 0 else other_fact(one)
            for one in range(begin, begin + facts)
        ]
        with transaction(self.engine) as session:
            record_all(session, told, by=Actor.system(), now=self.now)

    def publish(self, most: int) -> int:
        """Take facts into the tree and sign a checkpoint of it, in one transaction."""
        with transaction(self.engine) as session:
            taken = extend_log(session, self.log, now=self.now, most=most)
            publish_checkpoint(session, self.log, now=self.now)
        return taken


@contextmanager
def _site(engine: str) -> Iterator[_Site]:
    with empty_database(engine) as url, tempfile.TemporaryDirectory() as folder:
        opened = engine_for(url)
        migrate(opened)
        log = TheLog(
            name="truyxuat.test/log",
            keys=LogKeys(Path(folder) / "keys"),
            published=Path(folder) / "published.jsonl",
            merge_delay=timedelta(0),
            every=timedelta(0),
        )
        site = _Site(opened, log, system_clock())
        site.record(1)
        site.publish(1)
        site.publish(1)  # the fact of the key
        yield site
        opened.dispose()


def log_batch_vs_memory(engine: str) -> Result:
    """Facts into the stored tree by 100, each time with a signed checkpoint, against appends in memory."""
    event = bytes(EVENT_BYTES)
    with _site(engine) as site:

        def persisted() -> float:
            site.record(BATCH * BATCHES)
            return rate(lambda: sum(site.publish(BATCH) for _ in range(BATCHES)))

        def in_memory() -> float:
            def append() -> int:
                frontier = Frontier()
                for _ in range(IN_MEMORY):
                    frontier.append(leaf_hash(event))
                return IN_MEMORY

            return rate(append)

        persisted(), in_memory()
        ours, reference, ratio = interleaved(persisted, in_memory, rounds=ROUNDS)
    return Result(
        f"log_batch_vs_memory_{engine}",
        ratio,
        side("into the tree by 100, a checkpoint each", "facts/s", ours),
        side("leaf hash and append in memory", "leaves/s", reference),
        engine,
        "two disk syncs a batch: the file of published checkpoints and the commit",
    )


def log_append_vs_commit(engine: str) -> Result:
    """One fact recorded and committed, against one bare row inserted and committed."""
    with _site(engine) as site:

        def appended() -> int:
            for number in range(ONES):
                site.record(1, begin=number)
            return ONES

        ours, reference, ratio = _against_a_bare_commit(site, appended)
    return Result(
        f"log_append_vs_commit_{engine}",
        ratio,
        side("record a fact, one commit each", "facts/s", ours),
        side("insert a bare row, one commit each", "rows/s", reference),
        engine,
        "a third are lots with a personal part; every fact marks its subjects",
    )


def log_checkpoint_vs_commit(engine: str) -> Result:
    """One committed fact taken into the tree under a checkpoint of its own, against one bare commit."""
    with _site(engine) as site:
        begin = count(1_000, ONES)

        def published() -> float:
            site.record(ONES, begin=next(begin))
            return rate(lambda: sum(site.publish(1) for _ in range(ONES)))

        ours, reference, ratio = interleaved(
            published, lambda: rate(lambda: _bare(site)), rounds=ROUNDS
        )
    return Result(
        f"log_checkpoint_vs_commit_{engine}",
        ratio,
        side("into the tree one by one, a checkpoint each", "facts/s", ours),
        side("insert a bare row, one commit each", "rows/s", reference),
        engine,
    )


def log_check_vs_hash(engine: str) -> Result:
    """The tree made anew from every stored fact and compared, against bare SHA-256 of the same bodies."""
    with _site(engine) as site:
        site.record(FACTS)
        site.publish(FACTS + 10)

        def looked() -> int:
            with open_read_session(site.engine) as session:
                check = check_log(session, full=True, now=site.now)
            if check.fault:
                raise RuntimeError(check.fault)
            return check.size

        def hashed() -> int:
            with open_read_session(site.engine) as session:
                bodies = session.execute(select(col(LedgerEntry.body))).scalars().all()
            return len([hashlib.sha256(body.encode()).digest() for body in bodies])

        looked(), hashed()
        ours, reference, ratio = interleaved(
            lambda: rate(looked), lambda: rate(hashed), rounds=ROUNDS
        )
    return Result(
        f"log_check_vs_hash_{engine}",
        ratio,
        side("look at every fact anew", "facts/s", ours),
        side("read and hash the bodies", "facts/s", reference),
        engine,
    )


def _against_a_bare_commit(
    site: _Site, appended: Callable[[], int]
) -> tuple[list[float], list[float], float]:
    appended(), _bare(site)
    return interleaved(lambda: rate(appended), lambda: rate(lambda: _bare(site)), rounds=ROUNDS)


_numbers = count()


def _bare(site: _Site) -> int:
    for _ in range(ONES):
        with transaction(site.engine) as session:
            row = {"subject": f"bench {next(_numbers)}", "position": 1}
            session.execute(insert(SubjectMark), [row])
    return ONES


CASES = {
    name: (lambda measure=measure: measure("sqlite"), lambda measure=measure: measure("postgres"))
    for name, measure in (
        ("log_batch_vs_memory", log_batch_vs_memory),
        ("log_append_vs_commit", log_append_vs_commit),
        ("log_checkpoint_vs_commit", log_checkpoint_vs_commit),
        ("log_check_vs_hash", log_check_vs_hash),
    )
}
