"""What the ledger costs a command, what proofs cost, and looking at a million entries anew."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.db import engine_for, open_read_session, transaction
from app.kit.clock import day_of, system_clock
from app.kit.quantities import Grams
from app.ledger.actors import Actor
from app.ledger.commands import record_all
from app.lots.commands import record_lot
from app.lots.harvests import Harvest
from app.migrating import migrate
from app.models.catalogue import Crop
from app.models.registry import AreaCrop, Organisation, PlantingArea
from app.transparency.log_keys import LogKeys
from app.transparency.merkle import is_consistent, is_included
from app.transparency.publishing import publish_checkpoint
from app.transparency.sequencing import extend_log
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree
from benchmarks.harness import Result, interleaved, rate, side
from benchmarks.worlds import empty_database, world
from tests.transparency.facts import lot_fact, other_fact

ROUNDS = 7
LOTS = 60
FACTS, PROOFS = 20_000, 1_000
FEW, MANY, AT_ONCE = 100_000, 1_000_000, 5_000
LOOKING = """
import json, resource, sys
from app.db import engine_for, open_read_session
from app.kit.clock import system_clock
from app.transparency.checking import check_log
import time
began = time.perf_counter()
with open_read_session(engine_for(sys.argv[1])) as session:
    check = check_log(session, full=True, now=system_clock())
spent = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"size": check.size, "fault": check.fault, "seconds": spent, "peak": peak}))
"""


def ledger_append_cost(engine: str) -> Result:
    """Recording a lot as a command does, against the same command without its fact; one commit each."""
    with world(engine) as made:
        opened, now = engine_for(made.url), system_clock()
        with transaction(opened) as session:
            organisation, harvest = _harvest(session, now)

        def recorded() -> int:
            for _ in range(LOTS):
                with transaction(opened) as session:
                    record_lot(
                        session,
                        organisation=organisation,
                        harvest=harvest,
                        by=Actor.system(),
                        now=now,
                    )
            return LOTS

        def without() -> int:
            with patch("app.lots.commands.record", return_value=0):
                return recorded()

        recorded(), without()
        ours, reference, ratio = interleaved(
            lambda: 1000 / rate(recorded), lambda: 1000 / rate(without), rounds=ROUNDS
        )
        opened.dispose()
    return Result(
        f"ledger_append_cost_{engine}",
        ratio,
        side("record_lot", "ms", ours),
        side("record_lot without its fact", "ms", reference),
        engine,
    )


def _harvest(session: Session, now: datetime) -> tuple[Organisation, Harvest]:
    area, crop = session.execute(
        select(PlantingArea, Crop)
        .join(AreaCrop, col(AreaCrop.area_id) == col(PlantingArea.id))
        .join(Crop, col(Crop.id) == col(AreaCrop.crop_id))
        .limit(1)
    ).one()
    return session.get_one(Organisation, area.organisation_id), Harvest(
        area=area.uid, crop=crop.slug, harvested_on=day_of(now), quantity=Grams(50_000)
    )


def proofs_per_s(engine: str) -> Result:
    """Proofs of both kinds made from stored tiles, a transaction each, against verifying the same."""
    with empty_database(engine) as url, tempfile.TemporaryDirectory() as folder:
        opened = engine_for(url)
        migrate(opened)
        _fill(opened, Path(folder), FACTS)
        with open_read_session(opened) as session:
            tree = StoredTree(session)
            roots = {size: tree.root(size) for size in range(FACTS - PROOFS // 2, FACTS + 1)}
            leaves = [tree.leaf(index) for index in range(0, FACTS, FACTS // PROOFS)]
        made: list[tuple[list[bytes], list[bytes]]] = []

        def proven() -> int:
            made.clear()
            for turn in range(PROOFS // 2):
                with open_read_session(opened) as session:
                    tree = StoredTree(session)
                    path = tree.inclusion(turn * (FACTS // PROOFS), FACTS)
                    made.append((path, tree.consistency(FACTS - 1 - turn, FACTS)))
            return PROOFS

        def verified() -> int:
            for turn, (path, proof) in enumerate(made):
                index, former = turn * (FACTS // PROOFS), FACTS - 1 - turn
                if not is_included(leaves[turn], index, FACTS, path, roots[FACTS]):
                    raise RuntimeError("a proof does not hold")
                if not is_consistent(former, FACTS, proof, roots[former], roots[FACTS]):
                    raise RuntimeError("a proof does not hold")
            return PROOFS

        proven(), verified()
        ours, reference, ratio = interleaved(
            lambda: rate(proven), lambda: rate(verified), rounds=ROUNDS
        )
        opened.dispose()
    return Result(
        f"proofs_per_s_{engine}",
        ratio,
        side("made from stored tiles", "proofs/s", ours),
        side("verified", "proofs/s", reference),
        engine,
        f"a log of {FACTS:,} facts; half prove an entry, half that the log only grew",
    )


def log_million() -> Result:
    """Every one of a million entries looked at anew in a process of its own: its memory, against 100,000."""
    with empty_database("sqlite") as url, tempfile.TemporaryDirectory() as folder:
        opened = engine_for(url)
        migrate(opened)
        _fill(opened, Path(folder), FEW)
        few = _looked(url)
        _fill(opened, Path(folder), MANY - FEW)
        many = _looked(url)
        opened.dispose()
    return Result(
        "log_million",
        many["peak"] / few["peak"],
        side(f"{many['size']:,} entries", "MiB", [many["peak"]]),
        side(f"{few['size']:,} entries", "MiB", [few["peak"]]),
        "sqlite",
        f"{many['seconds']:.0f} s against {few['seconds']:.0f} s",
    )


def _looked(url: str) -> dict[str, float]:
    command = [sys.executable, "-c", LOOKING, url]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    if told["fault"]:
        raise RuntimeError(told["fault"])
    return dict(told)


def _fill(opened: Engine, folder: Path, facts: int) -> None:
    log = TheLog(
        name="truyxuat.test/log",
        keys=LogKeys(folder / "keys"),
        published=folder / "published.jsonl",
        merge_delay=timedelta(0),
        every=timedelta(0),
    )
    now = system_clock()
    for chunk in _chunks(facts):
        with transaction(opened) as session:
            told = [lot_fact(one) if one % 3 == 0 else other_fact(one) for one in chunk]
            record_all(session, told, by=Actor.system(), now=now)
        with transaction(opened) as session:
            while extend_log(session, log, now=now):
                pass
    with transaction(opened) as session:
        publish_checkpoint(session, log, now=now)


def _chunks(facts: int) -> Iterator[range]:
    for begin in range(0, facts, AT_ONCE):
        yield range(begin, min(begin + AT_ONCE, facts))


CASES = {
    "ledger_append_cost": (
        lambda: ledger_append_cost("sqlite"),
        lambda: ledger_append_cost("postgres"),
    ),
    "proofs_per_s": (lambda: proofs_per_s("sqlite"), lambda: proofs_per_s("postgres")),
    "log_million": (log_million,),
}
