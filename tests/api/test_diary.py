"""The diary over the API: written, corrected, sent in from telephones, settled."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Account, Role
from app.models.base import new_uid
from app.models.diary import Planting, Work
from app.models.registry import Organisation
from tests.api.machine import Machine, at
from tests.conftest import Clock
from tests.diary.growing import Growing, photograph
from tests.given import Given

Calling = Callable[[Role, Organisation | None], Machine]


@pytest.fixture
def growing(given: Given) -> Growing:
    return Growing(given)


@pytest.fixture
def planting(growing: Growing, session: Session) -> Planting:
    made = growing.planting()
    session.commit()
    return made


@pytest.fixture
def clerk(calling: Calling, planting: Planting, session: Session) -> Machine:
    return calling(Role.STAFF, session.get_one(Organisation, planting.organisation_id))


def entry(planting: Planting, **more: Any) -> dict[str, Any]:
    return {"planting": str(planting.uid), "work": "watering", "done_on": "2026-11-19", **more}


def item(planting: Planting, **more: Any) -> dict[str, Any]:
    return entry(
        planting, **{"uid": str(new_uid()), "written_at": "2026-11-19T08:00:00+07:00", **more}
    )


def person(machine: Machine) -> str:
    return str(machine.get("/me").json()["account"])


def sync(machine: Machine, *items: Any, **more: Any) -> Any:
    body = {"person": more.pop("person", None) or person(machine), "items": list(items), **more}
    return machine.post("/diary/sync", body)


def outcomes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["outcome"] for one in answer.json()["items"]]


def test_an_entry_is_written_and_read(clerk: Machine, planting: Planting) -> None:
    made = clerk.post(
        "/diary/entries",
        entry(planting, inputs=[{"name": "Furadan 3G", "amount": 5, "unit": "g"}], work="spraying"),
    )
    assert made.status_code == 201
    assert made.json()["warnings"][0]["verdict"] == "banned"
    read = clerk.get(made.headers["location"])
    assert read.json() == made.json()
    assert [one["uid"] for one in clerk.get("/diary/entries").json()["items"]] == [
        made.json()["uid"]
    ]


def test_what_cannot_be_names_its_fields(clerk: Machine, planting: Planting) -> None:
    answer = clerk.post("/diary/entries", entry(planting, done_on="2026-11-25", area_m2=10**6))
    assert answer.status_code == 422
    assert at(answer) == ["done_on", "area_m2"]


def test_a_correction_keeps_the_versions(clerk: Machine, planting: Planting) -> None:
    made = clerk.post("/diary/entries", entry(planting)).json()
    address = f"/diary/entries/{made['uid']}"
    better = clerk.post(f"{address}/correct", entry(planting, note="sửa"))
    assert better.status_code == 201
    assert clerk.post(f"{address}/correct", entry(planting, note="nữa")).status_code == 409
    versions = clerk.get(f"{address}/versions").json()
    assert [one["note"] for one in versions] == ["", "sửa"]
    gone = clerk.post(f"/diary/entries/{better.json()['uid']}/void", {"reason": "Ghi nhầm"})
    assert gone.json()["void"]
    assert clerk.get("/diary/entries").json()["items"] == []
    assert len(clerk.get("/diary/entries", whole="true").json()["items"]) == 3


def test_many_rows_have_a_result_each(clerk: Machine, planting: Planting) -> None:
    rows = [entry(planting, note=str(number)) for number in range(50)]
    rows[7]["done_on"] = "2027-01-01"
    answer = clerk.post("/diary/entries/many", {"items": rows}, key="mot-luoi")
    found = outcomes(answer)
    assert found.count("created") == 49
    again = clerk.post("/diary/entries/many", {"items": rows}, key="mot-luoi")
    assert again.json() == answer.json()
    assert len(clerk.get("/diary/entries", limit="200").json()["items"]) == 49
    assert answer.json()["items"][7]["errors"][0]["at"] == "done_on"


def test_a_batch_is_taken_in_once(clerk: Machine, planting: Planting) -> None:
    one, other = item(planting), item(planting, note="hai")
    fix = item(planting, corrects=one["uid"], note="sửa")
    assert outcomes(sync(clerk, fix, one, other)) == ["created"] * 3
    assert outcomes(sync(clerk, other, fix, one)) == ["known"] * 3
    assert len(clerk.get("/diary/entries").json()["items"]) == 2


def test_another_person_s_queue_is_refused(
    clerk: Machine, planting: Planting, calling: Calling, session: Session
) -> None:
    home = session.get_one(Organisation, planting.organisation_id)
    grower = calling(Role.GROWER, home)
    answer = sync(grower, item(planting), person=person(clerk))
    assert answer.status_code == 403
    assert "somebody else" in answer.json()["detail"]
    assert outcomes(sync(grower, item(planting))) == ["created"]


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"uid": "không"},
        {"uid": None},
        {"written_at": None},
        {"written_at": "2026-11-19T08:00:00"},
        {"written_at": "0001-01-01T00:00:00+14:00"},
        {"uid": "9e107d9d-372b-4b68-9c5b-d8f5a2f0f111"},
        {"work": "dancing"},
        {"planting": "x"},
        {"done_on": "31/11/2026"},
        {"area_m2": "nhiều"},
        {"quantity_g": 10**30},
        {"inputs": [{"name": "\ud800"}]},
        {"note": "\x00"},
        {"inputs": "thuốc"},
        {"\ud800": 1},
        {"plots": ["x"]},
    ],
)
def test_a_broken_item_is_refused_by_itself(
    clerk: Machine, planting: Planting, broken: dict[str, Any]
) -> None:
    bad = {**item(planting), **broken} if broken else {}
    answer = sync(clerk, bad, item(planting))
    assert outcomes(answer) == ["refused", "created"]
    assert answer.json()["items"][0]["why"]


def test_a_batch_has_at_most_200_items(clerk: Machine, planting: Planting) -> None:
    assert sync(clerk, *[item(planting)] * 201).status_code == 422
    assert outcomes(sync(clerk)) == []


def test_a_clock_a_year_off_is_doubted(clerk: Machine, planting: Planting) -> None:
    slow = item(planting, written_at="2025-11-19T08:00:00+07:00")
    answer = sync(clerk, slow, sent_at="2025-11-20T10:00:00+07:00")
    assert outcomes(answer) == ["created"]
    assert "clock was wrong" in answer.json()["items"][0]["warnings"][0]["why"]
    assert clerk.get(f"/diary/entries/{slow['uid']}").json()["clock_doubted"]


def test_a_conflict_is_shown_and_settled(clerk: Machine, planting: Planting) -> None:
    one = item(planting)
    sync(clerk, one, item(planting, corrects=one["uid"], note="máy A"))
    other = item(planting, corrects=one["uid"], note="máy B")
    answer = sync(clerk, other)
    assert outcomes(answer) == ["conflict"]
    uid = answer.json()["items"][0]["conflict"]
    shown = clerk.get(f"/diary/conflicts/{uid}")
    assert (shown.json()["fields"], shown.json()["other"]) == (["note"], other["uid"])
    assert shown.json()["standing_says"]["note"] == "máy A"
    settled = clerk.post(f"/diary/conflicts/{uid}/settle", {"choice": "took_other"}, version=1)
    assert settled.json()["state"] == "took_other"
    assert clerk.get("/diary/conflicts").json()["items"] == []
    assert len(clerk.get("/diary/conflicts", settled="true").json()["items"]) == 1
    assert [one["note"] for one in clerk.get("/diary/entries").json()["items"]] == ["máy B"]
    assert (
        clerk.post(f"/diary/conflicts/{uid}/settle", {"choice": "both"}, version=1).status_code
        == 412
    )


def send_photo(client: TestClient, machine: Machine, uid: str, content: bytes) -> Any:
    return client.post(
        "/api/v1/diary/photos",
        data={"entry": uid},
        files={"file": ("anh.jpg", content, "image/jpeg")},
        headers=machine.headers,
    )


def test_a_photograph_comes_after_its_entry_and_counts_once(
    clerk: Machine, planting: Planting, client: TestClient
) -> None:
    one = item(planting)
    assert send_photo(client, clerk, one["uid"], photograph()).status_code == 409
    sync(clerk, one)
    first = send_photo(client, clerk, one["uid"], photograph())
    again = send_photo(client, clerk, one["uid"], photograph())
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    [picture] = clerk.get(f"/diary/entries/{one['uid']}").json()["pictures"]
    shown = clerk.get(f"/pictures/{picture}/content")
    assert shown.headers["content-type"] == "image/jpeg"
    assert "private" in shown.headers["cache-control"]
    assert send_photo(client, clerk, one["uid"], b"no picture").status_code == 422


def test_start_holds_what_is_needed_and_says_when_it_is_the_same(
    clerk: Machine, planting: Planting, growing: Growing, session: Session, clock: Clock
) -> None:
    growing.product("Thuốc A 10EC")
    growing.entry(planting, Work.SPRAYING, uses="Thuốc A 10EC", day=-3)
    session.commit()
    first = clerk.get("/diary/start")
    told = first.json()
    assert told["person"]["account"] == person(clerk)
    assert [one["planting"] for one in told["plantings"]] == [str(planting.uid)]
    assert told["products"][0]["interval_days"] == 7
    assert told["recent"][0]["inputs"][0]["name"] == "Thuốc A 10EC"
    assert {one["work"] for one in told["works"]} == {work.value for work in Work}
    assert len(first.content) < 8_000
    same = clerk.client.get(
        "/api/v1/diary/start", headers={**clerk.headers, "If-None-Match": first.headers["etag"]}
    )
    assert (same.status_code, same.content) == (304, b"")
    assert first.headers["etag"] == f'"{told["version"]}"'
    assert sync(clerk).json()["version"] == told["version"]
    assert sync(clerk, item(planting)).json()["version"] != told["version"]


def test_a_grower_starts_with_the_own_plots(
    calling: Calling, growing: Growing, session: Session
) -> None:
    area = growing.given.area()
    home = growing.home(area)
    mine, theirs = growing.given.grower(home), growing.given.grower(home)
    machine = calling(Role.GROWER, home)
    plots = {who.pk: growing.plot(area, who) for who in (mine, theirs)}
    own = growing.planting(area, plots=(plots[mine.pk].uid,))
    growing.planting(area, plots=(plots[theirs.pk].uid,))
    whole = growing.planting(area)

    account = session.execute(select(Account).order_by(Account.id.desc())).scalars().first()
    assert account is not None
    mine.account_id = account.pk
    session.commit()
    told = machine.get("/diary/start").json()
    assert told["person"]["grower"] == str(mine.uid)
    assert {one["planting"] for one in told["plantings"]} == {str(own.uid), str(whole.uid)}


def test_a_planting_is_started_amended_and_ended(clerk: Machine, planting: Planting) -> None:
    area = clerk.get(f"/diary/plantings/{planting.uid}").json()["planting_area"]
    body = {"planting_area": area, "crop": "BAP_CAI", "sown_on": "2026-10-01"}
    made = clerk.post("/diary/plantings", body)
    assert made.status_code == 201
    assert "stood on this land already" in made.json()["advice"][0]
    address = made.headers["location"]
    changed = clerk.put(address, {**body, "variety": "KK"}, version=1)
    assert changed.json()["variety"] == "KK"
    ended = clerk.post(f"{address}/end", {"ended_on": "2026-11-19"}, version=2)
    assert ended.json()["ended_on"] == "2026-11-19"
    assert at(clerk.post(f"{address}/end", {"ended_on": "2026-11-19"}, version=3)) == []
    assert len(clerk.get("/diary/plantings", on="2026-11-20").json()["items"]) == 1
    assert len(clerk.get("/diary/plantings", area=area).json()["items"]) == 2


def test_inputs_are_searched_judged_and_written(
    calling: Calling, clerk: Machine, client: TestClient
) -> None:
    admin = calling(Role.PROVINCE_ADMIN, None)
    made = admin.post(
        "/inputs", {"kind": "pesticide", "name": "Thuốc Mới 5EC", "actives": ["abamectin"]}
    )
    assert made.status_code == 201
    address = made.headers["location"]
    used = admin.post(f"{address}/uses", {"crop_words": "rau cải", "interval_days": 9})
    assert used.json()["uses"][0]["crop_group"] == "Brassicaceae"
    listed = {
        "status": "permitted",
        "valid_from": "2026-02-10",
        "legal_ref": "TT 75/2025",
        "confidence": "S",
    }
    assert admin.post(f"{address}/permissions", listed).status_code == 201
    judged = clerk.get(f"{address}/verdict", crop="BAP_CAI").json()
    assert (judged["kind"], judged["interval_days"]) == ("permitted", 9)
    assert "9 days is longer" in judged["warning"]
    assert clerk.get(f"{address}/verdict", crop="SU_SU").json()["kind"] == "not_for_crop"
    reason = {
        "crop": "SU_SU",
        "reason": "Chưa có thuốc đăng ký cho su su.",
        "valid_from": "2026-02-10",
    }
    allowed = admin.post(f"{address}/exceptions", reason)
    assert clerk.get(f"{address}/verdict", crop="SU_SU").json()["kind"] == "excepted"
    exception = allowed.json()["exceptions"][0]["id"]
    assert admin.post(f"/inputs/exceptions/{exception}/end").json()["exceptions"][0]["ended_at"]
    label = client.put(
        f"/api/v1{address.removeprefix('/api/v1')}/label",
        files={"file": ("n.jpg", photograph(), "image/jpeg")},
        headers={**admin.headers, "If-Match": admin.get(address).headers["etag"]},
    )
    assert label.json()["label"]
    version = admin.get(address).json()["version"]
    assert label.headers["etag"] == f'"{version}"'
    renamed = admin.put(address, {"kind": "pesticide", "name": "Thuốc Cũ 5EC"}, version=version)
    assert (renamed.json()["name"], renamed.json()["actives"]) == ("Thuốc Cũ 5EC", "abamectin")
    assert [one["name"] for one in clerk.get("/inputs", q="thuoc cu").json()["items"]] == [
        "Thuốc Cũ 5EC"
    ]


def test_the_wire_shape_of_an_item_is_documented(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert described["SyncBatchIn"]["properties"]["items"]["items"] == {
        "$ref": "#/components/schemas/EntryIn"
    }
    assert "corrects" in json.dumps(described["EntryIn"])
