"""Applications and planting-area codes through the JSON API, on both engines."""

import pytest

from app.models.accounts import Role
from tests.api.machine import at

DECISION = {"scheme": "ND38_2026", "decided_on": "2026-11-18", "number": "112/QĐ-TTBVTV"}
SUSPENSION = {"effective_on": "2026-11-20", "reason": "Không cập nhật nhật ký canh tác."}


@pytest.fixture
def home(given):
    return given.cooperative("HTX Tả Van Chư")


@pytest.fixture
def clerk(calling, home):
    return calling(Role.STAFF, home)


@pytest.fixture
def officer(calling):
    return calling(Role.PROVINCE_ADMIN)


@pytest.fixture
def area(given, session, home):
    made = given.area(home, commune="02839", former_commune="02866")
    session.commit()
    return made


@pytest.fixture
def asked(clerk, area):
    return clerk.post(f"/areas/{area.uid}/applications", {"market": "vnm", "note": "Xin cấp mã"})


@pytest.fixture
def issued(officer, asked):
    address = asked.headers["Location"]
    return officer.post(f"{address}/issue", DECISION, version=1).json()["issued"]


def test_a_clerk_applies_and_the_officer_reads_what_to_mind(asked, officer):
    assert asked.status_code == 201
    told = officer.get(asked.headers["Location"]).json()
    assert (told["state"], told["market"], told["note"]) == ("submitted", "VNM", "Xin cấp mã")
    assert told["issued"] is None
    assert told["warnings"] == [
        "What a code for the home market ends with is not certain; VNM is used."
    ]


def test_a_second_application_is_a_conflict(asked, clerk, area):
    again = clerk.post(f"/areas/{area.uid}/applications", {"market": "VNM"})
    assert again.status_code == 409
    assert clerk.post(f"/areas/{area.uid}/applications", {"market": "CHN"}).status_code == 201


@pytest.mark.parametrize("market", ["VN", "ABC", "\ud800", ""])
def test_a_market_is_a_country(clerk, area, market):
    answer = clerk.post(f"/areas/{area.uid}/applications", {"market": market})
    assert answer.status_code == 422
    assert at(answer) == ["market"]


def test_the_officer_issues_a_code_and_the_area_shows_it(asked, officer, clerk, area):
    address = asked.headers["Location"]
    assert officer.post(f"{address}/issue", DECISION).status_code == 428
    answer = officer.post(f"{address}/issue", DECISION, version=1, key="k-1")
    assert answer.status_code == 201
    told = answer.json()
    assert (told["state"], told["code"]) == ("issued", "15-PUC-BAPCAI01-000001-VNM")
    assert told["issued"]["parts"]["crop"] == "BAPCAI01"
    assert told["issued"]["steps"][0]["effective_on"] == "2026-11-18"
    replay = officer.post(f"{address}/issue", DECISION, version=1, key="k-1")
    assert replay.json() == told
    again = officer.post(f"{address}/issue", DECISION, version=2)
    assert again.status_code == 409
    (code,) = clerk.get(f"/areas/{area.uid}").json()["codes"]
    assert (code["code"], code["status"]) == ("15-PUC-BAPCAI01-000001-VNM", "active")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"scheme": "QD3156_2022"}, "scheme"),
        ({"scheme": "QD9999"}, "scheme"),
        ({"scheme": "EXTERNAL"}, "typed_code"),
        ({"scheme": "EXTERNAL", "typed_code": "12\ud80034"}, "typed_code"),
        ({"typed_code": "15-PUC-BAPCAI01-000009-VNM"}, "typed_code"),
        ({"decided_on": "2026-11-21"}, "decided_on"),
        ({"number": ""}, "number"),
        ({"number": "x" * 81}, "number"),
        ({"crop": "SU_SU"}, "crop"),
        ({"stamp": True}, "stamp"),
    ],
)
def test_a_decision_with_bad_input_is_a_problem_at_its_field(asked, officer, changed, field):
    answer = officer.post(f"{asked.headers['Location']}/issue", DECISION | changed, version=1)
    assert answer.status_code == 422
    assert at(answer) == [field]
    assert officer.get(asked.headers["Location"]).json()["state"] == "submitted"


def test_a_code_of_the_portal_is_entered_as_it_stands(asked, officer):
    typed = DECISION | {"scheme": "EXTERNAL", "typed_code": "CTT/RAU 00017"}
    told = officer.post(f"{asked.headers['Location']}/issue", typed, version=1).json()
    assert told["code"] == "CTT/RAU 00017"


def test_the_officer_rejects_with_a_reason(asked, officer, clerk):
    address = asked.headers["Location"]
    assert at(officer.post(f"{address}/reject", {"reason": ""}, version=1)) == ["reason"]
    told = officer.post(f"{address}/reject", {"reason": "Thiếu bản đồ vùng trồng."}, version=1)
    assert told.json()["state"] == "rejected"
    assert clerk.get(address).json()["decision_reason"] == "Thiếu bản đồ vùng trồng."
    assert officer.post(f"{address}/issue", DECISION, version=2).status_code == 409


def test_a_code_is_suspended_restored_and_revoked(issued, officer):
    address = f"/codes/{issued['id']}"
    assert officer.post(f"{address}/suspend", SUSPENSION).status_code == 428
    suspended = officer.post(f"{address}/suspend", SUSPENSION, version=1)
    assert suspended.json()["status"] == "suspended"
    assert suspended.headers["ETag"] == '"2"'
    assert officer.post(f"{address}/suspend", SUSPENSION, version=1).status_code == 412
    assert officer.post(f"{address}/suspend", SUSPENSION, version=2).status_code == 422
    restored = officer.post(f"{address}/restore", SUSPENSION, version=2)
    assert restored.json()["status"] == "active"
    revoked = officer.post(f"{address}/revoke", SUSPENSION, version=3)
    assert [step["status"] for step in revoked.json()["steps"]] == [
        "active",
        "suspended",
        "active",
        "revoked",
    ]
    assert officer.post(f"{address}/restore", SUSPENSION, version=4).status_code == 422


def test_a_suspension_to_come_leaves_todays_status(issued, officer):
    later = SUSPENSION | {"effective_on": "2026-12-01"}
    told = officer.post(f"/codes/{issued['id']}/suspend", later, version=1).json()
    assert told["status"] == "active"
    assert told["steps"][-1]["status"] == "suspended"


def test_the_worklist_is_the_officers_and_each_cooperatives_own(
    asked, officer, clerk, calling, given
):
    stranger = calling(Role.STAFF, given.cooperative("HTX khác"))
    address = asked.headers["Location"]
    for caller in (officer, clerk):
        (line,) = caller.get("/applications", state="submitted").json()["items"]
        assert line["id"] == asked.json()["id"]
    assert officer.get("/applications", state="issued").json()["items"] == []
    assert stranger.get("/applications").json()["items"] == []
    assert stranger.get(address).status_code == 404
    assert clerk.post(f"{address}/issue", DECISION, version=1).status_code == 403


def test_an_inspector_suspends_and_only_the_province_restores(issued, calling):
    inspector = calling(Role.INSPECTOR)
    address = f"/codes/{issued['id']}"
    assert inspector.post(f"{address}/suspend", SUSPENSION, version=1).status_code == 200
    assert inspector.post(f"{address}/restore", SUSPENSION, version=2).status_code == 403
    assert inspector.post(f"{address}/revoke", SUSPENSION, version=2).status_code == 403
