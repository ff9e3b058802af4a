"""The main menu on a phone: one line that scrolls sideways, the page one is on in view, little of the screen taken."""

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session

from app.models.accounts import Role
from tests.given import Given
from tests.journeys.test_field_to_phone import PHONE, sign_in

MENU = """() => {
  const row = document.querySelector(".menu nav"), here = row.querySelector("[aria-current]");
  const box = here.getBoundingClientRect();
  return [row.scrollWidth > row.clientWidth, box.left >= 0 && box.right <= innerWidth,
    document.querySelector("main").getBoundingClientRect().top];
}"""


@pytest.mark.parametrize("path", ["/desk", "/desk/balance", "/work/team"])
def test_the_page_one_is_on_stands_in_view_in_the_menu(
    browser: Browser, address: str, session: Session, given: Given, path: str
) -> None:
    given.account(Role.PROVINCE_ADMIN, login="quan-tri")
    session.commit()
    page = browser.new_page(locale="vi-VN", viewport=PHONE)
    sign_in(page, address, "quan-tri")
    page.goto(address + path)
    scrolls, in_view, top = page.evaluate(MENU)
    assert (scrolls, in_view) == (True, True)
    assert top < 200
    page.close()
