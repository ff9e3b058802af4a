"""One label from click to PDF, on the server, against an empty route of the same server."""

import tempfile
from itertools import cycle, islice
from pathlib import Path

from sqlalchemy import Engine, select
from sqlmodel import col

from app.accounts.reach import Reach
from app.db import engine_for, transaction
from app.kit.clock import day_of, system_clock
from app.kit.quantities import Grams
from app.labels.keys import FOLDER, KeyRing
from app.labels.run_commands import start_run
from app.labels.run_content import Content
from app.labels.run_request import RunRequest, wanted_of
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.lots import HarvestLot, LotState
from app.models.registry import Organisation
from benchmarks.harness import Result, interleaved, side
from benchmarks.servers import burst, running
from benchmarks.worlds import BASE_URL, world
from tests.given import Given

ROUNDS = 5
KEPT, KEPT_REQUESTS = 16, 1_600
# More runs than files are kept, asked for in turn: none is found ready.
FIRST, FIRST_REQUESTS = 240, 480


def one_label_vs_empty_route() -> Result:
    """How many empty routes the PDF of one label costs that was asked for before, inverted."""
    return _measured("one_label_vs_empty_route", KEPT, KEPT_REQUESTS, "kept by its content")


def first_label_vs_empty_route() -> Result:
    """The same when the PDF has to be made: words placed, symbol and letters drawn."""
    return _measured("first_label_vs_empty_route", FIRST, FIRST_REQUESTS, "made for the request")


def _measured(name: str, runs: int, requests: int, how: str) -> Result:
    with world("sqlite") as made, tempfile.TemporaryDirectory() as folder:
        opened = engine_for(made.url)
        key, paths = _printed(opened, Path(folder), runs)
        opened.dispose()
        environment = {"NGUONGOC_DATABASE_URL": made.url, "NGUONGOC_DATA_DIR": folder}
        application = "benchmarks.application:create"
        with running(application, environment, factory=True, path="/healthz") as server:
            headers = {"Authorization": f"Bearer {key}"}

            def label() -> float:
                return burst(server, paths, requests=requests, headers=headers).cpu_us_per_request

            def empty() -> float:
                return burst(server, ["/bench/empty"], requests=KEPT_REQUESTS).cpu_us_per_request

            label(), empty()
            ours, reference, ratio = interleaved(label, empty, rounds=ROUNDS)
    return Result(
        name,
        1 / ratio,
        side(f"one label as PDF, {how}", "us/request", ours),
        side("empty sync route", "us/request", reference),
        "sqlite",
        f"{ratio:.1f} times an empty route",
    )


def _printed(engine: Engine, folder: Path, runs: int) -> tuple[str, list[str]]:
    """An API key of a clerk, and the addresses of so many runs of one label each."""
    now = system_clock()
    with transaction(engine) as session:
        wanted = select(HarvestLot).where(col(HarvestLot.state) == LotState.SEALED)
        lots = list(session.execute(wanted).scalars())
        home = session.get_one(Organisation, lots[0].organisation_id)
        own = [lot for lot in lots if lot.organisation_id == home.pk]
        addresses = []
        for lot in islice(cycle(own), runs):
            asked = RunRequest(
                lots=((lot.code, 1),),
                layout="l1-50x30",
                stock="roll-50x30",
                content=Content(pack=Grams(500)),
                reprint_reason="đo",
            )
            run = start_run(
                session,
                organisation=home,
                wanted=wanted_of(session, asked, within=Reach.all(), today=day_of(now)),
                keys=KeyRing(folder / FOLDER),
                base_url=BASE_URL,
                within=Reach.all(),
                by=Actor.system(),
                now=now,
            )
            session.flush()
            addresses.append(f"/api/v1/print-runs/{run.uid}/file")
        _, key = Given(session, now).key(Role.STAFF, home)
        return key, addresses


CASES = {
    "one_label_vs_empty_route": (one_label_vs_empty_route,),
    "first_label_vs_empty_route": (first_label_vs_empty_route,),
}
