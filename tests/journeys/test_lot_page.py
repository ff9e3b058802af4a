"""The page behind the QR in a real browser: from the label in a hand to the words, pictures and sketch on a phone."""

import io
from typing import Any

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page
from sqlmodel import Session

from app.labels.commands import Printing, print_labels
from app.labels.snapshot import file_of
from app.ledger.actors import Actor
from app.lots.picture_commands import add_picture
from app.lots.queries import line_of
from app.models.diary import Work
from app.models.labels import LabelForm
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from app.pictures.cleaning import cleaned_picture
from tests.given import Given
from tests.lots.growing import Growing

# Which database lies beneath changes nothing of what a browser makes of these pages.
pytestmark = pytest.mark.one_engine

BY = Actor.system()
# A telephone of 2020 as Zalo's own browser names itself there.
OLD_PHONE = (
    "Mozilla/5.0 (Linux; Android 10; SM-A105G; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/80.0.3987.162 Mobile Safari/537.36 Zalo android/12100680"
)
STRICT = {"rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}}


@pytest.fixture
def label(session: Session, given: Given, address: str) -> tuple[HarvestLot, Image.Image]:
    """A lot with a diary and photographs, and its label as the thermal printer prints it."""
    growing = Growing(session, given)
    area = given.area(given.cooperative("Hợp tác xã Rau Bản Phố", public_phone="02143888999"))
    given.code(area)
    given.certificate(area)
    planting = growing.planting(area)
    growing.write(planting, Work.FERTILISING, -40)
    growing.spray(planting, -10, product=growing.product(interval=7))
    lot = given.lot(area, packed_on=given.day(0), best_before=given.day(7))
    for shade in (60, 90):
        photograph = io.BytesIO()
        Image.effect_noise((900, 700), shade).convert("RGB").save(photograph, "JPEG")
        add_picture(
            session,
            lot=lot,
            organisation=session.get_one(Organisation, lot.organisation_id),
            picture=cleaned_picture(photograph.getvalue()),
            by=BY,
            now=given.now,
        )
    printed = print_labels(
        session,
        line=line_of(session, lot),
        printing=Printing(LabelForm.PNG_203),
        base_url=address,
        by=BY,
        now=given.now,
    )
    content, _, _ = file_of(printed)
    session.commit()
    return lot, Image.open(io.BytesIO(content))


def phone(browser: Browser, width: int = 360, **more: Any) -> Page:
    chosen: dict[str, Any] = {"locale": "vi-VN", "device_scale_factor": 2, **more}
    return browser.new_context(viewport={"width": width, "height": 640}, **chosen).new_page()


def seen_by(photograph: Image.Image) -> str:
    """What a camera reads from a label that lies a little askew on a table."""
    table = Image.new("L", (900, 700), 120)
    held = photograph.convert("L").rotate(8, expand=True, fillcolor=120)
    table.paste(held, ((table.width - held.width) // 2, (table.height - held.height) // 2))
    return str(zxingcpp.read_barcodes(table)[0].text)


def test_a_label_read_by_a_camera_opens_a_page_that_is_whole_and_quiet(
    browser: Browser, label: tuple[HarvestLot, Image.Image], address: str
) -> None:
    _lot, picture = label
    page = phone(browser)
    asked: list[str] = []
    troubles: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: troubles.append(message.text))
    page.on("requestfailed", lambda request: troubles.append(request.url))
    answer = page.goto(seen_by(picture))
    assert answer is not None
    assert answer.status == 200
    first_screen = page.evaluate(
        "[...document.querySelectorAll('.s b, h1, .d')].every("
        "one => one.getBoundingClientRect().bottom <= innerHeight)"
    )
    assert first_screen, "status, name and days belong on the first screen"
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    images = page.evaluate("[...document.images].map(i => [i.currentSrc, i.naturalWidth])")
    assert len(images) == 3
    assert all(width > 0 for _, width in images), images
    assert all(source.endswith(".avif") for source, _ in images[:2])
    assert troubles == []
    assert all(url.startswith(address) for url in asked)
    assert len(asked) <= 7
    assert "Đủ thời gian cách ly: 9/7 ngày sau phun" in page.inner_text("main")
    page.context.close()


@pytest.mark.parametrize("tag", ["vi", "en", "zh"])
def test_without_scripts_on_an_old_phone_everything_is_there(
    browser: Browser, label: tuple[HarvestLot, Image.Image], address: str, tag: str
) -> None:
    lot, _ = label
    plain = phone(browser, java_script_enabled=False, user_agent=OLD_PHONE, service_workers="block")
    scripted = phone(browser)
    for page in (plain, scripted):
        page.goto(f"{address}/t/{lot.code}?lang={tag}")
    assert plain.inner_text("main") == scripted.inner_text("main")
    plain.locator("summary").first.click()
    assert plain.locator("details[open]").count() == 1
    plain.click(f"nav a[lang={'en' if tag != 'en' else 'vi'}]")
    assert plain.get_attribute("html", "lang") == ("en" if tag != "en" else "vi")
    plain.context.close()
    scripted.context.close()


def test_the_page_is_legible_in_sunlight_and_holds_at_320_px(
    browser: Browser, label: tuple[HarvestLot, Image.Image], address: str
) -> None:
    """Contrast of 7 to 1 throughout (WCAG 2.2 AAA 1.4.6), large targets, nothing cut off."""
    lot, _ = label
    page = phone(browser, width=320, bypass_csp=True, reduced_motion="reduce")
    invented = f"/t/{lot.code}/00003T0Z5CZW"
    for path in (f"/t/{lot.code}", invented, "/t/LC1", "/t/LCYTCJ2VMSC46CC"):
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        broken = Axe().run(page, options=STRICT).response["violations"]
        assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in broken] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.evaluate("document.querySelector('.s').style.color = '#a80'")
    assert Axe().run(page, options=STRICT).response["violations"], "the control must be noticed"
    page.context.close()


def test_below_a_number_that_nobody_gave_out_nothing_is_green(
    browser: Browser, label: tuple[HarvestLot, Image.Image], address: str
) -> None:
    lot, _ = label
    page = phone(browser)
    looks = "one => { const seen = getComputedStyle(one); return seen.backgroundColor }"
    page.goto(f"{address}/t/{lot.code}")
    green = page.locator(".s.good").evaluate(looks)
    page.goto(f"{address}/t/{lot.code}/00003T0Z5CZW")
    assert page.locator("main > :first-child").get_attribute("id") == "label"
    assert page.locator(".s.good").evaluate(looks) != green
    icons = page.evaluate(
        "[...document.querySelectorAll('.y, .good')].map(i => getComputedStyle(i, '::before').content)"
    )
    assert icons
    assert not any("%230f5a31" in icon or "m7 12.500 3.500 3.500" in icon for icon in icons)
    page.context.close()


def test_on_paper_the_details_stand_open(
    browser: Browser, label: tuple[HarvestLot, Image.Image], address: str
) -> None:
    lot, _ = label
    page = phone(browser)
    page.goto(f"{address}/t/{lot.code}")
    # Of a folded details nothing is painted; on paper its content has a height.
    height = "document.querySelector('details p').getBoundingClientRect().height"
    page.emulate_media(media="print")
    assert page.locator("header nav").is_hidden()
    assert page.evaluate(height) > 0
    assert page.locator("details p").first.is_visible()
    page.emulate_media(media="screen")
    assert not page.locator("details p").first.is_visible()
    page.context.close()
