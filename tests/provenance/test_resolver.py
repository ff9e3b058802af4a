"""The resolver, as whoever scans a GS1 Digital Link of ours meets it: where it leads, and its linksets."""

import json

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.lots import HarvestLot
from app.models.products import Product
from app.models.registry import Organisation, OrganisationKind, PlantingArea
from app.provenance.links import VOCABULARY
from tests.conftest import BASE_URL
from tests.given import Given
from tests.provenance.goods import (
    LINKSET,
    PEOPLE,
    faults,
    get,
    gln,
    gtin,
    linkset_of,
    numbered,
    require_linkset,
    require_valid,
)


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
        require_linkset(machine.json())
        [level] = machine.json()["linkset"]
        titles = [link["title"] for link in level[VOCABULARY + "certificationInfo"]]
        assert len(titles) == 2
        people = client.get(path, headers=PEOPLE)
        assert people.status_code == 300
        assert "Which one do you mean?" in people.text
        assert people.headers["access-control-allow-origin"] == "*"


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
    assert answer.headers["access-control-allow-origin"] == "*"
    inside = answer.text.split('<script type="application/ld+json">')[1].split("</script>")[0]
    assert json.loads(inside)["linkset"]


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
    require_valid(told, "description_schema.json", "published_description.json")
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
    # One character more than an extension may have, as codes of this kind are.
    code.code, code.code_key = "VN-10-085-02866-02-25", "vn10085028660225"
    session.add(code)
    numbered(session, session.get_one(Organisation, area.organisation_id))
    session.commit()
    assert faults(client, f"/414/{gln()}/254/{code.code}") == (400, "format")
    for spelled in ("VN10085028660225", "vn-10085-02866-0225"):
        path = f"/414/{gln()}/254/{spelled}"
        answer = get(client, path)
        assert answer.headers["location"] == f"{BASE_URL}/register/{code.code_key}"
        behind, own = linkset_of(client, path)
        assert (behind["anchor"], own["anchor"]) == (BASE_URL + path, f"{BASE_URL}/414/{gln()}")
        assert behind["itemDescription"] == code.code


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
