"""The main menu: what a role may open, in groups; the page one is on is told."""

import pytest
from fastapi import FastAPI
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.registry import OrganisationKind
from app.web.menu import DESK, FLAT, WORK, Item, menu_of
from app.web.reaching import may_open
from tests.given import Given


def test_every_item_leads_to_a_page_that_somebody_may_open(built: FastAPI) -> None:
    for group in (*WORK, *DESK):
        for item in group.items:
            assert any(may_open(built, role, item.address) for role in Role), item.address
    assert not any(may_open(built, role, "/work/forgotten") for role in Role)


@pytest.mark.parametrize(
    ("role", "path", "group", "item"),
    [
        (Role.COOP_ADMIN, "/work", "Today", "/work"),
        (Role.COOP_ADMIN, "/work/labels/layouts/new", "Harvests and sales", "/work/labels"),
        (
            Role.PROVINCE_ADMIN,
            "/work/labels/layouts",
            "Registers and rules",
            "/work/labels/layouts",
        ),
        (Role.PROVINCE_ADMIN, "/desk", "Search", "/desk"),
        (Role.INSPECTOR, "/desk/plan/lists/rotation", "The plan", "/desk/plan"),
        (Role.INSPECTOR, "/account", None, None),
    ],
)
def test_a_page_stands_below_its_item(
    built: FastAPI,
    session: Session,
    given: Given,
    role: Role,
    path: str,
    group: str | None,
    item: str | None,
) -> None:
    menu = menu_of(built, given.key(role)[0], path)
    assert (menu.group and str(menu.group.words)) == group
    assert (menu.item and menu.item.address) == item


def test_what_a_role_may_not_open_is_not_in_its_menu(built: FastAPI, given: Given) -> None:
    def addresses(role: Role) -> set[str]:
        menu = menu_of(built, given.key(role)[0], "/work")
        return {item.address for group in menu.groups for item in group.items}

    assert "/work/team" in addresses(Role.COOP_ADMIN) - addresses(Role.STAFF)
    assert "/desk/archives" in addresses(Role.PROVINCE_ADMIN) - addresses(Role.INSPECTOR)


def test_a_short_menu_stands_in_one_row_and_a_long_one_in_groups(
    client: TestClient, session: Session, given: Given
) -> None:
    office = given.organisation(OrganisationKind.AUTHORITY)
    few, many = given.headers(Role.GROWER), given.headers(Role.PROVINCE_ADMIN, office)
    session.commit()
    short = client.get("/work", headers=few).text
    assert "<details><summary" not in short.partition("<main")[0]
    long = client.get("/desk/balance", headers=many).text.partition("<main")[0]
    assert long.count('aria-current="page"') == 2  # the row of a wide screen, the list of a phone
    assert long.count('href="/desk/inspections" aria-current="true"') == 1
    assert sum(len(group.items) for group in DESK) > FLAT


def test_an_address_that_only_begins_alike_is_another_page() -> None:
    assert not Item("/work/lots", WORK[0].words).holds("/work/lotsandlots")
    assert not Item("/work", WORK[0].words).holds("/work/lots")
