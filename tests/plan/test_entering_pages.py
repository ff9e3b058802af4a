"""Pages on which the province enters: prices, model groups, a newer plan from a spreadsheet."""

import re

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from tests.given import Given

EN = {"accept-language": "en", "cookie": "lang=en"}
HEAD = "measure,year,scope_name,unit,stated\n"


@pytest.fixture
def boss(client: TestClient, session: Session, given: Given) -> dict[str, str]:
    client.headers["sec-fetch-site"] = "same-origin"
    who = given.headers(Role.PROVINCE_ADMIN) | EN
    session.commit()
    return who


def test_a_price_gives_the_output_its_value_until_it_is_withdrawn(
    client: TestClient, session: Session, given: Given, boss: dict[str, str]
) -> None:
    given.lot(given.area(), kilograms=2_000)
    reader = given.headers(Role.INSPECTOR) | EN
    session.commit()
    form = {"crop": "BAP_CAI", "dong_per_kg": "12.500", "from_day": "2026-01-01"}
    nothing = client.post("/desk/plan/prices", data={**form, "dong_per_kg": "0"}, headers=boss)
    assert nothing.status_code == 422
    assert "A price is more than nothing" in nothing.text
    assert 'value="2026-01-01"' in nothing.text  # what was typed stays
    parts = client.post("/desk/plan/prices", data={**form, "dong_per_kg": "12,5"}, headers=boss)
    assert parts.status_code == 422 and "Write a whole number." in parts.text  # never cut off
    assert client.post("/desk/plan/prices", data=form, headers=boss).status_code == 303
    assert client.post("/desk/plan/prices", data=form, headers=reader).status_code == 403
    table = "/desk/plan/tables/table.csv?year=2026&by=crop&figure=value"
    assert "25000000" in client.get(table, headers=reader).text
    page = client.get("/desk/plan/prices", headers=boss).text
    assert "12,500" in page
    withdrawn = re.search(r"/desk/plan/prices/[0-9a-f-]+/withdraw", page)
    assert withdrawn is not None
    assert client.post(withdrawn[0], headers=boss).status_code == 303
    assert "25000000" not in client.get(table, headers=reader).text


def test_a_model_group_counts_by_its_certificate(
    client: TestClient, session: Session, given: Given, boss: dict[str, str]
) -> None:
    certificate = given.certificate(given.area())
    session.commit()
    form = {"certificate": str(certificate.uid), "since": "2026-11-01"}
    late = client.post("/desk/plan/models", data={**form, "since": "2027-11-01"}, headers=boss)
    assert late.status_code == 422
    assert client.post("/desk/plan/models", data=form, headers=boss).status_code == 303
    page = client.get("/desk/plan/models", headers=boss).text
    assert certificate.number in page
    # A newer plan asks whether its forerunner's models go on; until somebody says so it has none.
    newer = {"plan": "NEWER", "legal_ref": "KH 14/KH-UBND"}
    file = {"file": ("ke-hoach.csv", (HEAD + "area,2035,Bắc Hà,ha,500\n").encode(), "text/csv")}
    sent = client.post("/desk/plan/targets", data=newer, files=file, headers=boss)
    asked = client.get(sent.headers["location"], headers=boss).text
    assert "1 model group of another plan is none of NEWER yet." in asked
    there = "/desk/plan/models?plan=NEWER"
    assert certificate.number not in client.get(there, headers=boss).text.partition("<tbody>")[2]
    for status in (303, 422):  # once
        carried = client.post("/desk/plan/models/carried", data={"plan": "NEWER"}, headers=boss)
        assert carried.status_code == status
    assert certificate.number in client.get(there, headers=boss).text.partition("<tbody>")[2]
    end = re.search(r"/desk/plan/models/[0-9a-f-]+/end", page)
    assert end is not None
    wrong = client.post(end[0], data={"until": "2025-01-01"}, headers=boss)
    assert wrong.status_code == 422
    assert client.post(end[0], data={"until": "2026-11-10"}, headers=boss).status_code == 303


def test_a_newer_plan_is_loaded_whole_or_not_at_all(
    client: TestClient, boss: dict[str, str]
) -> None:
    def send(rows: str, plan: str = "RAU_2035", axes: str = "") -> object:
        files = {"file": ("ke-hoach.csv", (HEAD + rows).encode(), "text/csv")}
        if axes:
            files["axes"] = ("truc.csv", axes.encode(), "text/csv")
        return client.post(
            "/desk/plan/targets",
            data={"plan": plan, "legal_ref": "KH 12/KH-UBND"},
            files=files,
            headers=boss,
        )

    wrong = send("area,2035,Bắc Hà,ha,nhiều\noutput,2035,Nơi nào,tấn,5\n")
    assert wrong.status_code == 422
    assert "Nothing was loaded" in wrong.text
    assert "E2" in wrong.text and "C3" in wrong.text  # each cell by its name
    assert 'value="RAU_2035"' in wrong.text
    good = "area,2035,Bắc Hà,ha,500\n"
    wrong = send(good, axes="Trục;Huyện cũ\nTrục A;Hà Nội\n")
    assert wrong.status_code == 422 and "Truc!B2" in wrong.text
    no_table = send(good, axes="một;hai\n")
    assert no_table.status_code == 422 and "No row of headings" in no_table.text
    made = send(good, "WITH_AXES", axes="Trục;Huyện cũ\nTrục A;Bắc Hà\n")
    assert made.status_code == 303
    assert "Trục A" in client.get(made.headers["location"], headers=boss).text
    rows = "area,2035,Bắc Hà,ha,500\nyield,2035,Bắc Hà,tạ/ha,300\noutput,2035,Bắc Hà,tấn,16000\n"
    assert send(rows).status_code == 303
    page = client.get("/desk/plan/targets?plan=RAU_2035", headers=boss).text
    assert "16,000" in page and "15,000" in page  # as stated, flagged with what it recomputes to
    assert "RAU_AN_TOAN_2030" in page  # the old one is there still
    assert send(rows).status_code == 422
    # What a newer plan is written into: the old one as a file, which loads as it is.
    file = client.get("/desk/plan/targets/figures.xlsx", headers=boss)
    again = client.post(
        "/desk/plan/targets",
        data={"plan": "AGAIN", "legal_ref": "KH 13/KH-UBND"},
        files={"file": ("chi-tieu.xlsx", file.content)},
        headers=boss,
    )
    assert again.status_code == 303
    old, new = (
        {
            tuple(one[key] for key in ("measure", "scope", "scope_name", "year", "unit", "stated"))
            for one in client.get(f"/api/v1/plan/targets?plan={plan}").json()["items"]
        }
        for plan in ("RAU_AN_TOAN_2030", "AGAIN")
    )
    assert old == new and len(old) > 90
    old, new = (
        client.get(f"/api/v1/plan/axes?plan={plan}").json()["items"]
        for plan in ("RAU_AN_TOAN_2030", "AGAIN")
    )
    assert old == new and [len(one["communes"]) for one in old] == [11, 0, 0]
    unknown = client.get("/desk/plan/targets?plan=NONE", headers=boss)
    assert unknown.status_code == 422
