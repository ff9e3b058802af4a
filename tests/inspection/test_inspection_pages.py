"""The pages of inspections, without a script: plan, begin, save, finish, show, send back, stop, hand on."""

import re
from uuid import uuid4

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.registry import Organisation, OrganisationKind
from tests.given import PASSWORD, Given
from tests.inspection.visiting import found_at

ACTION = re.compile(r'name="version" value="(\d+)"')


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative("Hợp tác xã Rau Bản Phố")


def sign_in(client: TestClient, login: str) -> None:
    client.headers["sec-fetch-site"] = "same-origin"
    client.cookies.clear()
    answer = client.post("/sign-in", data={"login": login, "password": PASSWORD})
    assert answer.status_code == 303


def version(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    found = ACTION.search(answer.text)
    assert found
    return found[1]


def test_an_inspector_plans_makes_and_ends_a_visit_with_forms_alone(
    session: Session, given: Given, home: Organisation, client: TestClient
) -> None:
    area = given.area(home, name="Đồi Sân Chùa")
    lot = given.lot(area)
    given.account(Role.INSPECTOR, login="kiem-tra")
    session.commit()
    sign_in(client, "kiem-tra")
    plan = {"organisation": str(home.uid), "checklist": "planting_area", "due_on": "2020-01-01"}
    refused = client.post("/desk/inspections/plans", data=plan)
    assert refused.status_code == 422
    assert "2020-01-01" in refused.text
    there = {**plan, "area": str(area.uid), "due_on": "30/11/2026"}
    planned = client.post("/desk/inspections/plans", data=there)
    assert planned.headers["location"] == "/desk/inspections?done=visit_planned"
    page = client.get("/desk/inspections").text
    assert "Đồi Sân Chùa" in page.partition("?plan=")[0]
    begin = re.search(r"/desk/visits/new\?plan=[0-9a-f-]+", page)
    assert begin
    form = client.get(begin[0]).text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    begun = client.post("/desk/visits/new", data={**hidden, "checklist": "planting_area"})
    again = client.post("/desk/visits/new", data={**hidden, "checklist": "planting_area"})
    address = begun.headers["location"]
    assert again.headers["location"] == address
    items = re.findall(r'id="answer_(\w+)"', client.get(address).text)
    assert len(items) == 10
    seen = {f"outcome_{key}": "conforms" for key in items} | {"outcome_condition": "fails"}
    typed = {"version": version(client, address), "do": "finish", "note": "Ruộng ướt.", **seen}
    early = client.post(address, data=typed)
    assert early.status_code == 422
    assert "Ruộng ướt." in early.text
    whole = {
        **typed,
        "area": str(area.uid),
        "finding_words_1": "Mã số dùng cho rau mua ngoài.",
        "finding_item_1": "condition",
        "finding_severity_1": "critical",
        "sample_what_1": "Bắp cải, 2 kg",
        "sample_seal_1": "NP-2026-0117",
        "sample_lot_1": lot.code,
        "name_inspector": "Trần Văn Hải",
        "affirmed_inspector": "yes",
        "name_host": "Lý Thị Mẩy",
        "affirmed_host": "yes",
    }
    saved = client.post(address, data={**whole, "do": "save"})
    assert saved.headers["location"].endswith("?done=saved")
    shown = client.get(address).text
    assert "NP-2026-0117" in shown
    picture = {"photos": ("a.png", given.picture(), "image/png")}
    kept = client.post(f"{address}/photos", data={"item": "condition"}, files=picture)
    assert kept.status_code == 303
    ended = client.post(address, data={**whole, "version": version(client, address)})
    assert ended.headers["location"].endswith("?done=visit_finished"), ended.text
    final = client.get(address).text
    assert "Mã số dùng cho rau mua ngoài." in final
    assert "/desk/pictures/" in final


def test_the_cooperative_shows_and_the_inspector_sends_back_stops_and_closes(
    session: Session, given: Given, home: Organisation, client: TestClient
) -> None:
    lot = given.lot(given.area(home))
    finding = found_at(session, given, home)
    given.account(Role.STAFF, home, login="ke-toan")
    given.account(Role.INSPECTOR, login="kiem-tra")
    session.commit()
    work, desk = f"/work/findings/{finding.uid}", f"/desk/findings/{finding.uid}"
    sign_in(client, "ke-toan")
    assert finding.words in client.get("/work/findings").text
    assert client.get(f"/work/visits/{uuid4()}").status_code == 404
    short = {"version": version(client, work), "words": "ok"}
    assert client.post(f"{work}/evidence", data=short).status_code == 422
    picture = {"photos": ("a.png", given.picture(), "image/png")}
    told = client.post(
        f"{work}/evidence", data={**short, "words": "Đã tách riêng rau mua."}, files=picture
    )
    assert told.status_code == 303, told.text
    sign_in(client, "kiem-tra")
    back = {"version": version(client, desk), "words": "Chưa thấy biển ghi.", "due_on": "1/1/2027"}
    assert client.post(f"{desk}/send-back", data=back).status_code == 303
    for stop, status in ((f"hold_lot {lot.code}", 303), ("hold_lot x", 422), ("burn it", 422)):
        measure = {"version": version(client, desk), "stop": stop, "reason": "Chờ làm rõ."}
        assert client.post(f"{desk}/measures", data=measure).status_code == status
    end = {"version": version(client, desk), "words": "Đã xem tại chỗ, đạt."}
    assert client.post(f"{desk}/close", data=end).status_code == 303
    page = client.get(desk).text
    assert lot.code[-3:] in page
    assert "Đã xem tại chỗ, đạt." in page


def test_another_cooperative_sees_nothing_of_a_visit(
    session: Session, given: Given, home: Organisation, client: TestClient
) -> None:
    finding = found_at(session, given, home)
    given.account(Role.STAFF, given.cooperative(), login="la-mat")
    given.account(Role.INSPECTOR, given.organisation(OrganisationKind.AUTHORITY), login="kiem-tra")
    session.commit()
    sign_in(client, "la-mat")
    assert client.get(f"/work/findings/{finding.uid}").status_code == 404
    assert finding.words not in client.get("/work/findings").text
    sign_in(client, "kiem-tra")  # the control
    assert client.get(f"/desk/findings/{finding.uid}").status_code == 200
