"""Products and GS1 keys on the wire."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from app.models.accounts import Role
from app.models.registry import Organisation
from tests.api.machine import Machine, at
from tests.given import Given

GTIN = "9521234000013"
BODY = {"crop": "BAP_CAI", "name_vi": "Bắp cải Bắc Hà", "pack_g": 800, "gtin": GTIN}

Calling = Callable[[Role, Organisation | None], Machine]


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative()


@pytest.fixture
def clerk(calling: Calling, home: Organisation) -> Machine:
    return calling(Role.STAFF, home)


def test_a_product_is_registered_read_changed_and_withdrawn(clerk: Machine) -> None:
    made = clerk.post("/products", {**BODY, "gtin": "GTIN 952 1234 000013"}, key="one")
    assert made.status_code == 201
    again = clerk.post("/products", {**BODY, "gtin": "GTIN 952 1234 000013"}, key="one")
    assert again.json()["id"] == made.json()["id"]
    address = made.headers["location"]
    read = clerk.get(address)
    assert read.headers["etag"] == made.headers["etag"] == '"1"'
    product = read.json()
    assert (product["gtin"], product["gtin_shown"]) == (f"0{GTIN}", GTIN)
    assert len(product["warnings"]) == 2
    changed = {**BODY, "name_en": "Cabbage"}
    assert clerk.put(address, changed).status_code == 428
    assert clerk.put(address, changed, version=1).json()["name_en"] == "Cabbage"
    assert clerk.put(address, changed, version=1).status_code == 412
    withdrawn = clerk.post(f"{address}/withdraw")
    assert withdrawn.json()["withdrawn_on"] == "2026-11-20"
    assert withdrawn.headers["etag"] == '"3"'
    assert clerk.post(f"{address}/withdraw").status_code == 409
    taken = clerk.post("/products", {**BODY, "name_vi": "Tên khác"})
    assert taken.status_code == 409
    assert at(taken) == ["gtin"]


def test_a_list_has_pages_and_only_ones_own(clerk: Machine, calling: Calling) -> None:
    for number in range(3):
        clerk.post("/products", {"crop": "BAP_CAI", "name_vi": f"Bắp cải {number}"})
    first = clerk.get("/products", limit="2").json()
    rest = clerk.get("/products", after=first["next"]).json()
    names = [one["name_vi"] for page in (first, rest) for one in page["items"]]
    assert names == ["Bắp cải 0", "Bắp cải 1", "Bắp cải 2"]
    other = calling(Role.STAFF, None)
    assert other.get("/products").json()["items"] == []
    assert other.get(f"/products/{first['items'][0]['id']}").status_code == 404
    assert len(calling(Role.INSPECTOR, None).get("/products", q="cải 1").json()["items"]) == 1


def test_what_cannot_be_is_named_by_its_field(clerk: Machine) -> None:
    for changes, field in (
        ({"gtin": "9521234000014"}, "gtin"),
        ({"pack_g": 2**50}, "pack_g"),
        ({"best_before_days": 0}, "best_before_days"),
        ({"crop": "X"}, "crop"),
    ):
        assert at(clerk.post("/products", {**BODY, **changes})) == [field]


def test_keys_are_the_administrator_s_to_write(
    clerk: Machine, calling: Calling, home: Organisation, given: Given, session: Session
) -> None:
    area = given.area(home)
    admin = calling(Role.COOP_ADMIN, home)
    assert clerk.post("/company-prefixes", {"prefix": "9521234"}).status_code == 403
    assert admin.post("/company-prefixes", {"prefix": "952 1234"}).json()["prefix"] == "9521234"
    assert clerk.get("/company-prefixes").json()["items"][0]["organisation"] == str(home.uid)
    proposed = clerk.get("/company-prefixes/9521234/next-gtin").json()["gtin"]
    made = clerk.post("/products", {**BODY, "gtin": proposed}).json()
    assert made["gtin"] == proposed
    assert clerk.get("/company-prefixes/9521234/next-gtin").json()["gtin"] == f"0{GTIN}"
    carton = clerk.get("/company-prefixes/9521234/next-gtin", holds=made["id"]).json()["gtin"]
    assert carton[1:13] == proposed[1:13]
    gln = {"gln": "9521234000020", "area": str(area.uid)}
    assert admin.post("/location-numbers", gln).json()["area_name"] == area.name
    assert at(admin.post("/location-numbers", {**gln, "area": None})) == ["gln"]
    assert [one["gln"] for one in clerk.get("/location-numbers").json()["items"]] == [gln["gln"]]
    stranger = calling(Role.COOP_ADMIN, None)
    assert stranger.get("/company-prefixes/9521234/next-gtin").status_code == 404
    assert stranger.post("/location-numbers", gln).status_code == 404
    for address in ("/company-prefixes/9521234", "/location-numbers/9521234000020"):
        whole = f"/api/v1{address}"
        assert admin.client.delete(whole, headers=stranger.headers).status_code == 404
        assert admin.client.delete(whole, headers=admin.headers).status_code == 204


def test_a_photograph_stands_for_a_product(clerk: Machine, given: Given) -> None:
    made = clerk.post("/products", BODY)
    answer = clerk.client.put(
        f"{made.headers['location']}/picture",
        files={"file": ("anh.png", given.picture(), "image/png")},
        headers={**clerk.headers, "If-Match": '"1"'},
    )
    assert answer.status_code == 200
    assert answer.json()["picture"]
    assert answer.headers["etag"] == '"2"'


def test_a_run_is_printed_as_a_product(
    clerk: Machine, home: Organisation, given: Given, session: Session
) -> None:
    lot = given.lot(given.area(home))
    session.commit()
    product = clerk.post("/products", {**BODY, "storage": "nơi thoáng mát"}).json()["id"]
    order = {
        "lots": [{"lot": lot.code, "labels": 2}],
        "layout": "l1-60x40",
        "stock": "roll-60x40",
        "product": product,
    }
    words = clerk.post("/print-runs/check", order).json()["words"][lot.code]
    assert (words["product_name"], words["storage"]) == (
        "Bắp cải Bắc Hà",
        "Bảo quản: nơi thoáng mát",
    )
    made = clerk.post("/print-runs", order)
    assert made.json()["product"] == product
    assert at(clerk.post("/print-runs", {**order, "pack_g": 500, "reason": "x"})) == ["pack_g"]
    assert at(clerk.post("/print-runs", {**order, "product": str(home.uid)})) == ["product"]


def test_cartons_are_numbered_and_found_by_their_number(
    clerk: Machine, calling: Calling, home: Organisation, given: Given, session: Session
) -> None:
    lot = given.lot(given.area(home))
    admin = calling(Role.COOP_ADMIN, home)
    order = {
        "lots": [{"lot": lot.code, "labels": 3}],
        "layout": "l4-100x150",
        "stock": "roll-100x150",
        "sscc": True,
    }
    assert at(clerk.post("/print-runs", order)) == ["sscc"]
    admin.post("/company-prefixes", {"prefix": "9521234"})
    run = clerk.post("/print-runs", order).json()
    [part] = clerk.get(f"/print-runs/{run['id']}").json()["lots"]
    assert part["first_sscc"] == "095212340000000006"
    unit = clerk.get(f"/logistic-units/{part['last_sscc']}")
    assert unit.json() == {
        "sscc": part["last_sscc"],
        "lot": lot.code,
        "run": run["id"],
        "label": 3,
    }
    assert clerk.get("/logistic-units/095212340000000099").status_code == 404
    stranger = calling(Role.STAFF, None)
    assert stranger.get(f"/logistic-units/{part['first_sscc']}").status_code == 404
    inspector = calling(Role.INSPECTOR, None)
    assert inspector.get(f"/logistic-units/{part['first_sscc']}").status_code == 200
