"""Translating between element strings and addresses, and finding goods by any of them."""

from urllib.parse import quote

from sqlmodel import Session
from starlette.testclient import TestClient

from app.kit.codes import grouped
from app.registry.codes import key_of
from tests.conftest import BASE_URL
from tests.given import Given
from tests.provenance.goods import gtin, product_of

EN = {"Accept-Language": "en"}


def test_an_element_string_becomes_an_address_and_back(client: TestClient) -> None:
    said = f"(01){gtin()}(10)LC0123456789ABC(21)0001ABCDEFGH(3103)000250"
    told = client.get("/api/v1/public/gs1", params={"text": said}).json()
    path = f"/01/{gtin()}/10/LC0123456789ABC/21/0001ABCDEFGH?3103=000250"
    assert told["digital_link"] == BASE_URL + path
    assert told["canonical"] == "https://id.gs1.org" + path
    assert told["leads_to"] == path
    assert told["read_as"] == "element_string"
    assert told["elements"][0] == {"ai": "01", "title": "GTIN", "value": gtin()}
    back = client.get("/api/v1/public/gs1", params={"text": told["digital_link"]}).json()
    assert back["element_string"] == said
    scan = client.get("/api/v1/public/gs1", params={"text": told["scanned"]}).json()
    assert scan["digital_link"] == told["digital_link"]


def test_a_lot_code_is_an_element_without_a_key(
    client: TestClient, session: Session, given: Given
) -> None:
    lot = given.lot()
    told = client.get("/api/v1/public/gs1", params={"text": grouped(lot.code).lower()}).json()
    assert (told["read_as"], told["element_string"]) == ("lot_code", f"(10){lot.code}")
    assert (told["digital_link"], told["leads_to"]) == (None, f"/t/{lot.code}")


REFUSED = [
    (f"(01){gtin()}(37)12", "(01) GTIN may not stand beside another element that is there."),
    ("(10)A", "(10) BATCH/LOT may not stand without its companion."),
    ("09520000000019", "The check digit of (01) GTIN is wrong: it was mistyped somewhere."),
    ("(01)123", "The value of (01) GTIN has a wrong length or characters it may not have."),
    (f"(01){gtin()}(11)261301", "The value of (11) PROD DATE breaks the rule “yymmd0”."),
    ("xx(01)", "A lot code begins with the letters LC."),
    ("(04)1", "At character 1 no GS1 application identifier begins."),
    (f"https://x.vn/01/{gtin()}/21/1/10/A", "wrong order"),
    (f"https://x.vn/01/{gtin()}/10", "After the identifier (10) its value is missing."),
    ("https://x.vn/about", "This address holds no GS1 identifier and no lot code."),
    ("javascript:alert(1)", "A lot code begins with the letters LC."),
    (" ", "Nothing was typed."),
]


def test_what_is_wrong_is_said_precisely(client: TestClient) -> None:
    for text, why in REFUSED:
        answer = client.get("/api/v1/public/gs1", params={"text": text}, headers=EN)
        assert answer.status_code == 422, text
        assert why in answer.json()["errors"][0]["why"]
        assert answer.json()["errors"][0]["at"] == "text"
    for text in ("x" * 2_001, "\x00", "(01)\ud800".encode("utf-8", "surrogatepass")):
        assert client.get("/api/v1/public/gs1", params={"text": text}).status_code == 422
    assert client.get("/api/v1/public/gs1").status_code == 422


def test_the_form_leads_to_the_right_page(
    client: TestClient, session: Session, given: Given
) -> None:
    area = given.area()
    area_code = given.code(area).code
    given.certificate(area, number="VietGAP-TT-13-31-10-7")
    lot = given.lot(area)
    product_of(session, lot)
    session.commit()
    code, number = lot.code, gtin()
    for typed, where in (
        # They stand on labels too, and people type what they see.
        (area_code.lower(), f"/register/{key_of(area_code)}"),
        ("22-PUC-CAIMEO01-000001-VNM", "/register/22-PUC-CAIMEO01-000001-VNM"),
        ("vietgap tt 13 31 10 7", "/certificates/VietGAP-TT-13-31-10-7"),
        ("VietGAP-TT-13-31-10-8", "/t/VietGAP-TT-13-31-10-8"),
        (grouped(code).lower(), f"/t/{quote(grouped(code).lower())}"),
        (f"(01){number}(10){code}", f"/01/{number}/10/{code}"),
        (f"]d201{number}10{code}\x1d21A1", f"/01/{number}/10/{code}/21/A1"),
        (number[1:], f"/01/{number}"),
        (f"https://id.gs1.org/01/{number}/10/{code}?linkType=x", f"/01/{number}/10/{code}"),
        (f"HTTPS://TRUYXUAT.TEST/T/{code}", f"/t/{code}"),
        (f"(10){code}", f"/t/{code}"),
        ("//evil.example", "/t/evil.example"),
        ("../../etc/passwd", None),
    ):
        answer = client.get("/find", params={"code": typed})
        assert answer.status_code == 303, typed
        assert answer.headers["location"].startswith("/")
        assert not answer.headers["location"].startswith("//")
        if where:
            assert answer.headers["location"] == where
            assert client.get(where).status_code in {200, 307, 404}


def test_a_slip_is_said_and_what_was_typed_stays(client: TestClient) -> None:
    for tag, words in (("en", "check digit"), ("vi", "kiểm tra"), ("zh", "校验")):
        answer = client.get(
            "/find", params={"code": "9520000000019"}, headers={"Accept-Language": tag}
        )
        assert answer.status_code == 404
        assert words in answer.text
        assert 'value="9520000000019"' in answer.text


def test_long_addresses_are_answered_briefly(client: TestClient) -> None:
    answer = client.get("/01/" + "A" * 8_000)
    assert answer.status_code == 400
    assert len(answer.content) < 6_000
