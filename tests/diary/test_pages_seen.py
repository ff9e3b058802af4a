"""Who sees what of a diary: its clerks all, a grower the own, others nothing, inspectors what is odd."""

import re

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.diary import Planting, Work
from app.models.registry import Organisation
from tests.conftest import Sign
from tests.diary.growing import Growing
from tests.diary.test_pages import form


@pytest.mark.parametrize(
    "path",
    [
        "/work/diary",
        "/work/diary/new",
        "/work/diary/plantings",
        "/work/diary/plantings?standing=false",
        "/work/diary/plantings/new",
        "/work/diary/grid",
        "/work/diary/conflicts",
        "/work/inputs",
        "/work/inputs?q=movento&kind=pesticide",
        "/work/diary/book.pdf",
    ],
)
def test_every_page_opens_for_a_clerk(clerk: TestClient, path: str) -> None:
    assert clerk.get(path).status_code == 200


def test_another_s_pages_are_not_found(
    clerk: TestClient, growing: Growing, session: Session
) -> None:
    foreign = growing.planting()
    entry = growing.entry(foreign)
    addresses = [
        f"/work/diary/plantings/{foreign.uid}",
        f"/work/diary/entries/{entry.uid}",
        f"/work/diary?planting={foreign.uid}",
        f"/work/diary/new?like={entry.uid}",
        f"/work/diary/book.pdf?planting={foreign.uid}",
    ]
    session.commit()
    assert {clerk.get(address).status_code for address in addresses} == {404}


def test_a_grower_sees_no_other_members(
    sign: Sign, planting: Planting, growing: Growing, session: Session
) -> None:
    home = session.get_one(Organisation, planting.organisation_id)
    growing.given.grower(home, "Tẩn Láo Tả")
    grower = sign(Role.GROWER, home)
    assert "Tẩn Láo Tả" not in grower.get("/work/diary/new").text
    assert grower.get("/work/diary/grid").status_code == 403
    assert grower.post("/work/diary/new", data=form(planting)).status_code == 303


def test_an_inspector_sees_what_is_odd_everywhere(
    sign: Sign, planting: Planting, growing: Growing, session: Session
) -> None:
    growing.entry(planting, Work.SPRAYING, uses="Captan 50WP", day=-9)
    entry = growing.entry(planting, day=-1)
    growing.photo(entry)
    uid, home = entry.uid, session.get_one(Organisation, planting.organisation_id).uid
    inspector = sign(Role.INSPECTOR, None)
    page = inspector.get("/desk/diary").text
    assert "Captan is banned" in page
    assert "Banned inputs" in page and "Written down late" in page
    assert inspector.get(f"/desk/diary?organisation={home}&late=true").status_code == 200
    assert inspector.get(f"/desk/diary/plantings/{planting.uid}").status_code == 200
    shown = inspector.get(f"/work/diary/entries/{uid}").text
    [picture] = set(re.findall(r'src="(/desk/pictures/[^"]+)"', shown))
    assert inspector.get(picture).status_code == 200
    assert "Correct it" not in shown
