"""Finding places by code, day and name; following them through the merger of communes."""

from datetime import date

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from app.errors import NotFound, Refused
from app.models.places import AdminSuccession, AdminUnit, Share, UnitLevel
from app.places.queries import (
    address_of,
    address_on,
    commune_found,
    commune_on,
    communes_on,
    find_commune_on,
    find_former_commune,
    former_communes,
    former_districts,
    predecessors_of,
    search_communes,
    successor_of,
    unit_by_id,
    units_by_ids,
)

LAST_DAY = date(2025, 6, 30)
MERGER = date(2025, 7, 1)
TODAY = date(2026, 11, 20)


def names(session: Session, text: str, day: date | None = None, limit: int = 20) -> list[str]:
    return [
        address_of(found.unit) for found in search_communes(session, text, day=day, limit=limit)
    ]


def test_a_unit_by_its_key(facts: Session) -> None:
    unit = commune_on(facts, "02839", TODAY)
    assert unit_by_id(facts, unit.pk) is unit
    assert units_by_ids(facts, {unit.pk, -1}) == {unit.pk: unit}
    with pytest.raises(NotFound):
        unit_by_id(facts, -1)


def test_a_commune_is_found_only_while_it_stood(facts: Session) -> None:
    assert commune_on(facts, "02839", LAST_DAY).name == "Thị trấn Bắc Hà"
    assert commune_on(facts, "02839", MERGER).name == "Xã Bắc Hà"
    assert find_commune_on(facts, "02839", date(2004, 7, 7)) is None
    with pytest.raises(Refused) as refused:
        commune_on(facts, "02872", MERGER)
    assert [error.field for error in refused.value.fields] == ["commune"]
    with pytest.raises(NotFound):
        commune_found(facts, "02872", MERGER)


def test_communes_that_are_no_more_are_sorted_by_name(facts: Session) -> None:
    former = former_communes(facts)
    assert len(former) == 325
    assert all(unit.valid_to == LAST_DAY for unit in former)
    initials = [unit.name_key[0] for unit in former]
    assert initials == sorted(initials)


def test_a_former_commune_by_its_code_alone(facts: Session) -> None:
    former = find_former_commune(facts, "02647")
    assert former is not None
    assert former.name == "Phường Kim Tân"
    assert find_former_commune(facts, "99999") is None
    assert find_former_commune(facts, "085") is None


def test_a_commune_of_a_day_with_what_became_of_it(facts: Session) -> None:
    found = commune_found(facts, "02839", LAST_DAY)
    assert found.successor is commune_on(facts, "02839", MERGER)
    assert [unit.name for unit in found.predecessors] == ["Xã Tà Chải"]


def test_a_code_of_a_district_or_province_is_no_commune(facts: Session) -> None:
    assert find_commune_on(facts, "15", TODAY) is None
    assert find_commune_on(facts, "085", LAST_DAY) is None


def test_communes_of_a_day_are_sorted_by_name(facts: Session) -> None:
    standing = communes_on(facts, MERGER)
    assert len(standing) == 99
    assert standing[0].name == "Xã A Mú Sung"
    initials = [unit.name_key[0] for unit in standing]
    assert initials == sorted(initials)


@pytest.mark.parametrize(
    "typed", ["Tả Phìn, Sa Pa", "ta phin, sa pa", "TA PHIN SA PA", "xã Tả Phìn sa pa"]
)
def test_a_search_finds_a_commune_old_and_new(facts: Session, typed: str) -> None:
    assert names(facts, typed)[:2] == [
        "Xã Tả Phìn, tỉnh Lào Cai",
        "Xã Tả Phìn, thị xã Sa Pa, tỉnh Lào Cai",
    ]


def test_a_search_in_decomposed_letters_finds_the_same(facts: Session) -> None:
    decomposed = "Ta\u0309 Phi\u0300n"
    assert names(facts, decomposed) == names(facts, "Tả Phìn")


def test_a_former_name_finds_what_the_commune_became(facts: Session) -> None:
    assert names(facts, "Kim Tân", TODAY)[0] == "Phường Lào Cai, tỉnh Lào Cai"
    assert names(facts, "Bản Phiệt, Bảo Thắng", TODAY) == ["Phường Lào Cai, tỉnh Lào Cai"]
    assert names(facts, "Tà Chải", TODAY)[0] == "Xã Bắc Hà, tỉnh Lào Cai"


def test_another_spelling_of_a_name_is_found(facts: Session) -> None:
    assert names(facts, "Nàn Xín", LAST_DAY) == ["Xã Nàn Sín, huyện Si Ma Cai, tỉnh Lào Cai"]
    assert names(facts, "Vạn Hoà", LAST_DAY)[0].startswith("Xã Vạn Hòa, thành phố Lào Cai")


def test_a_new_name_is_not_found_on_a_day_before_it(facts: Session) -> None:
    found = search_communes(facts, "Bảo Thắng", day=LAST_DAY)
    assert found
    assert all(one.unit.short_name != "Bảo Thắng" for one in found)


def test_a_search_tells_districts_predecessors_and_successor(facts: Session) -> None:
    (new, old) = search_communes(facts, "Lùng Phình")[:2]
    assert [unit.name for unit in new.former_districts] == ["Huyện Si Ma Cai", "Huyện Bắc Hà"]
    assert {unit.name for unit in new.predecessors} >= {"Xã Lùng Phình", "Xã Lùng Thẩn"}
    assert new.successor is None
    assert [unit.name for unit in old.former_districts] == ["Huyện Bắc Hà"]
    assert old.successor is new.unit


def test_a_search_for_nothing_finds_nothing(facts: Session) -> None:
    assert search_communes(facts, "") == []
    assert search_communes(facts, " ,;%_ ") == []
    assert search_communes(facts, "Hà Nội Hoàn Kiếm") == []


def test_signs_of_a_pattern_are_not_wildcards(facts: Session) -> None:
    assert names(facts, "%ph%n") == names(facts, "ph n")


def test_a_search_keeps_to_its_limit_best_first(facts: Session) -> None:
    assert names(facts, "lao cai", TODAY, limit=1) == ["Phường Lào Cai, tỉnh Lào Cai"]
    assert len(search_communes(facts, "lao cai", limit=5)) == 5


def test_a_very_long_search_costs_no_more_than_an_address(facts: Session) -> None:
    assert search_communes(facts, "sa pa " * 10_000)


def test_a_search_takes_a_handful_of_statements(facts: Session) -> None:
    seen: list[str] = []
    engine = facts.get_bind()

    def watch(*told: object) -> None:
        if str(told[2]).startswith("SELECT"):
            seen.append(str(told[2]))

    event.listen(engine, "before_cursor_execute", watch)
    assert len(search_communes(facts, "lao cai")) == 20
    event.remove(engine, "before_cursor_execute", watch)
    assert len(seen) <= 5


def test_a_successor_is_followed_to_the_unit_that_stands(facts: Session) -> None:
    ta_chai = commune_on(facts, "02872", LAST_DAY)
    successor = successor_of(facts, ta_chai)
    assert successor is not None
    assert (successor.name, successor.valid_from) == ("Xã Bắc Hà", MERGER)
    assert successor_of(facts, successor) is None


def test_a_divided_unit_has_no_one_successor(session: Session) -> None:
    old = commune_on(session, "02635", LAST_DAY)
    assert successor_of(session, old) is not None
    link = session.execute(
        select(AdminSuccession).where(AdminSuccession.old_unit_id == old.pk)
    ).scalar_one()
    link.share = Share.PART
    session.flush()
    assert successor_of(session, old) is None
    assert address_on(session, old, TODAY).startswith("Phường Duyên Hải")


def test_predecessors_by_code(facts: Session) -> None:
    cam_duong = commune_on(facts, "02671", MERGER)
    made_of = predecessors_of(facts, cam_duong)
    assert [unit.code for unit in made_of] == sorted(unit.code for unit in made_of)
    assert "Phường Nam Cường" in {unit.name for unit in made_of}
    assert predecessors_of(facts, made_of[0]) == []


def test_the_nine_former_districts_of_the_plan(facts: Session) -> None:
    assert [(unit.code, unit.short_name) for unit in former_districts(facts, "10")] == [
        ("080", "Lào Cai"),
        ("082", "Bát Xát"),
        ("083", "Mường Khương"),
        ("084", "Si Ma Cai"),
        ("085", "Bắc Hà"),
        ("086", "Bảo Thắng"),
        ("087", "Bảo Yên"),
        ("088", "Sa Pa"),
        ("089", "Văn Bàn"),
    ]
    assert len(former_districts(facts)) == 18


def test_an_address_in_its_own_time(facts: Session) -> None:
    old = commune_on(facts, "02839", LAST_DAY)
    new = commune_on(facts, "02839", MERGER)
    assert address_of(old) == "Thị trấn Bắc Hà, huyện Bắc Hà, tỉnh Lào Cai"
    assert address_of(new) == "Xã Bắc Hà, tỉnh Lào Cai"
    assert address_of(new, "en") == "Bắc Hà Commune, Lào Cai Province"
    district = former_districts(facts, "10")[4]
    assert address_of(district) == "Huyện Bắc Hà, tỉnh Lào Cai"


def test_an_old_address_is_translated_to_a_later_day(facts: Session) -> None:
    kim_tan = commune_on(facts, "02647", LAST_DAY)
    assert address_on(facts, kim_tan, LAST_DAY).startswith("Phường Kim Tân, thành phố Lào Cai")
    assert address_on(facts, kim_tan, MERGER) == "Phường Lào Cai, tỉnh Lào Cai"
    assert address_on(facts, kim_tan, TODAY, "zh") == "Lào Cai 省 Lào Cai 坊"
    ta_chai = commune_on(facts, "02872", LAST_DAY)
    assert address_on(facts, ta_chai, MERGER) == "Xã Bắc Hà, tỉnh Lào Cai"


def test_a_new_address_is_not_translated_back(facts: Session) -> None:
    new = commune_on(facts, "02647", MERGER)
    assert address_on(facts, new, LAST_DAY) == "Phường Lào Cai, tỉnh Lào Cai"


def test_a_commune_that_ended_and_went_nowhere_we_know_keeps_its_address(facts: Session) -> None:
    dao_thinh = commune_on(facts, "04507", LAST_DAY)
    assert successor_of(facts, dao_thinh) is None
    assert address_on(facts, dao_thinh, TODAY) == "Xã Đào Thịnh, huyện Trấn Yên, tỉnh Yên Bái"


def test_units_of_every_level_have_an_address(facts: Session) -> None:
    for unit in facts.execute(select(AdminUnit)).scalars():
        wanted = {UnitLevel.PROVINCE: 0, UnitLevel.DISTRICT: 1, UnitLevel.COMMUNE: 2}[unit.level]
        if unit.level is UnitLevel.COMMUNE and unit.district_code is None:
            wanted = 1
        assert address_of(unit).count(",") == wanted
