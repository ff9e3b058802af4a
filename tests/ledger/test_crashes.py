"""Servers killed in the middle of a recall while eight write: nothing acknowledged is lost, forked or doubled."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from app.db import open_read_session
from app.kit.clock import system_clock
from app.kit.quantities import Grams
from app.lots.holding_commands import Holder, put, take
from app.models.accounts import Role
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot, LotState
from app.models.recalls import Recall, RecallConsignee, RecallLot
from app.models.registry import Organisation
from app.transparency.checking import check_log
from app.transparency.queries import breaks_of
from app.transparency.tiles import StoredTree
from tests.given import Given
from tests.tracing.graphs import HUNDRED_KG, edges_between, lots_of

ROOT = Path(__file__).parent.parent.parent
CUTS, HARVESTERS, RECALLERS = 25, 5, 3
WRITERS = HARVESTERS + RECALLERS
# Every recall is of a harvest and of what was made of it, in two generations.
RECALLS, MADE_OF_EACH = 60, 10
# A server is given more than it does before it dies.
AHEAD = 12
# So many statements of a recall write something.
WRITES = 12
WHOLE = MADE_OF_EACH + 1
# Lots in a recall, lots stopped, facts that say so, who is asked.
ENTIRE = (WHOLE, WHOLE, WHOLE, 1)


@dataclass
class World:
    """Whoever harvests, whoever recalls, and the harvests that are to be recalled."""

    clerk: dict[str, str]
    inspector: dict[str, str]
    harvest: dict[str, str]
    roots: deque[str]


@dataclass
class Site:
    """A database with servers that are killed, and what they acknowledged, kept outside of them.

    `waiting`: by writer, the request that it has no answer to; it is the first that it asks again.
    """

    nursery: subprocess.Popen[str]
    world: World
    keep_key: bool = True
    acknowledged: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    published: dict[int, str] = field(default_factory=dict)
    waiting: list[dict[str, Any] | None] = field(default_factory=lambda: [None] * WRITERS)
    weights: Iterator[int] = field(default_factory=lambda: count(10_000))

    def say(self, line: object) -> None:
        assert self.nursery.stdin is not None
        self.nursery.stdin.write(f"{line if line == 'end' else json.dumps(line)}\n")
        self.nursery.stdin.flush()

    def hear(self) -> list[str]:
        """The next line; what it acknowledges is kept."""
        assert self.nursery.stdout is not None
        words = self.nursery.stdout.readline().split()
        assert words not in ([], ["closed"]), "it died by itself; why, it said"
        if words[0] == "asked":
            self.asked.add(words[1])
        elif words[0] == "acknowledged":
            assert self.acknowledged.get(words[1], words[2]) == words[2]
            self.acknowledged[words[1]] = words[2]
        elif words[0] == "published":
            size, root = int(words[1]), words[2]
            assert self.published.setdefault(size, root) == root, "the log forked"
        return words

    def request(self, writer: int) -> dict[str, Any]:
        if writer < HARVESTERS:
            grams = next(self.weights)
            body: dict[str, Any] = {**self.world.harvest, "quantity_g": grams}
            name, path, headers = str(grams), "/api/v1/lots", self.world.clerk
        else:
            name, path, headers = (
                self.world.roots.popleft(),
                "/api/v1/recalls",
                self.world.inspector,
            )
            body = {"lots": [name], "reason": "Dư lượng vượt mức.", "decide": True}
        return {"name": name, "path": path, "headers": headers, "body": body, "key": str(uuid4())}

    def work(self) -> list[list[dict[str, Any]]]:
        """For every writer: what it has no answer to, and then something new."""
        given = []
        for writer, left in enumerate(self.waiting):
            first = [left] if left else []
            fresh = AHEAD if writer < HARVESTERS else 2 - len(first)
            given.append([*first, *(self.request(writer) for _ in range(fresh))])
        return given

    def cut(self, dies: list[object] | None, *, after: float = 0) -> set[str]:
        """One server from birth to death; what had been asked of it and was not answered.

        One that does not die by itself is killed so many seconds after a recall began to be written.
        """
        work = self.work()
        self.live(work, dies=dies, after=after)
        return self._left(work)

    def live(
        self,
        work: list[list[dict[str, Any]]],
        *,
        dies: list[object] | None,
        after: float = 0,
        in_pieces: bool = False,
    ) -> None:
        pid = 0
        self.say({"work": work, "dies": dies, "in_pieces": in_pieces})
        while (words := self.hear())[0] != "dead":
            if words[0] == "born":
                pid = int(words[1])
            elif words[0] == "recalling" and dies is None and pid:
                time.sleep(after)
                os.kill(pid, signal.SIGKILL)
                pid = 0
        assert words == ["dead", str(-signal.SIGKILL)]

    def finish(self) -> None:
        """A last server, that answers whatever has no answer yet."""
        work, pid = [[one] if one else [] for one in self.waiting], 0
        wanted = {one["name"] for one in self.waiting if one}
        self.say({"work": work, "dies": None})
        while wanted - self.acknowledged.keys() or not pid:
            words = self.hear()
            pid = int(words[1]) if words[0] == "born" else pid
        os.kill(pid, signal.SIGKILL)
        while self.hear()[0] != "dead":
            pass

    def _left(self, work: list[list[dict[str, Any]]]) -> set[str]:
        """What was asked for and not answered is asked for again; recalls nobody asked for are kept."""
        left = set()
        for writer, requests in enumerate(work):
            open_ones = [one for one in requests if one["name"] not in self.acknowledged]
            self.waiting[writer] = None
            for one in open_ones:
                if one["name"] in self.asked:
                    left.add(one["name"])
                    key = one["key"] if self.keep_key else str(uuid4())
                    self.waiting[writer] = {**one, "key": key}
                elif writer >= HARVESTERS:
                    self.world.roots.append(one["name"])
        return left


@pytest.fixture(scope="session")
def nursery() -> Iterator[subprocess.Popen[str]]:
    """The product is loaded once for all crashes."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.ledger.nursery", folder]
        with subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            yield process
            assert process.stdin is not None
            process.stdin.close()


@contextmanager
def site_on(
    engine: Engine, world: World, nursery: subprocess.Popen[str], folder: Path
) -> Iterator[Site]:
    url = engine.url.render_as_string(hide_password=False)
    site = Site(nursery, world)
    first = [[site.request(writer)] for writer in (0, WRITERS - 1)]
    site.say({"url": url, "folder": str(folder), "first": first})
    while site.hear() != ["open"]:
        pass
    try:
        yield site
    finally:
        site.say("end")
        while site.nursery.stdout.readline() != "closed\n":
            pass


@pytest.fixture
def world(engine: Engine, session: Session, given: Given) -> World:
    """Harvests, each with what was made of it and a neighbour who has some of that."""
    given.now = system_clock()
    area = given.area()
    home = session.get_one(Organisation, area.organisation_id)
    friend = given.cooperative()
    roots = lots_of(session, given, RECALLS, [home.pk])
    made = lots_of(session, given, RECALLS * MADE_OF_EACH, [home.pk, friend.pk])
    half = MADE_OF_EACH // 2
    pairs = []
    for number, root in enumerate(roots):
        mine = made[number * MADE_OF_EACH : (number + 1) * MADE_OF_EACH]
        pairs += [(root, one) for one in mine[:half]]
        pairs += zip(mine[:half], mine[half:], strict=True)
    edges_between(session, given, pairs)
    wanted = select(HarvestLot).where(col(HarvestLot.id).in_(roots)).order_by(col(HarvestLot.id))
    lots = list(session.execute(wanted).scalars())
    for lot in lots:
        put(session, lot, Holder(home.pk), Grams(lot.quantity_g))
        take(session, lot, Holder(home.pk), Grams(1_000))
        put(session, lot, Holder(friend.pk), Grams(1_000))
    harvest = {
        "area": str(area.uid),
        "crop": "BAP_CAI",
        "harvested_on": given.day(-1).isoformat(),
    }
    found = World(
        given.headers(Role.STAFF, home),
        given.headers(Role.INSPECTOR),
        harvest,
        deque(lot.code for lot in lots),
    )
    session.commit()
    session.close()
    engine.dispose()
    return found


def harvests(session: Session) -> Counter[str]:
    """By weight, how many were recorded of it."""
    wanted = select(col(HarvestLot.quantity_g)).where(col(HarvestLot.quantity_g) < HUNDRED_KG)
    return Counter(str(grams) for grams in session.execute(wanted).scalars())


def recalls(session: Session) -> dict[str, list[tuple[str, int, int, int, int]]]:
    """By root, its recalls: their ids, lots in them, lots stopped, facts that say so, who is asked."""
    told = select(col(LedgerEntry.body)).where(col(LedgerEntry.kind) == "lot.recalled")
    facts = Counter(json.loads(body)["facts"]["recall"] for body in session.execute(told).scalars())
    asked = Counter(session.execute(select(col(RecallConsignee.recall_id))).scalars())
    wanted = (
        select(
            col(Recall.id),
            col(Recall.uid),
            col(RecallLot.root),
            col(HarvestLot.code),
            col(HarvestLot.state),
        )
        .join(RecallLot, col(RecallLot.recall_id) == col(Recall.id))
        .join(HarvestLot, col(HarvestLot.id) == col(RecallLot.lot_id))
    )
    inside: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for key, uid, *lot in session.execute(wanted):
        inside[key, str(uid)].append(lot)
    found = defaultdict(list)
    for (key, uid), lots in inside.items():
        stopped = sum(state is LotState.RECALLED for _, _, state in lots)
        root = next(code for is_root, code, _ in lots if is_root)
        found[root].append((uid, len(lots), stopped, facts[uid], asked[key]))
    return dict(found)


def halves(engine: Engine) -> list[str]:
    """Roots of recalls that are there and not whole, or there twice."""
    with open_read_session(engine) as session:
        found = recalls(session)
        stopped = session.execute(
            select(func.count()).where(col(HarvestLot.state) == LotState.RECALLED)
        ).scalar_one()
    odd = [root for root, made in found.items() if [one[1:] for one in made] != [ENTIRE]]
    return odd or ["a lot"] * (stopped != WHOLE * len(found))


def how(cut: int, dice: random.Random) -> list[object] | None:
    """In a recall, after its commit, or whenever it comes."""
    if cut % 3 == 0:
        return ["statement", dice.randrange(1, WRITES + 1)]
    return ["answer", "recall"] if cut % 3 == 1 else None


def test_nothing_acknowledged_is_lost_forked_or_doubled_and_no_recall_is_half(
    engine: Engine, world: World, nursery: subprocess.Popen[str], tmp_path: Path
) -> None:
    dice, in_flight, cuts = random.Random(25), 0, 0
    with site_on(engine, world, nursery, tmp_path) as site:
        while cuts < CUTS:
            left = site.cut(how(cuts, dice), after=dice.uniform(0, 0.02))
            in_flight += len(left)
            cuts += any(not name.isdigit() for name in left)  # one that met no recall is none
            assert halves(engine) == []
        site.finish()
    assert in_flight > CUTS * WRITERS / 2
    assert halves(engine) == []
    with open_read_session(engine) as session:
        weights, recalled = harvests(session), recalls(session)
        assert set(weights.values()) == {1}
        assert weights.keys() | recalled.keys() == site.acknowledged.keys() == site.asked
        assert len(recalled) > CUTS / 3
        wanted = select(col(HarvestLot.quantity_g), col(HarvestLot.code))
        codes = {str(grams): code for grams, code in session.execute(wanted)}
        codes |= {root: made[0][0] for root, made in recalled.items()}
        assert {name: codes[name] for name in site.acknowledged} == site.acknowledged
        entries = (
            session.execute(select(LedgerEntry).order_by(col(LedgerEntry.position))).scalars().all()
        )
        assert [entry.position for entry in entries] == list(range(len(entries)))
        recorded = Counter(entry.subject for entry in entries if entry.kind == "lot.recorded")
        assert {recorded[codes[grams]] for grams in weights} == {1}
        tree = StoredTree(session)
        assert len(site.published) > 2
        assert {size: tree.root(size).hex() for size in site.published} == site.published
        assert breaks_of(session) == []
        assert check_log(session, full=True, now=system_clock()).fault == ""


def test_where_a_guard_is_missing_the_same_cuts_lose_double_and_halve(
    engine: Engine, world: World, nursery: subprocess.Popen[str], tmp_path: Path
) -> None:
    """The control."""
    with site_on(engine, world, nursery, tmp_path) as site:
        site.keep_key = False  # whoever asks again, asks under another key
        site.cut(["answer", "harvest"])
        site.finish()
        with open_read_session(engine) as session:
            assert max(harvests(session).values()) > 1
        site.cut(["promise", "harvest"])
        with open_read_session(engine) as session:
            promised = {name for name in site.acknowledged if name.isdigit()}
            assert promised - harvests(session).keys()
        alone = [[site.request(WRITERS - 1)]]
        site.live(alone, dies=["statement", WRITES // 2], in_pieces=True)
        assert halves(engine) != []
