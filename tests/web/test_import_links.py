"""From lots and diary to their lists from Excel, for whoever may send them."""

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from tests.given import Given

PAGES = {"/work/lots": "harvests", "/work/diary": "diary"}


def signed_in(client: TestClient, session: Session, given: Given, role: Role) -> TestClient:
    headers = given.headers(role, given.cooperative())
    session.commit()
    client.headers.update({"Accept-Language": "en", "sec-fetch-site": "same-origin", **headers})
    client.cookies.set("lang", "en")
    return client


@pytest.mark.parametrize(("page", "layout"), PAGES.items())
def test_the_clerk_is_led_to_the_form_with_the_right_list_and_its_template(
    client: TestClient, session: Session, given: Given, page: str, layout: str
) -> None:
    clerk = signed_in(client, session, given, Role.STAFF)
    assert f'href="/work/imports?layout={layout}"' in clerk.get(page).text
    form = clerk.get(f"/work/imports?layout={layout}").text
    assert f'<option value="{layout}" selected' in form
    template = clerk.get(f"/work/import-templates/{layout}")
    assert template.status_code == 200
    assert template.content.startswith(b"PK")


@pytest.mark.parametrize("page", PAGES)
def test_a_grower_is_not(client: TestClient, session: Session, given: Given, page: str) -> None:
    grower = signed_in(client, session, given, Role.GROWER)
    assert "/work/imports" not in grower.get(page).text
