"""Products in the browser: registered from an empty form, numbered, changed, withdrawn."""

import re
from html import unescape

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.catalogue.gs1_key_commands import register_prefix
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.registry import Organisation
from tests.conftest import BASE_URL
from tests.given import Given

FORM = {
    "name_vi": "Bắp cải Bắc Hà",
    "crop": "BAP_CAI",
    "gtin": "952 1234 000013",
    "pack_g": "0,8",
    "pack_unit": "kg",
    "best_before_days": "7",
    "what": "save",
}


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative()


@pytest.fixture
def clerk(client: TestClient, session: Session, given: Given, home: Organisation) -> TestClient:
    client.headers.update(given.headers(Role.COOP_ADMIN, home))
    client.cookies.set("lang", "en")
    client.headers["Origin"] = BASE_URL
    session.commit()
    return client


def said(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", " ", page))


def typed(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    return unescape(found[1]) if found else ""


def registered(clerk: TestClient, **changes: str) -> str:
    answer = clerk.post("/work/products/new", data={**FORM, **changes})
    assert answer.status_code == 303, said(answer.text)
    return str(answer.headers["location"]).partition("?")[0]


def test_a_product_is_registered_and_shown(clerk: TestClient) -> None:
    assert "No products here yet" in said(clerk.get("/work/products").text)
    page = said(clerk.get(registered(clerk)).text)
    assert "9521234000013" in page
    assert "800 g" in page
    assert "7 days after packing" in page
    assert "Print labels" in page
    assert "Bắp cải Bắc Hà" in said(clerk.get("/work/products?q=9521234").text)
    assert "No product has" in said(clerk.get("/work/products?q=khong").text)


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(clerk: TestClient) -> None:
    answer = clerk.post(
        "/work/products/new",
        data={**FORM, "gtin": "9521234000014", "name_vi": "", "best_before_days": "x"},
    )
    assert answer.status_code == 422
    assert typed(answer.text, "gtin") == "9521234000014"
    assert 'id="why-name_vi"' in answer.text
    assert 'id="why-best_before_days"' in answer.text
    alone = clerk.post("/work/products/new", data={**FORM, "gtin": "9521234000014"})
    assert "would be 3" in said(alone.text)
    assert 'id="why-gtin"' in alone.text


def test_the_next_free_number_is_filled_in(
    clerk: TestClient, session: Session, given: Given, home: Organisation
) -> None:
    asked = {**FORM, "gtin": "", "what": "propose"}
    assert typed(clerk.post("/work/products/new", data=asked).text, "gtin") == ""
    register_prefix(session, organisation=home, prefix="9521234", by=Actor.system(), now=given.now)
    session.commit()
    page = clerk.post("/work/products/new", data=asked).text
    assert typed(page, "gtin") == "9521234000006"
    assert typed(page, "name_vi") == FORM["name_vi"]
    address = registered(clerk)
    uid = address.rpartition("/")[2]
    carton = clerk.get(f"/work/products/new?holds={uid}").text
    assert typed(carton, "gtin") == "19521234000010"
    made = registered(clerk, gtin=typed(carton, "gtin"), pack_g="", holds=uid, holds_count="12")
    assert "9,6 kg" in said(clerk.get(made).text).replace("9.6", "9,6")
    assert "12 ×" in said(clerk.get(address).text)


def test_a_change_knows_its_version_and_the_end_is_for_good(clerk: TestClient) -> None:
    address = registered(clerk)
    form = clerk.get(f"{address}/edit").text
    assert (typed(form, "gtin"), typed(form, "pack_g")) == ("9521234000013", "800")
    changes = {**FORM, "name_en": "Cabbage", "version": typed(form, "version")}
    assert clerk.post(f"{address}/edit", data=changes).status_code == 303
    stale = clerk.post(f"{address}/edit", data=changes)
    assert stale.status_code == 422
    assert "Somebody changed this" in said(stale.text)
    assert clerk.post(f"{address}/withdraw").status_code == 303
    assert "Withdrawn on 20/11/2026" in said(clerk.get(address).text)
    assert clerk.post(f"{address}/withdraw").status_code == 422


def test_a_photograph_is_kept(clerk: TestClient, given: Given) -> None:
    address = registered(clerk)
    assert "Choose a file" in said(clerk.post(f"{address}/picture").text)
    sent = {"file": ("anh.png", given.picture(), "image/png")}
    assert clerk.post(f"{address}/picture", files=sent).status_code == 303
    assert "/work/pictures/" in clerk.get(address).text


def test_numbers_of_gs1_are_written_down_and_struck_out(
    clerk: TestClient, session: Session, given: Given, home: Organisation
) -> None:
    area = given.area(home, name="Đồi Sân Chùa")
    session.commit()
    wrong = clerk.post("/work/gs1/prefixes", data={"prefix": "12"})
    assert wrong.status_code == 422
    assert typed(wrong.text, "prefix") == "12"
    assert clerk.post("/work/gs1/prefixes", data={"prefix": "9521234"}).status_code == 303
    gln = {"gln": "9521234000020", "area": str(area.uid)}
    assert clerk.post("/work/gs1/locations", data=gln).status_code == 303
    page = said(clerk.get("/work/gs1").text)
    assert "9521234000020" in page
    assert "Đồi Sân Chùa" in page
    for address in ("/work/gs1/prefixes/9521234", "/work/gs1/locations/9521234000020"):
        assert clerk.post(f"{address}/remove").status_code == 303
    assert said(clerk.get("/work/gs1").text).count("None is written down yet.") == 2


def test_the_print_form_leads_to_a_product_and_comes_back_with_it(
    clerk: TestClient, session: Session, given: Given, home: Organisation
) -> None:
    lot = given.lot(given.area(home))
    session.commit()
    form = clerk.get(f"/work/labels/new?lot={lot.code}").text
    assert f"/work/products/new?lot={lot.code}" in form
    empty = clerk.get(f"/work/products/new?lot={lot.code}").text
    assert '<option value="BAP_CAI" selected>' in empty
    answer = clerk.post("/work/products/new", data={**FORM, "lot": lot.code})
    back = answer.headers["location"]
    assert back.startswith(f"/work/labels/new?lot={lot.code}&product=")
    uid = re.search(r"product=([0-9a-f-]{36})", back)[1]
    page = clerk.get(back).text
    assert f'<option value="{uid}" selected>' in page
    # The only pack of the lot's crop is chosen by itself, a second makes it a question.
    assert f'<option value="{uid}" selected>' in clerk.get(f"/work/labels/new?lot={lot.code}").text
    registered(clerk, gtin="", pack_g="0,5")
    assert f'<option value="{uid}">' in clerk.get(f"/work/labels/new?lot={lot.code}").text


def test_a_run_says_what_it_was_sold_as_and_refuses_another_crop(
    clerk: TestClient, session: Session, given: Given, home: Organisation
) -> None:
    lot = given.lot(given.area(home))
    other = given.product(home, crop="SU_HAO", name_vi="Su hào")
    session.commit()
    uid = registered(clerk).rpartition("/")[2]
    asked = {"lots": lot.code, "layout": "l1-60x40", "stock": "roll-60x40", "copies": "2",
             "output": "pdf", "language": "vi", "product": uid, "what": "print"}  # fmt: skip
    wrong = clerk.post("/work/labels/new", data={**asked, "product": str(other.uid)})
    assert wrong.status_code == 422
    assert 'id="why-product"' in wrong.text
    preview = clerk.post("/work/labels/new", data={**asked, "what": "preview"})
    assert "HSD: 26/11/2026" in unescape(preview.text)
    run = clerk.post("/work/labels/new", data=asked)
    assert run.status_code == 303, said(run.text)
    page = said(clerk.get(run.headers["location"]).text)
    assert "Sold as" in page
    assert "9521234000013" in page


def test_cartons_are_numbered_from_the_form_and_found_at_the_desk(
    clerk: TestClient, session: Session, given: Given, home: Organisation
) -> None:
    lot = given.lot(given.area(home))
    session.commit()
    asked = {"lots": lot.code, "layout": "l4-100x150", "stock": "roll-100x150", "copies": "2",
             "output": "pdf", "language": "vi", "sscc": "yes", "what": "print",
             "storage": "nơi thoáng mát", "pack_g": "6", "pack_unit": "kg"}  # fmt: skip
    refused = clerk.post("/work/labels/new", data=asked)
    assert refused.status_code == 422
    assert 'id="why-sscc"' in refused.text
    clerk.post("/work/gs1/prefixes", data={"prefix": "9521234"})
    run = clerk.post("/work/labels/new", data=asked)
    assert run.status_code == 303, said(run.text)
    page = said(clerk.get(run.headers["location"]).text)
    assert "095212340000000006 – 095212340000000013" in " ".join(page.split())
    clerk.headers.update(given.headers(Role.INSPECTOR))
    session.commit()
    found = clerk.get("/desk?q=(00)095212340000000013")
    assert found.headers["location"] == f"/desk/lots/{lot.code}"
    assert clerk.get("/desk?q=095212340000000020").status_code == 200


def test_a_layout_says_which_elements_a_bar_code_holds(clerk: TestClient) -> None:
    page = clerk.get("/work/labels/layouts/l4-100x150").text
    assert typed(page, "symbols.1.elements") == "01 02 37 13"
    assert '<option value="sscc" selected>' in page
