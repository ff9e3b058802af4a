"""A process killed in the middle of deciding a recall over hundreds of lots: not there, or whole."""

import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from app.db import open_session, transaction
from app.kit.clock import system_clock
from app.ledger.actors import Actor
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot, LotState
from app.models.recalls import Recall, RecallConsignee, RecallLot, RecallState
from app.provenance.recall import recall_of
from app.recalls.ending_commands import lift_recall
from tests.given import Given
from tests.recalls.recalling import World, opened, world_of
from tests.tracing.graphs import edges_between, lots_of

ROOT = Path(__file__).parent.parent.parent
LOTS, CUTS, LONG = 200, 6, 60.0
SYSTEM = Actor.system()


class Killer:
    """Has recalls decided in a process that is killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def __call__(self, recall: int, seconds: float, *, whole: bool = True) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{recall} {seconds} {int(whole)}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline().split()[1])


@contextmanager
def killing(engine: Engine) -> Iterator[Killer]:
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.recalls.deciding", url]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Killer(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def many_lots(session: Session, given: Given) -> World:
    """Hundreds of lots made of the packed one, in two generations."""
    world = world_of(session, given)
    made = lots_of(session, given, LOTS, [world.home.pk, world.friend.pk])
    half = LOTS // 2
    pairs = [(world.packed.pk, one) for one in made[:half]]
    edges_between(session, given, [*pairs, *zip(made[:half], made[half:], strict=True)])
    return world


def considered(engine: Engine, world: World, given: Given) -> int:
    with transaction(engine) as session:
        given.session = session
        return opened(session, given, world).pk


def stands(engine: Engine, recall: int) -> tuple[bool, int, int, int, int, int]:
    """Whether it is decided; lots in it, lots stopped, pages that say so, facts, buyers asked."""
    with open_session(engine) as fresh:
        state = fresh.get_one(Recall, recall).state
        inside = select(col(RecallLot.lot_id)).where(col(RecallLot.recall_id) == recall)
        lots = list(
            fresh.execute(select(HarvestLot).where(col(HarvestLot.quantity_g) > 0)).scalars()
        )
        facts = select(func.count()).where(
            col(LedgerEntry.kind) == "lot.recalled",
            col(LedgerEntry.body).contains(_uid(fresh, recall)),
        )
        asked = select(func.count()).where(col(RecallConsignee.recall_id) == recall)
        return (
            state is RecallState.RUNNING,
            len(fresh.execute(inside).scalars().all()),
            sum(one.state is LotState.RECALLED for one in lots),
            sum(recall_of(fresh, one.code).recalled for one in lots[:: LOTS // 10]),
            fresh.execute(facts).scalar_one(),
            fresh.execute(asked).scalar_one(),
        )


def _uid(session: Session, recall: int) -> str:
    return str(session.get_one(Recall, recall).uid)


def lifted(engine: Engine, recall: int) -> None:
    with transaction(engine) as session:
        one = session.get_one(Recall, recall)
        lift_recall(session, one, reason="Thử lại từ đầu.", by=SYSTEM, now=system_clock())


def test_killed_anywhere_it_is_not_there_or_whole(
    engine: Engine, session: Session, given: Given
) -> None:
    given.now = system_clock()
    world = many_lots(session, given)
    session.commit()
    dice = random.Random(17)
    with killing(engine) as kill:
        recall = considered(engine, world, given)
        nothing = stands(engine, recall)
        took = kill(recall, LONG)
        whole = stands(engine, recall)
        assert not nothing[0]
        assert whole[0]
        assert whole[1:3] == (LOTS + 2, LOTS + 2)
        assert whole[4:] == (LOTS + 2, 2)
        lifted(engine, recall)
        recall, cut = considered(engine, world, given), 0
        while cut < CUTS:
            kill(recall, dice.uniform(0.1, 1.0) * took)
            found = stands(engine, recall)
            assert found in (nothing, whole)
            cut += found == nothing
            if found == whole:
                lifted(engine, recall)
                recall = considered(engine, world, given)
                took *= 0.8  # the machine has become quicker: cut earlier
        # The control: where every statement is committed for itself, the same cuts leave halves.
        halves = 0
        for part in (0.9, 0.8, 0.7, 0.6, 0.5):
            kill(recall, part * took, whole=False)
            halves = stands(engine, recall) not in (nothing, whole)
            if halves:
                break
        assert halves
