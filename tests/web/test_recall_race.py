"""A lot is recalled while a thousand scans a second go on at two worker processes: none is told too late."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from app.accounts.reach import Reach
from app.db import transaction
from app.ledger.actors import Actor
from app.lots.commands import recall_lot
from app.lots.queries import lot_by_code
from tests.conftest import BASE_URL
from tests.given import Given
from tests.web.racing import DEAF, HONEST, Scans, serving

# On PostgreSQL a worker asks at most so often what was recorded; on SQLite at every scan.
BOUND = 0.25
# How many scans there are at each worker before and after, and how long it goes on at least.
BEFORE, AFTER, SECONDS = 100, 300, 0.6
WARNING = b"do not eat"


async def race(scans: list[Scans], recall: Callable[[], float]) -> float:
    """Scans at every worker, a recall in the midst of them; when it was recorded."""
    for one in scans:  # everybody has the page
        assert not await one.once()
    over = asyncio.Event()
    going = [asyncio.create_task(one.go_on(over)) for one in scans]
    await until(lambda: all(len(one.told) > BEFORE for one in scans))
    recorded = await asyncio.to_thread(recall)
    await asyncio.sleep(SECONDS)
    await until(lambda: all(one.since(recorded + BOUND) > AFTER for one in scans))
    over.set()
    await asyncio.gather(*going)
    return recorded


async def until(so_far: Callable[[], bool]) -> None:
    while not so_far():  # noqa: ASYNC110  # what is waited for are mere numbers
        await asyncio.sleep(0.02)


def test_no_page_without_the_warning_later_than_the_bound(
    engine: Engine, engine_name: str, tmp_path: Path, session: Session, given: Given
) -> None:
    code = given.lot().code
    session.commit()
    session.close()
    engine.dispose()
    environment = {
        "NGUONGOC_DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "NGUONGOC_DATA_DIR": str(tmp_path),
        "NGUONGOC_BASE_URL": BASE_URL,
        "NGUONGOC_PAGE_BOUND_SECONDS": str(BOUND),
    }

    def recall() -> float:
        with transaction(engine) as deciding:
            lot = lot_by_code(deciding, code, within=Reach.all())
            recall_lot(deciding, lot=lot, reason="Tồn dư thuốc.", by=Actor.system(), now=given.now)
        return time.monotonic()

    with serving([HONEST, HONEST, DEAF], environment) as ports:
        scans = [Scans(port, f"/t/{code}", WARNING) for port in ports]
        # In a thread: another test's browser may have left a loop at work in this one.
        with ThreadPoolExecutor(1) as apart:
            recorded = apart.submit(lambda: asyncio.run(race(scans, recall))).result()
    *honest, deaf = scans
    for worker in honest:
        assert not any(warned for _, warned in worker.told[:BEFORE])
        assert worker.unwarned_after(recorded + (0 if engine_name == "sqlite" else BOUND)) == []
        assert worker.told[-1][1]
    # A worker that does not ask the ledger loses the same race, and it is noticed.
    assert max(deaf.unwarned_after(recorded)) > BOUND
