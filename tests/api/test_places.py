"""Communes through the JSON API, on both engines."""

from typing import Any

import pytest
from starlette.testclient import TestClient

ADDRESS = "/api/v1/communes"
REUSED = "02647"


def found(client: TestClient, q: str, **params: Any) -> list[dict[str, Any]]:
    answer = client.get(ADDRESS, params={"q": q, **params})
    assert answer.status_code == 200
    return list(answer.json()["items"])


def commune(client: TestClient, code: str, on: str, language: str = "vi") -> dict[str, Any]:
    """A commune as it was on a day."""
    answer = client.get(
        f"{ADDRESS}/{code}", params={"on": on}, headers={"Accept-Language": language}
    )
    assert answer.status_code == 200
    return dict(answer.json())


def test_a_commune_is_found_without_diacritics_the_best_answer_first(client: TestClient) -> None:
    names = [one["name"] for one in found(client, "ta van chu")]
    assert "Tả Van Chư" in names[0]


def test_only_communes_that_stood_on_a_day_are_found(client: TestClient) -> None:
    day = "2026-11-20"
    told = found(client, "bac ha", on=day)
    assert told
    assert all(one["valid_from"] <= day and one["valid_to"] is None for one in told)


def test_a_reused_code_names_another_commune_before_and_after(client: TestClient) -> None:
    before, after = (commune(client, REUSED, day) for day in ("2025-06-30", "2025-07-01"))
    assert (before["name"], after["name"]) == ("Phường Kim Tân", "Phường Lào Cai")
    assert before["valid_to"] == "2025-06-30"
    assert before["successor"]["valid_from"] == "2025-07-01"
    assert after["successor"] is None
    assert after["predecessors"]


def test_today_is_meant_when_no_day_is_given(client: TestClient) -> None:
    answer = client.get(f"{ADDRESS}/{REUSED}")
    assert answer.json()["name"] == "Phường Lào Cai"


def test_addresses_are_written_in_the_readers_language(client: TestClient) -> None:
    vietnamese, english = (
        commune(client, REUSED, "2025-06-30", language)["address"] for language in ("vi", "en")
    )
    assert vietnamese == "Phường Kim Tân, thành phố Lào Cai, tỉnh Lào Cai"
    assert english == "Kim Tân Ward, Lào Cai City, Lào Cai Province"


@pytest.mark.parametrize("code", ["99999", "khong-co", "%00", "0264"])
def test_a_code_nobody_bears_is_not_found(client: TestClient, code: str) -> None:
    assert client.get(f"{ADDRESS}/{code}").status_code in {404, 422}
    assert client.get(f"{ADDRESS}/99999").status_code == 404


def test_a_search_needs_words_and_has_a_limit(client: TestClient) -> None:
    assert client.get(ADDRESS).status_code == 422
    assert found(client, " ") == []
    assert len(found(client, "lao cai", limit=3)) == 3
    assert client.get(ADDRESS, params={"q": "a", "limit": 51}).status_code == 422
    assert client.get(ADDRESS, params={"q": "a\x00"}).status_code == 422
