"""The boundary of an area on its page: drawn, read from a file or a table, overlaps shown."""

import json
import re

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.registry import PlantingArea
from tests.given import PASSWORD, Given

SAME_SITE = {"sec-fetch-site": "same-origin", "accept-language": "en"}
KML = """<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>"""
PLACE = """<Placemark><name>{name}</name><Polygon><outerBoundaryIs><LinearRing>
<coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"""
# The corners of a field near Bắc Hà in VN-2000, zone 104°45', as a survey hands them over.
TABLE = (
    "1\t2493400,5\t452600,2\n2\t2493400,5\t452740,2\n3\t2493540,5\t452740,2\n4\t2493540,5\t452600,2"
)


@pytest.fixture
def area(session: Session, given: Given) -> PlantingArea:
    home = given.cooperative()
    made = given.area(home, name="Đồi Sân Chùa")
    given.account(Role.STAFF, home, login="ke-toan")
    session.commit()
    return made


@pytest.fixture
def clerk(client: TestClient, area: PlantingArea) -> TestClient:
    client.headers.update(SAME_SITE)
    client.cookies.set("lang", "en")
    answer = client.post("/sign-in", data={"login": "ke-toan", "password": PASSWORD})
    assert answer.status_code == 303
    return client


def page(area: PlantingArea) -> str:
    return f"/work/areas/{area.uid}/boundary"


def placemark(given: Given, name: str, east: int = 0) -> str:
    ring = json.loads(given.boundary(east=east))["coordinates"][0]
    return PLACE.format(name=name, ring=" ".join(f"{x},{y},0" for x, y in ring))


def polygon_on(html: str) -> str:
    found = re.search(r'<textarea id="polygon"[^>]*>([^<]*)</textarea>', html)
    return found[1] if found else ""


def test_what_is_drawn_is_kept(
    clerk: TestClient, area: PlantingArea, session: Session, given: Given
) -> None:
    sent = {"polygon": given.boundary(), "version": "1", "once": "a"}
    assert clerk.post(page(area), data=sent).status_code == 303
    session.expire_all()
    assert session.get_one(PlantingArea, area.pk).polygon is not None
    assert "104.29" in polygon_on(clerk.get(page(area)).text)


def test_a_refused_boundary_stays_as_it_was_typed(clerk: TestClient, area: PlantingArea) -> None:
    answer = clerk.post(page(area), data={"polygon": '{"type": "Point"}', "version": "1"})
    assert answer.status_code == 422
    assert "not a GeoJSON polygon" in answer.text
    assert "&#34;Point&#34;" in polygon_on(answer.text)


def test_a_file_with_one_boundary_is_shown_before_it_is_saved(
    clerk: TestClient, area: PlantingArea, session: Session, given: Given
) -> None:
    kml = KML.format(placemark(given, "Ruộng trên")).encode()
    answer = clerk.post(f"/work/areas/{area.uid}/boundaries", files={"file": ("x.kml", kml)})
    assert answer.status_code == 200
    assert "104.29" in polygon_on(answer.text)
    session.expire_all()
    assert session.get_one(PlantingArea, area.pk).polygon is None


def test_of_several_boundaries_one_is_chosen(
    clerk: TestClient, area: PlantingArea, given: Given
) -> None:
    kml = KML.format(placemark(given, "Ruộng trên") + placemark(given, "Ruộng dưới", east=3))
    files = {"file": ("x.kml", kml.encode())}
    html = clerk.post(f"/work/areas/{area.uid}/boundaries", files=files).text
    assert "Ruộng trên" in html
    assert "Ruộng dưới" in html
    assert html.count("Use this one") == 2


def test_a_table_of_a_survey_becomes_a_boundary(clerk: TestClient, area: PlantingArea) -> None:
    sent = {"table": TABLE, "system": "vn2000-104-45"}
    answer = clerk.post(f"/work/areas/{area.uid}/boundaries", data=sent)
    assert answer.status_code == 200
    assert "104.2" in polygon_on(answer.text)


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({}, "Choose a file, or paste a table."),
        ({"table": "x", "system": "mars"}, "Choose one from the list."),
        ({"table": "1 22.5\n2 22.6 104\n3 22.7 104", "system": "wgs84"}, "Line 1"),
    ],
)
def test_what_cannot_be_read_is_refused_beside_its_field(
    clerk: TestClient, area: PlantingArea, sent: dict[str, str], why: str
) -> None:
    answer = clerk.post(f"/work/areas/{area.uid}/boundaries", data=sent)
    assert answer.status_code == 422
    assert why in answer.text


def test_an_overlap_is_said_and_drawn(
    clerk: TestClient, area: PlantingArea, session: Session, given: Given
) -> None:
    given.area(name="Nương bên kia", polygon=given.boundary(east=0.5))
    session.commit()
    clerk.post(page(area), data={"polygon": given.boundary(), "version": "1", "once": "b"})
    assert "Nương bên kia" in clerk.get(page(area)).text
    shapes = clerk.get(f"/work/areas/{area.uid}/near.geojson").json()["features"]
    assert [shape["properties"]["status"] for shape in shapes] == ["overlap"]


def test_two_at_once_do_not_overwrite_each_other(
    clerk: TestClient, area: PlantingArea, given: Given
) -> None:
    for turn, status in enumerate((303, 422)):
        sent = {"polygon": given.boundary(), "version": "1", "once": f"t{turn}"}
        assert clerk.post(page(area), data=sent).status_code == status


def test_nothing_drawn_and_next_to_nothing_are_said_as_such(
    clerk: TestClient, area: PlantingArea
) -> None:
    address = page(area)
    empty = clerk.post(address, data={"polygon": " ", "version": "1", "once": "a"})
    assert empty.status_code == 422
    assert "Draw the boundary of the area." in empty.text
    ring = [[104.29, 22.53], [104.2900001, 22.53], [104.29, 22.5300001], [104.29, 22.53]]
    sent = json.dumps({"type": "Polygon", "coordinates": [ring]})
    speck = clerk.post(address, data={"polygon": sent, "version": "1", "once": "b"})
    assert speck.status_code == 422
    assert "less than a square metre" in speck.text


def test_a_file_too_large_is_refused_with_a_page_to_people_and_with_json_to_programs(
    clerk: TestClient, area: PlantingArea
) -> None:
    address = f"/work/areas/{area.uid}/boundaries"
    body = b"x" * (13 * 1024 * 1024)
    told = clerk.post(address, content=body, headers={"accept": "text/html,*/*;q=0.8"})
    assert told.status_code == 413
    assert told.headers["content-type"].startswith("text/html")
    assert "at most 12 MB" in told.text
    assert "content-security-policy" in told.headers
    plain = clerk.post(address, content=body, headers={"accept": "*/*"})
    assert plain.json()["type"] == "/problems/too-large"
