"""The resolver, as whoever scans a GS1 Digital Link of ours meets it."""

import json
from typing import Any

import jsonschema
import pytest
from fastapi import FastAPI
from httpx import Response
from sqlalchemy import Engine, select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.kit.codes import new_lot_code
from app.labels.keys import FOLDER, KeyRing
from app.labels.serials import serial_of
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.lots.commands import recall_lot, withdraw_lot
from app.lots.queries import lot_by_code
from app.main import create_app
from app.models.catalogue import Crop
from app.models.lots import HarvestLot
from app.models.products import Product
from app.models.registry import Organisation, OrganisationKind, PlantingArea
from app.provenance.links import VOCABULARY
from app.web.kept_pages import Memory
from tests.conftest import BASE_URL
from tests.given import Given
from tests.provenance.goods import LINKSET, gln, gtin, numbered, product_of, schema

BY = Actor.system()
PEOPLE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en"}


@pytest.fixture
def lot(session: Session, given: Given) -> HarvestLot:
    area = given.area()
    given.code(area)
    given.certificate(area, standard="FOOD_SAFETY_2018")
    return given.lot(area)


@pytest.fixture
def product(session: Session, lot: HarvestLot) -> Product:
    made = product_of(session, lot)
    session.commit()
    return made


@pytest.fixture
def address(lot: HarvestLot, product: Product) -> str:
    """The path of the lot as its product."""
    return f"/01/{product.gtin}/10/{lot.code}"


@pytest.fixture
def serial(app: FastAPI, lot: HarvestLot) -> str:
    """A genuine serial of the lot, which no run has given out."""
    ring = KeyRing(app.state.settings.data_dir / FOLDER)
    return serial_of(ring.lot_key(lot.code).key, 7)


def get(client: TestClient, path: str, **headers: str) -> Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers={"Accept": "*/*", **sent})


def linkset_of(client: TestClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(path, headers=LINKSET)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/linkset+json"
    said = answer.json()
    jsonschema.validate(said, schema("linkset_schema.json"))
    return said["linkset"]


def test_a_lot_leads_to_its_page_from_memory_and_anew(
    client: TestClient, app: FastAPI, address: str, lot: HarvestLot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = get(client, address)
    monkeypatch.setattr("app.web.resolver.links_of", lambda *_a, **_k: pytest.fail("made again"))
    again = get(client, address)
    for answer in (first, again):
        assert answer.status_code == 307
        assert answer.headers["location"] == f"{BASE_URL}/t/{lot.code}"
        assert answer.content == b""
        assert 'rel="linkset"' in answer.headers["link"]
        assert 'rel="gs1:' not in answer.headers["link"]
        assert "s-maxage=30" in answer.headers["cache-control"]
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert {**first.headers, "x-request-id": ""} == {**again.headers, "x-request-id": ""}


def test_another_process_finds_the_links_in_the_database(
    client: TestClient, app: FastAPI, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get(address, headers=LINKSET)
    app.state.kept_pages = None
    monkeypatch.setattr("app.web.making_links.resolve", lambda *_a, **_k: pytest.fail("made again"))
    assert client.get(address, headers=LINKSET).text == first.text


def test_a_product_leads_to_its_page_and_a_variant_walks_up(
    client: TestClient, product: Product
) -> None:
    for path in (f"/01/{product.gtin}", f"/01/{product.gtin}/22/2A", f"/01/{product.gtin}/"):
        assert get(client, path).headers["location"] == f"{BASE_URL}/p/{product.gtin}"


EVERY_LENGTH_OF_A_GTIN_IS_ONE_PRODUCT = [13, 14]


def test_every_length_of_a_gtin_is_one_product(client: TestClient, product: Product) -> None:
    for digits in EVERY_LENGTH_OF_A_GTIN_IS_ONE_PRODUCT:
        answer = get(client, f"/01/{product.gtin[-digits:]}")
        assert answer.headers["location"] == f"{BASE_URL}/p/{product.gtin}"


def test_a_lot_is_found_however_it_was_typed(
    client: TestClient, lot: HarvestLot, product: Product
) -> None:
    code = lot.code
    for typed in (code.lower(), f"{code[:4]}-{code[4:]}", code[:2] + code[2:].replace("0", "O")):
        answer = get(client, f"/01/{product.gtin}/10/{typed}")
        assert answer.headers["location"] == f"{BASE_URL}/t/{code}"


def test_a_genuine_label_leads_to_its_own_page(
    client: TestClient, address: str, lot: HarvestLot, serial: str
) -> None:
    for _ in range(2):
        answer = get(client, f"{address}/21/{serial.lower()}")
        assert answer.headers["location"] == f"{BASE_URL}/t/{lot.code}/{serial}"
    levels = linkset_of(client, f"{address}/21/{serial}")
    assert [level["anchor"] for level in levels] == [
        f"{BASE_URL}{address}/21/{serial}",
        f"{BASE_URL}{address}",
        f"{BASE_URL}{address.partition('/10/')[0]}",
    ]
    assert levels[0][VOCABULARY + "defaultLink"][0]["href"].endswith(f"/t/{lot.code}/{serial}")


def test_the_query_goes_on_byte_for_byte(client: TestClient, address: str, lot: HarvestLot) -> None:
    for _ in range(2):
        for query in ("17=261231;3103=000189", "flag", "a=%2f%41&b=+", "linkType=gs1:pip&x=1"):
            location = get(client, f"{address}?{query}").headers["location"]
            joint = "&" if "linkType" in query else "?"
            assert location.endswith(joint + query), location


A_TYPE_OF_LINK_MAY_BE_ASKED_FOR = [
    ("gs1:traceability", "/t/{lot}?lang=vi"),
    ("gs1:pip", "/t/{lot}?lang=vi"),
    ("pip", "/t/{lot}?lang=vi"),
    ("https://ref.gs1.org/voc/pip", "/t/{lot}?lang=vi"),
    ("https%3A%2F%2Fgs1.org%2Fvoc%2Fpip", "/t/{lot}?lang=vi"),
    ("gs1:defaultLink", "/t/{lot}"),
    ("gs1:recallStatus", "/api/v1/public/lots/{lot}/recall"),
    ("gs1:epcis", "/api/v1/public/lots/{lot}/events"),
]


def test_a_type_of_link_may_be_asked_for(client: TestClient, address: str, lot: HarvestLot) -> None:
    for asked, where in A_TYPE_OF_LINK_MAY_BE_ASKED_FOR:
        answer = get(client, f"{address}?linkType={asked}")
        assert answer.status_code == 307
        expected = BASE_URL + where.format(lot=lot.code)
        assert (
            answer.headers["location"].replace("&linkType", "?linkType").rpartition("?linkType")[0]
            == expected
        )


LANGUAGE_AND_MEDIA_TYPE_DECIDE_BETWEEN_LINKS = [
    ("text/html", "en-GB,en;q=0.9", "/t/{lot}?lang=en"),
    ("text/html", "zh-Hans-CN", "/t/{lot}?lang=zh"),
    ("text/html", "fr", "/t/{lot}?lang=vi"),
    ("application/json", "en", "/api/v1/public/lots/{lot}"),
    ("application/json;q=0.9, text/html;q=0.5", "en", "/api/v1/public/lots/{lot}"),
    ("image/png", "en", "/t/{lot}?lang=en"),
]


def test_language_and_media_type_decide_between_links(
    client: TestClient, address: str, lot: HarvestLot
) -> None:
    for accept, language, where in LANGUAGE_AND_MEDIA_TYPE_DECIDE_BETWEEN_LINKS:
        headers = {"Accept": accept, "Accept-Language": language}
        answer = client.get(f"{address}?linkType=gs1:traceability", headers=headers)
        joint = "&" if "?" in where else "?"
        expected = BASE_URL + where.format(lot=lot.code) + f"{joint}linkType=gs1:traceability"
        assert (answer.status_code, answer.headers.get("location")) == (307, expected)


def test_what_nothing_decides_is_shown_whole(
    client: TestClient, session: Session, given: Given, lot: HarvestLot, address: str
) -> None:
    path = f"{address}?linkType=gs1:certificationInfo"
    assert get(client, path, Accept="text/html").status_code == 307
    area = session.get_one(PlantingArea, lot.area_id)
    given.certificate(area, standard="OCOP_2023", number="OCOP-7")
    session.commit()
    for _ in range(2):
        machine = get(client, path)
        assert machine.status_code == 300
        jsonschema.validate(machine.json(), schema("linkset_schema.json"))
        [level] = machine.json()["linkset"]
        titles = [link["title"] for link in level[VOCABULARY + "certificationInfo"]]
        assert len(titles) == 2
        people = client.get(path, headers=PEOPLE)
        assert people.status_code == 300
        assert "Which one do you mean?" in people.text


A_TYPE_THAT_IS_NOT_THERE_IS_404 = [
    "gs1:nosuch",
    "gs1:hasRetailers",
    "schema:x",
    "https://x.example/y",
    "%00",
]


def test_a_type_that_is_not_there_is_404(client: TestClient, address: str) -> None:
    for asked in A_TYPE_THAT_IS_NOT_THERE_IS_404:
        for _ in range(2):
            answer = get(client, f"{address}?linkType={asked}")
            assert answer.status_code == 404
            assert answer.json()["fault"] == "no-such-link"


def test_the_linkset_of_a_lot(client: TestClient, address: str, lot: HarvestLot) -> None:
    for _ in range(2):
        lot_level, product_level = linkset_of(client, address)
    assert (
        next(one for one in lot_level if one.startswith(VOCABULARY)) == VOCABULARY + "defaultLink"
    )
    kinds = {kind.removeprefix(VOCABULARY) for kind in lot_level if kind.startswith(VOCABULARY)}
    assert kinds == {
        "defaultLink",
        "traceability",
        "pip",
        "recallStatus",
        "epcis",
        "certificationInfo",
    }
    pages = lot_level[VOCABULARY + "traceability"]
    assert [page.get("hreflang") for page in pages] == [["vi"], ["en"], ["zh"], None]
    assert "Cabbage bag 1" in pages[1]["title"]
    assert "Bắp cải túi 1" in lot_level["itemDescription"] == lot_level["description"]
    assert set(product_level) >= {VOCABULARY + "pip", VOCABULARY + "defaultLink"}


def test_every_link_of_ours_answers(
    client: TestClient, address: str, lot: HarvestLot, serial: str
) -> None:
    level, label = linkset_of(client, address)[0], linkset_of(client, f"{address}/21/{serial}")[0]
    for kind, links in [*level.items(), *label.items()]:
        for link in links if kind.startswith(VOCABULARY) else ():
            assert link["href"].startswith(BASE_URL + "/")
            answer = client.get(link["href"])
            # The page of the lot says that no label was given this number.
            given_out = f"/{serial}" not in link["href"]
            assert answer.status_code == (200 if given_out else 404), link
            if "json" in link.get("type", ""):
                assert answer.headers["access-control-allow-origin"] == "*"
            if "type" in link:
                assert answer.headers["content-type"].partition(";")[0] == link["type"], link


A_LINKSET_IS_ASKED_FOR_BY_NAME_OR_MEDIA_TYPE = [
    ("?linkType=linkset", "*/*", "application/linkset+json"),
    ("?linkType=all", "*/*", "application/linkset+json"),
    ("?linkType=LinkSet", "application/json", "application/json"),
    ("?linkType=linkset", "application/ld+json", "application/ld+json"),
    ("", "application/ld+json", "application/ld+json"),
    ("?linkType=all", "application/linkset+json", "application/linkset+json"),
    ("?linkType=gs1:pip", "application/linkset+json", "application/linkset+json"),
]


def test_a_linkset_is_asked_for_by_name_or_media_type(client: TestClient, address: str) -> None:
    for query, accept, media in A_LINKSET_IS_ASKED_FOR_BY_NAME_OR_MEDIA_TYPE:
        for _ in range(2):
            answer = client.get(address + query, headers={"Accept": accept})
            assert (answer.status_code, answer.headers["content-type"]) == (200, media)
            assert 'rel="http://www.w3.org/ns/json-ld#context"' in answer.headers["link"]
            assert ("@context" in answer.json()) == (media == "application/ld+json")
            etag = answer.headers["etag"]
            same = client.get(address + query, headers={"Accept": accept, "If-None-Match": etag})
            assert (same.status_code, same.content) == (304, b"")


def test_people_see_the_linkset_as_a_page(client: TestClient, address: str) -> None:
    answer = client.get(f"{address}?linkType=linkset", headers=PEOPLE)
    assert answer.status_code == 200
    assert "Everything that is linked to this number" in answer.text
    inside = answer.text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(inside)["linkset"]


def test_a_recalled_lot_says_so_first_and_by_default(
    client: TestClient, session: Session, given: Given, address: str, lot: HarvestLot
) -> None:
    before = linkset_of(client, address)[0]
    assert get(client, address).status_code == 307
    standing = lot_by_code(session, lot.code, within=Reach.all())
    recall_lot(session, lot=standing, reason="Dư lượng vượt mức.", by=BY, now=given.now)
    session.commit()
    for _ in range(2):
        level = linkset_of(client, address)[0]
        assert (
            next(one for one in level if one.startswith(VOCABULARY)) == VOCABULARY + "recallStatus"
        )
        assert level != before
        recall, default = level[VOCABULARY + "recallStatus"], level[VOCABULARY + "defaultLink"]
        assert recall[0]["href"].partition("?")[0] == default[0]["href"]
        assert default[0]["title"].startswith("Đã thu hồi")
        assert get(client, address).headers["location"] == default[0]["href"]
    told = client.get(f"/api/v1/public/lots/{lot.code}/recall", headers={"Accept-Language": "en"})
    assert told.json()["recalled"] is True
    assert told.json()["state"] == "recalled"
    assert told.json()["reason"] == "Dư lượng vượt mức."
    assert "Do not eat" in told.json()["what_to_do"]


def test_a_withdrawn_lot_is_gone(
    client: TestClient, session: Session, given: Given, address: str, lot: HarvestLot, serial: str
) -> None:
    get(client, address)
    standing = lot_by_code(session, lot.code, within=Reach.all())
    withdraw_lot(session, lot=standing, reason="Ghi nhầm.", by=BY, now=given.now)
    session.commit()
    for path in (address, f"{address}/21/{serial}", f"{address}?linkType=linkset"):
        for _ in range(2):
            answer = get(client, path)
            assert (answer.status_code, answer.json()["fault"]) == (410, "withdrawn-lot")
    assert "was withdrawn" in client.get(address, headers=PEOPLE).text


def faults(client: TestClient, path: str) -> tuple[int, str]:
    """Status and fault for machines; people get a page with the same status."""
    answer = get(client, path, Accept_Language="en")
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told = answer.json()
    assert told["detail"]
    assert answer.headers["access-control-allow-origin"] == "*"
    for tag in ("vi", "en", "zh"):
        page = client.get(path, headers={**PEOPLE, "Accept-Language": tag})
        assert (page.status_code, page.headers["content-type"]) == (
            answer.status_code,
            "text/html; charset=utf-8",
        )
        assert "<form" in page.text
        assert "Traceback" not in page.text
    return answer.status_code, told["fault"]


def test_what_is_not_known_is_told_apart_and_never_shown_as_the_product(
    client: TestClient,
    session: Session,
    given: Given,
    app: FastAPI,
    lot: HarvestLot,
    product: Product,
) -> None:
    other = given.lot()
    product_of(session, other, 2)
    session.commit()
    ring = KeyRing(app.state.settings.data_dir / FOLDER)
    foreign = serial_of(ring.lot_key(other.code).key, 7)
    root, code = f"/01/{product.gtin}", lot.code
    mistyped = code[:-1] + ("0" if code[-1] != "0" else "1")
    assert [
        faults(client, path)
        for path in (
            f"/01/{gtin(99)}",
            f"{root}/10/{new_lot_code()}",
            f"{root}/10/{mistyped}",
            f"{root}/10/L1",
            f"{root}/10/{other.code}",
            f"{root}/10/{code}/21/0007AAAAAAAA",
            f"{root}/10/{code}/21/{foreign}",
            f"{root}/21/{foreign}",
            f"{root}/235/X",
            "/00/106141412345678908",
            "/8003/00614141000418AB1",
            f"/414/{gln(5)}",
        )
    ] == [
        (404, "unknown-gtin"),
        (404, "unknown-lot"),
        (404, "mistyped-lot"),
        (404, "mistyped-lot"),
        (404, "lot-of-another-product"),
        (404, "unproven-serial"),
        (404, "unproven-serial"),
        (404, "serial-without-lot"),
        (404, "serial-without-lot"),
        (404, "unknown-sscc"),
        (404, "key-not-served"),
        (404, "unknown-gln"),
    ]


def test_who_reads_that_something_is_wrong_can_report_it_at_once(
    client: TestClient, session: Session, given: Given, lot: HarvestLot, product: Product
) -> None:
    other = given.lot()
    session.commit()
    root, lone = f"/01/{product.gtin}", new_lot_code()
    for path, report in (
        (f"{root}/10/{lot.code}/21/0007AAAAAAAA", f"/t/{lot.code}/0007AAAAAAAA/report"),
        (f"{root}/10/{lot.code}/21/A%2FB", f"/t/{lot.code}/report"),
        (f"{root}/10/{other.code}", f"/t/{other.code}/report"),
        (f"{root}/10/{lone}", f"/report?code=%2801%29{product.gtin}%2810%29{lone}"),
    ):
        page = client.get(path, headers=PEOPLE).text
        assert f'href="{report}"' in page
        form = client.get(report, headers=PEOPLE)
        assert form.status_code == 200
        assert "<form" in form.text
    assert "/report" not in client.get(f"{root}/21/A/10/{lot.code}", headers=PEOPLE).text


def test_without_the_check_of_the_pair_another_s_lot_would_be_shown(
    client: TestClient,
    session: Session,
    given: Given,
    product: Product,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = given.lot()
    session.commit()
    monkeypatch.setattr("app.provenance.resolving.belongs", lambda *_: True)
    assert get(client, f"/01/{product.gtin}/10/{other.code}").status_code == 307


def test_the_same_goods_of_another_crop_do_not_belong(
    client: TestClient, session: Session, lot: HarvestLot, product: Product
) -> None:
    crop = session.execute(select(Crop).where(col(Crop.id) != lot.crop_id)).scalars().first()
    made = product_of(session, lot, 3, crop)
    session.commit()
    assert faults(client, f"/01/{made.gtin}/10/{lot.code}") == (404, "lot-of-another-product")


WHAT_BREAKS_THE_SYNTAX_IS_400_WITH_ITS_FAULT = [
    ("/01/09520000000019", "csum"),
    ("/01/123", "format"),
    ("/01/0952000000001A", "format"),
    ("/01/{gtin}/21/1/10/A", "order"),
    ("/01/{gtin}/10/A/10/B", "twice"),
    ("/01/{gtin}/foo", "unpaired"),
    ("/01/{gtin}/17/261231", "qualifier"),
    ("/01/{gtin}/lot/A", "unknown"),
    ("/01/{gtin}/10/A%00B", "format"),
    ("/01/{gtin}/10/A%0D%0ASet-Cookie:x", "format"),
    ("/01/{gtin}/10/A%20B", "format"),
    ("/01/{gtin}/10/%E1%BA%A3", "format"),
    ("/01/{gtin}/10/javascript%3Aalert(1)%0A", "format"),
    ("/01/{gtin}/10/" + "A" * 8000, "long"),
    ("/01/{gtin}?3103=25", "format"),
    ("/01/{gtin}?01=1", "twice"),
    ("/gtin/{gtin}", "word"),
    ("/GTIN/{gtin}", "word"),
    ("/414/9506000134376/21/1", "qualifier"),
    ("/415/9506000134376/10/1", "qualifier"),
    ("/01/..%2F..%2Fetc/10/A", "format"),
]


def test_what_breaks_the_syntax_is_400_with_its_fault(client: TestClient) -> None:
    for path, fault in WHAT_BREAKS_THE_SYNTAX_IS_400_WITH_ITS_FAULT:
        assert faults(client, path.format(gtin=gtin())) == (400, fault)


def test_a_slash_inside_a_lot_stays_inside(client: TestClient, product: Product) -> None:
    assert faults(client, f"/01/{product.gtin}/10/A%2FB") == (404, "mistyped-lot")


def test_no_address_leads_away_whatever_the_request_says(
    client: TestClient, address: str, lot: HarvestLot
) -> None:
    strange = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "http",
        "Forwarded": "host=evil.example",
    }
    for headers in ({**strange, "Host": "evil.example"}, strange):
        for query in ("", "?linkType=gs1:pip", "?url=https://evil.example", "?//evil.example"):
            location = client.get(address + query, headers=headers).headers["location"]
            assert location.startswith(f"{BASE_URL}/t/{lot.code}")
        told = client.get(f"{address}?linkType=linkset", headers=headers)
        assert "evil.example" not in told.text + told.headers["link"]


def test_pages_of_anybody_may_ask(client: TestClient, address: str) -> None:
    for path in (address, "/.well-known/gs1resolver", f"/01/{gtin(98)}"):
        asked = {"Origin": "https://x.example", "Access-Control-Request-Method": "GET"}
        asked["Access-Control-Request-Headers"] = "accept, link"
        answer = client.options(path, headers=asked)
        assert answer.status_code == 204
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-headers"] == "*"
        assert "Link" in answer.headers["access-control-expose-headers"]
        assert {"GET", "HEAD", "OPTIONS"} == set(
            answer.headers["access-control-allow-methods"].split(", ")
        )


def test_head_is_answered_like_get_without_a_body(client: TestClient, address: str) -> None:
    for headers in ({"Accept": "*/*"}, LINKSET):
        for _ in range(2):
            whole, head = (
                client.get(address, headers=headers),
                client.head(address, headers=headers),
            )
            assert (head.status_code, head.content) == (whole.status_code, b"")
            for name in ("location", "link", "content-length", "etag"):
                assert head.headers.get(name) == whole.headers.get(name)
    assert client.post(address, headers={"Sec-Fetch-Site": "none"}).status_code == 405


def test_the_description_says_what_is_served(client: TestClient) -> None:
    answer = client.get("/.well-known/gs1resolver")
    assert answer.headers["content-type"] == "application/json"
    told = answer.json()
    jsonschema.validate(told, schema("description_schema.json"))
    assert told["resolverRoot"] == BASE_URL
    assert told["supportedPrimaryKeys"] == ["01", "00", "414", "417"]


def test_glns_lead_to_areas_organisations_and_codes(
    client: TestClient, session: Session, given: Given
) -> None:
    cooperative = given.cooperative("Hợp tác xã Bản Phố")
    area = given.area(cooperative, name="Đồi Sân Chùa")
    code = given.code(area)
    numbered(session, cooperative, None, 1)
    numbered(session, cooperative, area, 2)
    session.commit()
    own, field = f"/o/{cooperative.uid}", f"/register/{code.code_key}"
    places = {f"/417/{gln(1)}": own, f"/414/{gln(1)}": own, f"/414/{gln(2)}": field}
    for path, where in places.items():
        assert get(client, path).headers["location"] == BASE_URL + where
        [level] = linkset_of(client, path)
        for link in level[VOCABULARY + "locationInfo"]:
            assert client.get(link["href"]).status_code == 200
    told = client.get(f"/api/v1/public/places/{gln(2)}").json()
    assert told["planting_area_codes"] == [code.code]
    assert told["page"] == BASE_URL + field
    assert faults(client, f"/414/{gln(1)}/254/XX") == (404, "unknown-extension")
    assert faults(client, f"/414/{gln(1)}/7040/1ABC") == (404, "unknown-extension")
    assert faults(client, f"/417/{gln(2)}") == (404, "unknown-gln")
    assert client.get(f"/api/v1/public/places/{gln(9)}").status_code == 404


def test_a_planting_area_code_stands_behind_the_organisation_s_number(
    client: TestClient, session: Session, given: Given
) -> None:
    area = given.area()
    code = given.code(area)
    code.code, code.code_key = "VN-13-095-02839-7-26", "vn13095028390726"
    session.add(code)
    numbered(session, session.get_one(Organisation, area.organisation_id))
    session.commit()
    path = f"/414/{gln()}/254/VN-13-095-02839-7-26"
    answer = get(client, path)
    assert answer.headers["location"] == f"{BASE_URL}/register/{code.code_key}"
    behind, own = linkset_of(client, path)
    assert (behind["anchor"], own["anchor"]) == (BASE_URL + path, f"{BASE_URL}/414/{gln()}")


def test_a_household_that_is_not_named_stays_unnamed(
    client: TestClient, session: Session, given: Given
) -> None:
    household = given.organisation(OrganisationKind.HOUSEHOLD, "Sùng Thị Kín Danh")
    household.name_public = False
    session.add(household)
    numbered(session, household)
    session.commit()
    texts = [
        client.get(f"/417/{gln()}", headers=LINKSET).text,
        client.get(f"/api/v1/public/places/{gln()}").text,
    ]
    assert not any("Kín Danh" in text for text in texts)


def test_a_recall_turns_the_links_in_every_process(
    app: FastAPI,
    client: TestClient,
    engine: Engine,
    clock,
    session: Session,
    given: Given,
    address: str,
    lot: HarvestLot,
) -> None:
    """Two applications on one database share nothing else; so do processes."""
    other = TestClient(
        create_app(app.state.settings, clock=clock, engine=engine),
        base_url=BASE_URL,
        follow_redirects=False,
    )
    path = f"{address}?linkType=gs1:recallStatus"
    for _ in range(2):
        for reader in (client, other):
            assert get(reader, path, Accept="text/html").headers["location"].partition("?")[0] == (
                f"{BASE_URL}/api/v1/public/lots/{lot.code}/recall"
            )
    standing = lot_by_code(session, lot.code, within=Reach.all())
    recall_lot(session, lot=standing, reason="Dư lượng vượt mức.", by=BY, now=given.now)
    session.commit()
    for reader in (client, other):
        location = get(reader, path, Accept="text/html").headers["location"]
        assert location.startswith(f"{BASE_URL}/t/{lot.code}?lang=vi")


def test_without_the_question_to_the_ledger_a_recall_would_not_turn_them(
    client: TestClient,
    session: Session,
    given: Given,
    address: str,
    lot: HarvestLot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = client.get(address, headers=LINKSET).text
    monkeypatch.setattr(Memory, "grew", property(lambda _self: False))
    standing = lot_by_code(session, lot.code, within=Reach.all())
    recall_lot(session, lot=standing, reason="Dư lượng vượt mức.", by=BY, now=given.now)
    session.commit()
    assert client.get(address, headers=LINKSET).text == before


def test_a_product_s_new_name_is_in_its_links(
    client: TestClient, session: Session, given: Given, address: str, product: Product
) -> None:
    assert "Bắp cải túi 1" in client.get(address, headers=LINKSET).text
    standing = session.get_one(Product, product.pk)
    standing.name_vi = "Bắp cải tím"
    session.add(standing)
    record(
        session,
        kind="product.changed",
        subject=str(standing.uid),
        by=BY,
        now=given.now,
        facts={},
        organisation=session.get_one(Organisation, standing.organisation_id).uid,
    )
    session.commit()
    for path in (address, f"/01/{product.gtin}"):
        assert "Bắp cải tím" in client.get(path, headers=LINKSET).text
