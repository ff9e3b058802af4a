"""The page behind the QR, ready-made: hot, unchanged, random, first read, and its bytes."""

import random
import statistics
from collections.abc import Callable
from contextlib import ExitStack

from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from app.db import engine_for
from app.kit.codes import new_lot_code
from app.main import create_app
from app.settings import Settings
from benchmarks.harness import Result, interleaved, side
from benchmarks.servers import Server, burst, running
from benchmarks.worlds import BASE_URL, World, world

ROUNDS = 5
REQUESTS = 8_000
HOT = 1_000
RANDOM = 30_000
GZIP = {"Accept-Encoding": "gzip"}


def page_hot(engine: str) -> Result:
    """1,000 lots whose pages are in memory."""
    return _measured(f"page_hot_{engine}", engine, HOT, GZIP, 200)


def page_304(engine: str) -> Result:
    """The same for a reader who has the page already."""
    return _measured(f"page_304_{engine}", engine, HOT, {**GZIP, "If-None-Match": "*"}, 304)


def page_random(engine: str) -> Result:
    """30,000 lots in random order: more than the memory holds, so most come from the file."""
    return _measured(f"page_random_{engine}", engine, RANDOM, GZIP, 200)


def _measured(name: str, engine: str, lots: int, headers: dict[str, str], status: int) -> Result:
    with ExitStack() as stack:
        made = stack.enter_context(world(engine))
        codes = clones(made, lots)
        environment = {"NGUONGOC_DATABASE_URL": made.url, "NGUONGOC_BASE_URL": BASE_URL}
        server = stack.enter_context(
            running("benchmarks.application:create", environment, factory=True, path="/healthz")
        )
        return _against_empty(name, engine, server, codes, headers, status)


def _against_empty(
    name: str, engine: str, server: Server, codes: list[str], headers: dict[str, str], status: int
) -> Result:
    shuffled = random.Random(1).sample(codes, len(codes))
    pages = [f"/t/{code}" for code in shuffled]
    speeds: dict[str, list[float]] = {"page": [], "empty": []}

    def cost(what: str, paths: list[str], sent: dict[str, str], answer: int) -> Callable[[], float]:
        def once() -> float:
            turned = paths[len(speeds[what]) * REQUESTS % len(paths) :] + paths
            load = burst(server, turned, requests=REQUESTS, headers=sent, status=answer)
            speeds[what].append(load.requests_per_second)
            return load.cpu_us_per_request

        return once

    page = cost("page", pages, headers, status)
    empty = cost("empty", ["/bench/empty"], {}, 200)
    page(), empty()
    ours, reference, ratio = interleaved(empty, page, rounds=ROUNDS)
    per_second = {what: statistics.median(rates[1:]) for what, rates in speeds.items()}
    return Result(
        name,
        ratio,
        side(f"page ({len(codes)} lots)", "us/request", reference),
        side("empty sync route", "us/request", ours),
        engine,
        f"{per_second['page']:.0f} against {per_second['empty']:.0f} requests/s, one worker",
    )


def page_bytes() -> Result:
    """Bytes of a lot's page over the wire with brotli, against the same page uncompressed."""
    with world("sqlite") as made:
        app = create_app(Settings(database_url=made.url, base_url=BASE_URL))
        with TestClient(app, base_url=BASE_URL) as client:
            plain = [_length(client, code, "identity") for code in made.codes]
            small = [_length(client, code, "br") for code in made.codes]
    return Result(
        "page_bytes",
        statistics.median(small) / statistics.median(plain),
        side("page, brotli", "bytes", [float(size) for size in small]),
        side("page, uncompressed", "bytes", [float(size) for size in plain]),
        "sqlite",
    )


def _length(client: TestClient, code: str, encoding: str) -> int:
    headers = {"Accept-Encoding": encoding, "Accept-Language": "vi"}
    return int(client.get(f"/t/{code}", headers=headers).headers["content-length"])


def clones(made: World, lots: int) -> list[str]:
    """Stored pages of so many codes, each a copy of one that the product made itself."""
    app = create_app(Settings(database_url=made.url, base_url=BASE_URL))
    with TestClient(app, base_url=BASE_URL) as client:
        client.get(f"/t/{made.codes[0]}", headers={"Accept-Language": "vi"}).raise_for_status()
    engine = engine_for(made.url)
    codes = [new_lot_code() for _ in range(lots)]
    _copy(engine, codes)
    engine.dispose()
    return codes


def _copy(engine: Engine, codes: list[str]) -> None:
    columns = "kind, language, status, build, position, fresh_from, fresh_until, etag, gzip, brotli"
    page = (
        f"INSERT INTO stored_page (code, {columns}) SELECT :code, {columns} "
        "FROM stored_page WHERE id = (SELECT min(id) FROM stored_page)"
    )
    subjects = (
        "INSERT INTO page_subject (page_id, subject) SELECT p.id, s.subject FROM stored_page p, "
        "page_subject s WHERE s.page_id = (SELECT min(id) FROM stored_page) AND p.id > s.page_id"
    )
    with engine.begin() as connection:
        connection.execute(text(page), [{"code": code} for code in codes])
        connection.execute(text(subjects))


CASES: dict[str, tuple[Callable[[], Result], ...]] = {
    "page_hot": (lambda: page_hot("sqlite"), lambda: page_hot("postgres")),
    "page_304": (lambda: page_304("sqlite"), lambda: page_304("postgres")),
    "page_random": (lambda: page_random("sqlite"),),
    "page_bytes": (page_bytes,),
}
