"""Where people say they bought, that they opened, that a shop sold: counted and written once, by whom it may be."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.db import open_read_session
from app.models.accounts import Role
from app.models.ledger import LedgerEntry
from app.models.notices import Notice
from app.models.places import AdminUnit
from app.models.products import Product
from app.models.scans import ScanAlert, ScanPlace, SerialMark, SerialPlace, ShopLink
from app.scans.alert_commands import signs_in
from app.scans.rules import Sign
from tests.conftest import BASE_URL, Clock
from tests.given import PASSWORD, Given
from tests.labels.printing import Printing
from tests.scans.conftest import Labels
from tests.scans.looking import BROWSER, PHONE, look, write_down

SAME_SITE = {"sec-fetch-site": "same-origin"}
HANOI, LAO_CAI, HUNG_YEN, HCM = "01", "15", "33", "79"
BAC_HA = "02839"


@pytest.fixture
def labels(app: FastAPI, session: Session, given: Given) -> Labels:
    """Forty numbered labels of a product that asks for both marks."""
    printing = Printing(session, given, Path(app.state.settings.data_dir))
    lot = given.lot()
    made = Labels(printing, lot, printing.run((lot, 40), serialised=True))
    product = given.product(printing.home(lot))
    product.marks_sold = product.marks_opened = True
    session.flush()
    made.run.product_id = product.pk
    session.commit()
    return made


def send(client: TestClient, path: str, *, phone: int = 0, **fields: str):
    headers = {**BROWSER, **SAME_SITE, "user-agent": f"{PHONE} v{phone}"}
    return client.post(path, data=fields, headers=headers)


def here(labels: Labels, index: int = 0) -> str:
    return f"/t/{labels.lot.code}/{labels.serial(index)}"


def answers(engine: Engine) -> dict[str, int]:
    wanted = select(col(AdminUnit.code), col(ScanPlace.answers)).join(
        ScanPlace, col(ScanPlace.unit_id) == col(AdminUnit.id)
    )
    with open_read_session(engine) as session:
        return dict(session.execute(wanted).all())


def rows(engine: Engine, table: type) -> list:
    with open_read_session(engine) as session:
        return list(session.execute(select(table)).scalars())


def test_a_place_is_counted_once_a_telephone_and_day(
    client: TestClient, engine: Engine, labels: Labels, clock: Clock
) -> None:
    path = f"{here(labels)}/place"
    answer = send(client, path, province=HANOI)
    assert answer.headers["location"] == f"{path}?done=place_counted"
    assert "Thank you" in look(client, answer.headers["location"]).text
    send(client, path, province=HANOI)
    send(client, path, province=HANOI, phone=1)
    assert answers(engine) == {HANOI: 2}
    clock.forward(days=1)
    send(client, path, province=HANOI)
    assert sum(row.answers for row in rows(engine, ScanPlace)) == 3
    [place] = rows(engine, SerialPlace)
    assert place.answers == 3 and place.last_at.minute == 0


def test_a_commune_is_counted_in_its_place_and_its_province_with_the_label(
    client: TestClient, engine: Engine, labels: Labels
) -> None:
    send(client, f"{here(labels)}/place", province=LAO_CAI, commune=BAC_HA)
    assert answers(engine) == {BAC_HA: 1}
    [place] = rows(engine, SerialPlace)
    with open_read_session(engine) as session:
        assert session.get_one(AdminUnit, place.unit_id).code == LAO_CAI


def test_a_label_without_a_number_tells_of_its_lot_alone(
    client: TestClient, engine: Engine, labels: Labels
) -> None:
    lot = f"/t/{labels.lot.code}"
    assert f'href="{lot}/-/place"' in look(client, lot).text
    send(client, f"{lot}/-/place", province=HANOI)
    send(client, f"{lot}/0000ABCDEFGH/place", phone=1, province=HCM)  # never made here: no label's
    assert answers(engine) == {HANOI: 1, HCM: 1}
    assert rows(engine, SerialPlace) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose one from the list."),
        ({"province": "99"}, "Choose one from the list."),
        ({"province": "10"}, "Choose one from the list."),  # was Lào Cai until 30 June 2025
        ({"province": LAO_CAI, "commune": "00001"}, "not in the province"),
    ],
)
def test_a_place_that_is_none_is_refused_beside_its_field(
    client: TestClient, engine: Engine, labels: Labels, fields: dict[str, str], said: str
) -> None:
    answer = send(client, f"{here(labels)}/place", **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert answers(engine) == {}


def test_three_provinces_within_a_day_raise_an_alert_and_two_do_not(
    client: TestClient, engine: Engine, labels: Labels, clock: Clock
) -> None:
    path = f"{here(labels)}/place"
    send(client, path, province=HANOI, phone=1)
    clock.forward(hours=12)
    send(client, path, province=HCM, phone=2)
    assert rows(engine, ScanAlert) == []
    clock.forward(hours=30)
    send(client, path, province=LAO_CAI, phone=3)  # the first two are too long ago
    assert rows(engine, ScanAlert) == []
    clock.forward(hours=1)
    send(client, path, province=HUNG_YEN, phone=4)
    send(client, path, province=HCM, phone=5)
    [alert] = rows(engine, ScanAlert)
    assert signs_in(alert) == (Sign.PROVINCES,)
    assert len(rows(engine, Notice)) == 1
    assert "several provinces within a day" in look(client, here(labels)).text


def test_a_label_is_marked_as_opened_once_and_says_so(
    client: TestClient, engine: Engine, labels: Labels, clock: Clock
) -> None:
    assert "I opened this pack" in look(client, here(labels)).text
    answer = send(client, f"{here(labels)}/opened")
    assert answer.status_code == 303
    told = look(client, here(labels)).text
    assert "marked as opened on 20/11/2026 10:00" in told
    assert "I opened this pack" not in told
    assert "unusual" not in told  # a household looks again
    assert send(client, f"{here(labels)}/opened", phone=1).status_code == 409
    [mark] = rows(engine, SerialMark)
    assert (mark.lot_id, mark.serial, mark.event.value) == (labels.lot.pk, 0, "opened")
    with open_read_session(engine) as session:
        entry = session.execute(
            select(LedgerEntry).where(col(LedgerEntry.kind) == "label.opened")
        ).scalar_one()
    assert entry.subject == f"{labels.lot.code}/1"
    clock.forward(hours=25)
    assert "looked up long after it was marked as opened" in look(client, here(labels)).text


def test_a_look_long_after_opening_raises_one_alert(
    client: TestClient, app: FastAPI, engine: Engine, labels: Labels, clock: Clock
) -> None:
    send(client, f"{here(labels)}/opened")
    clock.forward(days=5)
    for phone in range(4):
        look(client, here(labels), phone=phone)
    write_down(app)
    [alert] = rows(engine, ScanAlert)
    assert signs_in(alert) == (Sign.OPENED,)


def test_one_telephone_cannot_open_a_whole_shelf(
    client: TestClient, engine: Engine, labels: Labels, clock: Clock
) -> None:
    statuses = [send(client, f"{here(labels, at)}/opened").status_code for at in range(21)]
    assert statuses == [303] * 20 + [429]
    assert send(client, f"{here(labels, 30)}/opened", phone=1).status_code == 303
    clock.forward(days=1)
    assert send(client, f"{here(labels, 31)}/opened").status_code == 303


@pytest.mark.parametrize("index", [40, None])
def test_a_number_nobody_gave_out_takes_no_mark(
    client: TestClient, engine: Engine, labels: Labels, index: int | None
) -> None:
    number = "0000ABCDEFGH" if index is None else labels.serial(index)
    answer = send(client, f"/t/{labels.lot.code}/{number}/opened")
    assert answer.status_code == 422
    assert rows(engine, SerialMark) == []


def test_a_product_that_asks_for_no_marks_takes_none(
    client: TestClient, engine: Engine, session: Session, labels: Labels
) -> None:
    session.execute(Product.__table__.update().values(marks_opened=False))
    session.commit()
    assert "I opened this pack" not in look(client, here(labels)).text
    assert send(client, f"{here(labels)}/opened").status_code == 422
    labels.run.product_id = None
    session.add(labels.run)
    session.commit()
    assert send(client, f"{here(labels)}/opened").status_code == 422
    assert rows(engine, SerialMark) == []


def test_a_mark_from_another_site_is_refused(
    client: TestClient, engine: Engine, labels: Labels
) -> None:
    headers = {**BROWSER, "sec-fetch-site": "cross-site"}
    for act in ("opened", "sold", "place"):
        answer = client.post(f"{here(labels)}/{act}", data={"province": HANOI}, headers=headers)
        assert answer.status_code == 403
    assert rows(engine, SerialMark) == [] and answers(engine) == {}


def test_nobody_from_the_street_marks_a_label_as_sold(
    client: TestClient, engine: Engine, labels: Labels
) -> None:
    assert "/sold" not in look(client, here(labels)).text
    answer = send(client, f"{here(labels)}/sold")
    assert answer.status_code == 422
    client.cookies.set("__Host-shop", "guess")
    assert send(client, f"{here(labels)}/sold").status_code == 422
    assert rows(engine, SerialMark) == []


def clerk(client: TestClient, session: Session, given: Given, labels: Labels) -> None:
    """Somebody of the cooperative signs in."""
    account = given.account(Role.STAFF, labels.printing.home(labels.lot))
    session.commit()
    client.headers.update(SAME_SITE)
    client.post("/sign-in", data={"login": account.login, "password": PASSWORD})


def shop_link(client: TestClient, name: str = "Cửa hàng Rau xanh") -> str:
    page = client.post("/work/scans/shops", data={"name": name, "days": "30"})
    assert page.status_code == 200
    return str(re.search(rf"{BASE_URL}(/shop/[\w-]+)", page.text)[1])


def test_the_cooperative_itself_marks_its_own_labels_and_no_others(
    client: TestClient, engine: Engine, session: Session, given: Given, labels: Labels
) -> None:
    clerk(client, session, given, labels)
    assert "/sold" in look(client, here(labels)).text
    assert send(client, f"{here(labels)}/sold").status_code == 303
    assert "marked as sold on 20/11/2026 10:00" in look(client, here(labels)).text
    client.cookies.clear()
    stranger = given.account(Role.STAFF, given.cooperative())
    session.commit()
    client.post("/sign-in", data={"login": stranger.login, "password": PASSWORD})
    assert send(client, f"{here(labels, 1)}/sold").status_code == 422
    assert [mark.serial for mark in rows(engine, SerialMark)] == [0]


def test_a_shops_link_lets_in_one_browser_and_is_ended_by_the_cooperative(
    client: TestClient, engine: Engine, session: Session, given: Given, labels: Labels, clock: Clock
) -> None:
    clerk(client, session, given, labels)
    link = shop_link(client)
    signed_in = dict(client.cookies)
    client.cookies.clear()
    assert "Cửa hàng Rau xanh" in look(client, link).text
    assert look(client, link).status_code == 200  # looking takes nothing
    taken = send(client, link)
    assert taken.status_code == 200
    assert (
        "HttpOnly" in taken.headers["set-cookie"] and "SameSite=lax" in taken.headers["set-cookie"]
    )
    assert send(client, link).status_code == look(client, link).status_code == 410
    assert send(client, f"{here(labels)}/sold").status_code == 303
    [mark], [shop] = rows(engine, SerialMark), rows(engine, ShopLink)
    assert mark.shop_link_id == shop.pk
    kept = client.cookies["__Host-shop"]
    assert kept not in (shop.session_hash, shop.token_hash)
    client.cookies.clear()
    for name, value in signed_in.items():
        client.cookies.set(name, value)
    assert client.post(f"/work/scans/shops/{shop.uid}/end").status_code == 303
    client.cookies.clear()
    client.cookies.set("__Host-shop", kept)
    assert send(client, f"{here(labels, 1)}/sold").status_code == 422
    assert len(rows(engine, SerialMark)) == 1


def test_a_shop_marks_only_goods_of_who_let_it_in_and_only_for_its_time(
    client: TestClient, engine: Engine, session: Session, given: Given, labels: Labels, clock: Clock
) -> None:
    clerk(client, session, given, labels)
    link = shop_link(client)
    client.cookies.clear()
    send(client, link)
    other = given.lot()
    printing = labels.printing
    foreign = Labels(printing, other, printing.run((other, 3), serialised=True))
    product = given.product(printing.home(other))
    product.marks_sold = True
    session.flush()
    foreign.run.product_id = product.pk
    session.commit()
    assert send(client, f"{here(foreign)}/sold").status_code == 422
    clock.forward(days=31)
    assert send(client, f"{here(labels)}/sold").status_code == 422
    assert rows(engine, SerialMark) == []


def test_a_link_that_nobody_opened_runs_out_and_a_bad_one_is_refused(
    client: TestClient, session: Session, given: Given, labels: Labels, clock: Clock
) -> None:
    clerk(client, session, given, labels)
    for fields in (
        {"name": "", "days": "30"},
        {"name": "Chợ", "days": "0"},
        {"name": "Chợ", "days": "999"},
    ):
        assert client.post("/work/scans/shops", data=fields).status_code == 422
    link = shop_link(client)
    clock.forward(days=8)
    assert send(client, link).status_code == 410
    assert send(client, "/shop/nothing").status_code == 410


def test_a_look_after_the_sale_is_plain_for_a_week(
    client: TestClient, session: Session, given: Given, labels: Labels, clock: Clock
) -> None:
    clerk(client, session, given, labels)
    send(client, f"{here(labels)}/sold")
    client.cookies.clear()
    clock.forward(days=7)
    assert "unusual" not in look(client, here(labels)).text
    clock.forward(hours=1)
    assert "looked up long after it was marked as sold" in look(client, here(labels)).text
