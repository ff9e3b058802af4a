"""Applications and planting-area codes through the JSON API, on both engines."""

import pytest

from app.models.accounts import Role
from tests.api.machine import at

DOSSIER = {
    "markets": ["vnm"],
    "standard": "VIETGAP_2017",
    "expected_output_g": 40_000_000,
    "households": 12,
    "representative": "Lý Thị Mẩy",
    "note": "Xin cấp mã",
}
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
    made = given.area(home, former_commune="02866", polygon=given.boundary())
    session.commit()
    return made


@pytest.fixture
def ask(clerk, area):
    def asking(version=1, **changed):
        dossier = f"/areas/{area.uid}/dossier"
        kept = clerk.put(dossier, DOSSIER | changed, version=version)
        if kept.status_code != 200:
            return kept
        version = kept.headers["ETag"].strip('"')
        return clerk.post(f"{dossier}/submit", {}, version=version)

    return asking


@pytest.fixture
def asked(ask):
    """The address of an application for the home market."""
    return f"/applications/{ask().json()['applications'][0]}"


@pytest.fixture
def issued(officer, asked):
    return officer.post(f"{asked}/issue", DECISION, version=1).json()["issued"]


def test_a_clerk_applies_and_the_officer_reads_what_to_mind(asked, officer):
    told = officer.get(asked).json()
    assert (told["state"], told["market"], told["note"]) == ("submitted", "VNM", "Xin cấp mã")
    assert told["issued"] is None
    assert told["warnings"] == [
        "What a code for the home market ends with is not certain; VNM is used."
    ]


def test_what_was_handed_in_cannot_change_while_it_is_decided(asked, clerk, area):
    address = f"/areas/{area.uid}/dossier"
    version = clerk.get(address).headers["ETag"].strip('"')
    assert clerk.put(address, DOSSIER, version=version).status_code == 409
    assert clerk.post(f"{address}/submit", {}, version=version).status_code == 409


def test_all_that_a_dossier_lacks_is_said_at_once(clerk, home, given, session):
    area = given.area(home)
    session.commit()
    address = f"/areas/{area.uid}/dossier"
    kept = clerk.put(address, {}, version=1)
    wanted = ["polygon", "markets", "expected_output", "households", "representative"]
    assert [lack["field"] for lack in kept.json()["lacks"]] == wanted
    version = kept.headers["ETag"].strip('"')
    answer = clerk.post(f"{address}/submit", {}, version=version)
    assert answer.status_code == 422
    assert at(answer) == wanted


@pytest.mark.parametrize("market", ["VN", "ABC", "\ud800", ""])
def test_a_market_is_a_country(ask, market):
    answer = ask(markets=[market])
    assert answer.status_code == 422
    assert "market" in at(answer)[0]


def test_the_officer_issues_a_code_and_the_area_shows_it(asked, officer, clerk, area):
    address = asked
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
    answer = officer.post(f"{asked}/issue", DECISION | changed, version=1)
    assert answer.status_code == 422
    assert at(answer) == [field]
    assert officer.get(asked).json()["state"] == "submitted"


def test_a_code_of_the_portal_is_entered_as_it_stands(asked, officer):
    typed = DECISION | {"scheme": "EXTERNAL", "typed_code": "CTT/RAU 00017"}
    told = officer.post(f"{asked}/issue", typed, version=1).json()
    assert told["code"] == "CTT/RAU 00017"


def test_the_officer_rejects_with_a_reason(asked, officer, clerk):
    address = asked
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
    address = asked
    for caller in (officer, clerk):
        (line,) = caller.get("/applications", state="submitted").json()["items"]
        assert asked.endswith(line["id"])
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
