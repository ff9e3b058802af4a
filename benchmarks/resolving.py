"""The resolver of GS1 Digital Links: redirects, linksets, numbered labels, from memory."""

import random
import statistics
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import select, text
from sqlmodel import col
from starlette.testclient import TestClient

from app.db import engine_for, transaction
from app.kit.codes import new_lot_code
from app.kit.gs1_checks import check_digit
from app.labels.keys import FOLDER, KeyRing
from app.labels.serials import serial_of
from app.main import create_app
from app.models.lots import HarvestLot
from app.models.products import Product
from app.settings import Settings
from benchmarks.harness import Result, interleaved, side
from benchmarks.servers import Server, burst, running
from benchmarks.worlds import BASE_URL, World, world

ROUNDS = 5
REQUESTS = 8_000
LOTS = 1_000
PEOPLE = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
MACHINES = {"Accept": "application/linkset+json"}


def redirect(engine: str) -> Result:
    """A scan of the symbol with GTIN and lot: 307 to the lot's page."""
    return _measured(f"linkset_307_{engine}", engine, PEOPLE, 307, labels=False)


def whole_linkset(engine: str) -> Result:
    """The linkset of a lot for a machine."""
    return _measured(f"linkset_{engine}", engine, MACHINES, 200, labels=False)


def numbered_label(engine: str) -> Result:
    """A scan of a numbered label, whose serial is proven each time."""
    return _measured(f"linkset_label_{engine}", engine, PEOPLE, 307, labels=True)


def _measured(
    name: str, engine: str, headers: dict[str, str], status: int, *, labels: bool
) -> Result:
    with ExitStack() as stack:
        made = stack.enter_context(world(engine))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        paths = _clones(made, folder, labels=labels)
        environment = {
            "NGUONGOC_DATABASE_URL": made.url,
            "NGUONGOC_BASE_URL": BASE_URL,
            "NGUONGOC_DATA_DIR": str(folder),
        }
        server = stack.enter_context(
            running("benchmarks.application:create", environment, factory=True, path="/healthz")
        )
        return _against_empty(name, engine, server, paths, headers, status)


def _against_empty(
    name: str, engine: str, server: Server, paths: list[str], headers: dict[str, str], status: int
) -> Result:
    shuffled = random.Random(1).sample(paths, len(paths))
    speeds: dict[str, list[float]] = {"link": [], "empty": []}

    def cost(what: str, asked: list[str], sent: dict[str, str], answer: int) -> Callable[[], float]:
        def once() -> float:
            load = burst(server, asked, requests=REQUESTS, headers=sent, status=answer)
            speeds[what].append(load.requests_per_second)
            return load.cpu_us_per_request

        return once

    link = cost("link", shuffled, headers, status)
    empty = cost("empty", ["/bench/empty"], {}, 200)
    link(), empty()
    ours, reference, ratio = interleaved(empty, link, rounds=ROUNDS)
    per_second = {what: statistics.median(rates[1:]) for what, rates in speeds.items()}
    return Result(
        name,
        ratio,
        side(f"resolver ({len(paths)} lots)", "us/request", reference),
        side("empty sync route", "us/request", ours),
        engine,
        f"{per_second['link']:.0f} against {per_second['empty']:.0f} requests/s, one worker",
    )


def _clones(made: World, folder: Path, *, labels: bool) -> list[str]:
    """Addresses whose links are kept, each a copy of those that the product made itself."""
    engine = engine_for(made.url)
    with transaction(engine) as session:
        lot = session.execute(
            select(HarvestLot).where(col(HarvestLot.code) == made.codes[0])
        ).scalar_one()
        product = Product(
            organisation_id=lot.organisation_id,
            crop_id=lot.crop_id,
            name_vi="Rau",
            name_key="rau do luong",
            gtin="0952000999999" + check_digit("0952000999999"),
            created_at=lot.recorded_at,
        )
        session.add(product)
        gtin, code = product.gtin, lot.code
    chosen = Settings(database_url=made.url, base_url=BASE_URL, data_dir=folder)
    with TestClient(create_app(chosen), base_url=BASE_URL, follow_redirects=False) as client:
        answer = client.get(f"/01/{gtin}/10/{code}")
    if answer.status_code != 307:
        raise RuntimeError(answer.text)
    codes = [new_lot_code() for _ in range(LOTS)]
    with engine.begin() as connection:
        rows = [{"code": f"01/{gtin}/10/{code}"} for code in codes]
        connection.execute(text(_COPY), rows)
    engine.dispose()
    ring = KeyRing(folder / FOLDER)
    ring.rotate()
    return [f"/01/{gtin}/10/{code}" + _serial(ring, code, labels=labels) for code in codes]


def _serial(ring: KeyRing, code: str, *, labels: bool) -> str:
    return f"/21/{serial_of(ring.lot_key(code).key, 7)}" if labels else ""


_COLUMNS = (
    "kind, language, status, build, position, fresh_from, fresh_until, etag, subjects, gzip, brotli"
)
_COPY = (
    f"INSERT INTO stored_page (code, {_COLUMNS}) SELECT :code, {_COLUMNS} FROM stored_page "
    "WHERE id = (SELECT min(id) FROM stored_page WHERE kind = 'links')"
)
CASES: dict[str, tuple[Callable[[], Result], ...]] = {
    "linkset": (lambda: whole_linkset("sqlite"), lambda: whole_linkset("postgres")),
    "linkset_307": (lambda: redirect("sqlite"), lambda: redirect("postgres")),
    "linkset_label": (lambda: numbered_label("sqlite"),),
}
