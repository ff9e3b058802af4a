"""No page breaks a rule that a machine can check (axe-core: WCAG 2.2 AA and best practices), at 360 px."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from sqlmodel import Session

from app.ledger.actors import Actor
from app.lots.commands import recall_lot
from app.models.accounts import Role
from tests.given import PASSWORD, Given

WORK = (
    "/work",
    "/work/lots",
    "/work/lots/new",
    "/work/areas",
    "/work/areas/new",
    "/work/growers",
    "/work/labels",
    "/work/labels/new",
    "/work/labels/printers",
    "/work/labels/stocks",
    "/work/labels/stocks/a4-tomy-145",
    "/work/labels/layouts",
    "/work/labels/layouts/l1-50x30",
)


def test_pages_break_no_rule_of_accessibility(
    browser: Browser, address: str, session: Session, given: Given
) -> None:
    home = given.cooperative()
    home.demonstration = True
    area = given.area(home)
    given.code(area)
    given.certificate(area)
    lot, recalled = given.lot(area), given.lot(area)
    recall_lot(session, lot=recalled, reason="dư lượng", by=Actor.system(), now=given.now)
    given.account(Role.COOP_ADMIN, home, login="giam-doc")
    session.commit()
    page = browser.new_context(
        viewport={"width": 360, "height": 640}, locale="vi-VN", bypass_csp=True
    ).new_page()
    public = ("/", f"/t/{lot.code}", f"/t/{recalled.code}", "/t/LC1", "/sign-in")
    broken = [fault for path in public for fault in faults(page, address, path)]
    page.goto(f"{address}/sign-in")
    page.fill("#login", "giam-doc")
    page.fill("#password", PASSWORD)
    page.click("main button")
    inside = (*WORK, f"/work/lots/{lot.code}", "/work/team", "/work/certificates/new")
    broken += [fault for path in inside for fault in faults(page, address, path)]
    assert broken == []


def test_the_check_sees_a_fault(browser: Browser, address: str, session: Session) -> None:
    session.rollback()
    page = browser.new_context(bypass_csp=True).new_page()
    page.goto(f"{address}/sign-in")
    page.evaluate("document.querySelector('label').remove()")
    assert Axe().run(page).response["violations"]


def faults(page, address: str, path: str) -> list[str]:
    page.goto(address + path)
    found = Axe().run(page).response["violations"]
    return [f"{path}: {one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]
