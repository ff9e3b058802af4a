"""What is measured, by name: see benchmarks/README.md."""

import io
import statistics
import time
from collections.abc import Callable
from datetime import timedelta

import qrcode
from sqlalchemy import insert, select
from sqlmodel import col

from app.db import engine_for, transaction
from app.kit.clock import day_of, system_clock
from app.kit.codes import new_lot_code
from app.kit.quantities import Grams
from app.labels.face import LabelFacts
from app.labels.image import label_png
from app.ledger.actors import Actor
from app.lots.commands import record_lot
from app.lots.harvests import Harvest
from app.models.catalogue import Crop
from app.models.lots import HarvestLot
from app.models.registry import AreaCrop, Organisation, PlantingArea
from benchmarks import (
    bad_network,
    closures,
    desks,
    first_reads,
    harvests,
    imports,
    labels,
    ledgers,
    lots,
    maps,
    overlaps,
    pages,
    printing,
    proofs,
    provinces,
    recalling,
    register,
    resolving,
    scans,
    yearly,
)
from benchmarks.harness import Result, interleaved, rate, side
from benchmarks.servers import Server, burst, running, start, stop, wait_until_answers
from benchmarks.worlds import World, world

ROUNDS = 5
REQUESTS = 480
LABELS = 40
LOTS = 60
STARTS = 5


def page_vs_empty_route(engine: str) -> Result:
    """How many empty synchronous routes one provenance page costs, in processor time, inverted."""
    with world(engine) as made:
        environment = {"NGUONGOC_DATABASE_URL": made.url, "NGUONGOC_DATA_DIR": "var"}
        with running(
            "benchmarks.application:create", environment, factory=True, path="/healthz"
        ) as server:
            return _page_against_empty(made, server)


def _page_against_empty(made: World, server: Server) -> Result:
    pages, speeds = [f"/t/{code}" for code in made.codes], {"page": [0.0], "empty": [0.0]}

    def cost(name: str, paths: list[str]) -> Callable[[], float]:
        def once() -> float:
            load = burst(server, paths, requests=REQUESTS)
            speeds[name].append(load.requests_per_second)
            return load.cpu_us_per_request

        return once

    page, empty = cost("page", pages), cost("empty", ["/bench/empty"])
    page(), empty()
    ours, reference, ratio = interleaved(page, empty, rounds=ROUNDS)
    per_second = {name: statistics.median(rates[1:]) for name, rates in speeds.items()}
    return Result(
        f"page_vs_empty_route_{made.engine}",
        1 / ratio,
        side("provenance page", "us/request", ours),
        side("empty sync route", "us/request", reference),
        made.engine,
        f"{per_second['page']:.0f} against {per_second['empty']:.0f} requests/s, one worker",
    )


def label_png_vs_qrcode_pillow() -> Result:
    """A whole label of 50 × 30 mm at 203 dpi against a bare symbol by qrcode and Pillow."""
    today = day_of(system_clock())
    facts = [
        LabelFacts(
            product_name="Bắp cải",
            producer_name="Hợp tác xã Rau an toàn Bản Phố",
            producer_address="Xã Bắc Hà, tỉnh Lào Cai",
            origin="Xã Bắc Hà, tỉnh Lào Cai, Việt Nam",
            harvested_on=today,
            lot_code=new_lot_code(),
            base_url="https://txng.laocai.gov.vn",
            packed_on=today,
            best_before=today + timedelta(days=7),
        )
        for _ in range(LABELS)
    ]

    def labels() -> int:
        return sum(1 for one in facts if label_png(one, dpi=203))

    def symbols() -> int:
        for one in facts:
            qrcode.make(one.address).save(io.BytesIO(), "PNG")
        return len(facts)

    labels(), symbols()
    ours, reference, ratio = interleaved(lambda: rate(labels), lambda: rate(symbols), rounds=ROUNDS)
    return Result(
        "label_png_vs_qrcode_pillow",
        ratio,
        side("whole label", "labels/s", ours),
        side("bare symbol", "symbols/s", reference),
        "none",
    )


def record_lot_vs_core_insert(engine: str) -> Result:
    """Recording a lot with its claims and its fact against one bare INSERT, one commit each."""
    with world(engine) as made:
        opened = engine_for(made.url)
        now = system_clock()
        with transaction(opened) as session:
            area, crop = session.execute(
                select(PlantingArea, Crop)
                .join(AreaCrop, col(AreaCrop.area_id) == col(PlantingArea.id))
                .join(Crop, col(Crop.id) == col(AreaCrop.crop_id))
                .limit(1)
            ).one()
            organisation = session.get_one(Organisation, area.organisation_id)
        harvest = Harvest(
            area=area.uid, crop=crop.slug, harvested_on=day_of(now), quantity=Grams(50_000)
        )

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

        def inserted() -> int:
            row = {
                "organisation_id": organisation.pk,
                "area_id": area.pk,
                "crop_id": crop.pk,
                "harvested_on": day_of(now),
                "quantity_g": 50_000,
                "note": "",
                "state": "open",
                "state_reason": "",
                "state_since": now,
                "recorded_at": now,
                "ledger_position": 0,
                "version": 1,
            }
            for _ in range(LOTS):
                with transaction(opened) as session:
                    session.execute(insert(HarvestLot).values(code=new_lot_code(), **row))
            return LOTS

        recorded(), inserted()
        ours, reference, ratio = interleaved(
            lambda: rate(recorded), lambda: rate(inserted), rounds=ROUNDS
        )
        opened.dispose()
    return Result(
        f"record_lot_vs_core_insert_{engine}",
        ratio,
        side("record_lot", "lots/s", ours),
        side("bare Core INSERT", "rows/s", reference),
        engine,
    )


def start_vs_raw_asgi() -> Result:
    """From the start of the process to the first answer, against a bare ASGI application."""
    with world("sqlite") as made:
        environment = {"NGUONGOC_DATABASE_URL": made.url, "NGUONGOC_DATA_DIR": "var"}

        def ours() -> float:
            return _start("app.main:create_app", environment, factory=True, path="/healthz")

        def bare() -> float:
            return _start("benchmarks.empty:raw", {}, factory=False, path="/")

        ours(), bare()
        product, reference, ratio = interleaved(ours, bare, rounds=STARTS)
    return Result(
        "start_vs_raw_asgi",
        ratio,
        side("whole application", "s", product),
        side("bare ASGI", "s", reference),
        "sqlite",
    )


def _start(application: str, environment: dict[str, str], *, factory: bool, path: str) -> float:
    began = time.perf_counter()
    process, port = start(application, environment, factory=factory)
    try:
        wait_until_answers(port, path)
        return time.perf_counter() - began
    finally:
        stop(process)


CASES: dict[str, tuple[Callable[[], Result | None], ...]] = {
    "page_vs_empty_route": (
        lambda: page_vs_empty_route("sqlite"),
        lambda: page_vs_empty_route("postgres"),
    ),
    "label_png_vs_qrcode_pillow": (label_png_vs_qrcode_pillow,),
    "record_lot_vs_core_insert": (
        lambda: record_lot_vs_core_insert("sqlite"),
        lambda: record_lot_vs_core_insert("postgres"),
    ),
    "start_vs_raw_asgi": (start_vs_raw_asgi,),
    **labels.CASES,
    **printing.CASES,
    **register.CASES,
    **overlaps.CASES,
    **maps.CASES,
    **pages.CASES,
    **first_reads.CASES,
    **resolving.CASES,
    **bad_network.CASES,
    **scans.CASES,
    **imports.CASES,
    **lots.CASES,
    **harvests.CASES,
    **ledgers.CASES,
    **proofs.CASES,
    **closures.CASES,
    **recalling.CASES,
    **desks.CASES,
    **desks.CASES,
    **provinces.CASES,
    **yearly.CASES,
}
