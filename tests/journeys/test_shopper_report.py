"""A shopper without a script reports what is wrong; the cooperative answers; the ticket tells."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from sqlmodel import Session

from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from tests.given import PASSWORD, Given

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    """A lot with its cooperative's clerk."""
    made = given.lot()
    home = session.get_one(Organisation, made.organisation_id)
    given.account(Role.STAFF, home, login="ke-toan")
    session.commit()
    return made


def fits(page: Page) -> bool:
    """Whether a page is no wider than the telephone; asked from outside, so it needs no script."""
    return bool(page.locator("body").bounding_box()["width"] <= PHONE["width"])


def test_a_report_without_a_script(
    browser: Browser, address: str, lot: HarvestLot, tmp_path: Path
) -> None:
    photo = tmp_path / "bap-cai.jpg"
    Image.effect_noise((640, 480), 60).convert("RGB").save(photo, "JPEG")
    context = browser.new_context(viewport=PHONE, locale="vi-VN", java_script_enabled=False)
    shopper = context.new_page()
    shopper.goto(f"{address}/t/{lot.code}")
    shopper.click("text=Báo vấn đề")
    assert fits(shopper)
    shopper.check("text=Hàng hỏng")
    shopper.fill("#words", "Mua chiều qua, sáng nay bổ ra bị thối lõi.")
    shopper.set_input_files("#photo", photo)
    shopper.wait_for_timeout(3_100)  # nobody is faster; a machine is
    shopper.click("text=Gửi phản ánh")
    ticket = shopper.url.partition("?")[0]
    assert "/r/PA" in ticket
    assert fits(shopper)

    clerk = browser.new_page(locale="vi-VN", viewport=PHONE)
    clerk.goto(f"{address}/sign-in")
    clerk.fill("#login", "ke-toan")
    clerk.fill("#password", PASSWORD)
    clerk.click("main button")
    clerk.goto(f"{address}/work/reports")
    clerk.click("main a:has-text('Hàng hỏng')")
    picture = clerk.locator(".pictures img")
    picture.scroll_into_view_if_needed()
    shown = "async picture => { await picture.decode(); return picture.naturalWidth }"
    assert picture.evaluate(shown) == 640
    clerk.click("summary:has-text('Trả lời người mua')")
    clerk.fill("#words-answer", "Hợp tác xã xin lỗi và đổi bắp khác cho bạn.")
    clerk.click("text=Gửi trả lời")
    assert clerk.locator(".notice.good").is_visible()

    shopper.goto(ticket)
    assert shopper.locator("text=Hợp tác xã xin lỗi").is_visible()
    assert shopper.locator("li:has-text('Đã trả lời'):not(.ahead)").is_visible()
    context.close()
