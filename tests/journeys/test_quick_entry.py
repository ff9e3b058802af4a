"""Ten harvests one after the other, by keyboard, without leaving the page; and without a script too."""

import time

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select
from sqlmodel import Session, col

from app.models.accounts import Role
from app.models.lots import HarvestLot
from tests.given import Given
from tests.journeys.test_field_to_phone import PHONE, sign_in

HARVESTS = 10
SECONDS = 20


@pytest.fixture
def clerk_page(browser: Browser, address: str, session: Session, given: Given) -> Page:
    """A clerk at the form, after choosing area and crop."""
    home = given.cooperative()
    given.area(home, name="Đồi Sân Chùa", crops=("BAP_CAI", "SU_HAO"))
    given.area(home, name="Ruộng Bản Phố")
    given.account(Role.STAFF, home, login="ke-toan")
    session.commit()
    page = browser.new_page(locale="vi-VN", viewport=PHONE)
    sign_in(page, address, "ke-toan")
    page.goto(f"{address}/work/lots/new")
    page.select_option("#area", label="Đồi Sân Chùa")
    page.select_option("#crop", "SU_HAO")
    return page


def kilograms(session: Session) -> list[int]:
    session.rollback()
    grams = session.execute(select(col(HarvestLot.quantity_g)).order_by(col(HarvestLot.id)))
    found = [one // 1000 for one in grams.scalars()]
    session.rollback()
    return found


def test_ten_harvests_are_recorded_by_keyboard_without_a_reload(
    clerk_page: Page, session: Session
) -> None:
    page = clerk_page
    page.evaluate("window.same = true")
    page.focus("#quantity_g")
    slowest = 0.0
    for number in range(1, HARVESTS + 1):
        began = time.monotonic()
        page.keyboard.type(str(100 + number))
        page.keyboard.press("Enter")
        page.wait_for_function(
            "words => document.getElementById('told').textContent.includes(words)",
            arg=f"{100 + number} kg",
        )
        slowest = max(slowest, time.monotonic() - began)
        assert page.evaluate("document.activeElement.id") == "quantity_g"
        assert page.input_value("#quantity_g") == ""
    assert page.evaluate("window.same") is True, "the page was loaded anew"
    assert page.input_value("#crop") == "SU_HAO"
    assert kilograms(session) == list(range(101, 101 + HARVESTS))
    assert slowest < SECONDS


def test_what_is_wrong_is_said_in_place_and_the_cursor_stands_in_it(
    clerk_page: Page, session: Session
) -> None:
    page = clerk_page
    page.evaluate("window.same = true")
    page.fill("#quantity_g", "0")
    page.press("#quantity_g", "Enter")
    page.wait_for_selector("#why-quantity_g")
    assert page.evaluate("document.activeElement.id") == "quantity_g"
    assert page.input_value("#quantity_g") == "0"
    page.fill("#quantity_g", "12,5")
    page.press("#quantity_g", "Enter")
    page.wait_for_selector("[data-told]")
    assert page.evaluate("window.same") is True
    session.rollback()
    assert session.execute(select(func.sum(col(HarvestLot.quantity_g)))).scalar_one() == 12_500


def test_without_a_network_nothing_typed_is_lost_and_nothing_is_sent_twice(
    clerk_page: Page, session: Session
) -> None:
    page = clerk_page
    page.fill("#quantity_g", "77")
    page.context.set_offline(True)
    page.press("#quantity_g", "Enter")
    page.wait_for_selector("#told.notice")
    assert page.input_value("#quantity_g") == "77"
    page.context.set_offline(False)
    page.press("#quantity_g", "Enter")
    page.wait_for_selector("[data-told]")
    assert kilograms(session) == [77]


def test_without_a_script_the_same_form_leads_to_the_next(
    browser: Browser, address: str, clerk_page: Page, session: Session
) -> None:
    state = clerk_page.context.storage_state()
    context = browser.new_context(
        java_script_enabled=False, locale="vi-VN", viewport=PHONE, storage_state=state
    )
    page = context.new_page()
    page.goto(f"{address}/work/lots/new")
    page.select_option("#area", label="Ruộng Bản Phố")
    page.select_option("#crop", "BAP_CAI")
    for number in (1, 2):
        page.fill("#quantity_g", str(number))
        page.press("#quantity_g", "Enter")
        page.wait_for_selector("[data-told]")
    assert kilograms(session) == [1, 2]
    assert "after=LC" in page.url
