"""A complaint ends in a recall: followed, sampled, found bad, stopped, answered by scanning, reported."""

import pytest
from playwright.sync_api import Browser, Page
from sqlmodel import Session

from app.models.accounts import Role
from tests.given import PASSWORD, Given
from tests.journeys.stopping import Buyer, Facility, Inspector, Shopper
from tests.recalls.recalling import World, world_of

PHONE = {"width": 360, "height": 640}
SEAL = "NP-00417"


@pytest.fixture
def world(session: Session, given: Given) -> World:
    made = world_of(session, given)
    given.account(Role.INSPECTOR, login="thanh-tra")
    given.account(Role.COOP_ADMIN, made.home, login="giam-doc")
    session.commit()
    return made


def signed_in(page: Page, address: str, login: str) -> Page:
    page.goto(f"{address}/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button")
    return page


@pytest.mark.one_engine
def test_from_a_complaint_to_the_report_of_the_recall(
    browser: Browser, address: str, session: Session, given: Given, world: World
) -> None:
    def phone() -> Page:
        page = browser.new_page(locale="vi-VN", viewport=PHONE)
        page.set_default_timeout(10_000)
        return page

    home, harvest, packed = world.home.name, world.harvest.code, world.packed.code
    session.rollback()
    shopper = Shopper(phone(), address)
    shopper.begin_report(harvest)
    inspector = Inspector(signed_in(phone(), address, "thanh-tra"), address)
    facility = Facility(signed_in(phone(), address, "giam-doc"), address)
    inspector.take_sample(home, harvest, SEAL)
    inspector.hand_over(SEAL)
    shopper.send_report()
    assert packed[:6] in inspector.follow_report().replace(" ", "")
    assert "Thu hồi" not in shopper.warned(packed)

    today = given.day(0).isoformat()
    inspector.write_result(harvest, today, today)
    inspector.open_recall()
    clocks = inspector.decide()
    assert "giờ" in clocks
    decision = inspector.decision()
    assert harvest in decision and packed in decision and "DỰ THẢO" in decision
    assert "Chlorpyrifos" in shopper.warned(packed)

    facility.open()
    Buyer(phone()).answer(facility.link_for_buyer(), "30")
    facility.open()
    facility.take_back("30")
    facility.destroy(packed, "50")
    inspector.page.reload()
    inspector.end()
    facility.open()
    report = facility.report()
    assert harvest in report
    assert packed in report
    assert "BB-07/2026" in report
