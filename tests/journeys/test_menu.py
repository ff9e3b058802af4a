"""The main menu in a browser: rows of groups on a wide screen, one line that opens on a phone."""

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session

from app.models.accounts import Role
from tests.given import Given
from tests.journeys.test_field_to_phone import PHONE, sign_in

# Which database lies beneath changes nothing of what a browser makes of these pages.
pytestmark = pytest.mark.one_engine

SEEN = """() => [...document.querySelectorAll(".menu a, .menu summary")]
  .filter(one => one.checkVisibility()).map(one => one.textContent.trim())"""


def test_the_menu_takes_one_line_of_a_phone_and_two_of_a_desk(
    browser: Browser, address: str, session: Session, given: Given
) -> None:
    given.account(Role.PROVINCE_ADMIN, login="quan-tri")
    session.commit()
    page = browser.new_page(locale="vi-VN", viewport=PHONE, java_script_enabled=True)
    sign_in(page, address, "quan-tri")
    page.goto(f"{address}/desk/balance")
    assert len(page.evaluate(SEEN)) == 1
    assert page.evaluate("document.querySelector('main').getBoundingClientRect().top") < 200
    page.click(".menu summary")
    assert len(page.evaluate(SEEN)) > 20
    page.set_viewport_size({"width": 1280, "height": 800})
    wide = page.evaluate(SEEN)
    assert "Kế hoạch" in wide
    assert "Lưu trữ" not in wide
    assert page.evaluate("document.querySelector('main').getBoundingClientRect().top") < 220
    page.close()
