"""The public register: every code with its status, found and filtered; nothing personal."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from app.errors import NotFound
from app.ledger.actors import Actor
from app.models.registry import AreaCode, CodeStatus, OrganisationKind, PlantingArea
from app.registry import register_queries
from app.registry.code_commands import Change, restore_code, revoke_code, suspend_code, warn_code
from app.registry.finding_commands import index_organisation
from app.registry.register_queries import (
    Wanted,
    every_line,
    marks,
    register,
    registered_area,
)
from tests.given import Given

BY = Actor.system()
FIELD = (
    '{"type":"Polygon","coordinates":[[[104.2961,22.5312],[104.2985,22.5312],'
    "[104.2985,22.5326],[104.2961,22.5326],[104.2961,22.5312]]]}"
)


def codes(session: Session, given: Given, **wanted: Any) -> list[str]:
    found = register(session, Wanted(**wanted), day=given.day(0))
    return [line.code.code for line in found.items]


def change(act: Any, session: Session, given: Given, code: AreaCode, day: int = -10) -> None:
    step = Change(given.day(day), reason="Kiểm tra định kỳ thấy sai sót")
    act(session, code=code, change=step, by=BY, now=given.now)


def test_areas_without_a_code_are_not_in_it(session: Session, given: Given) -> None:
    given.area()
    coded = given.area()
    code = given.code(coded)
    assert codes(session, given) == [code.code]


def test_codes_of_several_markets_stand_each_by_itself_newest_first(
    session: Session, given: Given
) -> None:
    area = given.area()
    home, abroad = given.code(area), given.code(area, "CHN")
    assert codes(session, given) == [abroad.code, home.code]
    assert codes(session, given, market="CHN") == [abroad.code]
    assert codes(session, given, market="JPN") == []


def test_the_status_is_that_of_the_day(session: Session, given: Given) -> None:
    code = given.code(given.area())
    change(warn_code, session, given, code, -20)
    change(suspend_code, session, given, code, 5)
    for day, status in ((-70, None), (-30, "active"), (0, "warned"), (5, "suspended")):
        found = register(session, Wanted(), day=given.day(day)).items
        assert [line.status for line in found] == ([status] if status else [])
    assert codes(session, given, status=CodeStatus.WARNED) == [code.code]
    assert codes(session, given, status=CodeStatus.SUSPENDED) == []


def test_of_two_steps_on_one_day_the_later_recorded_counts(session: Session, given: Given) -> None:
    code = given.code(given.area())
    change(suspend_code, session, given, code, -3)
    change(restore_code, session, given, code, -3)
    assert codes(session, given, status=CodeStatus.ACTIVE) == [code.code]


def test_what_is_revoked_stays_in_it(session: Session, given: Given) -> None:
    code = given.code(given.area())
    change(revoke_code, session, given, code)
    assert codes(session, given, status=CodeStatus.REVOKED) == codes(session, given) == [code.code]


def test_it_is_filtered_by_crop_and_by_words(session: Session, given: Given) -> None:
    cabbage = given.code(given.area(name="Đồi Sân Chùa", crop="BAP_CAI")).code
    kohlrabi = given.code(given.area(name="Ruộng Lủ Khấu", crop="SU_HAO")).code
    assert codes(session, given, crop="SU_HAO") == [kohlrabi]
    assert codes(session, given, q="doi san chua") == [cabbage]
    assert codes(session, given, q="bac ha") == [kohlrabi, cabbage]
    assert codes(session, given, q=cabbage.lower().replace("-", " "), crop="SU_HAO") == []


def test_a_reused_commune_code_means_the_commune_of_today(session: Session, given: Given) -> None:
    """02647 was Phường Kim Tân and is Phường Lào Cai; 02641 was Phường Lào Cai and is no more."""
    kim_tan = given.code(given.area(commune="", former_commune="02647")).code
    old_lao_cai = given.code(given.area(commune="", former_commune="02641")).code
    assert codes(session, given, commune="02647") == [old_lao_cai, kim_tan]
    assert codes(session, given, commune="02641") == [old_lao_cai]
    assert codes(session, given, commune="99999") == []


def test_phuong_nam_cuong_of_yen_bai_and_the_one_that_became_cam_duong(
    session: Session, given: Given
) -> None:
    cam_duong = given.code(given.area(commune="", former_commune="02671")).code
    nam_cuong = given.code(given.area(commune="", former_commune="04273")).code
    assert codes(session, given, commune="04273") == [nam_cuong]
    assert codes(session, given, commune="02671") == [cam_duong]
    assert codes(session, given, q="phường nam cường") == [nam_cuong, cam_duong]
    assert codes(session, given, q="nam cường yên bái") == [nam_cuong]


def test_pages_go_on_where_the_one_before_ended(session: Session, given: Given) -> None:
    made = [given.code(given.area()).code for _ in range(5)]
    first = register(session, Wanted(), day=given.day(0), limit=3)
    second = register(session, Wanted(), day=given.day(0), after=first.next, limit=3)
    shown = [line.code.code for page in (first, second) for line in page.items]
    assert shown == made[::-1]
    assert second.next is None


def test_all_lines_are_read_in_parts_up_to_a_bound(
    session: Session, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [given.code(given.area()).code for _ in range(5)]
    monkeypatch.setattr(register_queries, "CHUNK", 2)

    def read() -> list[str]:
        return [line.code.code for line in every_line(session, Wanted(), day=given.day(0))]

    assert read() == made[::-1]
    monkeypatch.setattr(register_queries, "MOST_ROWS", 4)
    assert read() == made[:0:-1]


def household(session: Session, given: Given, *, named: bool) -> PlantingArea:
    home = given.organisation(OrganisationKind.HOUSEHOLD, "Hộ Sùng Seo Lử")
    area = given.area(home, name="Nương nhà Lử", former_commune="02866")
    given.code(area)
    home.name_public = named
    index_organisation(session, home)
    return area


def test_a_household_that_did_not_agree_is_not_named_and_not_found_by_its_name(
    session: Session, given: Given
) -> None:
    household(session, given, named=False)
    (line,) = register(session, Wanted(), day=given.day(0)).items
    assert line.holder.name is None
    for q in ("sùng seo", "lử", "nương nhà", "sùng bắc hà", "龘sung"):
        assert codes(session, given, q=q) == [], q
    assert codes(session, given, q="bản phố bắc hà") == [line.code.code]
    assert codes(session, given, q=line.code.code) == [line.code.code]


def test_the_control_a_household_that_agreed_is_named_and_found(
    session: Session, given: Given
) -> None:
    household(session, given, named=True)
    (line,) = register(session, Wanted(q="sùng seo lử"), day=given.day(0)).items
    assert line.holder.name == "Hộ Sùng Seo Lử"


def test_a_position_is_rounded_to_a_hundredth_of_a_degree(session: Session, given: Given) -> None:
    area = given.area(polygon=FIELD)
    given.code(area)
    given.code(given.area(name="Không ranh giới"))
    nowhere, there = register(session, Wanted(), day=given.day(0)).items
    assert nowhere.holder.position is None
    assert there.holder.position == (104.3, 22.53)
    # The same from the box that was taken when the boundary was drawn.
    area.west, area.east = 1_042_961_000, 1_042_985_000
    area.south, area.north = 225_312_000, 225_326_000
    assert marks(session, Wanted(), day=given.day(0)) == [("active", (104.3, 22.53))]


def test_an_area_is_read_by_any_of_its_codes_however_typed(session: Session, given: Given) -> None:
    area = given.area()
    home = given.code(area)
    abroad = given.code(area, "CHN", decided_on=given.day(-2))
    change(warn_code, session, given, home, -5)
    for typed in (home.code, home.code_key, abroad.code.lower(), home.code.replace("-", " ")):
        told = registered_area(session, typed, day=given.day(-3))
        assert [one.code.code for one in told.codes] == [home.code, abroad.code]
    assert [one.status for one in told.codes] == ["warned", None]
    assert [step.status for step in told.codes[0].steps] == ["active", "warned"]


def test_steps_are_told_in_the_order_of_their_days(session: Session, given: Given) -> None:
    code = given.code(given.area(), decided_on=given.day(-50))
    change(suspend_code, session, given, code, -20)
    change(restore_code, session, given, code, -4)
    (told,) = registered_area(session, code.code, day=given.day(0)).codes
    days = [step.effective_on for step in told.steps]
    assert days == sorted(days) == [given.day(-50), given.day(-20), given.day(-4)]


@pytest.mark.parametrize("typed", ["", "khong-co", "15", "\x00", "-" * 500])
def test_a_code_nobody_was_given_is_not_found(session: Session, given: Given, typed: str) -> None:
    given.code(given.area())
    with pytest.raises(NotFound):
        registered_area(session, typed, day=date(2026, 11, 20))
