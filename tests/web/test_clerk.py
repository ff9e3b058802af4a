"""The clerk's pages: sign in, record, keep what was typed, and nothing twice."""

import re
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import func, select
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.registry import Organisation, PlantingArea
from tests.given import PASSWORD, Given

SAME_SITE = {"sec-fetch-site": "same-origin", "accept-language": "en"}


@pytest.fixture
def area(session: Session, given: Given) -> PlantingArea:
    """An area of the cooperative the clerk of these tests works for."""
    home = given.cooperative()
    made = given.area(home)
    given.account(Role.STAFF, home, login="ke-toan")
    session.commit()
    return made


@pytest.fixture
def clerk(client: TestClient, area: PlantingArea) -> TestClient:
    client.headers.update(SAME_SITE)
    client.cookies.set("lang", "en")
    answer = client.post("/sign-in", data={"login": "Ke-Toan", "password": PASSWORD})
    assert answer.status_code == 303
    return client


def lots(session: Session) -> int:
    session.rollback()
    return session.execute(select(func.count()).select_from(HarvestLot)).scalar_one()


def hidden(page: str, action: str) -> dict[str, str]:
    """What a form sends that nobody typed."""
    form = page.split(f'action="{action}"')[1].split("</form>", maxsplit=1)[0]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


def harvest(area: PlantingArea, given: Given, /, **other: str) -> dict[str, str]:
    return {
        "area": str(area.uid),
        "crop": "BAP_CAI",
        "quantity_g": "1.250",
        "unit": "kg",
        "harvested_on": f"{given.day(-1):%d/%m/%Y}",
        "once": "mot-lan",
        **other,
    }


def test_a_harvest_is_recorded_once_however_often_the_button_is_pressed(
    clerk: TestClient, area: PlantingArea, session: Session, given: Given
) -> None:
    first = clerk.post("/work/lots/new", data=harvest(area, given))
    again = clerk.post("/work/lots/new", data=harvest(area, given))
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    assert lots(session) == 1
    assert "1,250 kg" in clerk.get(first.headers["location"]).text


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(
    clerk: TestClient, area: PlantingArea, session: Session, given: Given
) -> None:
    typed = harvest(area, given, harvested_on=f"{given.day(3):%d/%m/%Y}", note="giữ lại <b>")
    answer = clerk.post("/work/lots/new", data=typed)
    assert answer.status_code == 422
    assert 'id="why-harvested_on"' in answer.text
    assert "is in the future" in answer.text
    assert "giữ lại &lt;b&gt;" in answer.text
    assert 'value="1.250"' in answer.text
    assert lots(session) == 0


@pytest.mark.parametrize("quantity", ["", "0", "-4", "abc", "1e400", "NaN", "99999999999999999999"])
def test_a_quantity_that_cannot_be_is_refused(
    clerk: TestClient, area: PlantingArea, given: Given, quantity: str
) -> None:
    answer = clerk.post("/work/lots/new", data=harvest(area, given, quantity_g=quantity))
    assert answer.status_code == 422
    assert 'id="why-quantity_g"' in answer.text


@pytest.mark.parametrize("field", ["crop", "note", "harvested_on", "area", "once"])
@pytest.mark.parametrize("poison", ["\x00", "\ud800", "\u202e", "x" * 5000])
def test_poisoned_text_in_any_field_is_never_our_fault(
    clerk: TestClient, area: PlantingArea, given: Given, field: str, poison: str
) -> None:
    data = harvest(area, given, **{field: poison})
    body = "&".join(f"{name}={_percent(value)}" for name, value in data.items())
    answer = clerk.post(
        "/work/lots/new",
        content=body.encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code < 500


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def test_two_editors_at_once_the_second_is_told(
    clerk: TestClient, area: PlantingArea, session: Session, given: Given
) -> None:
    code = clerk.post("/work/lots/new", data=harvest(area, given)).headers["location"]
    path = code.split("?")[0] + "/amend"
    version = re.findall(r'name="version" value="(\d+)"', clerk.get(code).text)[0]
    form = {"version": version, "quantity_g": "1000", "unit": "kg", "what": "amend"}
    assert clerk.post(path, data=form).status_code == 303
    late = clerk.post(path, data={**form, "quantity_g": "900"})
    assert late.status_code == 422
    assert "Somebody changed this before you" in late.text
    session.rollback()
    assert session.execute(select(HarvestLot.quantity_g)).scalar_one() == 1_000_000


def test_labels_lead_to_a_file(clerk: TestClient, area: PlantingArea, given: Given) -> None:
    lot = clerk.post("/work/lots/new", data=harvest(area, given)).headers["location"].split("?")[0]
    form = hidden(clerk.get(lot).text, "/work/labels/new#preview")
    for kind, media in (("sheet_a4", "application/pdf"), ("png_203", "image/png")):
        typed = {**form, "form": kind, "copies": "2", "what": "print", "once": kind}
        answer = clerk.post("/work/labels/new", data={**typed, "reprint_reason": "Damaged"})
        file = clerk.get(answer.headers["location"].split("?")[0] + "/file")
        assert file.headers["content-type"] == media
    assert "2 × Pack 50 × 30 mm" in clerk.get(lot).text
    again = clerk.post("/work/labels/new", data={**form, "form": "sheet_a4", "once": "in2"})
    assert again.status_code == 422
    assert "say why more are needed" in again.text


def test_quick_labels_are_of_the_product(
    clerk: TestClient, session: Session, area: PlantingArea, given: Given
) -> None:
    """The one pack of the crop is chosen; its name, weight and GTIN are on the label."""
    home = session.get_one(Organisation, area.organisation_id)
    given.product(home, name_vi="Bắp cải Bản Phố", gtin="9521101000009", pack_g=800)
    session.commit()
    lot = clerk.post("/work/lots/new", data=harvest(area, given)).headers["location"].split("?")[0]
    page = clerk.get(lot).text
    assert re.search(r'<option value="[0-9a-f-]{36}" selected>Bắp cải Bản Phố – 800 g', page)
    product = re.findall(r'<option value="([0-9a-f-]{36})" selected>', page)[0]
    form = hidden(page, "/work/labels/new#preview")
    typed = {**form, "form": "png_300", "copies": "1", "product": product, "what": "print"}
    file = clerk.get(
        clerk.post("/work/labels/new", data=typed).headers["location"].split("?")[0] + "/file"
    )
    (read,) = zxingcpp.read_barcodes(Image.open(BytesIO(file.content)).convert("L"))
    assert "/01/09521101000009/10/LC" in read.text


def test_another_cooperatives_lot_is_not_there(
    clerk: TestClient, session: Session, given: Given
) -> None:
    foreign = given.lot()
    session.commit()
    assert clerk.get(f"/work/lots/{foreign.code}").status_code == 404


def test_signing_out_ends_the_session(clerk: TestClient) -> None:
    stolen = dict(clerk.cookies)
    assert clerk.get("/work").status_code == 200
    clerk.post("/sign-out")
    clerk.cookies.update(stolen)
    assert clerk.get("/work").status_code == 303


def test_a_session_rests_only_so_long(clerk: TestClient, clock) -> None:
    clock.forward(hours=11)
    assert clerk.get("/work").status_code == 200
    clock.forward(hours=2)
    assert clerk.get("/work").status_code == 303


def test_five_wrong_tries_make_the_next_wait(client: TestClient, area: PlantingArea, clock) -> None:
    client.headers.update(SAME_SITE)
    wrong = {"login": "ke-toan", "password": "sai"}
    assert [client.post("/sign-in", data=wrong).status_code for _ in range(6)] == [422] * 5 + [429]
    right = {"login": "ke-toan", "password": PASSWORD}
    assert client.post("/sign-in", data=right).status_code == 429
    clock.forward(minutes=16)
    assert client.post("/sign-in", data=right).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "", "origin": "https://evil.test"},
    ],
)
def test_another_site_cannot_act_for_the_clerk(
    clerk: TestClient, area: PlantingArea, session: Session, given: Given, headers: dict[str, str]
) -> None:
    sent = {name: value for name, value in headers.items() if value}
    if "sec-fetch-site" not in sent:
        del clerk.headers["sec-fetch-site"]
    assert clerk.post("/work/lots/new", data=harvest(area, given), headers=sent).status_code == 403
    assert lots(session) == 0


def test_a_cookie_without_an_origin_is_not_believed(
    clerk: TestClient, area: PlantingArea, session: Session, given: Given
) -> None:
    del clerk.headers["sec-fetch-site"]
    assert clerk.post("/work/lots/new", data=harvest(area, given)).status_code == 403
    assert lots(session) == 0


def test_a_one_time_link_sets_a_password_once(
    client: TestClient, session: Session, given: Given
) -> None:
    client.headers.update(SAME_SITE)
    manager = given.cooperative()
    given.account(Role.COOP_ADMIN, manager, login="giam-doc")
    session.commit()
    client.post("/sign-in", data={"login": "giam-doc", "password": PASSWORD})
    invited = client.post(
        "/work/team/invite", data={"name": "Người mới", "login": "moi", "role": "staff"}
    )
    link = re.search(r"https://truyxuat\.test(/welcome/\S+?)<", invited.text)
    assert link
    chosen = {"password": "bốn từ thật dễ nhớ", "again": "bốn từ thật dễ nhớ"}
    assert client.post(link[1], data={**chosen, "again": "khác"}).status_code == 422
    assert client.post(link[1], data=chosen).status_code == 303
    assert client.post(link[1], data=chosen).status_code == 410
    assert client.get(link[1]).status_code == 410
    answer = client.post("/sign-in", data={"login": "moi", "password": chosen["password"]})
    assert answer.status_code == 303
