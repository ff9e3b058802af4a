"""The plan's targets through the JSON API, on both engines."""

from typing import Any

import pytest
from starlette.testclient import TestClient

ADDRESS = "/api/v1/plan/targets"
SI_MA_CAI = "084"


def targets(client: TestClient, **params: Any) -> list[dict[str, Any]]:
    answer = client.get(ADDRESS, params=params)
    assert answer.status_code == 200
    return list(answer.json()["items"])


def test_anybody_may_read_what_the_plan_wants_for_a_year(client: TestClient) -> None:
    told = targets(client, year=2030)
    assert told
    assert {target["year"] for target in told} == {2030}
    districts = {target["scope_name"] for target in told if target["scope"] == "district"}
    assert len(districts) == 9


def test_without_a_year_every_year_is_told(client: TestClient) -> None:
    assert {target["year"] for target in targets(client)} >= {2020, 2025, 2030}


def test_where_the_plans_own_figures_disagree_both_are_told(client: TestClient) -> None:
    """2030, Si Ma Cai: 220 ha of 220 quintals are 4,840 tonnes and not 5,500."""
    (odd,) = [
        target
        for target in targets(client, year=2030)
        if target["scope_name"] == SI_MA_CAI and not target["consistent"]
    ]
    assert (odd["unit"], odd["stated"], odd["recomputed"]) == ("kg", 5_500_000, 4_840_000)


def test_another_plan_has_no_targets_here(client: TestClient) -> None:
    assert targets(client, plan="KHONG_CO") == []


@pytest.mark.parametrize("year", ["1999", "2101", "hai nghin", "2030.5"])
def test_a_year_that_is_none_is_refused(client: TestClient, year: str) -> None:
    assert client.get(ADDRESS, params={"year": year}).status_code == 422
