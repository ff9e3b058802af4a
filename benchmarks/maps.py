"""The province's map with 5,000 areas in Chromium, against a bare Leaflet page that draws the same file."""

import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.caller_queries import caller_as
from app.accounts.commands import create_api_key
from app.db import engine_for, transaction
from app.kit.clock import day_of, system_clock
from app.models.accounts import Account
from app.models.registry import PlantingArea
from benchmarks import overlaps
from benchmarks.harness import Result, interleaved, side
from benchmarks.servers import running
from benchmarks.worlds import world

POLYGONS, ROUNDS = 5_000, 5
SIZE = {"width": 1280, "height": 800}
# The same Leaflet, the same file, the same canvas and line, and nothing else on the page.
BARE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/static/vendor/leaflet/leaflet.css">
<div id="map" style="height: 520px"></div><script src="/static/vendor/leaflet/leaflet.js"></script><script>
const map = L.map("map", { preferCanvas: true }).setView([22.3, 104.1], 9);
fetch("/desk/areas.geojson").then((answer) => answer.json()).then((shapes) => {
  const layer = L.geoJSON(shapes, { style: { color: "#17653a", weight: 2 } }).addTo(map);
  map.fitBounds(layer.getBounds(), { animate: false });
  document.body.dataset.drawn = layer.getLayers().length;
});</script>"""
# The time is taken when the frame after the drawing has been painted.
DRAWN = """() => new Promise((done) => {
  const look = () => document.querySelector("[data-drawn]")
    ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))
    : requestAnimationFrame(look);
  look();
})"""
BYTES = """() => ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
  .reduce((sum, one) => sum + one.transferSize, 0)"""
SHAPES = """() => performance.getEntriesByType("resource")
  .find((one) => one.name.endsWith("/areas.geojson")).transferSize"""


@dataclass
class Seen:
    """What the last visit cost: all bytes over the wire, and those of the shapes alone."""

    bytes: int = 0
    shapes: int = 0


def map_5000() -> Result:
    """Milliseconds from opening the page to 5,000 areas painted, nothing cached."""
    with world("sqlite") as made:
        opened = engine_for(made.url)
        with transaction(opened) as session:
            _five_thousand(session)
            secret = _key(session)
        opened.dispose()
        environment = {"NGUONGOC_DATABASE_URL": made.url, "NGUONGOC_DATA_DIR": "var"}
        with (
            running(
                "benchmarks.application:create", environment, factory=True, path="/healthz"
            ) as server,
            sync_playwright() as playwright,
        ):
            chromium = os.environ.get("NGUONGOC_CHROMIUM") or shutil.which("chromium")
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
            )
            return _compared(browser, f"http://127.0.0.1:{server.port}", secret)


def _compared(browser: Browser, site: str, secret: str) -> Result:
    page, bare = Seen(), Seen()
    ours = _visit(browser, f"{site}/desk/map", secret, page)
    plain = _visit(browser, f"{site}/bare", secret, bare)
    ours(), plain()
    a, b, ratio = interleaved(ours, plain, rounds=ROUNDS)
    browser.close()
    return Result(
        "map_5000",
        ratio,
        side("the map of the province", "ms", a),
        side("bare Leaflet", "ms", b),
        "sqlite",
        f"{POLYGONS} areas: {page.bytes} bytes over the wire, {page.shapes} of them shapes; "
        f"bare {bare.bytes}",
    )


def _visit(browser: Browser, address: str, secret: str, seen: Seen) -> Callable[[], float]:
    def once() -> float:
        context = browser.new_context(
            viewport=SIZE,
            locale="vi-VN",
            extra_http_headers={"Authorization": f"Bearer {secret}"},
        )
        context.route("**/bare", lambda route: route.fulfill(body=BARE, content_type="text/html"))
        page = context.new_page()
        page.goto(address, wait_until="commit")
        milliseconds = float(page.evaluate(DRAWN))
        drawn = page.evaluate("Number(document.querySelector('[data-drawn]').dataset.drawn)")
        if drawn != POLYGONS:
            raise AssertionError(f"{drawn} areas were drawn")
        seen.bytes = int(page.evaluate(BYTES))
        seen.shapes = int(page.evaluate(SHAPES))
        context.close()
        return milliseconds

    return once


def _five_thousand(session: Session) -> None:
    """Those of the demonstration, and as many more as are missing."""
    chance = random.Random(5_000)
    there = session.execute(
        select(col(PlantingArea.id)).where(
            col(PlantingArea.polygon).is_not(None), col(PlantingArea.closed_on).is_(None)
        )
    ).all()
    overlaps.fill(session, chance, areas=POLYGONS - len(there))


def _key(session: Session) -> str:
    now = system_clock()
    account = session.execute(select(Account).where(col(Account.login) == "quan-tri")).scalar_one()
    caller = caller_as(session, account, day_of(now))
    return create_api_key(session, name="bench", caller=caller, expires_at=None, now=now)[1]


CASES: dict[str, tuple[Callable[[], Result], ...]] = {"map_5000": (map_5000,)}
