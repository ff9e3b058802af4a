"""The public register and the statistics of the desk through the JSON API, on both engines."""

from typing import Any

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.registry import OrganisationKind
from app.registry.code_commands import Change, warn_code
from app.registry.finding_commands import index_organisation
from tests.api.machine import at
from tests.given import Given

EN = {"accept-language": "en"}
FIELD = (
    '{"type":"Polygon","coordinates":[[[104.2961,22.5312],[104.2985,22.5312],'
    "[104.2985,22.5326],[104.2961,22.5326],[104.2961,22.5312]]]}"
)


def get(client: TestClient, session: Session, address: str, **params: str) -> Any:
    session.commit()
    return client.get(f"/api/v1{address}", params=params, headers=EN)


def test_anybody_reads_the_register(client: TestClient, session: Session, given: Given) -> None:
    area = given.area(given.cooperative("HTX Bản Phố"), polygon=FIELD, former_commune="02866")
    code = given.code(area)
    answer = get(client, session, "/register", q="ban pho")
    assert answer.headers["cache-control"].startswith("public")
    (line,) = answer.json()["items"]
    assert line["code"] == code.code
    assert line["holder"] == "HTX Bản Phố"
    assert line["status"] == "active"
    assert line["position"] == {"longitude": 104.3, "latitude": 22.53}
    assert line["former_commune"]["address"] == "Xã Bản Phố, huyện Bắc Hà, tỉnh Lào Cai"
    assert FIELD[40:60] not in answer.text


def test_pages_and_filters(client: TestClient, session: Session, given: Given) -> None:
    made = [given.code(given.area()).code for _ in range(3)]
    first = get(client, session, "/register", limit="2").json()
    second = get(client, session, "/register", limit="2", after=first["next"]).json()
    assert [line["code"] for page in (first, second) for line in page["items"]] == made[::-1]
    assert get(client, session, "/register", status="revoked").json()["items"] == []
    assert get(client, session, "/register", commune="02839").json()["items"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("market", "vn"), ("crop", "a b"), ("commune", "1"), ("status", "lost"), ("after", "x")],
)
def test_what_cannot_be_meant_is_refused(
    client: TestClient, session: Session, name: str, value: str
) -> None:
    answer = get(client, session, "/register", **{name: value})
    assert answer.status_code in {400, 422}
    if name not in {"after", "status"}:
        assert at(answer) == [name]


def test_a_code_is_read_with_its_history_and_its_address_on_a_day(
    client: TestClient, session: Session, given: Given
) -> None:
    code = given.code(given.area(commune="", former_commune="02647"))
    change = Change(given.day(-5), reason="Nhật ký thiếu ba tuần", number="7/QĐ")
    warn_code(session, code=code, change=change, by=Actor.system(), now=given.now)
    told = get(client, session, f"/register/{code.code}", on="2024-05-01").json()
    assert told["address"] == "Kim Tân Ward, Lào Cai City, Lào Cai Province"
    assert told["codes"][0]["status"] is None
    told = get(client, session, f"/register/{code.code_key}").json()
    assert told["address"] == "Lào Cai Ward, Lào Cai Province"
    issued, warned = told["codes"][0]["steps"]
    assert (issued["number"], issued["reason"]) == ("12/QĐ-TTBVTV", "")
    assert (warned["number"], warned["reason"]) == ("7/QĐ", "Nhật ký thiếu ba tuần")
    assert get(client, session, "/register/khong-co").status_code == 404


def test_a_household_is_not_named(client: TestClient, session: Session, given: Given) -> None:
    home = given.organisation(OrganisationKind.HOUSEHOLD, "Hộ Sùng Seo Lử")
    code = given.code(given.area(home, name="Nương nhà Lử"))
    change = Change(given.day(-5), reason="Ông Lử không ghi nhật ký")
    warn_code(session, code=code, change=change, by=Actor.system(), now=given.now)
    home.name_public = False
    index_organisation(session, home)
    for address in ("/register", f"/register/{code.code_key}"):
        answer = get(client, session, address)
        assert "Growing household, Xã Bắc Hà" in answer.text
        assert "Lử" not in answer.text
    home.name_public = True
    assert "Lử" in get(client, session, f"/register/{code.code_key}").text


def test_statistics_are_for_the_desk(
    client: TestClient, session: Session, given: Given, calling: Any
) -> None:
    given.code(given.area(commune="", former_commune="02647", area_m2=15_000))
    given.area(commune="02923")
    assert get(client, session, "/statistics/codes").status_code == 401
    desk = calling(Role.INSPECTOR)
    told = desk.get("/statistics/codes", by="district").json()
    (place,) = [one for one in told["places"] if one["areas"]]
    assert (place["name"], place["area_m2"]) == ("Thành phố Lào Cai", 15_000)
    assert place["codes"]["active"] == 1
    assert [one["name"] for one in told["unallocated"]] == ["Xã Gia Phú"]
    told = desk.get("/statistics/codes", by="commune", on="2020-01-01").json()
    assert told["places"] == []
