"""The first reader of a page after a fact: who has it made, and who finds it made anew."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import text

from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.db import engine_for, transaction
from app.kit.clock import day_of, system_clock
from app.ledger.actors import Actor
from app.models.catalogue import Confidence
from benchmarks.harness import Result, interleaved, side
from benchmarks.servers import CONNECTIONS, burst, running
from benchmarks.worlds import BASE_URL, World, world

ROUNDS = 5
EMPTY_REQUESTS = 2_000
RULE = "certificate.organic.validity_months"
LONGEST_WAIT = 180.0


def page_first_read() -> Result:
    """The first reader after a change: read, judged, rendered, packed, pressed and stored."""
    with world("sqlite") as made:
        environment = {"NGUONGOC_DATABASE_URL": made.url, "NGUONGOC_BASE_URL": BASE_URL}
        pages = [f"/t/{code}" for code in made.codes]
        turns = iter(range(1, 1_000))
        with running(
            "benchmarks.application:create", environment, factory=True, path="/healthz"
        ) as server:

            def first() -> float:
                _change_everything(made, next(turns))
                load = burst(server, pages, requests=len(pages) // CONNECTIONS * CONNECTIONS)
                return load.cpu_us_per_request

            def empty() -> float:
                return burst(server, ["/bench/empty"], requests=EMPTY_REQUESTS).cpu_us_per_request

            first(), empty()
            reference, own, ratio = interleaved(empty, first, rounds=ROUNDS)
    return Result(
        "page_first_read",
        ratio,
        side("page made for its first reader", "us/request", own),
        side("empty sync route", "us/request", reference),
        "sqlite",
        f"{len(pages)} lots; what is done after the answer has left is counted too",
    )


def page_remade() -> Result:
    """The same first readers, once the pages of these lots were made anew in the background."""
    with world("sqlite") as made:
        environment = {"NGUONGOC_DATABASE_URL": made.url, "NGUONGOC_BASE_URL": BASE_URL}
        pages, making = [f"/t/{code}" for code in made.codes], []
        turns = iter(range(1, 1_000))
        application = "benchmarks.application:create_remaking"
        with running(application, environment, factory=True, path="/healthz") as server:
            each = len(pages) // CONNECTIONS * CONNECTIONS

            def cost(paths: list[str]) -> float:
                before = server.running_seconds()
                burst(server, paths, requests=each)
                return (server.running_seconds() - before) / each * 1e6

            def first() -> float:
                before = server.running_seconds()
                _change_everything(made, next(turns))
                _wait_until_remade(made, each)
                making.append((server.running_seconds() - before) / each * 1e6)
                return cost(pages)

            burst(server, pages, requests=each)
            first(), cost(["/bench/empty"])
            reference, own, ratio = interleaved(
                lambda: cost(["/bench/empty"]), first, rounds=ROUNDS
            )
    return Result(
        "page_remade",
        ratio,
        side("page read first after it was remade", "us/request", own),
        side("empty sync route", "us/request", reference),
        "sqlite",
        f"making each in the background took {statistics.median(making):.0f} us, brotli included",
    )


def _wait_until_remade(made: World, pages: int) -> None:
    wanted = text(
        "SELECT count(*) FROM stored_page WHERE position = (SELECT max(position) FROM ledger_entry)"
    )
    engine = engine_for(made.url)
    began = time.monotonic()
    with engine.connect() as connection:
        while connection.execute(wanted).scalar_one() < pages:
            connection.rollback()
            if time.monotonic() - began > LONGEST_WAIT:
                raise TimeoutError("the pages were not made anew")
            time.sleep(0.2)
    engine.dispose()


def _change_everything(made: World, turn: int) -> None:
    """A fact about the law: every page is stale."""
    engine, now = engine_for(made.url), system_clock()
    amendment = RuleAmendment(day_of(now) + timedelta(days=turn), 24, "đo", Confidence.VERIFIED)
    with transaction(engine) as session:
        set_legal_rule(session, key=RULE, amendment=amendment, by=Actor.system(), now=now)
    engine.dispose()


CASES: dict[str, tuple[Callable[[], Result | None], ...]] = {
    "page_first_read": (page_first_read,),
    "page_remade": (page_remade,),
}
