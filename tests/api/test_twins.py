"""Growers entered twice through the JSON API: found, told apart, merged once."""

import pytest

from app.models.accounts import Role
from tests.api.machine import at


@pytest.fixture
def home(given):
    return given.cooperative("HTX Tả Van Chư")


@pytest.fixture
def pair(given, home):
    one = given.grower(home, "Giàng A Páo", phone="0912345678")
    other = given.grower(home, "Ông Giàng A Páo", phone="0912345679")
    return str(one.uid), str(other.uid)


@pytest.fixture
def clerk(calling, home, pair):
    return calling(Role.STAFF, home)


def test_twins_are_listed_with_the_reason(clerk, pair):
    items = clerk.get("/growers/twins").json()["items"]
    assert items == [
        {
            "noun": "grower",
            "older": pair[0],
            "older_name": "Giàng A Páo",
            "younger": pair[1],
            "younger_name": "Ông Giàng A Páo",
            "likeness": "likely",
            "why": "The same name; the telephones differ by one digit.",
        }
    ]


def test_told_apart_they_are_listed_no_more(clerk, pair):
    told = {"noun": "grower", "one": pair[1], "other": pair[0]}
    assert clerk.post("/growers/twins/apart", told).status_code == 200
    assert clerk.get("/growers/twins").json() == {"items": []}


def test_merging_answers_the_same_under_the_same_key(clerk, pair):
    one, other = pair
    first = clerk.post(f"/growers/{other}/merge", {"other": one}, key="k-1")
    again = clerk.post(f"/growers/{other}/merge", {"other": one}, key="k-1")
    assert first.status_code == 200
    assert first.json() == again.json()
    assert (first.json()["stays"], first.json()["gone"]) == (one, other)
    assert first.json()["moved"] == {"grower_membership": 1}
    assert clerk.get(f"/growers/{other}").json()["id"] == one
    assert len(clerk.get("/growers").json()["items"]) == 1


def test_one_record_is_no_pair_and_another_organisations_is_not_found(clerk, pair, given, session):
    stranger = given.grower(given.cooperative())
    session.commit()
    same = clerk.post(f"/growers/{pair[0]}/merge", {"other": pair[0]})
    assert same.status_code == 422
    assert at(same) == ["other"]
    answer = clerk.post(f"/growers/{pair[0]}/merge", {"other": str(stranger.uid)})
    assert answer.status_code == 404
    told = {"noun": "grower", "one": pair[0], "other": str(stranger.uid)}
    assert clerk.post("/growers/twins/apart", told).status_code == 404
