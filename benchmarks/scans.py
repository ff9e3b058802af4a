"""What counting scans costs: the page behind the QR, counted and not; a numbered label's own page."""

import statistics
from collections.abc import Callable
from contextlib import ExitStack

from sqlalchemy import insert, select
from sqlmodel import SQLModel

from app.db import engine_for
from benchmarks.harness import Result, interleaved, side
from benchmarks.pages import GZIP, HOT, clones
from benchmarks.servers import Server, burst, running
from benchmarks.worlds import BASE_URL, World, world

ROUNDS = 11
REQUESTS = 24_000
PHONE = (
    "Mozilla/5.0 (Linux; Android 13; SM-A536E) AppleWebKit/537.36 Chrome/131 Mobile Safari/537.36"
)
SHOPPER = {**GZIP, "Accept": "text/html", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"}


def scan_count_cost(engine: str) -> Result:
    """1,000 lots in memory, every request another scan, every burst another telephone; writing included."""
    with ExitStack() as stack:
        made = stack.enter_context(world(engine))
        paths = [f"/t/{code}" for code in _recorded(made)]
        servers = {
            counted: stack.enter_context(
                running(
                    "app.main:serving",
                    {
                        "NGUONGOC_DATABASE_URL": made.url,
                        "NGUONGOC_BASE_URL": BASE_URL,
                        "NGUONGOC_COUNT_SCANS": counted,
                    },
                    factory=True,
                    path="/healthz",
                )
            )
            for counted in ("true", "false")
        }
        speeds: dict[str, list[float]] = {"true": [], "false": []}
        on, off = (_bursts(servers[counted], paths, speeds[counted]) for counted in speeds)
        on(), off()
        without, counted, ratio = interleaved(off, on, rounds=ROUNDS)
    per_second = {name: statistics.median(rates[1:]) for name, rates in speeds.items()}
    return Result(
        f"scan_count_cost_{engine}",
        ratio,
        side("page, nothing counted", "us/request", without),
        side("page, scans counted and written", "us/request", counted),
        engine,
        f"{per_second['true']:.0f} against {per_second['false']:.0f} requests/s, one worker",
    )


def _recorded(made: World) -> list[str]:
    """Codes whose pages are kept and whose lots exist, so that their counts are written."""
    codes = clones(made, HOT)
    table = SQLModel.metadata.tables["harvest_lot"]
    same = [column.name for column in table.columns if column.name not in {"id", "code"}]
    engine = engine_for(made.url)
    with engine.begin() as connection:
        some = connection.execute(select(table).limit(1)).mappings().one()
        row = {name: some[name] for name in same}
        connection.execute(insert(table), [{**row, "code": code} for code in codes])
    engine.dispose()
    return codes


def _bursts(server: Server, paths: list[str], speeds: list[float]) -> Callable[[], float]:
    def once() -> float:
        sent = {**SHOPPER, "User-Agent": f"{PHONE} v{len(speeds)}"}
        load = burst(server, paths, requests=REQUESTS, headers=sent)
        speeds.append(load.requests_per_second)
        return load.cpu_us_per_request

    return once


CASES: dict[str, tuple[Callable[[], Result], ...]] = {
    "scan_count_cost": (lambda: scan_count_cost("sqlite"), lambda: scan_count_cost("postgres")),
}
