"""The camera of a phone, live: Chromium films a real label, and the shipped decoder reads it."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from sqlmodel import Session

from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from tests.given import PASSWORD, Given
from tests.journeys.conftest import QUIET

# Which database lies beneath changes nothing of what a browser makes of these pages.
pytestmark = pytest.mark.one_engine

PHONE = {"width": 360, "height": 640}
WIDTH, HEIGHT, GREY = 640, 480, b"\x80"
Film = Callable[[Path, bool], Browser]


@pytest.fixture
def filming(browser: Browser) -> Iterator[Film]:
    """Starts a Chromium whose only camera films a file; with or without leave to use it."""
    opened: list[Browser] = []

    def start(film: Path, allowed: bool) -> Browser:
        found = os.environ.get("NGUONGOC_CHROMIUM") or shutil.which("chromium")
        camera = [f"--use-file-for-fake-video-capture={film}"]
        camera += ["--use-fake-device-for-media-stream"]
        camera += ["--use-fake-ui-for-media-stream"] if allowed else []
        opened.append(browser.browser_type.launch(executable_path=found, args=[*QUIET, *camera]))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def filmed(label: Image.Image | None, at: Path) -> Path:
    """A second of video of a label that lies on a table, as Y4M."""
    frame = Image.new("L", (WIDTH, HEIGHT), 120)
    if label is not None:
        held = label.convert("L").rotate(7, expand=True, fillcolor=120)
        frame.paste(held, ((WIDTH - held.width) // 2, (HEIGHT - held.height) // 2))
    picture = b"FRAME\n" + frame.tobytes() + GREY * (WIDTH * HEIGHT // 2)
    at.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + picture * 10)
    return at


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    made = given.lot()
    given.account(Role.INSPECTOR, login="thanh-tra")
    session.commit()
    return made


@pytest.fixture
def label(session: Session, given: Given, lot: HarvestLot, address: str) -> Image.Image:
    """The label of the lot as the thermal printer prints it."""
    home = session.get_one(Organisation, lot.organisation_id)
    clerk = given.headers(Role.STAFF, home)
    session.commit()
    made = httpx.post(
        f"{address}/api/v1/lots/{lot.code}/label-prints",
        json={"form": "png_203"},
        headers={**clerk, "Idempotency-Key": "tem"},
    ).json()
    return Image.open(io.BytesIO(httpx.get(address + made["file"], headers=clerk).content))


def phone(browser: Browser) -> Page:
    page = browser.new_context(viewport=PHONE, locale="vi-VN").new_page()
    page.set_default_timeout(20_000)
    return page


def test_a_shopper_films_a_label_and_sees_its_page(
    filming: Film, tmp_path: Path, label: Image.Image, lot: HarvestLot, address: str
) -> None:
    page = phone(filming(filmed(label, tmp_path / "tem.y4m"), True))
    page.goto(address)
    assert not page.evaluate("'BarcodeDetector' in window"), "the shipped decoder is not tested"
    page.click("button[data-live]")
    page.wait_for_url(f"**/t/{lot.code}", timeout=20_000)


def test_an_inspector_films_a_label_and_finds_the_lot(
    filming: Film, tmp_path: Path, label: Image.Image, lot: HarvestLot, address: str
) -> None:
    page = phone(filming(filmed(label, tmp_path / "tem.y4m"), True))
    page.goto(f"{address}/sign-in")
    page.fill("#login", "thanh-tra")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.click("button[data-live]")
    page.wait_for_url(f"**/desk/lots/{lot.code}", timeout=20_000)


@pytest.mark.usefixtures("lot")
def test_without_a_label_it_goes_on_looking_until_it_is_stopped(
    filming: Film, tmp_path: Path, address: str
) -> None:
    page = phone(filming(filmed(None, tmp_path / "ban.y4m"), True))
    page.goto(address)
    page.click("button[data-live]")
    page.wait_for_selector("video")
    assert page.inner_text("button[data-live]") == "Dừng camera"
    page.wait_for_timeout(800)
    page.evaluate("window.track = document.querySelector('video').srcObject.getTracks()[0]")
    page.click("button[data-live]")
    assert page.locator("video").count() == 0
    assert page.evaluate("window.track.readyState") == "ended"
    assert page.url == f"{address}/"


@pytest.mark.usefixtures("lot")
def test_who_does_not_allow_the_camera_is_told_to_take_a_photograph(
    filming: Film, tmp_path: Path, address: str
) -> None:
    page = phone(filming(filmed(None, tmp_path / "ban.y4m"), False))
    page.goto(address)
    page.click("button[data-live]")
    page.wait_for_selector("button[data-live]", state="detached")
    assert "Hãy chụp ảnh tem nhãn" in page.inner_text("main")
    assert page.locator("#photo").is_visible()
