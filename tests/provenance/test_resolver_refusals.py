"""What the resolver says to identifiers that are gone, unknown, of others or malformed."""

import re

import pytest
from fastapi import FastAPI
from sqlalchemy import select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.accounts.reach import Reach
from app.kit.codes import new_lot_code
from app.labels.keys import FOLDER, KeyRing
from app.labels.serials import serial_of
from app.ledger.actors import Actor
from app.lots.commands import withdraw_lot
from app.lots.queries import lot_by_code
from app.models.catalogue import Crop
from app.models.lots import HarvestLot
from app.models.products import Product
from tests.conftest import BASE_URL
from tests.given import Given
from tests.provenance.goods import PEOPLE, faults, get, gln, gtin, product_of

BY = Actor.system()


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


def test_what_was_meant_stands_in_the_form_where_it_can_be_told(
    client: TestClient, lot: HarvestLot, product: Product
) -> None:
    right = f"/01/{product.gtin}/10/{lot.code}"
    for path, leads in (
        (f"/01/{product.gtin}/21/A1/10/{lot.code}", f"{right}/21/A1"),
        (f"/gtin/{product.gtin}/lot/{lot.code}", right),
        (f"/01/{product.gtin}/lot/{lot.code}", right),
    ):
        page = get(client, path, Accept="text/html", Accept_Language="en")
        assert (page.status_code, "try again" in page.text) == (400, True)
        [typed] = re.findall(r'name="code"[^>]* value="([^"]+)"', page.text)
        assert client.get("/find", params={"code": typed}).headers["location"] == leads
    twice = get(client, f"/01/{product.gtin}/10/A/10/B", Accept="text/html", Accept_Language="en")
    assert "try again" not in twice.text


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
