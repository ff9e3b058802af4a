"""Papers through the API and the pages, and how much may be sent."""

import io
from uuid import uuid4

import pytest
from PIL import Image
from starlette.testclient import TestClient

from app.main import create_app
from app.models.accounts import Role
from tests.conftest import BASE_URL
from tests.given import PASSWORD


def picture(shade=90):
    written = io.BytesIO()
    Image.new("RGB", (60, 40), (shade, 10, 10)).save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def area(given, session):
    home = given.cooperative()
    made = given.area(home)
    given.account(Role.STAFF, home, login="ke-toan")
    session.commit()
    return made


@pytest.fixture
def headers(given, session, area):
    made = given.headers(
        Role.STAFF, session.get_one(type(given.cooperative()), area.organisation_id)
    )
    session.commit()
    return made


def send(client, headers, area, content, key=None):
    return client.post(
        f"/api/v1/areas/{area.uid}/documents",
        files={"file": ("ban-do.png", content)},
        data={"kind": "map"},
        headers={**headers, "Idempotency-Key": key or str(uuid4())},
    )


def test_a_paper_goes_in_and_comes_out(client, headers, area):
    made = send(client, headers, area, picture(), key="k")
    assert made.status_code == 201
    assert send(client, headers, area, picture(), key="k").json() == made.json()
    address = made.headers["Location"]
    read = client.get(f"{address}/content", headers=headers)
    assert read.headers["content-type"] == "image/png"
    assert read.headers["content-disposition"] == "attachment"
    assert Image.open(io.BytesIO(read.content)).size == (60, 40)
    assert client.delete(address, headers=headers).status_code == 204
    assert client.get(address, headers=headers).status_code == 404


def test_what_is_no_paper_is_a_problem_at_its_field(client, headers, area):
    answer = send(client, headers, area, b"<html>")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"] == "file"


def test_only_addresses_for_files_take_large_bodies(app, engine, headers, area):
    small = app.state.settings.model_copy(
        update={"max_body_bytes": 2000, "max_upload_bytes": 60_000}
    )
    client = TestClient(create_app(small, clock=app.state.clock, engine=engine), base_url=BASE_URL)
    content = picture() + b"0" * 20_000
    assert send(client, headers, area, content).status_code == 201
    assert send(client, headers, area, content + b"0" * 60_000).status_code == 413
    ordinary = client.put(
        f"/api/v1/areas/{area.uid}/dossier", content=b"0" * 20_000, headers=headers
    )
    assert ordinary.status_code == 413


def test_the_page_keeps_the_kind_and_says_why(client, area):
    client.headers.update({"sec-fetch-site": "same-origin", "accept-language": "en"})
    client.cookies.set("lang", "en")
    client.post("/sign-in", data={"login": "ke-toan", "password": PASSWORD})
    page = f"/work/areas/{area.uid}/documents"
    refused = client.post(page, data={"kind": "seed"}, files={"file": ("x.svg", b"<svg/>")})
    assert refused.status_code == 422
    assert "Send a PDF or a picture" in refused.text
    assert '<option value="seed" selected>' in refused.text
    assert (
        client.post(
            page, data={"kind": "seed", "once": "1"}, files={"file": ("x.png", picture())}
        ).status_code
        == 303
    )
    assert "x.png" in client.get(page).text
