"""The main job from end to end: recorded by a clerk, printed, scanned by a shopper, found by an inspector."""

import io

import httpx
import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page
from sqlmodel import Session

from app.kit.codes import grouped
from app.models.accounts import Role
from app.models.registry import OrganisationKind
from tests.given import PASSWORD, Given

PHONE = {"width": 360, "height": 640}


@pytest.fixture
def people(session: Session, given: Given) -> None:
    """A cooperative that may claim VietGAP, its clerk, and an inspector."""
    cooperative = given.cooperative("Hợp tác xã Rau Bản Phố")
    area = given.area(cooperative, name="Đồi Sân Chùa")
    given.code(area)
    given.certificate(area)
    given.account(Role.STAFF, cooperative, login="ke-toan")
    authority = given.organisation(OrganisationKind.AUTHORITY, "Chi cục Trồng trọt")
    given.account(Role.INSPECTOR, authority, login="thanh-tra")
    session.commit()


def sign_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("#login", login)
    page.fill("#password", PASSWORD)
    page.click("main button")


def read_qr(picture: Image.Image) -> str:
    found = zxingcpp.read_barcodes(picture)
    assert found, "no symbol could be read"
    return str(found[0].text)


def codes_on(pdf: bytes) -> set[str]:
    """What every symbol on the first page says, rasterised at 300 dpi."""
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=300 / 72).to_pil()
    return {found.text for found in zxingcpp.read_barcodes(picture)}


@pytest.mark.usefixtures("people")
def test_a_harvest_travels_from_the_field_to_the_phone(
    browser: Browser, address: str, given: Given
) -> None:
    clerk = browser.new_page(locale="vi-VN", viewport=PHONE)
    sign_in(clerk, address, "ke-toan")
    clerk.goto(f"{address}/work/lots/new")
    clerk.select_option("#crop", "BAP_CAI")
    clerk.fill("#quantity_g", "1.250")
    clerk.fill("#harvested_on", given.day(-1).isoformat())
    clerk.click("button[value=show]")
    clerk.wait_for_url("**/work/lots/LC*?done=recorded")
    code = clerk.url.rsplit("/", 1)[1].split("?")[0]
    assert "1.250 kg" in clerk.inner_text("h1")

    clerk.fill("#copies", "5")
    clerk.click("button[value=print]")
    clerk.wait_for_url("**/work/labels/runs/*?done=printed*")
    file = clerk.get_attribute("a[href$='/file']", "href")
    pdf = clerk.request.get(f"{address}{file}").body()
    assert codes_on(pdf) == {f"{address}/T/{code}"}

    shopper = browser.new_context(viewport=PHONE, locale="vi-VN").new_page()
    answer = shopper.goto(f"{address}/T/{code}")
    assert answer is not None
    assert answer.status == 200
    told = shopper.inner_text("main")
    assert grouped(code) in told
    assert "Hợp tác xã Rau Bản Phố" in told
    assert "VietGAP" in told
    assert shopper.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    inspector = browser.new_context(viewport=PHONE, locale="vi-VN").new_page()
    sign_in(inspector, address, "thanh-tra")
    inspector.fill("#q", "bap cai ban pho")
    inspector.click("form[role=search] button")
    inspector.click(f"a[href='/desk/lots/{code}']")
    history = inspector.inner_text("ol.line")
    assert history.index("Đã ghi thu hoạch") < history.index("Đã in tem nhãn")


@pytest.mark.usefixtures("people")
def test_a_photograph_of_a_label_leads_the_inspector_to_the_lot(
    browser: Browser, address: str, given: Given, session: Session
) -> None:
    area = given.area(name="Vùng ảnh")
    lot = given.lot(area)
    key = given.headers(
        Role.COOP_ADMIN, session.get_one(type(given.cooperative()), area.organisation_id)
    )
    session.commit()
    made = httpx.post(
        f"{address}/api/v1/lots/{lot.code}/label-prints",
        json={"form": "png_300"},
        headers={**key, "Idempotency-Key": "anh"},
    ).json()
    label = httpx.get(address + made["file"], headers=key).content
    assert read_qr(Image.open(io.BytesIO(label))) == f"{address}/T/{lot.code}"

    inspector = browser.new_page(locale="vi-VN", viewport=PHONE)
    sign_in(inspector, address, "thanh-tra")
    inspector.set_input_files(
        "#photo", {"name": "nhan.png", "mimeType": "image/png", "buffer": label}
    )
    inspector.click("form[action='/desk/scan'] button")
    inspector.wait_for_url(f"**/desk/lots/{lot.code}")


@pytest.mark.usefixtures("people")
def test_the_public_page_says_the_same_with_javascript_off(
    browser: Browser, address: str, given: Given, session: Session
) -> None:
    lot = given.lot()
    session.commit()
    plain = browser.new_context(
        java_script_enabled=False, viewport=PHONE, locale="en-GB"
    ).new_page()
    plain.goto(f"{address}/t/{lot.code}")
    scripted = browser.new_context(viewport=PHONE, locale="en-GB").new_page()
    scripted.goto(f"{address}/t/{lot.code}")
    assert plain.inner_text("main") == scripted.inner_text("main")
    assert "Cabbage" in plain.inner_text("h1")


def test_the_same_journey_through_the_api(address: str, given: Given, session: Session) -> None:
    cooperative = given.cooperative()
    area = given.area(cooperative)
    given.code(area)
    given.certificate(area)
    clerk = given.headers(Role.STAFF, cooperative)
    inspector = given.headers(Role.INSPECTOR)
    session.commit()
    with httpx.Client(base_url=f"{address}/api/v1") as api:
        recorded = api.post(
            "/lots",
            headers={**clerk, "Idempotency-Key": "thu-hoach-1"},
            json={
                "area": str(area.uid),
                "crop": "BAP_CAI",
                "harvested_on": given.day(-1).isoformat(),
                "quantity_g": 250_000,
            },
        )
        assert recorded.status_code == 201, recorded.text
        code = recorded.json()["code"]
        granted = {claim["kind"] for claim in recorded.json()["claims"] if claim["granted"]}
        assert granted == {"area_code", "vietgap"}
        made = api.post(
            f"/lots/{code}/label-prints",
            headers={**clerk, "Idempotency-Key": "in-1"},
            json={"form": "sheet_a4", "copies": 3},
        ).json()
        pdf = api.get(f"{address}{made['file']}", headers=clerk).content
        assert codes_on(pdf) == {f"{address}/T/{code}"}
        public = api.get(f"/public/lots/{code}").json()
        assert public["producer"] == cooperative.name
        history = api.get(f"/lots/{code}/history", headers=inspector).json()["facts"]
        assert [fact["kind"] for fact in history][-2:] == ["lot.recorded", "label.printed"]
        assert all(fact["intact"] for fact in history)
