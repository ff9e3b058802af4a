"""A code from the drawn field to its restoration; the register and the paper tell everybody at each step."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page
from sqlmodel import Session

from app.models.accounts import Role
from app.models.registry import OrganisationKind
from tests.given import PASSWORD, Given
from tests.journeys.code_life import Applicant, Officer, draw_field, paper_of, said_of

PHONE, DESK = {"width": 360, "height": 640}, {"width": 1280, "height": 800}
AREA = "Nương Sín Chải"


@pytest.fixture
def window(
    browser: Browser, address: str, session: Session, given: Given
) -> Callable[[str, dict[str, int]], Page]:
    """A window of somebody who signed in; of anybody for an empty name."""
    cooperative = given.cooperative("Hợp tác xã Rau Bản Phố")
    given.account(Role.COOP_ADMIN, cooperative, login="giam-doc")
    authority = given.organisation(OrganisationKind.AUTHORITY, "Chi cục Trồng trọt")
    given.account(Role.PROVINCE_ADMIN, authority, login="quan-tri")
    session.commit()

    def opened(login: str, size: dict[str, int]) -> Page:
        fingers = size is PHONE
        page = browser.new_context(viewport=size, locale="vi-VN", has_touch=fingers).new_page()
        if login:
            page.goto(f"{address}/sign-in")
            page.fill("#login", login)
            page.fill("#password", PASSWORD)
            page.click("main button")
        return page

    return opened


def apply(page: Page, address: str, since: str) -> None:
    """On the phone: enter the area, draw it, hear all that is missing, hand it in."""
    applicant = Applicant(page, address)
    area = applicant.register_area(AREA, since=since, commune="02839", crop="BAP_CAI")
    lacking = applicant.hand_in_too_early(area)
    assert lacking.count("\n") >= 4, lacking
    page.goto(f"{address}/work/areas/{area}/boundary")
    draw_field(page)
    applicant.save_boundary()
    applicant.fill_in(area, "VNM", "CHN")
    applicant.hand_in()


def look(page: Page, address: str, code: str, *, public: str, paper: str) -> None:
    """The paper says it, its symbol opens the public page, and that says it too."""
    printed = paper_of(page, address, code)
    assert paper in printed.words
    assert page.goto(printed.address).status == 200
    assert public in said_of(page, code)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_code_is_asked_for_issued_suspended_and_restored_and_everybody_sees_it(
    window: Callable[..., Page], address: str, given: Given
) -> None:
    applicant = window("giam-doc", PHONE)
    apply(applicant, address, given.day(-300).isoformat())

    officer = Officer(window("quan-tri", DESK), address)
    officer.open_application(AREA, "Trung Quốc")
    officer.inspect("Có nơi thu gom vỏ bao thuốc, có nhật ký canh tác.")
    export = officer.issue("15/QĐ-TTBVTV")
    officer.open_application(AREA, "Việt Nam")
    home = officer.issue("16/QĐ-TTBVTV")
    assert (home, export) == ("15-PUC-BAPCAI01-000001-VNM", "15-PUC-BAPCAI01-000001-CHN")

    shopper = window("", PHONE)
    for code, number in ((home, "16/QĐ-TTBVTV"), (export, "15/QĐ-TTBVTV")):
        look(shopper, address, code, public="Có hiệu lực", paper=number)
    assert "ĐÌNH CHỈ" not in paper_of(shopper, address, export).words

    officer.open_application(AREA, "Trung Quốc", state="issued")
    officer.page.click("a.button[href*='/desk/codes/']")
    officer.step("suspend", "pest_found", "20/QĐ-TTBVTV")
    look(shopper, address, export, public="Bị đình chỉ", paper="ĐANG BỊ ĐÌNH CHỈ")
    look(shopper, address, home, public="Có hiệu lực", paper="16/QĐ-TTBVTV")
    shopper.goto(f"{address}/register?status=suspended")
    assert export in shopper.inner_text("main")
    assert home not in shopper.inner_text("main")
    applicant.goto(f"{address}/work/notices")
    assert f"{export} của {AREA} bị đình chỉ" in applicant.inner_text("main")

    officer.step("restore", "all_mended", "25/QĐ-TTBVTV")
    look(shopper, address, export, public="Có hiệu lực", paper="15/QĐ-TTBVTV")
    assert "ĐÌNH CHỈ" not in paper_of(shopper, address, export).words
    shopper.goto(f"{address}/register?status=suspended")
    assert export not in shopper.inner_text("main")
    applicant.reload()
    assert f"{export} của {AREA} có hiệu lực trở lại" in applicant.inner_text("main")
