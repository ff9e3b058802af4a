"""The facts of the merger of 1 July 2025, and the traps in its codes and names."""

from collections import Counter, defaultdict
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from app.models.places import AdminSuccession, AdminUnit, Share, UnitLevel
from app.places.queries import commune_on, communes_on, predecessors_of, search_communes

LAST_DAY = date(2025, 6, 30)
MERGER = date(2025, 7, 1)


def links(session: Session) -> list[tuple[AdminUnit, AdminUnit]]:
    """Former communes with the commune each went into on the day of the merger."""
    units = {unit.pk: unit for unit in session.execute(select(AdminUnit)).scalars()}
    pairs = [
        (units[link.old_unit_id], units[link.new_unit_id])
        for link in session.execute(select(AdminSuccession)).scalars()
    ]
    return [
        (old, new)
        for old, new in pairs
        if old.level is UnitLevel.COMMUNE and new.valid_from == MERGER
    ]


def provinces(session: Session, code: str) -> list[AdminUnit]:
    wanted = select(AdminUnit).where(
        col(AdminUnit.level) == UnitLevel.PROVINCE, col(AdminUnit.code) == code
    )
    return list(session.execute(wanted.order_by(col(AdminUnit.valid_from))).scalars())


def test_152_and_173_communes_became_99(facts: Session) -> None:
    assert Counter(unit.province_code for unit in communes_on(facts, LAST_DAY)) == {
        "10": 152,
        "15": 173,
    }
    kinds = Counter(unit.kind for unit in communes_on(facts, MERGER))
    assert kinds == {"xã": 89, "phường": 10}
    assert all(unit.valid_to is None for unit in communes_on(facts, MERGER))


def test_319_living_communes_went_whole_into_the_99(facts: Session) -> None:
    pairs = links(facts)
    assert len(pairs) == 319
    assert len({old.pk for old, _ in pairs}) == 319
    assert len({new.pk for _, new in pairs}) == 99
    shares = facts.execute(select(col(AdminSuccession.share))).scalars()
    assert set(shares) == {Share.WHOLE}


def test_48_of_the_99_were_formed_from_the_old_lao_cai(facts: Session) -> None:
    origin = {new.code: old.province_code for old, new in links(facts)}
    assert Counter(origin.values()) == {"10": 48, "15": 51}


def test_communes_by_former_district(facts: Session) -> None:
    counted = Counter(
        unit.district_code for unit in communes_on(facts, LAST_DAY) if unit.province_code == "10"
    )
    assert counted == {
        "080": 17,
        "082": 21,
        "083": 16,
        "084": 10,
        "085": 19,
        "086": 14,
        "087": 17,
        "088": 16,
        "089": 22,
    }


def test_six_communes_of_the_older_list_carry_a_note_on_their_end(facts: Session) -> None:
    gone = [unit for unit in communes_on(facts, LAST_DAY) if "not verified" in unit.note]
    assert {unit.code for unit in gone} == {"02872", "04267", "04507", "04528", "04561", "04774"}
    assert {unit.pk for unit in gone} & {old.pk for old, _ in links(facts)} == set()


def test_code_15_meant_yen_bai_before_and_lao_cai_since(facts: Session) -> None:
    assert [(unit.name, unit.valid_from, unit.valid_to) for unit in provinces(facts, "15")] == [
        ("Tỉnh Yên Bái", date(2004, 7, 8), LAST_DAY),
        ("Tỉnh Lào Cai", MERGER, None),
    ]
    assert [(unit.name, unit.valid_to) for unit in provinces(facts, "10")] == [
        ("Tỉnh Lào Cai", LAST_DAY)
    ]
    assert {unit.province_name for unit in communes_on(facts, MERGER)} == {"Tỉnh Lào Cai"}


@pytest.mark.parametrize(
    ("code", "before", "since"),
    [
        ("02647", "Phường Kim Tân", "Phường Lào Cai"),
        ("02671", "Phường Nam Cường", "Phường Cam Đường"),
        ("03006", "Phường Phan Si Păng", "Phường Sa Pa"),
        ("02905", "Thị trấn Phố Lu", "Xã Bảo Thắng"),
    ],
)
def test_a_reused_code_means_what_it_meant_on_the_day(
    facts: Session, code: str, before: str, since: str
) -> None:
    assert commune_on(facts, code, LAST_DAY).name == before
    assert commune_on(facts, code, MERGER).name == since


def test_41_codes_are_reused_by_a_unit_of_another_name_or_type(facts: Session) -> None:
    before = {unit.code: unit.name for unit in communes_on(facts, LAST_DAY)}
    since = {unit.code: unit.name for unit in communes_on(facts, MERGER)}
    assert set(since) <= set(before)
    assert sum(before[code] != name for code, name in since.items()) == 41


def test_two_wards_named_nam_cuong_are_kept_apart(facts: Session) -> None:
    found = search_communes(facts, "Phường Nam Cường")
    told = {
        (one.unit.code, one.unit.province_name, one.successor.name if one.successor else None)
        for one in found
        if one.unit.short_name == "Nam Cường"
    }
    assert told == {
        ("02671", "Tỉnh Lào Cai", "Phường Cam Đường"),
        ("04273", "Tỉnh Yên Bái", "Phường Nam Cường"),
        ("04273", "Tỉnh Lào Cai", None),
    }


@pytest.mark.parametrize(
    ("name", "districts"),
    [
        ("Thanh Bình", {"Huyện Mường Khương", "Thị xã Sa Pa"}),
        ("Tân Thịnh", {"Thành phố Yên Bái", "Huyện Văn Chấn"}),
    ],
)
def test_namesakes_are_told_apart_by_their_district(
    facts: Session, name: str, districts: set[str]
) -> None:
    found = [
        one for one in search_communes(facts, name, day=LAST_DAY) if one.unit.short_name == name
    ]
    assert {one.former_districts[0].name for one in found} == districts
    assert len({one.successor.name for one in found if one.successor}) == 2
    for district in districts:
        (exact,) = search_communes(facts, f"{name}, {district}", day=LAST_DAY, limit=1)
        assert [unit.name for unit in exact.former_districts] == [district]


@pytest.mark.parametrize(
    ("name", "districts"),
    [
        ("Phường Lào Cai", {"080", "086"}),
        ("Xã Gia Phú", {"086", "080"}),
        ("Xã Cốc San", {"082", "080"}),
        ("Xã Lùng Phình", {"085", "084"}),
        ("Xã Bảo Hà", {"087", "089"}),
    ],
)
def test_five_communes_straddle_districts_of_the_plan(
    facts: Session, name: str, districts: set[str]
) -> None:
    (new,) = [unit for unit in communes_on(facts, MERGER) if unit.name == name]
    assert {unit.district_code for unit in predecessors_of(facts, new)} == districts


def test_twelve_communes_straddle_districts_in_all(facts: Session) -> None:
    districts = defaultdict(set)
    for old, new in links(facts):
        districts[new.code].add((old.province_code, old.district_code))
    assert sum(len(found) > 1 for found in districts.values()) == 12


def test_no_commune_was_made_of_both_provinces(facts: Session) -> None:
    origins = defaultdict(set)
    for old, new in links(facts):
        origins[new.code].add(old.province_code)
    assert all(len(found) == 1 for found in origins.values())


def test_every_standing_commune_has_a_place_on_the_map(facts: Session) -> None:
    for unit in communes_on(facts, MERGER):
        assert unit.lat is not None
        assert unit.lon is not None
        assert unit.area_km2 is not None
        assert 21 < unit.lat < 23
        assert 103 < unit.lon < 106
