"""What the cooperative and the desk see: days, lots, goods and places, told apart, never a person."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.places import AdminUnit, UnitLevel
from app.models.products import Product
from app.models.registry import Organisation, OrganisationKind
from app.models.scans import NOT_MADE_HERE, WHOLE_LOT, ScanAlert, ScanDay, ScanPlace
from app.scans.alert_commands import raise_alerts
from app.scans.count_commands import Odd
from app.scans.report_queries import DayCount
from app.scans.rules import Sign
from app.web.charts import day_chart
from tests.conftest import Clock
from tests.given import PASSWORD, Given


class Market:
    """Writes counts as they come to be, without telephones."""

    def __init__(self, session: Session, given: Given) -> None:
        self.session, self.given = session, given

    def scanned(
        self, lot: HarvestLot, back: int, scans: int, devices: int, serial: int = WHOLE_LOT
    ):
        day = self.given.day(-back)
        row = ScanDay(lot_id=lot.pk, serial=serial, day=day, scans=scans, devices=devices)
        self.session.add(row)

    def bought(self, lot: HarvestLot, code: str, answers: int, level: UnitLevel) -> None:
        unit = self.session.execute(
            select(AdminUnit).where(
                col(AdminUnit.code) == code,
                col(AdminUnit.level) == level,
                col(AdminUnit.valid_to).is_(None),
            )
        ).scalar_one()
        day = self.given.day(-1)
        self.session.add(ScanPlace(lot_id=lot.pk, day=day, unit_id=unit.pk, answers=answers))


@pytest.fixture
def market(session: Session, given: Given) -> Market:
    return Market(session, given)


def sign_in(client: TestClient, session: Session, given: Given, role: Role, home: Organisation):
    account = given.account(role, home)
    session.commit()
    client.headers.update({"sec-fetch-site": "same-origin"})
    client.cookies.set("lang", "en")
    client.post("/sign-in", data={"login": account.login, "password": PASSWORD})


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative("Hợp tác xã Bản Phố")


@pytest.fixture
def clerk(client: TestClient, session: Session, given: Given, home: Organisation) -> TestClient:
    sign_in(client, session, given, Role.STAFF, home)
    return client


@pytest.fixture
def inspector(client: TestClient, session: Session, given: Given) -> TestClient:
    office = given.organisation(OrganisationKind.AUTHORITY)
    sign_in(client, session, given, Role.INSPECTOR, office)
    return client


def test_a_cooperative_sees_its_own_lots_by_day_lot_product_and_place(
    clerk: TestClient, session: Session, given: Given, home: Organisation, market: Market
) -> None:
    mine, other = given.lot(given.area(home)), given.lot()
    market.scanned(mine, 1, 40, 30)
    market.scanned(mine, 2, 7, 5)
    market.scanned(mine, 1, 9, 9, serial=3)  # one label of it: counted with the lot already
    market.scanned(mine, 40, 500, 400)  # before the thirty days
    market.scanned(other, 1, 9000, 800)
    market.bought(mine, "01", 12, UnitLevel.PROVINCE)
    market.bought(mine, "02839", 2, UnitLevel.COMMUNE)
    market.bought(other, "79", 300, UnitLevel.PROVINCE)
    session.commit()
    page = clerk.get("/work/scans").text
    assert "47 look-ups by 35 telephones on 30 days; most on 19/11/2026: 40 look-ups" in page
    assert "Thành phố Hà Nội" in page and "fewer than 5" in page
    assert other.code not in page and "9,000" not in page and "Hồ Chí Minh" not in page
    assert page.count("<svg viewBox") == 1 and '<svg viewBox="0 0 720 300" role="img"' in page
    assert "<title id=" in page and "<desc id=" in page
    whole = clerk.get(f"/work/scans?first={given.day(-60)}&last={given.day(0)}").text
    assert "547 look-ups" in whole


def test_nothing_to_show_says_so(clerk: TestClient) -> None:
    page = clerk.get("/work/scans").text
    assert "Nobody looked up these goods in this time." in page
    assert "<svg viewBox" not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("first=2026-11-10&last=2026-11-01", "The last day is before the first."),
        ("first=2020-01-01&last=2026-11-01", "At most 400 days at once."),
        ("first=mai", "This is no day."),
    ],
)
def test_days_that_make_no_sense_are_said_and_the_usual_ones_shown(
    clerk: TestClient, query: str, said: str
) -> None:
    answer = clerk.get(f"/work/scans?{query}")
    assert answer.status_code == 422
    assert said in answer.text and "Shown are the last 30 days." in answer.text


def test_a_product_is_named_where_the_labels_of_a_lot_say_one(
    clerk: TestClient, session: Session, given: Given, home: Organisation, market: Market, printed
) -> None:
    area = given.area(home)
    named, plain = given.lot(area), given.lot(area)
    product = printed(named, home)
    market.scanned(named, 1, 4, 4)
    market.scanned(plain, 1, 3, 2)
    session.commit()
    rows = table(clerk.get("/work/scans/table.csv?by=product"))
    assert rows == [
        ["Goods", "Look-ups", "Telephones"],
        [product.name_vi, "4", "4"],
        ["Cabbage", "3", "2"],
    ]


@pytest.fixture
def printed(session: Session, given: Given, tmp_path):
    from tests.labels.printing import Printing

    def make(lot: HarvestLot, home: Organisation) -> Product:
        run = Printing(session, given, tmp_path).run((lot, 3), serialised=True)
        product = given.product(home)
        run.product_id = product.pk
        session.flush()
        return product

    return make


def table(answer) -> list[list[str]]:
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_tables_are_downloaded_without_formulas_and_without_small_numbers(
    inspector: TestClient, session: Session, given: Given, market: Market
) -> None:
    lot = given.lot(given.area(given.cooperative("=HYPERLINK(1)")))
    market.scanned(lot, 1, 3, 2)
    market.bought(lot, "01", 5, UnitLevel.PROVINCE)
    market.bought(lot, "79", 4, UnitLevel.PROVINCE)
    session.commit()
    lots = table(inspector.get("/desk/scans/table.csv?by=lot"))
    assert lots[1] == [lot.code, "Cabbage", "'=HYPERLINK(1)", "3", "2"]
    places = table(inspector.get("/desk/scans/table.csv?by=place"))
    assert places[1:] == [
        ["Thành phố Hà Nội", "01", "5"],
        ["Thành phố Hồ Chí Minh", "79", "fewer than 5"],
    ]
    days = table(inspector.get("/desk/scans/table.csv?by=day"))
    assert len(days) == 31 and ["2026-11-19", "3", "2"] in days
    assert table(inspector.get("/desk/scans/table.csv?by=nothing")) == days


def test_the_desk_sees_everybody_and_one_if_chosen(
    inspector: TestClient, session: Session, given: Given, home: Organisation, market: Market
) -> None:
    mine, other = given.lot(given.area(home)), given.lot()
    market.scanned(mine, 1, 40, 30)
    market.scanned(other, 1, 60, 50)
    session.commit()
    assert "100 look-ups by 80 telephones" in inspector.get("/desk/scans").text
    one = inspector.get(f"/desk/scans?organisation={home.uid}").text
    assert "40 look-ups by 30 telephones" in one and other.code not in one
    assert inspector.get(f"/desk/scans?organisation={uuid4()}").status_code == 404


def alert_of(session: Session, lot: HarvestLot, given: Given, serial: int = 4) -> ScanAlert:
    [alert] = raise_alerts(session, [Odd(lot.pk, serial, (Sign.DEVICES,))], now=given.now)
    session.commit()
    return alert


def test_an_alert_is_shown_with_its_pattern_and_closed_with_a_reason(
    clerk: TestClient, session: Session, given: Given, home: Organisation, market: Market
) -> None:
    lot = given.lot(given.area(home))
    market.scanned(lot, 1, 60, 44, serial=4)
    alert = alert_of(session, lot, given)
    assert f"/work/scans/alerts/{alert.uid}" in clerk.get("/work/scans").text
    assert "many telephones looked it up in one day" in clerk.get("/work/notices").text
    address = f"/work/scans/alerts/{alert.uid}"
    page = clerk.get(address).text
    assert "Label no. 5" in page and "60 look-ups by 44 telephones" in page
    nothing = clerk.post(f"{address}/close", data={"outcome": "copied", "reason": " "})
    assert nothing.status_code == 422 and "Say what you found out." in nothing.text
    said = {"outcome": "copied", "reason": "Tem chép ở chợ Cốc Lếu."}
    assert clerk.post(f"{address}/close", data=said).status_code == 303
    page = clerk.get(address).text
    assert "Copied labels were found" in page and "Tem chép ở chợ Cốc Lếu." in page
    assert "Close this alert" not in page
    assert clerk.post(f"{address}/close", data=said).status_code == 422
    assert str(alert.uid) not in clerk.get("/work/scans").text
    assert str(alert.uid) in clerk.get("/work/scans/alerts").text


def test_the_desk_lists_alerts_of_everybody_and_closes_them(
    inspector: TestClient, session: Session, given: Given
) -> None:
    lot = given.lot()
    alert = alert_of(session, lot, given, NOT_MADE_HERE)
    assert "Numbers never made here" in inspector.get("/desk/scans").text
    address = f"/desk/scans/alerts/{alert.uid}"
    assert "The counts of this label are deleted already" in inspector.get(address).text
    said = {"outcome": "explained", "reason": "In thử."}
    assert inspector.post(f"{address}/close", data=said).status_code == 303
    assert "There is a plain explanation" in inspector.get(address).text


def test_the_api_pages_through_lots_by_day(
    client: TestClient, session: Session, given: Given, home: Organisation, market: Market
) -> None:
    area = given.area(home)
    lots = [given.lot(area) for _ in range(3)]
    for lot in lots:
        for back in (1, 2):
            market.scanned(lot, back, 10 * back, 5)
    market.scanned(given.lot(), 1, 77, 7)
    headers = given.headers(Role.STAFF, home)
    session.commit()
    found, after = [], ""
    while True:
        answer = client.get(f"/api/v1/scans?limit=4{after}", headers=headers).json()
        found += answer["items"]
        if answer["next"] is None:
            break
        after = f"&after={answer['next']}"
    assert len(found) == 6 == len({(one["day"], one["lot"]) for one in found})
    assert [one["day"] for one in found] == ["2026-11-19"] * 3 + ["2026-11-18"] * 3
    assert {one["scans"] for one in found} == {10, 20}
    for bad in ("after=x", "after=WyJ4IiwgMV0"):
        assert client.get(f"/api/v1/scans?{bad}", headers=headers).status_code == 400
    headers["accept-language"] = "en"
    wrong = client.get("/api/v1/scans?first=2026-11-10&last=2026-11-01", headers=headers)
    assert wrong.status_code == 422 and "before the first" in wrong.json()["detail"]


def test_the_api_tells_no_small_numbers_of_places(
    client: TestClient, session: Session, given: Given, home: Organisation, market: Market
) -> None:
    lot = given.lot(given.area(home))
    market.bought(lot, "01", 9, UnitLevel.PROVINCE)
    market.bought(lot, "79", 1, UnitLevel.PROVINCE)
    headers = given.headers(Role.COOP_ADMIN, home)
    session.commit()
    items = client.get("/api/v1/scans/places", headers=headers).json()["items"]
    assert [(one["code"], one["answers"], one["fewer_than"]) for one in items] == [
        ("01", 9, None),
        ("79", None, 5),
    ]


def test_the_api_closes_an_alert_of_the_version_that_was_read(
    client: TestClient, session: Session, given: Given, home: Organisation, market: Market
) -> None:
    lot = given.lot(given.area(home))
    market.scanned(lot, 1, 60, 44, serial=4)
    alert = alert_of(session, lot, given)
    headers = given.headers(Role.STAFF, home)
    session.commit()
    listed = client.get("/api/v1/scan-alerts?open_only=true", headers=headers).json()["items"]
    assert [one["id"] for one in listed] == [str(alert.uid)]
    address = f"/api/v1/scan-alerts/{alert.uid}"
    read = client.get(address, headers=headers)
    assert read.json()["number"] == 5 and read.json()["days"][0]["devices"] == 44
    body = {"outcome": "explained", "reason": "Lớp học đi xem ruộng."}
    stale = {**headers, "If-Match": '"7"'}
    assert client.post(f"{address}/close", json=body, headers=stale).status_code == 412
    fresh = {**headers, "If-Match": read.headers["etag"]}
    closed = client.post(f"{address}/close", json=body, headers=fresh)
    assert closed.status_code == 200 and closed.headers["etag"] == '"2"'
    assert closed.json()["outcome"] == "explained"
    assert client.get("/api/v1/scan-alerts?open_only=true", headers=headers).json()["items"] == []


@pytest.mark.parametrize(
    ("highest", "lines"),
    [(1, [0, 1]), (3, [0, 1, 2, 3]), (47, [0, 20, 40, 60]), (9000, [0, 5000, 10000])],
)
def test_the_scale_of_a_chart_is_round_and_reaches_over_the_highest(
    clock: Clock, highest: int, lines: list[int]
) -> None:
    today = clock().date()
    days = [DayCount(today - timedelta(days=back), highest // (back + 1), 0) for back in range(90)]
    chart = day_chart(days[::-1])
    assert [value for _, value in chart.lines] == lines
    assert all(0 <= column.scans_y <= chart.base for column in chart.columns)
    assert len(chart.days) <= 7
    assert day_chart([DayCount(today)]) is None
