"""Deciding at the desk and preparing at the cooperative's: what is dated, what is proposed, what is not lost."""

import io
import json
from collections.abc import Callable

import pytest
from PIL import Image
from sqlmodel import Session
from starlette.testclient import TestClient

from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.places import AdminOutline
from app.models.registry import Organisation, OrganisationKind
from app.places.queries import find_commune_on
from app.registry.code_commands import Change, suspend_code
from app.registry.dossier_queries import find_dossier, markets_of
from tests.given import PASSWORD, Given

SAME_SITE = {"sec-fetch-site": "same-origin", "accept-language": "en"}
SignIn = Callable[[Role], TestClient]


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative("HTX Rau Bản Phố")


@pytest.fixture
def as_(client: TestClient, session: Session, given: Given, home: Organisation) -> SignIn:
    """Sign in as somebody of a role."""

    def signed_in(role: Role) -> TestClient:
        desk = role in {Role.INSPECTOR, Role.PROVINCE_ADMIN}
        office = given.organisation(OrganisationKind.AUTHORITY) if desk else home
        given.account(role, office, login=role.value.replace("_", "."))
        session.commit()
        client.headers.update(SAME_SITE)
        client.cookies.clear()
        client.cookies.set("lang", "en")
        sent = {"login": role.value.replace("_", "."), "password": PASSWORD}
        assert client.post("/sign-in", data=sent).status_code == 303
        return client

    return signed_in


def test_a_suspension_that_is_still_to_come_is_shown_as_that(
    as_: SignIn, session: Session, given: Given, home: Organisation
) -> None:
    area = given.area(home)
    code = given.code(area)
    change = Change(given.day(7), "Nhật ký thiếu")
    suspend_code(session, code=code, change=change, by=Actor.system(), now=given.now)
    officer = as_(Role.PROVINCE_ADMIN)
    html = officer.get(f"/desk/codes/{code.uid}").text
    assert "From 27/11/2026 on: Suspended." in html
    chip = html.partition("</h1>")[2].partition("</p>")[0]
    assert "In force" in chip
    assert "chip good" in officer.get("/desk/areas").text
    shapes = officer.get("/desk/areas.geojson").json()["features"]
    assert [one["properties"]["status"] for one in shapes] == []  # it was not drawn


def test_the_desk_map_shows_what_codes_are_worth_today(
    as_: SignIn, session: Session, given: Given, home: Organisation
) -> None:
    for days, east in ((7, 0), (0, 3)):
        code = given.code(given.area(home, polygon=given.boundary(east=east)))
        change = Change(given.day(days), "Nhật ký thiếu")
        suspend_code(session, code=code, change=change, by=Actor.system(), now=given.now)
    shapes = as_(Role.INSPECTOR).get("/desk/areas.geojson").json()["features"]
    assert [one["properties"]["status"] for one in shapes] == ["active", "suspended"]


def test_what_was_typed_is_kept_as_a_draft_when_something_else_is_missing(
    as_: SignIn, session: Session, given: Given, home: Organisation
) -> None:
    area = given.area(home)
    clerk = as_(Role.STAFF)
    address = f"/work/areas/{area.uid}/dossier"
    typed = {"markets": ["VNM", "JPN"], "households": "12", "then": "submit", "once": "a"}
    answer = clerk.post(address, data=typed)
    assert answer.status_code == 422
    for lacking in ("Draw the boundary", "how much a year", "who represents"):
        assert lacking in answer.text
    kept = find_dossier(session, area.pk)
    assert kept is not None
    assert (kept.households, markets_of(session, kept)) == (12, ["JPN", "VNM"])
    assert 'value="12"' in clerk.get(address).text


def outlined(session: Session, given: Given, code: str) -> None:
    """The outline of a commune, as the province would load it: a square around the test's fields."""
    unit = find_commune_on(session, code, given.day(0))
    assert unit is not None
    corners = [[104.2, 22.4], [104.4, 22.4], [104.4, 22.6], [104.2, 22.6], [104.2, 22.4]]
    box = {"west": 1042000000, "east": 1044000000, "south": 224000000, "north": 226000000}
    shape = json.dumps({"type": "Polygon", "coordinates": [corners]})
    session.add(AdminOutline(unit_id=unit.pk, outline=shape, source="tỉnh", **box))
    session.flush()


def test_the_commune_of_the_drawn_point_is_proposed_taken_or_overruled(
    as_: SignIn, session: Session, given: Given, home: Organisation
) -> None:
    outlined(session, given, "02839")
    area = given.area(home, commune="02848", polygon=given.boundary())
    page = f"/work/areas/{area.uid}"
    clerk = as_(Role.STAFF)
    html = clerk.get(f"{page}/boundary").text
    assert "The boundary lies in Xã Bắc Hà; the area is registered in Xã Lùng Phình." in html
    assert "Register it in Xã Bắc Hà" in html
    assert clerk.post(f"{page}/commune", data={"version": "7"}).status_code == 422
    assert "Xã Lùng Phình" in clerk.get(page).text  # nothing moves by itself
    assert clerk.post(f"{page}/commune", data={"version": "1"}).status_code == 303
    assert "Xã Bắc Hà" in clerk.get(page).text
    assert "Register it in" not in clerk.get(f"{page}/boundary").text
    assert clerk.post(f"{page}/commune", data={"version": "2"}).status_code == 422


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 180, 90)).save(drawn, "JPEG")
    return drawn.getvalue()


def test_the_paper_of_a_decision_stands_by_its_step_and_cannot_be_taken_away(
    as_: SignIn, given: Given, home: Organisation
) -> None:
    area = given.area(home)
    uid = given.code(area).uid
    address = f"/desk/codes/{uid}"
    officer = as_(Role.INSPECTOR)
    sent = {"file": ("QD-12.jpg", picture(), "image/jpeg")}
    answer = officer.post(f"{address}/documents", data={"once": "a"}, files=sent)
    assert answer.status_code == 303, answer.text
    html = officer.get(address).text
    assert "QD-12" in html.partition("Its life")[2]
    wrong = {"file": ("a.exe", b"MZ" * 50, "application/octet-stream")}
    refused = officer.post(f"{address}/documents", data={"once": "b"}, files=wrong)
    assert refused.status_code == 422
    assert 'id="why-file"' in refused.text
    holder = as_(Role.COOP_ADMIN)
    own = holder.get(f"/work/codes/{uid}").text
    paper = own.partition("/work/documents/")[2].partition('"')[0]
    assert holder.get(f"/work/documents/{paper}").headers["content-type"].startswith("image/")
    assert holder.post(f"/work/documents/{paper}/remove").status_code == 422
