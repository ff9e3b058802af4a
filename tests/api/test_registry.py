"""Organisations, growers and plots through the JSON API, on both engines."""

import pytest

from app.models.accounts import Role
from tests.api.machine import at

ORGANISATION = {
    "kind": "cooperative",
    "name": "HTX Rau Bản Phố",
    "commune": "02839",
    "former_commune": "02866",
    "address": "Thôn Bản Phố 2",
    "public_phone": "0214 3820 123",
    "registration_number": "12A07000031",
}
GROWER = {
    "name": "Giàng A Páo",
    "commune": "02839",
    "phone": "+84 912 345 678",
    "hamlet": "Thôn Bản Phố 2",
    "member_since": "2026-01-15",
}


@pytest.fixture
def home(given):
    return given.cooperative("HTX Tả Van Chư")


@pytest.fixture
def province(calling):
    return calling(Role.PROVINCE_ADMIN)


@pytest.fixture
def clerk(calling, home):
    return calling(Role.STAFF, home)


def without(body, *names):
    return {name: value for name, value in body.items() if name not in names}


def test_the_province_registers_an_organisation_and_reads_it_back(province):
    answer = province.post("/organisations", ORGANISATION)
    assert answer.status_code == 201
    told = answer.json()
    assert told["commune"]["name"] == "Xã Bắc Hà"
    assert told["former_commune"]["address"] == "Xã Bản Phố, huyện Bắc Hà, tỉnh Lào Cai"
    assert told["public_phone"] == "02143820123"
    read = province.get(answer.headers["Location"])
    assert read.json() == told
    assert read.headers["ETag"] == answer.headers["ETag"] == '"1"'


def test_a_taken_number_is_a_conflict_and_the_same_key_a_replay(province):
    first = province.post("/organisations", ORGANISATION, key="k-1")
    again = province.post("/organisations", ORGANISATION, key="k-1")
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    taken = province.post("/organisations", ORGANISATION)
    assert taken.status_code == 409
    assert at(taken) == ["registration_number"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "HTX\ud800"}, "name"),
        ({"name": "HTX\x00"}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"kind": "ministry"}, "kind"),
        ({"commune": "99999", "former_commune": None}, "commune"),
        ({"commune": "02839\x00", "former_commune": None}, "commune"),
        ({"former_commune": "02647"}, "former_commune"),
        ({"public_phone": "gọi anh Páo"}, "public_phone"),
        ({"address": "x" * 201}, "address"),
        ({"stars": 5}, "stars"),
    ],
)
def test_bad_input_is_a_problem_at_its_field(province, changed, field):
    answer = province.post("/organisations", ORGANISATION | changed)
    assert answer.status_code == 422
    assert at(answer) == [field]


def test_an_organisation_is_amended_from_the_version_that_was_read(province):
    made = province.post("/organisations", ORGANISATION)
    address, change = made.headers["Location"], without(ORGANISATION, "kind") | {"name": "HTX Mới"}
    assert province.put(address, change).status_code == 428
    assert province.put(address, change, version=7).status_code == 412
    amended = province.put(address, change, version=1)
    assert amended.status_code == 200
    assert amended.json()["name"] == "HTX Mới"
    assert amended.headers["ETag"] == '"2"'
    assert province.put(address, change, version=1).status_code == 412


def test_organisations_are_listed_page_by_page_and_searched(province):
    for number in range(3):
        body = ORGANISATION | {"name": f"HTX Đồi {number}", "registration_number": None}
        assert province.post("/organisations", body).status_code == 201
    first = province.get("/organisations", q="doi", limit="2").json()
    rest = province.get("/organisations", q="doi", limit="2", after=first["next"]).json()
    names = [found["name"] for found in first["items"] + rest["items"]]
    assert names == ["HTX Đồi 0", "HTX Đồi 1", "HTX Đồi 2"]
    assert rest["next"] is None
    assert province.get("/organisations", after="xyz").status_code == 400
    assert province.get("/organisations", q="doi", kind="authority").json()["items"] == []


def test_a_clerk_sees_the_own_organisation_and_registers_none(clerk, home, province):
    other = province.post("/organisations", ORGANISATION).headers["Location"]
    assert clerk.get(f"/organisations/{home.uid}").status_code == 200
    assert clerk.get(other).status_code == 404
    assert [one["id"] for one in clerk.get("/organisations").json()["items"]] == [str(home.uid)]
    assert clerk.post("/organisations", ORGANISATION).status_code == 403


def test_a_clerk_registers_a_member_and_reads_them_back(clerk, home):
    answer = clerk.post("/growers", GROWER)
    assert answer.status_code == 201
    told = answer.json()
    assert told["code"].startswith("NH-")
    assert told["phone"] == "0912345678"
    assert told["organisation"] == str(home.uid)
    assert told["named_in_public"] is False
    assert clerk.get(answer.headers["Location"]).json() == told
    assert clerk.get("/growers", q="pao").json()["items"][0]["id"] == told["id"]


def test_the_same_person_twice_is_a_conflict(clerk):
    made = clerk.post("/growers", GROWER).json()
    again = clerk.post("/growers", GROWER)
    assert again.status_code == 409
    assert made["code"] in again.json()["detail"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "Páo\ud800"}, "name"),
        ({"name": "x" * 150}, "name"),
        ({"phone": "12"}, "phone"),
        ({"commune": "x"}, "commune"),
        ({"member_since": "2026-11-21"}, "member_since"),
        ({"member_since": "hôm qua"}, "member_since"),
        ({"identity_card": "1"}, "identity_card"),
    ],
)
def test_a_member_with_bad_input_is_a_problem_at_its_field(clerk, changed, field):
    answer = clerk.post("/growers", GROWER | changed)
    assert answer.status_code == 422
    assert at(answer) == [field]


def test_a_member_is_amended_leaves_and_comes_back(clerk):
    made = clerk.post("/growers", GROWER)
    address = made.headers["Location"]
    change = without(GROWER, "member_since") | {"hamlet": "Thôn 3"}
    assert clerk.put(address, change).status_code == 428
    assert clerk.put(address, change, version=1).json()["hamlet"] == "Thôn 3"
    gone = clerk.post(f"{address}/end-membership", {"last_day": "2026-11-19"})
    assert gone.json()["member_until"] == "2026-11-19"
    twice = clerk.post(f"{address}/end-membership", {"last_day": "2026-11-19"})
    assert twice.status_code == 409
    assert clerk.put(address, change, version=2).status_code == 409
    back = clerk.post("/growers", GROWER | {"member_since": "2026-11-20"})
    assert back.json()["code"] == made.json()["code"]
    assert back.json()["member_until"] is None


def test_consent_is_given_and_withdrawn(clerk):
    address = clerk.post("/growers", GROWER).headers["Location"]
    for _ in range(2):
        assert clerk.post(f"{address}/consent").json()["named_in_public"] is True
    for _ in range(2):
        assert clerk.post(f"{address}/consent/withdraw").json()["named_in_public"] is False


def test_growers_of_others_are_not_found_and_officials_change_none(clerk, calling, given):
    address = clerk.post("/growers", GROWER).headers["Location"]
    stranger = calling(Role.COOP_ADMIN, given.cooperative("HTX khác"))
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/consent").status_code == 404
    assert stranger.get("/growers").json()["items"] == []
    inspector = calling(Role.INSPECTOR)
    assert inspector.get(address).status_code == 200
    assert inspector.post(f"{address}/consent").status_code == 403
    assert inspector.post("/growers", GROWER).status_code == 403


def test_a_plot_is_registered_and_listed_by_area(clerk, given, session, home):
    area = given.area(home)
    session.commit()
    grower = clerk.post("/growers", GROWER).json()["id"]
    ring = [[104.29, 22.53], [104.291, 22.53], [104.291, 22.531], [104.29, 22.53]]
    body = {
        "name": "Ruộng trên",
        "grower": grower,
        "commune": "02839",
        "former_commune": "02866",
        "area_m2": 1440,
        "planting_area": str(area.uid),
        "polygon": {"type": "Polygon", "coordinates": [ring]},
    }
    answer = clerk.post("/plots", body)
    assert answer.status_code == 201
    told = answer.json()
    assert told["former_commune"]["name"] == "Xã Bản Phố"
    assert told["polygon"]["coordinates"] == [ring]
    assert clerk.get(answer.headers["Location"]).json() == told
    assert clerk.get("/plots", area=str(area.uid)).json()["items"] == [told]
    assert clerk.post("/plots", body).status_code == 409
    wrong = clerk.post("/plots", body | {"name": "2", "area_m2": 0})
    assert at(wrong) == ["area_m2"]
