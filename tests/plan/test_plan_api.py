"""The plan over the wire: figures, what is behind them, prices, models, a newer plan; who may what."""

from uuid import uuid4

from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.registry import Organisation
from tests.given import Given
from tests.plan.test_plan_loading import ACT, BAD, GOOD

PLAN = "/api/v1/plan"


def once(headers: dict[str, str]) -> dict[str, str]:
    """The headers of a fact that was not sent before."""
    return {**headers, "Idempotency-Key": str(uuid4())}


def test_the_province_reads_its_figures_and_enters_prices(
    client: TestClient, session: Session, given: Given
) -> None:
    area = given.area(area_m2=20_000)
    home = session.get_one(Organisation, area.organisation_id)
    given.lot(area, kilograms=500, harvested_on=given.day(-40))
    certificate = given.certificate(area)
    province = given.headers(Role.PROVINCE_ADMIN)
    own = given.headers(Role.STAFF, home)
    stranger = given.headers(Role.STAFF)
    session.commit()

    price = {"crop": "BAP_CAI", "dong_per_kg": 6_000, "from_day": str(given.day(-90))}
    assert client.post(f"{PLAN}/prices", json=price, headers=once(province)).status_code == 201
    mine = client.post(
        f"{PLAN}/prices",
        json={**price, "dong_per_kg": 8_000, "source": "contract"},
        headers=once(own),
    )
    assert mine.status_code == 201
    again = client.post(f"{PLAN}/prices", json={**price, "source": "contract"}, headers=once(own))
    assert again.status_code == 409
    refused = client.post(f"{PLAN}/prices", json={**price, "dong_per_kg": 0}, headers=once(own))
    assert (refused.status_code, refused.json()["errors"][0]["at"]) == (422, "dong_per_kg")
    seen = client.get(f"{PLAN}/prices", headers=stranger).json()["items"]
    assert [one["organisation"] for one in seen] == [None]

    told = client.get(
        f"{PLAN}/figures?by=district&year=2026&where=crop:BAP_CAI", headers=province
    ).json()
    assert told["as_of"]["due"] == 0
    assert told["total"]["output_g"]["value"] == 500_000
    assert told["total"]["value_dong"] == {
        "value": 4_000_000,
        "basis": "measured",
        "measured": 4_000_000,
        "declared": 0,
        "estimated": 0,
    }
    by_key = {row["key"]: row["figures"]["output_g"]["value"] for row in told["items"]}
    assert (by_key["085"], by_key["088"]) == (500_000, None)
    behind = client.get(
        f"{PLAN}/drill?year=2026&behind=lots&where=district:085&limit=1", headers=province
    ).json()
    assert [(one["output_g"], one["crop"]) for one in behind["items"]] == [(500_000, "BAP_CAI")]

    version = {"If-Match": mine.headers["ETag"]}
    back = f"{PLAN}/prices/{mine.json()['id']}/withdraw"
    assert client.post(back, headers={**stranger, **version}).status_code == 404
    assert client.post(back, headers={**own, **version}).status_code == 200
    value = client.get(f"{PLAN}/figures?by=year&year=2026", headers=province).json()["total"]
    assert value["value_dong"]["estimated"] == 3_000_000

    model = {
        "organisation": str(home.uid),
        "certificate": str(certificate.uid),
        "since": str(given.day(-30)),
    }
    assert client.post(f"{PLAN}/models", json=model, headers=once(province)).status_code == 201
    assert client.post(f"{PLAN}/models", json=model, headers=once(province)).status_code == 409
    early = {**model, "since": str(given.day(-400))}
    assert client.post(f"{PLAN}/models", json=early, headers=once(province)).status_code == 422
    compared = client.get(f"{PLAN}/compared?year=2026", headers=province).json()["items"]
    models = [one for one in compared if one["target"]["measure"] == "models_at_least"]
    assert [(one["actual"]["value"], one["reached"]) for one in models] == [(1, 333)]
    said = client.get(f"{PLAN}/forecast?year=2026", headers=province).json()
    assert (said["middle"], said["so_far"]) == (500_000, 500_000)
    assert client.get(f"{PLAN}/forecast?year=2027", headers=province).json()["middle"] is None
    for odd in ("where=colour:red", "where=area:x", "where=season:xx"):
        answer = client.get(f"{PLAN}/figures?by=crop&{odd}", headers=province)
        assert answer.status_code == 422, odd
    assert client.get(f"{PLAN}/figures?by=crop", headers=own).status_code == 403


def test_a_newer_plan_comes_in_over_the_wire(
    client: TestClient, session: Session, given: Given
) -> None:
    province, clerk = given.headers(Role.PROVINCE_ADMIN), given.headers(Role.COOP_ADMIN)
    session.commit()

    def send(text: str, headers: dict[str, str]) -> tuple[int, list[str]]:
        answer = client.post(
            f"{PLAN}/targets",
            data={"plan": "RAU_2035", "legal_ref": ACT},
            files={"file": ("chi-tieu.csv", text.encode(), "text/csv")},
            headers=once(headers),
        )
        return answer.status_code, [one["at"] for one in answer.json().get("errors", [])]

    assert send(GOOD, clerk)[0] == 403
    assert send(BAD, province) == (422, ["B2", "C3", "E4", "D5", "D6", "A8"])
    assert send(GOOD, province) == (201, [])
    assert send(GOOD, province)[0] == 409
    targets = client.get(f"{PLAN}/targets?plan=RAU_2035").json()["items"]
    assert len(targets) == 7
    listed = client.get(f"{PLAN}/inconsistencies?lang=vi").json()["items"]
    assert len(listed) == 17
    axes = {one["axis"]: one for one in client.get(f"{PLAN}/axes").json()["items"]}
    assert axes["west"]["districts"] == ["088"]
    assert "02701" in axes["west"]["communes"]
    assert "SU_SU" in axes["west"]["crops"]
