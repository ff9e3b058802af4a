"""A server killed anywhere, again and again, while eight write: nothing acknowledged is lost, nothing is twice."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.db import open_read_session
from app.kit.clock import system_clock
from app.models.accounts import Role
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from app.transparency.checking import check_log
from app.transparency.log_keys import LogKeys
from app.transparency.tending import publish, take_in
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree
from tests.given import Given
from tests.ledger.nursery import DOOM

ROOT = Path(__file__).parent.parent.parent
CUTS, CONTROL_CUTS, WRITERS = 25, 10, 8
PATIENCE = 30.0


@dataclass
class Site:
    """A server that is killed and borne again on one database, and what it acknowledged, kept outside."""

    address: str
    nursery: subprocess.Popen[str]
    folder: Path
    log: TheLog
    server: int = 0
    ended: threading.Event = field(default_factory=threading.Event)
    acknowledged: dict[int, str] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    published: dict[int, bytes] = field(default_factory=dict)

    def bear(self) -> None:
        """A new server, once it answers."""
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write("\n")
        self.nursery.stdin.flush()
        self.server = int(self.nursery.stdout.readline())
        until = time.monotonic() + PATIENCE
        while True:
            try:
                httpx2.get(f"{self.address}/healthz").raise_for_status()
            except httpx2.TransportError:
                assert time.monotonic() < until, "the server did not come back"
                time.sleep(0.02)
            else:
                return

    def kill(self) -> None:
        os.kill(self.server, signal.SIGKILL)

    def kill_after_commit(self) -> None:
        """Have it die by itself between a commit and its answer."""
        mark, until = self.folder / DOOM, time.monotonic() + PATIENCE
        mark.touch()
        while mark.exists():
            assert time.monotonic() < until, "nothing was committed"
            time.sleep(0.002)

    def hear(self, answers: int) -> None:
        """Wait until so many more were acknowledged: the next cut finds the others on their way."""
        wanted, until = len(self.acknowledged) + answers, time.monotonic() + PATIENCE
        while len(self.acknowledged) < wanted and time.monotonic() < until:
            time.sleep(0.002)

    def publish(self, engine: Engine) -> None:
        """A checkpoint as any process publishes it; its size and root are kept outside."""
        take_in(engine, self.log, system_clock())
        made = publish(engine, self.log, system_clock())
        if made is not None:
            self.published[made.size] = bytes(made.root)


@contextmanager
def serving(engine: Engine, folder: Path) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.ledger.nursery", url, str(folder), str(port)]
    log = TheLog(
        name=f"127.0.0.1:{port}/log",
        keys=LogKeys(folder / "log-keys"),
        published=folder / "published.jsonl",
        merge_delay=timedelta(0),
        every=timedelta(0),
    )
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as nursery:
        site = Site(f"http://127.0.0.1:{port}", nursery, folder, log)
        try:
            yield site
        finally:
            site.ended.set()
            assert nursery.stdin is not None
            nursery.stdin.close()


def write(site: Site, headers: dict[str, str], body: dict[str, object], *, keep_key: bool) -> None:
    """Record harvests, each of a weight of its own, until told to end; ask again until answered."""
    with httpx2.Client(base_url=site.address, headers=headers, timeout=PATIENCE) as client:
        while not site.ended.is_set():
            grams, key = next(_weights), str(uuid4())
            site.asked.add(grams)
            while True:
                used = key if keep_key else str(uuid4())
                try:
                    answer = client.post(
                        "/api/v1/lots",
                        json={**body, "quantity_g": grams},
                        headers={"Idempotency-Key": used},
                    )
                except httpx2.TransportError:
                    if site.ended.is_set() and not keep_key:
                        return
                    time.sleep(0.02)
                    continue
                assert answer.status_code == 201, answer.text
                site.acknowledged[grams] = answer.json()["code"]
                break


_weights = count(10_000)


@contextmanager
def writing(site: Site, write_one: Callable[[], None]) -> Iterator[list[BaseException]]:
    """Eight at once; what stopped any of them."""
    troubles: list[BaseException] = []

    def run() -> None:
        try:
            write_one()
        except BaseException as trouble:  # noqa: BLE001  # whatever it was is what the test asks about
            troubles.append(trouble)

    threads = [threading.Thread(target=run) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield troubles
    finally:
        site.ended.set()
        for thread in threads:
            thread.join()


@pytest.fixture
def harvest(engine: Engine, session: Session, given: Given) -> tuple[dict[str, str], dict]:
    """Headers of a clerk with a key, and a harvest to record."""
    area = given.area()
    home = session.get_one(Organisation, area.organisation_id)
    given.now = system_clock()
    headers = given.headers(Role.STAFF, home)
    session.commit()
    day = given.day(-1).isoformat()
    session.close()
    engine.dispose()
    return headers, {"area": str(area.uid), "crop": "BAP_CAI", "harvested_on": day}


def lots_by_weight(engine: Engine) -> Counter[int]:
    with open_read_session(engine) as session:
        return Counter(session.execute(select(col(HarvestLot.quantity_g))).scalars())


@pytest.mark.timeout(300)
def test_nothing_acknowledged_is_lost_forked_or_doubled(
    engine: Engine, harvest: tuple[dict[str, str], dict], tmp_path: Path
) -> None:
    headers, body = harvest
    dice = random.Random(25)
    with serving(engine, tmp_path) as site:
        site.bear()
        with writing(site, lambda: write(site, headers, body, keep_key=True)) as troubles:
            for cut in range(CUTS):
                site.hear(dice.randrange(1, WRITERS))
                if cut % 2:
                    site.kill_after_commit()
                else:
                    time.sleep(dice.uniform(0, 0.02))
                    site.kill()
                site.publish(engine)
                site.bear()
            site.ended.set()
    assert troubles == []
    assert len(site.acknowledged) > CUTS
    found = lots_by_weight(engine)
    assert set(found.values()) == {1}
    assert set(found) == set(site.acknowledged) == site.asked
    with open_read_session(engine) as session:
        wanted = select(col(HarvestLot.quantity_g), col(HarvestLot.code))
        codes = {int(row[0]): str(row[1]) for row in session.execute(wanted)}
        assert codes == site.acknowledged
        entries = (
            session.execute(select(LedgerEntry).order_by(col(LedgerEntry.position))).scalars().all()
        )
        assert [entry.position for entry in entries] == list(range(len(entries)))
        recorded = Counter(entry.subject for entry in entries if entry.kind == "lot.recorded")
        assert recorded == Counter(codes.values())
        tree = StoredTree(session)
        assert len(site.published) > 1
        assert {size: tree.root(size) for size in site.published} == site.published
        assert check_log(session, full=True, now=system_clock()).fault == ""


@pytest.mark.timeout(300)
def test_whoever_asks_again_under_another_key_records_twice(
    engine: Engine, harvest: tuple[dict[str, str], dict], tmp_path: Path
) -> None:
    """The control: without a key that stays, the same cuts do double harvests."""
    headers, body = harvest
    with serving(engine, tmp_path) as site:
        site.bear()
        with writing(site, lambda: write(site, headers, body, keep_key=False)):
            for _ in range(CONTROL_CUTS):
                site.hear(1)
                site.kill_after_commit()
                if max(lots_by_weight(engine).values(), default=0) > 1:
                    break
                site.bear()
    assert max(lots_by_weight(engine).values()) > 1
