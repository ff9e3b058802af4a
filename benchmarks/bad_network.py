"""The page behind the QR on a bad network (256 kbit/s, 400 ms a round trip), against two letters."""

import io
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select
from sqlmodel import Session, col

from app.db import engine_for, transaction
from app.kit.clock import system_clock
from app.ledger.actors import Actor
from app.lots.picture_commands import add_picture
from app.models.lots import HarvestLot, LotSource, LotState
from app.models.registry import Organisation
from app.pictures.cleaning import cleaned_picture
from benchmarks.harness import Result, interleaved, side
from benchmarks.servers import running
from benchmarks.worlds import world

ROUNDS = 5
PHONE = {"width": 360, "height": 640}
BYTES_A_SECOND, ROUND_TRIP_MS = 256_000 // 8, 400
PAINTED = """() => new Promise((done) => {
  const look = () => {
    const seen = performance.getEntriesByName("first-contentful-paint")[0];
    seen ? done(seen.startTime) : setTimeout(look, 20);
  };
  look();
})"""


@dataclass
class Seen:
    """Bytes over the wire, headers included: of everything but photographs, and of those."""

    plain: int = 0
    photographs: int = 0
    requests: int = 0


def page_bad_network() -> Result:
    """Milliseconds until the words can be read, nothing cached; the bytes of the first view."""
    with world("sqlite") as made:
        opened = engine_for(made.url)
        with transaction(opened) as session:
            code = _pictured(session)
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
            return _compared(browser, f"http://127.0.0.1:{server.port}", code)


def _compared(browser: Browser, site: str, code: str) -> Result:
    seen = Seen()
    ours = _visit(browser, f"{site}/t/{code}", seen)
    bare = _visit(browser, f"{site}/bench/empty", Seen())
    ours(), bare()
    a, b, ratio = interleaved(ours, bare, rounds=ROUNDS)
    browser.close()
    return Result(
        "page_bad_network",
        ratio,
        side("the page of a lot with photographs", "ms", a),
        side("an answer of two letters", "ms", b),
        "sqlite",
        f"first view at 360 × 640: {seen.plain} bytes without photographs, "
        f"{seen.plain + seen.photographs} with, {seen.requests} requests",
    )


def _visit(browser: Browser, address: str, seen: Seen) -> Callable[[], float]:
    def once() -> float:
        context = browser.new_context(viewport=PHONE, device_scale_factor=2, locale="vi-VN")
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        slow = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND}
        wire.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": ROUND_TRIP_MS, **slow},
        )
        sizes: dict[str, float] = {}
        names: dict[str, str] = {}
        wire.on(
            "Network.responseReceived",
            lambda told: names.update({told["requestId"]: told["response"]["url"]}),
        )
        wire.on(
            "Network.loadingFinished",
            lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}),
        )
        page.goto(address, wait_until="commit")
        milliseconds = float(page.evaluate(PAINTED))
        page.wait_for_load_state("load")
        page.wait_for_timeout(500)
        pictures = {key for key, url in names.items() if "/i/" in url}
        seen.plain = int(sum(size for key, size in sizes.items() if key not in pictures))
        seen.photographs = int(sum(size for key, size in sizes.items() if key in pictures))
        seen.requests = len(sizes)
        context.close()
        return milliseconds

    return once


def _pictured(session: Session) -> str:
    """A sealed lot with parts, which got three photographs."""
    wanted = select(HarvestLot).where(col(HarvestLot.state) == LotState.SEALED)
    parted = wanted.where(
        select(col(LotSource.id)).where(col(LotSource.lot_id) == col(HarvestLot.id)).exists()
    )
    lot = session.execute(parted).scalars().first() or session.execute(wanted).scalars().first()
    for number in range(3):
        add_picture(
            session,
            lot=lot,
            organisation=session.get_one(Organisation, lot.organisation_id),
            picture=cleaned_picture(_leaves(number)),
            by=Actor.system(),
            now=system_clock(),
        )
    return str(lot.code)


def _leaves(number: int) -> bytes:
    """Something with as many edges as a crate of leaves has."""
    chance = random.Random(number)
    picture = Image.effect_noise((1600, 1200), 40).convert("RGB")
    pen = ImageDraw.Draw(picture)
    for _ in range(900):
        x, y, size = chance.randrange(1600), chance.randrange(1200), chance.randrange(30, 160)
        green = chance.randrange(90, 190)
        box = (x - size, y - size * 0.7, x + size, y + size * 0.7)
        pen.ellipse(box, fill=(green // 2, green, green // 3), outline=(40, 70, 30))
    written = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1.5)).save(written, "JPEG", quality=90)
    return written.getvalue()


CASES: dict[str, tuple[Callable[[], Result], ...]] = {"page_bad_network": (page_bad_network,)}
