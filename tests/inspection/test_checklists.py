"""Editions of checklists: the next one is written, none that a visit used is changed, wrong rows are named."""

from datetime import timedelta

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.errors import Conflict, Refused
from app.inspection.checklist_commands import Edition, asked_of, publish_edition
from app.inspection.checklist_queries import checklist_on, edition_of, newest_edition
from app.inspection.checklist_rules import Asked, read_items, written_items
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.catalogue import Confidence
from app.models.checklists import Severity
from tests.given import PASSWORD, Given

NEW = Asked("store_locked", Severity.CRITICAL, "3.2.4", "Kho thuốc có khoá.")


def test_the_next_edition_begins_on_its_day_and_the_one_before_stays(
    session: Session, given: Given
) -> None:
    today, before = given.day(0), newest_edition(session, "vietgap")
    items = [asked_of(one) for one in before.items]
    assert read_items(written_items(items)) == items

    def publish(day: int, *rows: Asked) -> None:
        edition = Edition(given.day(day), "TCVN 11892-1:2026", Confidence.UNVERIFIED, rows)
        publish_edition(session, "vietgap", edition, by=Actor.system(), now=given.now)

    with pytest.raises(Refused):
        publish(-1, NEW)
    with pytest.raises(Conflict):
        publish(1, *items)
    wrong = (NEW, NEW, Asked("Kho!", None, "", "x"))
    with pytest.raises(Refused) as refused:
        publish(1, *wrong)
    assert [one.field for one in refused.value.fields] == ["items", "items"]
    assert [one.why.values["number"] for one in refused.value.fields] == [2, 3]
    publish(5, *items, NEW)
    assert checklist_on(session, "vietgap", today).pk == before.checklist.pk
    later = checklist_on(session, "vietgap", today + timedelta(days=5))
    made = edition_of(session, "vietgap", later.edition)
    assert later.edition == before.checklist.edition + 1
    assert [one.confidence for one in made.items[:-1]] == [one.confidence for one in before.items]
    assert made.items[-1].text_en == NEW.text_vi
    assert edition_of(session, "vietgap", before.checklist.edition) == before
    with pytest.raises(Refused):
        publish(4, NEW)


def test_only_the_administrator_publishes_by_api_and_by_page(
    session: Session, given: Given, client: TestClient
) -> None:
    given.account(Role.PROVINCE_ADMIN, login="tinh")
    keys = [given.headers(role) for role in (Role.INSPECTOR, Role.PROVINCE_ADMIN)]
    day = given.day(0)
    session.commit()
    item = {"key": "store_locked", "severity": "critical", "text_vi": "Kho thuốc có khoá."}
    body = {"valid_from": day.isoformat(), "legal_ref": "TCVN 11892-1:2026", "items": [item]}
    address = "/api/v1/inspection/checklists/vietgap/editions"
    answers = [
        client.post(address, json=body, headers={**key, "Idempotency-Key": "k" * 20})
        for key in keys
    ]
    assert [one.status_code for one in answers] == [403, 201]
    listed = client.get("/api/v1/inspection/checklists", headers=keys[1]).json()["items"]
    assert [one["items"][0]["key"] for one in listed if one["slug"] == "vietgap"] == [
        "store_locked"
    ]
    client.headers["sec-fetch-site"] = "same-origin"
    client.post("/sign-in", data={"login": "tinh", "password": PASSWORD})
    page = "/desk/checklists/vietgap"
    typed = {"valid_from": f"{day:%d/%m/%Y}", "legal_ref": "TCVN 11892-1:2026", "confidence": "U"}
    wrong = client.post(f"{page}/editions", data={**typed, "items": "store | grave | | Kho"})
    assert wrong.status_code == 422
    assert "store | grave" in wrong.text
    rows = "store | major | 3.2.4 | Kho có khoá và biển báo."
    done = client.post(f"{page}/editions", data={**typed, "items": rows})
    assert done.headers["location"].startswith(page)
    assert "Kho có khoá và biển báo." in client.get(page).text
    assert client.get("/desk/checklists").status_code == 200
