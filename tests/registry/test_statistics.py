"""Numbers by former district and by commune of today, and the traps of the merger of 1 July 2025."""

from datetime import date

import pytest
from sqlmodel import Session

from app.ledger.actors import Actor
from app.models.registry import CodeStatus, PlantingArea
from app.registry.code_commands import Change, suspend_code
from app.registry.statistics_queries import (
    Line,
    Statistics,
    codes_by_commune,
    codes_by_district,
)
from tests.given import Given

NINE = ["080", "082", "083", "084", "085", "086", "087", "088", "089"]
STRADDLING = {
    "02647": "Phường Lào Cai",
    "02746": "Xã Cốc San",
    "02848": "Xã Lùng Phình",
    "02923": "Xã Gia Phú",
    "02989": "Xã Bảo Hà",
}


def areas_by_name(lines: tuple[Line, ...]) -> dict[str, int]:
    return {line.unit.name: line.count.areas for line in lines if line.count.areas}


def by_district(session: Session, given: Given) -> Statistics:
    return codes_by_district(session, given.day(0))


def formerly(given: Given, code: str, **more: int) -> PlantingArea:
    return given.area(commune="", former_commune=code, **more)


def test_the_nine_districts_of_the_plan_stand_in_it_even_when_empty(
    session: Session, given: Given
) -> None:
    lines = by_district(session, given).lines
    assert [line.unit.code for line in lines if line.unit.province_code == "10"] == NINE
    assert {line.unit.province_code for line in lines} == {"10", "15"}
    assert sum(line.count.areas for line in lines) == 0


def test_an_area_counts_in_the_district_of_its_former_commune(
    session: Session, given: Given
) -> None:
    """Lùng Phình of today has Lùng Thẩn (Si Ma Cai) and Lùng Phình (Bắc Hà)."""
    formerly(given, "02818", area_m2=10_000)
    formerly(given, "02848", area_m2=25_000)
    told = by_district(session, given)
    assert areas_by_name(told.lines) == {"Huyện Si Ma Cai": 1, "Huyện Bắc Hà": 1}
    assert told.unallocated == ()
    assert told.total.land.ha == pytest.approx(3.5)


@pytest.mark.parametrize(("code", "name"), STRADDLING.items())
def test_a_commune_of_two_districts_is_not_allocated_where_nobody_says(
    session: Session, given: Given, code: str, name: str
) -> None:
    given.area(commune=code)
    told = by_district(session, given)
    assert areas_by_name(told.lines) == {}
    assert areas_by_name(told.unallocated) == {name: 1}
    assert told.total.areas == 1


def test_no_other_commune_of_the_old_lao_cai_straddles(session: Session, given: Given) -> None:
    """The control: a commune of one district counts there though its former commune is unknown."""
    given.area(commune="02839")
    told = by_district(session, given)
    assert areas_by_name(told.lines) == {"Huyện Bắc Hà": 1}
    assert told.unallocated == ()


def test_02647_is_kim_tan_before_and_lao_cai_since(session: Session, given: Given) -> None:
    formerly(given, "02647")
    formerly(given, "02911")  # Xã Bản Phiệt, huyện Bảo Thắng
    told = by_district(session, given)
    assert areas_by_name(told.lines) == {"Thành phố Lào Cai": 1, "Huyện Bảo Thắng": 1}
    present = codes_by_commune(session, given.day(0))
    assert areas_by_name(present.lines) == {"Phường Lào Cai": 2}


def test_15_was_yen_bai_and_is_lao_cai(session: Session, given: Given) -> None:
    formerly(given, "04273")
    (line,) = [line for line in by_district(session, given).lines if line.count.areas]
    assert (line.unit.name, line.unit.province_code) == ("Thành phố Yên Bái", "15")
    assert line.unit.province_name == "Tỉnh Yên Bái"
    (present,) = codes_by_commune(session, given.day(0)).lines
    assert (present.unit.province_code, present.unit.province_name) == ("15", "Tỉnh Lào Cai")


def test_the_two_xa_thanh_binh_count_apart(session: Session, given: Given) -> None:
    formerly(given, "02779")
    formerly(given, "03022")
    told = by_district(session, given)
    assert areas_by_name(told.lines) == {"Huyện Mường Khương": 1, "Thị xã Sa Pa": 1}
    present = codes_by_commune(session, given.day(0))
    assert areas_by_name(present.lines) == {"Xã Mường Khương": 1, "Xã Bản Hồ": 1}


def test_phuong_nam_cuong_old_and_new(session: Session, given: Given) -> None:
    formerly(given, "02671")
    formerly(given, "04273")
    present = codes_by_commune(session, given.day(0))
    assert areas_by_name(present.lines) == {"Phường Cam Đường": 1, "Phường Nam Cường": 1}
    told = by_district(session, given)
    assert areas_by_name(told.lines) == {"Thành phố Lào Cai": 1, "Thành phố Yên Bái": 1}


def test_codes_count_by_their_status_on_the_day(session: Session, given: Given) -> None:
    area = given.area()
    code = given.code(area)
    given.code(area, "CHN")
    change = Change(given.day(-3), reason="Kiểm tra thấy sai sót")
    suspend_code(session, code=code, change=change, by=Actor.system(), now=given.now)
    for day, counted in (
        (-100, {}),
        (-30, {CodeStatus.ACTIVE: 2}),
        (0, {CodeStatus.ACTIVE: 1, CodeStatus.SUSPENDED: 1}),
    ):
        (line,) = codes_by_commune(session, given.day(day)).lines
        assert line.count.codes == counted


def test_areas_count_while_they_stand(session: Session, given: Given) -> None:
    given.area(established_on=date(2024, 1, 1), closed_on=date(2025, 1, 31))
    days = (date(2023, 12, 31), date(2024, 1, 1), date(2025, 1, 31), date(2025, 2, 1))
    assert [codes_by_district(session, day).total.areas for day in days] == [0, 1, 1, 0]
