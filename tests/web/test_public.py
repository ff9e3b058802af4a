"""Pages for everybody: the page behind the QR and the helpful refusals around it."""

import json
import re
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.kit.codes import grouped, new_lot_code
from app.ledger.actors import Actor
from app.lots.commands import recall_lot, withdraw_lot
from app.registry.grower_commands import give_consent, withdraw_consent
from tests.given import Given

BY = Actor.system()
VI, EN = {"accept-language": "vi"}, {"accept-language": "en"}


def page(client: TestClient, session: Session, code: str, language: dict[str, str] = EN):
    session.commit()
    return client.get(f"/t/{code}", headers=language)


def test_the_page_holds_the_items_the_law_asks_for(
    client: TestClient, session: Session, given: Given
) -> None:
    cooperative = given.cooperative("Hợp tác xã Bản Phố")
    area = given.area(cooperative, name="Đồi Sân Chùa")
    code, certificate = given.code(area), given.certificate(area)
    lot = given.lot(area, best_before=given.day(6))
    html = page(client, session, lot.code, VI).text
    for item in (
        "Bắp cải",
        "Ảnh minh hoạ",
        "Hợp tác xã Bản Phố",
        "Xã Bắc Hà, tỉnh Lào Cai",
        "Đồi Sân Chùa",
        "Thu hoạch",
        grouped(lot.code),
        f"{given.day(6):%d/%m/%Y}",
        "TCVN 11892-1:2017",
        certificate.number,
        code.code,
    ):
        assert item in html, item
    assert "hàng thật" not in html.lower()


@pytest.mark.parametrize(
    ("language", "name"), [("vi", "Bắp cải"), ("en", "Cabbage"), ("zh", "卷心菜")]
)
def test_the_page_speaks_three_languages(
    client: TestClient, session: Session, given: Given, language: str, name: str
) -> None:
    lot = given.lot()
    session.commit()
    assert f"<h1>{name}</h1>" in client.get(f"/t/{lot.code}?lang={language}").text


def test_a_code_may_be_typed_any_way(client: TestClient, session: Session, given: Given) -> None:
    lot = given.lot()
    session.commit()
    for typed in (lot.code.lower(), grouped(lot.code), grouped(lot.code).replace(" ", "-")):
        assert client.get(f"/T/{typed}").status_code == 200


def test_a_recalled_lot_warns_before_everything_else(
    client: TestClient, session: Session, given: Given
) -> None:
    area = given.area()
    given.code(area)
    lot = given.lot(area)
    recall_lot(session, lot=lot, reason="Dư lượng thuốc vượt mức", by=BY, now=given.now)
    html = page(client, session, lot.code).text
    assert html.index("Recalled: do not eat") < html.index("<h1>")
    assert "warning stands" not in html
    assert "Dư lượng thuốc vượt mức" in html


def test_mistyped_unknown_and_withdrawn_codes_each_get_their_own_page(
    client: TestClient, session: Session, given: Given
) -> None:
    lot = given.lot()
    withdraw_lot(session, lot=lot, reason="ghi nhầm vùng", by=BY, now=given.now)
    wrong = lot.code[:-1] + ("0" if lot.code[-1] != "0" else "1")
    mistyped, unknown = page(client, session, wrong), page(client, session, new_lot_code())
    withdrawn = page(client, session, lot.code)
    assert (mistyped.status_code, unknown.status_code, withdrawn.status_code) == (404, 404, 410)
    assert "slip in the code" in mistyped.text
    assert "not in the register" in unknown.text
    assert "was withdrawn" in withdrawn.text


def test_a_grower_is_named_only_while_consent_stands(
    client: TestClient, session: Session, given: Given
) -> None:
    area = given.area()
    holder = session.get_one(type(given.cooperative()), area.organisation_id)
    grower = given.grower(holder, name="Sùng Thị Kín Danh", phone="0912777888")
    lot = given.lot(area, grower=grower.uid)
    assert "Kín Danh" not in page(client, session, lot.code).text
    give_consent(session, grower=grower, by=BY, now=given.now)
    told = page(client, session, lot.code).text
    assert "Kín Danh" in told
    assert "0912777888" not in told
    withdraw_consent(session, grower=grower, by=BY, now=given.now)
    assert "Kín Danh" not in page(client, session, lot.code).text
    assert "Kín Danh" not in json.dumps(client.get(f"/api/v1/public/lots/{lot.code}").json())


def test_a_lot_past_its_day_says_so(
    client: TestClient, session: Session, given: Given, clock
) -> None:
    lot = given.lot(best_before=given.day(2))
    assert "Past its best-before" not in page(client, session, lot.code).text
    clock.forward(days=3)
    assert "Past its best-before" in page(client, session, lot.code).text


def test_text_from_people_is_never_markup(
    client: TestClient, session: Session, given: Given
) -> None:
    planted = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    area = given.area(given.cooperative("HTX " + planted), name="V " + planted)
    html = page(client, session, given.lot(area).code).text
    assert re.findall(r"<script[^>]*>", html) == ['<script type="application/ld+json">']
    assert "alert(1)</script" not in html
    assert "onerror=alert(2)>" not in html


def test_the_first_view_is_light(client: TestClient, session: Session, given: Given) -> None:
    area = given.area()
    given.code(area)
    given.certificate(area)
    html = page(client, session, given.lot(area).code).text
    parts = re.findall(r'(?:href|src)="(/static/[^"]*)"', html)
    assert len(parts) == 3, "a stylesheet, an icon, a drawing"
    sizes = []
    for address in parts:
        with client.stream("GET", address, headers={"Accept-Encoding": "br"}) as answer:
            sizes.append(len(b"".join(answer.iter_raw())))
            assert "immutable" in answer.headers["cache-control"]
    assert len(brotli.compress(html.encode(), quality=5)) < 3_000
    assert sum(sizes) < 4_000
    assert "//" not in re.sub(
        r"https://truyxuat\.test[^\"]*", "", " ".join(re.findall(r'(?:src|href)="([^"]+)"', html))
    )


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_static_file_is_the_same_in_every_encoding(client: TestClient, encoding: str) -> None:
    plain = client.get("/static/lot.css", headers={"Accept-Encoding": "identity"})
    small = client.get("/static/lot.css", headers={"Accept-Encoding": encoding})
    assert small.headers["content-encoding"] == encoding
    assert small.headers["content-type"] == plain.headers["content-type"]
    assert int(small.headers["content-length"]) < len(plain.content) / 2
    assert small.content == plain.content
    assert small.headers["etag"] != plain.headers["etag"]
    assert small.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    etag = {"If-None-Match": small.headers["etag"], "Accept-Encoding": encoding}
    assert client.get("/static/lot.css", headers=etag).status_code == 304
    part = client.get(
        "/static/lot.css", headers={"Range": "bytes=0-9", "Accept-Encoding": encoding}
    )
    assert (part.status_code, part.content) == (206, plain.content[:10])


def test_a_photograph_without_a_symbol_is_answered_helpfully(client: TestClient) -> None:
    for content in (b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50):
        answer = client.post("/scan", files={"photo": ("a.png", content, "image/png")}, headers=EN)
        assert answer.status_code == 422
        assert "No QR code was found" in answer.text


@pytest.mark.parametrize(
    "wanted", ["https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)", "/a\\b"]
)
def test_nobody_is_sent_to_another_site(client: TestClient, wanted: str) -> None:
    answer = client.get("/language/en", params={"to": wanted})
    assert answer.headers["location"] == "/"
    assert client.get("/language/en", params={"to": "/work"}).headers["location"] == "/work"


def test_links_follow_the_settings_and_never_the_host_header(
    client: TestClient, session: Session, given: Given
) -> None:
    lot = given.lot()
    session.commit()
    forged = {"host": "evil.test", "x-forwarded-host": "evil.test"}
    answer = client.get(f"/t/{lot.code}", headers=forged)
    assert "evil.test" not in answer.text
    assert f"https://truyxuat.test/t/{lot.code}" in answer.text


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/t/LC1", "/nowhere", "/api/v1/me", "/static/app.css"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "max-age=31536000" in headers["strict-transport-security"]


def test_a_day_is_counted_in_viet_nam(
    client: TestClient, session: Session, given: Given, clock
) -> None:
    clock.instant = datetime(
        2026, 11, 21, 17, 30, tzinfo=UTC
    )  # half past midnight on the 22nd there
    lot = given.lot(best_before=given.day(1))  # the 21st
    assert "Past its best-before" in page(client, session, lot.code).text
    clock.instant -= timedelta(hours=1)
    assert "Past its best-before" not in page(client, session, lot.code).text
