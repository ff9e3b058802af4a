"""A copy of the public pages on a memory stick: opened from its files, without a server or a script."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from sqlmodel import Session

from app.ledger.actors import Actor
from app.lots.commands import recall_lot
from app.main import create_app
from app.provenance.statement_keys import StatementKeys
from app.settings import Settings
from app.web.copies.copying import copy_public
from app.web.copies.fetching import fetching_from
from tests.given import Given

# Which database lies beneath changes nothing of what a browser makes of these pages.
pytestmark = pytest.mark.one_engine

PHONE = {"width": 360, "height": 640}
SITE = "https://truyxuat.test"


@dataclass(frozen=True)
class Stick:
    """Where the copy lies and the code of a recalled lot in it."""

    start: str
    code: str


@pytest.fixture
def stick(engine: Engine, session: Session, given: Given, tmp_path: Path) -> Stick:
    area = given.area(given.cooperative("HTX Rau Bản Phố", demonstration=True))
    given.code(area)
    given.certificate(area, number="VG-10-0001")
    lots = [given.lot(area) for _ in range(3)]
    recall_lot(session, lot=lots[0], reason="Tồn dư thuốc.", by=Actor.system(), now=given.now)
    session.commit()
    app = create_app(Settings(data_dir=tmp_path / "data", base_url=SITE), engine=engine)
    with fetching_from(app, SITE) as fetch:
        copy_public(
            engine,
            tmp_path / "stick",
            fetch=fetch,
            keys=StatementKeys(tmp_path / "keys"),
            base_url=SITE,
            now=given.now,
        )
    return Stick((tmp_path / "stick").as_uri(), lots[0].code)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_a_lot_is_found_by_links_alone(phone: Page, stick: Stick) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(f"{stick.start}/index.html")
    assert not phone.locator("form").is_visible()
    phone.click("text=Các lô")
    phone.click(f"text=LC{stick.code[2:4]}")
    phone.click(f"#{stick.code} a")
    assert "Thu hồi" in phone.title()
    assert phone.locator(".copy").is_visible()
    day = "getComputedStyle(document.querySelector('.copy-day'), '::after').content"
    assert "/20" in phone.evaluate(day)
    assert "lot.css" in " ".join(asked)
    phone.click("text=中文")
    assert phone.locator("html").get_attribute("lang") == "zh-Hans"
    phone.click("text=关于此副本")
    assert phone.url == f"{stick.start}/index.zh.html"
    assert {url.partition(":")[0] for url in asked} <= {"file", "data"}


def test_a_typed_code_leads_to_its_lot_with_the_script(browser: Browser, stick: Stick) -> None:
    page = browser.new_context(viewport=PHONE).new_page()
    page.goto(f"{stick.start}/index.en.html")
    typed = f"{stick.code[:4]} {stick.code[4:]}".lower()
    page.fill("#code", typed)
    page.click("form button")
    page.wait_for_url(f"**/index.en.html#{stick.code}")
    page.click(f"#{stick.code} a")
    assert "do not eat" in page.title()
    page.context.close()


def test_no_page_of_the_copy_breaks_a_rule_or_is_too_wide(browser: Browser, stick: Stick) -> None:
    page = browser.new_context(viewport=PHONE).new_page()
    lot = f"t/{stick.code[2:4]}/{stick.code}"
    stems = ["index", "t/index", f"t/{stick.code[2:4]}/index", lot, "register/index", "o/index"]
    found = []
    for stem in [*stems, "certificates/vg-10-0001", "register/15pucbapcai01000001vnm"]:
        page.goto(f"{stick.start}/{stem}.html")
        found += [(stem, one["id"]) for one in Axe().run(page).response["violations"]]
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [(stem, f"{wide} px wide")] if wide > PHONE["width"] else []
    page.context.close()
    assert found == []
