"""Seasonal declarations through the JSON API, on both engines."""

import pytest

from app.models.accounts import Role
from tests.api.machine import at

SEASON = {
    "crop": "BAP_CAI",
    "variety": "KK Cross",
    "starts_on": "2026-09-20",
    "harvest_from": "2026-11-01",
    "harvest_to": "2026-11-30",
    "area_m2": 20_000,
    "standard": "VIETGAP_2026",
    "market": "VNM",
    "expected_output_g": 60_000_000,
}
END = {"actual_output_g": 52_500_000, "ended_on": "2026-11-18"}


@pytest.fixture
def home(given):
    return given.cooperative("HTX Tả Van Chư")


@pytest.fixture
def address(given, home):
    """Where the seasons of an area of the cooperative are."""
    area = given.area(home, name="Vùng 1", crops=("BAP_CAI", "SU_HAO"))
    return f"/areas/{area.uid}/seasons"


@pytest.fixture
def clerk(calling, home, address):
    return calling(Role.STAFF, home)


@pytest.fixture
def season(clerk, address):
    """Where a declared season is."""
    return clerk.post(address, SEASON).headers["Location"]


def test_a_season_is_declared_and_read_back(clerk, address):
    answer = clerk.post(address, SEASON)
    assert answer.status_code == 201
    told = answer.json()
    assert SEASON.items() <= told.items()
    assert (told["area_name"], told["organisation_name"]) == ("Vùng 1", "HTX Tả Van Chư")
    assert (told["actual_output_g"], told["ended_on"], told["version"]) == (None, None, 1)
    assert clerk.get(answer.headers["Location"]).json() == told
    line = {name: value for name, value in told.items() if name != "warnings"}
    assert clerk.get(address).json() == clerk.get("/seasons").json()["items"] == [line]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"crop": "CA_CHUA"}, "crop"),
        ({"crop": "\ud800"}, "crop"),
        ({"variety": "x" * 161}, "variety"),
        ({"starts_on": "2025-10-15"}, "starts_on"),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"harvest_from": "2026-09-19"}, "harvest_from"),
        ({"harvest_to": "2026-10-31"}, "harvest_to"),
        ({"harvest_to": "2029-09-21"}, "harvest_to"),
        ({"harvest_to": "9999-12-31"}, "harvest_to"),
        ({"area_m2": 20_001}, "area_m2"),
        ({"area_m2": 2**53}, "area_m2"),
        ({"area_m2": -1}, "area_m2"),
        ({"expected_output_g": 0}, "expected_output_g"),
        ({"expected_output_g": 2**52}, "expected_output_g"),
        ({"expected_output_g": "nhiều"}, "expected_output_g"),
        ({"standard": "VIETGAP"}, "standard"),
        ({"market": "XXX"}, "market"),
        ({"owner": "Páo"}, "owner"),
    ],
)
def test_bad_input_is_a_problem_at_its_field(clerk, address, changed, field):
    answer = clerk.post(address, SEASON | changed)
    assert answer.status_code == 422
    assert at(answer) == [field]
    assert clerk.get(address).json() == []


def test_doubts_come_back_as_warnings(clerk, address):
    assert clerk.post(address, SEASON).json()["warnings"] == []
    shared = SEASON | {"crop": "SU_HAO", "intercropped": True, "expected_output_g": 201_000_000}
    land, output = clerk.post(address, shared).json()["warnings"]
    assert land == "4 ha grow at one time on 2 ha: crops share the land."
    assert output.startswith("201 t from 2 ha is more than 10 kg on each m²")


def test_a_season_is_declared_once(clerk, address):
    small = SEASON | {"area_m2": 5_000}
    first = clerk.post(address, small, key="k-1")
    assert clerk.post(address, small, key="k-1").json() == first.json()
    again = clerk.post(address, small)
    assert (again.status_code, at(again)) == (409, ["starts_on"])


def test_a_season_is_amended_from_the_version_that_was_read(clerk, season):
    change = SEASON | {"expected_output_g": 70_000_000}
    assert clerk.put(season, change).status_code == 428
    amended = clerk.put(season, change, version=1)
    assert amended.json()["expected_output_g"] == 70_000_000
    assert amended.headers["ETag"] == '"2"'
    assert clerk.put(season, SEASON, version=1).status_code == 412


def test_what_a_season_gave_is_reported_once(clerk, season):
    assert clerk.post(f"{season}/end", END).status_code == 428
    ended = clerk.post(f"{season}/end", END, version=1)
    assert ended.status_code == 200
    assert END.items() <= ended.json().items()
    assert ended.headers["ETag"] == '"2"'
    assert clerk.post(f"{season}/end", END, version=2).status_code == 422
    assert clerk.put(season, SEASON, version=2).status_code == 422


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"actual_output_g": -1}, "actual_output_g"),
        ({"actual_output_g": 2**40}, "actual_output_g"),
        ({"ended_on": "2026-11-21"}, "ended_on"),
        ({"ended_on": "2026-10-31"}, "ended_on"),
    ],
)
def test_a_report_that_cannot_be_is_a_problem_at_its_field(clerk, season, changed, field):
    assert at(clerk.post(f"{season}/end", END | changed, version=1)) == [field]
    assert clerk.get(season).json()["version"] == 1


def test_the_list_is_paged_and_narrowed(clerk, address, season):
    other = clerk.post(address, SEASON | {"crop": "SU_HAO", "intercropped": True})
    clerk.post(f"{season}/end", END, version=1)
    first = clerk.get("/seasons", limit="1").json()
    assert [item["id"] for item in first["items"]] == [other.json()["id"]]
    rest = clerk.get("/seasons", limit="1", after=first["next"]).json()
    assert (rest["items"][0]["ended_on"], rest["next"]) == ("2026-11-18", None)
    assert len(clerk.get("/seasons", state="ended", q="vung 1 bap cai").json()["items"]) == 1
    assert clerk.get("/seasons", state="lost").status_code == 422
    assert clerk.get("/seasons", after="WzQyXQ").status_code == 400


def test_a_grower_reads_and_does_not_write(calling, home, address, season):
    grower = calling(Role.GROWER, home)
    assert grower.get(season).status_code == grower.get(address).status_code == 200
    assert grower.post(address, SEASON).status_code == 403
    assert grower.post(f"{season}/end", END, version=1).status_code == 403


def test_others_find_nothing_and_the_inspector_reads_all(calling, address, season):
    stranger = calling(Role.COOP_ADMIN)
    assert stranger.get(season).status_code == stranger.get(address).status_code == 404
    assert stranger.post(address, SEASON).status_code == 404
    assert stranger.put(season, SEASON, version=1).status_code == 404
    assert stranger.post(f"{season}/end", END, version=1).status_code == 404
    assert stranger.get("/seasons").json()["items"] == []
    inspector = calling(Role.INSPECTOR)
    assert len(inspector.get("/seasons").json()["items"]) == 1
    assert inspector.post(address, SEASON).status_code == 403


def test_without_signing_in_nothing_is_told(client):
    assert client.get("/api/v1/seasons").status_code == 401
