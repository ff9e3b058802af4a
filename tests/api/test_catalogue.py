"""Crops, standards, actives and the law through the JSON API, on both engines."""

import json
from typing import Any
from uuid import uuid4

import pytest
from httpx2 import Response
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from tests.given import Given

ORGANIC_MONTHS = "certificate.organic.validity_months"
OCOP_MONTHS = "certificate.ocop.validity_months"


def items(client: TestClient, address: str, **params: Any) -> list[dict[str, Any]]:
    """Everything in a list that anybody may read."""
    answer = client.get(f"/api/v1/{address}", params=params)
    assert answer.status_code == 200
    assert answer.json()["next"] is None
    return list(answer.json()["items"])


@pytest.fixture
def province(given: Given, session: Session) -> dict[str, str]:
    """Headers of the provincial administrator."""
    headers = given.headers(Role.PROVINCE_ADMIN)
    session.commit()
    return headers


def amended(client: TestClient, key: str, headers: dict[str, str], **body: Any) -> Response:
    sent = {
        "valid_from": "2027-01-01",
        "value": 30,
        "legal_ref": "NĐ 1/2027/NĐ-CP",
        "confidence": "V",
        **body,
    }
    chosen = {"Idempotency-Key": str(uuid4()), "Accept-Language": "en", **headers}
    chosen["Content-Type"] = (
        "application/json"  # escaped: a lone surrogate can be sent no other way
    )
    return client.post(f"/api/v1/legal-rules/{key}", content=json.dumps(sent), headers=chosen)


def test_anybody_may_read_the_crops_of_the_plan(client: TestClient) -> None:
    crops = items(client, "crops")
    assert len(crops) == 17
    cabbage = next(crop for crop in crops if crop["slug"] == "BAP_CAI")
    assert (cabbage["name_vi"], cabbage["name_zh"]) == ("Bắp cải", "卷心菜")
    assert cabbage["family"] == "Brassicaceae"


def test_crops_are_chosen_by_group_and_an_unknown_group_is_refused(client: TestClient) -> None:
    legumes = {crop["slug"] for crop in items(client, "crops", group="legume")}
    assert legumes == {"DAU_HA_LAN", "DAU_CO_VE", "DAU_BEO"}
    assert client.get("/api/v1/crops", params={"group": "fruit"}).status_code == 422


def test_the_standards_are_those_of_the_day(client: TestClient) -> None:
    def vietgap(**params: Any) -> list[str]:
        return [one["code"] for one in items(client, "standards", kind="vietgap", **params)]

    assert vietgap() == ["VIETGAP_2026"]
    assert vietgap(on="2026-07-07") == ["VIETGAP_2017"]
    assert vietgap(ended=True) == ["VIETGAP_2017", "VIETGAP_2026"]


def test_actives_are_found_by_whole_names_only(client: TestClient) -> None:
    assert len(items(client, "regulated-actives")) >= 31
    (found,) = items(client, "regulated-actives", name="carbofuran")
    assert found["status"] == "banned"
    assert items(client, "regulated-actives", name="carbo") == []


def test_the_law_is_read_as_it_stood_on_a_day(client: TestClient) -> None:
    def months(**params: Any) -> list[tuple[int, str, str]]:
        rules = items(client, "legal-rules", **params)
        return [
            (rule["value"], rule["confidence"], rule["effect"])
            for rule in rules
            if rule["key"] == "certificate.vietgap.validity_months"
        ]

    assert months() == [(36, "U", "warn")]
    assert months(on="2017-01-01") == [(24, "S", "warn")]
    (organic,) = items(client, "legal-rules", key=ORGANIC_MONTHS)
    assert (organic["value"], organic["effect"]) == (24, "refuse")


def test_the_province_lets_a_rule_say_something_else_from_a_day_on(
    client: TestClient, province: dict[str, str]
) -> None:
    answer = amended(client, ORGANIC_MONTHS, province)
    assert answer.status_code == 201
    versions = items(client, "legal-rules", key=ORGANIC_MONTHS)
    told = [(rule["value"], rule["valid_from"], rule["valid_to"]) for rule in versions]
    assert told == [(24, "2018-10-15", "2026-12-31"), (30, "2027-01-01", None)]


def test_a_rule_of_second_hand_refuses_once_it_is_switched_on(
    client: TestClient, province: dict[str, str]
) -> None:
    answer = amended(client, OCOP_MONTHS, province, value=36, confidence="S", enforced=True)
    assert answer.json()["effect"] == "refuse"


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"value": "thirty"}, 422, "value"),
        ({"value": {"a": 1}}, 422, "value"),
        ({"value": "\ud800"}, 422, "value.str"),
        ({"legal_ref": ""}, 422, "legal_ref"),
        ({"legal_ref": "x" * 301}, 422, "legal_ref"),
        ({"confidence": "X"}, 422, "confidence"),
        ({"valid_from": "2018-10-15"}, 409, "valid_from"),
        ({"colour": "x"}, 422, "colour"),
    ],
    ids=lambda value: str(value)[:30].encode("ascii", "replace").decode(),
)
def test_a_rule_that_cannot_be_is_refused_and_the_old_one_stands(
    client: TestClient, province: dict[str, str], wrong: dict[str, Any], status: int, field: str
) -> None:
    answer = amended(client, ORGANIC_MONTHS, province, **wrong)
    assert answer.status_code == status
    assert [error["at"] for error in answer.json()["errors"]] == [field]
    (organic,) = items(client, "legal-rules", key=ORGANIC_MONTHS)
    assert organic["valid_to"] is None


def test_no_text_of_a_rule_holds_what_no_database_keeps(
    client: TestClient, province: dict[str, str]
) -> None:
    key = "planting_area.home_market"
    answer = amended(client, key, province, value="V\x00N")
    assert (answer.status_code, answer.json()["errors"][0]["at"]) == (422, "value")
    assert amended(client, key, province, value="VNM").status_code == 201


def test_a_rule_the_product_does_not_know_is_not_found(
    client: TestClient, province: dict[str, str]
) -> None:
    assert amended(client, "no.such.rule", province).status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PROVINCE_ADMIN])
def test_nobody_else_changes_the_law(
    client: TestClient, given: Given, session: Session, role: Role
) -> None:
    headers = given.headers(role)
    session.commit()
    assert amended(client, ORGANIC_MONTHS, headers).status_code == 403
    assert amended(client, ORGANIC_MONTHS, {}).status_code == 401


def test_a_day_that_is_none_is_refused(client: TestClient) -> None:
    answer = client.get("/api/v1/standards", params={"on": "31/12/2026"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"] == "on"
