"""Planting areas through the JSON API, on both engines."""

import pytest

from app.models.accounts import Role
from tests.api.machine import at

RING = [[104.29, 22.53], [104.292, 22.53], [104.292, 22.531], [104.29, 22.531], [104.29, 22.53]]
AREA = {
    "name": "Vùng rau Bản Phố",
    "commune": "02839",
    "former_commune": "02866",
    "crops": ["BAP_CAI", "SU_HAO"],
    "area_m2": 22_000,
    "established_on": "2024-03-01",
    "polygon": {"type": "Polygon", "coordinates": [RING]},
}


@pytest.fixture
def clerk(calling, given):
    return calling(Role.STAFF, given.cooperative("HTX Tả Van Chư"))


def test_an_area_is_registered_and_read_back(clerk):
    answer = clerk.post("/areas", AREA)
    assert answer.status_code == 201
    told = answer.json()
    assert told["commune"]["address"] == "Xã Bắc Hà, tỉnh Lào Cai"
    assert told["former_commune"]["name"] == "Xã Bản Phố"
    assert told["crops"] == ["BAP_CAI", "SU_HAO"]
    assert told["polygon"] == AREA["polygon"]
    assert (told["codes"], told["warnings"], told["version"]) == ([], [], 1)
    assert clerk.get(answer.headers["Location"]).json() == told


def test_doubts_about_the_boundary_come_back_as_warnings(clerk):
    (doubt,) = clerk.post("/areas", AREA | {"area_m2": 50_000}).json()["warnings"]
    assert doubt.startswith("The boundary encloses 2.27")
    (missing,) = clerk.post("/areas", AREA | {"name": "2", "polygon": None}).json()["warnings"]
    assert missing == "The area has no boundary on the map yet."


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Vùng\ud800"}, "name"),
        ({"area_m2": 0}, "area_m2"),
        ({"area_m2": 2**53}, "area_m2"),
        ({"area_m2": "hai ha"}, "area_m2"),
        ({"area_m2": 30_000_000}, "area_m2"),
        ({"established_on": "2026-11-21"}, "established_on"),
        ({"established_on": "2024-02-30"}, "established_on"),
        ({"closed_on": "2024-02-29"}, "closed_on"),
        ({"commune": "00001", "former_commune": None}, "commune"),
        ({"crops": []}, "crops"),
        ({"crops": ["SAU_RIENG"]}, "crops"),
        ({"polygon": {}}, "polygon"),
        ({"polygon": "POLYGON((…))"}, "polygon"),
        ({"polygon": {"type": "Polygon", "coordinates": [RING[:-1]]}}, "polygon"),
        ({"polygon": {"type": "Polygon", "coordinates": [[p[::-1] for p in RING]]}}, "polygon"),
        ({"polygon": {"type": "Polygon", "coordinates": [[[float("nan"), 1]] * 4]}}, "polygon"),
        ({"owner": "Páo"}, "owner"),
    ],
)
def test_bad_input_is_a_problem_at_its_field(clerk, changed, field):
    answer = clerk.post("/areas", AREA | changed)
    assert answer.status_code == 422
    assert [name.partition(".")[0] for name in at(answer)] == [field]
    assert clerk.get("/areas").json()["items"] == []


def test_an_area_is_amended_from_the_version_that_was_read(clerk):
    address = clerk.post("/areas", AREA).headers["Location"]
    change = AREA | {"crops": ["CA_CHUA"], "closed_on": "2026-10-31"}
    assert clerk.put(address, change).status_code == 428
    amended = clerk.put(address, change, version=1)
    assert amended.status_code == 200
    assert (amended.json()["crops"], amended.json()["closed_on"]) == (["CA_CHUA"], "2026-10-31")
    assert amended.headers["ETag"] == '"2"'
    stale = clerk.put(address, AREA, version=1)
    assert stale.status_code == 412
    assert clerk.get(address).json()["crops"] == ["CA_CHUA"]


def test_the_same_key_with_another_body_is_refused(clerk):
    first = clerk.post("/areas", AREA, key="k-9")
    assert clerk.post("/areas", AREA, key="k-9").json() == first.json()
    assert clerk.post("/areas", AREA | {"name": "Khác"}, key="k-9").status_code == 422
    assert len(clerk.get("/areas").json()["items"]) == 1


def test_areas_of_others_are_not_found_and_the_inspector_sees_all(clerk, calling, given):
    address = clerk.post("/areas", AREA).headers["Location"]
    stranger = calling(Role.COOP_ADMIN, given.cooperative("HTX khác"))
    assert stranger.get(address).status_code == 404
    assert stranger.put(address, AREA, version=1).status_code == 404
    assert stranger.get("/areas").json()["items"] == []
    inspector = calling(Role.INSPECTOR)
    assert inspector.get("/areas", q="ban pho").json()["items"][0]["name"] == AREA["name"]
    assert inspector.post("/areas", AREA).status_code == 403


def test_without_signing_in_nothing_is_told(client):
    assert client.get("/api/v1/areas").status_code == 401
