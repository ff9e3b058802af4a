"""The pages of a recall: opened, decided, answered through a link, handled, reported as a PDF."""

import re

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from tests.databases import BASE_URL
from tests.given import Given
from tests.recalls.recalling import WHY, World, world_of


@pytest.fixture
def world(session: Session, given: Given) -> World:
    return world_of(session, given)


def test_from_the_danger_to_the_report(
    session: Session, given: Given, world: World, client: TestClient
) -> None:
    boss = given.headers(Role.COOP_ADMIN, world.home)
    officer = given.headers(Role.INSPECTOR)
    friend = given.headers(Role.STAFF, world.friend)
    session.commit()

    def send(path: str, who: dict[str, str], **fields: str) -> str:
        answer = client.post(path, data=fields, headers=who, follow_redirects=True)
        assert answer.status_code == 200, answer.text[:2000]
        return answer.text

    assert WHY not in client.get(f"/t/{world.packed.code}").text
    sent = {"lots": world.harvest.code, "reason": WHY, "once": "1"}
    opened = client.post("/work/recalls", data=sent, headers=boss, follow_redirects=False)
    assert opened.status_code == 303
    here = opened.headers["location"]
    page = client.get(here, headers=boss).text
    progress = '<progress max="100"'  # nothing is recovered of what is not recalled
    assert progress not in page
    assert WHY not in client.get(f"/t/{world.packed.code}").text
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    assert progress in send(f"{here}/decide", boss, version=version)
    # The descendant's page, its machine-readable twin and its events say it at once.
    assert WHY in client.get(f"/t/{world.packed.code}").text
    assert client.get(f"/api/v1/public/lots/{world.packed.code}/recall").json()["recalled"]
    links = re.findall(
        rf'action="({here}/consignees/[^"]+/link)"', client.get(here, headers=boss).text
    )
    shown = send(links[0], boss)
    door = re.findall(rf'href="{BASE_URL}(/k/[^"]+)"', shown)[0]
    looked = client.get(door)
    assert looked.status_code == 200 and WHY in looked.text
    refused = client.post(door, data={"remaining_g": "nhiều", "answered_by": "Chị Hoa"})
    assert refused.status_code == 422 and "Chị Hoa" in refused.text
    assert client.post(door, data={"remaining_g": "30"}).status_code == 200
    send(f"{here}/answer", friend, remaining_g="12,5")
    # Who only has goods does not see who else has.
    assert world.shop.name not in client.get(here, headers=friend).text
    assert world.shop.name in client.get(here, headers=officer).text
    dispose = {"lot": world.packed.code, "way": "destroy", "quantity_g": "70"}
    bare = client.post(f"{here}/dispose", data=dispose, headers=boss)
    assert bare.status_code == 422
    # What was done is never guessed: destroyed goods do not come back.
    other = dispose | {"way": "fly", "document": "BB-1"}
    assert client.post(f"{here}/dispose", data=other, headers=boss).status_code == 422
    send(f"{here}/dispose", boss, **dispose, done_on="2026-11-20", document="BB-1")
    report = client.get(f"{here}/report.pdf", headers=boss)
    assert report.content.startswith(b"%PDF-")
    assert client.get("/work/recalls", headers=officer).status_code == 200
    # Everybody reads the list: whose goods and why, never who has them.
    public = client.get("/recalls").text
    listed = client.get("/api/v1/public/recalls").json()["items"]
    assert WHY in public and world.packed.code in public
    assert [(one["reason"], one["lot_count"]) for one in listed] == [(WHY, 2)]
    assert [name for name in (world.shop.name, world.friend.name) if name in public] == []
    assert WHY not in client.get("/recalls?ended=yes").text
    assert client.get(f"{here}/decision.pdf", headers=officer).status_code == 422
    assert (
        client.get(f"/work/recalls/new?lot={world.packed.code}", headers=officer).status_code == 200
    )
