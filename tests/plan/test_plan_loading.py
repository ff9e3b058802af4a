"""A newer plan comes in beside the old one, from a file, cell by cell; what does not add up is flagged."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from app import reference
from app.catalogue.plan_queries import plan_on
from app.errors import Conflict, Refused
from app.kit.quantities import SquareMetres
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.models.accounts import Role
from app.models.plan import SAFE_VEGETABLES_2030
from app.plan.axis_files import axis_rows
from app.plan.dimensions import Dimension
from app.plan.figures import figures
from app.plan.inconsistencies import Gravity, inconsistencies
from app.plan.plan_commands import PlanLoaded, load_plan
from app.plan.plan_files import read_plan
from app.plan.queries import targets
from app.plan.report_periods import Period
from app.plan.report_results import results_of
from app.plan.report_taking import frozen_figures
from app.plan.rollup import rebuild, refresh
from tests.given import Given

GOOD = """Chỉ tiêu;Địa bàn;Năm;Số liệu;Đơn vị tính;Căn cứ
Diện tích;Bắc Hà;2035;1.450;ha;Phụ biểu
Năng suất;huyện bắc hà;2035;300;tạ/ha;Phụ biểu
Sản lượng;085;2035;45.000;tấn;Phụ biểu
Sản lượng;Toàn tỉnh;2035;45.000;tấn;Phụ biểu
Sản lượng đạt trên;Toàn tỉnh;2035;40.000;tấn;Mục II.2
Tỷ lệ diện tích;Rau họ đậu;2035;12,5;%;Mục II.2
Giá trị đạt trên;Toàn tỉnh;2035;1.200;tỷ đồng;Mục II.2
"""
BAD = """Chỉ tiêu;Địa bàn;Năm;Số liệu;Đơn vị tính
Diện tích;Hà Nội;2035;100;ha
Diện tích;Bắc Hà;1935;100;ha
Năng suất;Bắc Hà;2035;300;ha
Sản lượng;Bắc Hà;2035;0;tấn
Sản lượng;Bắc Hà;2035;;tấn
Diện tích;Sa Pa;2035;100;ha
Diện tích;Thị xã Sa Pa;2035;120;ha
"""
AREA_GOAL = "Diện tích đạt trên;Toàn tỉnh;2035;3.100;ha"
AXES = """Trục;Huyện cũ;Xã cũ;Xã hiện nay;Cây chủ lực;Căn cứ
Trục sông Chảy;Bắc Hà;;;;Mục III
Trục sông Chảy;;;Y Tý;;Mục III
trục sông chảy;;;;Bắp cải;
Trục phía Nam;huyện bát xát;;;;
Trục phía Nam;Bát Xát;;;Su su;
"""
BAD_AXES = """Trục;Huyện cũ;Xã cũ;Xã hiện nay;Cây chủ lực
;Bắc Hà;;;
Trục A;Huyện Không;;;
Trục A;Bắc Hà;;;
Trục B;085;;;
Trục A;;Xã Nào Đó;;
Trục A;;;;Cây lạ
Trục A;;;;
Trục A;;;Y Tý;Bắp cải
Trục A;Sa Pa;;Y Tý;
"""
READ = {"cookie": "lang=en"}
ACT = "Quyết định 01/QĐ-UBND ngày 02/01/2031"


def loaded(
    session: Session,
    given: Given,
    text: str,
    plan: str = "RAU_2035",
    day: date | None = None,
    axes: str = "",
) -> PlanLoaded:
    file = (text.encode(), "chi-tieu.csv")
    rows = read_plan(file[0], filename=file[1])
    lying = axis_rows(file, (axes.encode(), "truc.csv") if axes else None)
    return load_plan(
        session,
        rows,
        plan=plan,
        legal_ref=ACT,
        in_force_on=day,
        by=Actor.system(),
        now=given.now,
        axes=lying,
    )


def test_a_newer_plan_stands_beside_the_old_one(session: Session, given: Given) -> None:
    before = len(targets(session, plan=SAFE_VEGETABLES_2030))
    found = loaded(session, given, GOOD)
    assert (found.figures, found.flagged, found.errors) == (7, 2, ())
    rows = {(row.measure, row.scope_name): row for row in targets(session, plan="RAU_2035")}
    assert rows["area", "085"].stated == 14_500_000
    assert rows["yield", "085"].stated == 30_000
    output = rows["output", "085"]
    assert (output.stated, output.recomputed, output.consistent) == (45_000_000, 43_500_000, False)
    assert rows["area_share", "legume"].stated == 125
    assert rows["value_at_least", "10"].stated == 1_200_000_000_000
    assert rows["output_at_least", "10"].consistent
    assert output.legal_ref == f"{ACT}, Phụ biểu"
    gravities = [one.gravity for one in inconsistencies(session, "RAU_2035")]
    assert gravities == [Gravity.CONTRADICTION, Gravity.CONTRADICTION]
    assert len(targets(session, plan=SAFE_VEGETABLES_2030)) == before
    (fact,) = history_of(session, "RAU_2035")
    assert fact.facts["flagged"] == 2
    with pytest.raises(Conflict):
        loaded(session, given, GOOD)
    # No row is passed over because it says what an example said.
    head, _, _ = GOOD.partition("\n")
    alone = f"{head}\nDiện tích;Bắc Hà;2035;450;ha;Phụ biểu\n"
    assert loaded(session, given, alone, plan="ONE").figures == 1
    for name in ("", "x", "đề án"):
        with pytest.raises(Refused):
            loaded(session, given, GOOD, plan=name)


def test_every_bad_cell_is_named_and_nothing_is_loaded(session: Session, given: Given) -> None:
    found = loaded(session, given, BAD)
    assert found.figures == 0
    assert [(error.row, error.column) for error in found.errors] == [
        (2, "B"),
        (3, "C"),
        (4, "E"),
        (5, "D"),
        (6, "D"),
        (8, "A"),
    ]
    assert targets(session, plan="RAU_2035") == []
    with pytest.raises(Refused):
        read_plan(b"a;b\n1;2\n", filename="x.csv")


def test_a_plan_brings_its_own_axes_which_count_from_its_day_on(
    session: Session, given: Given, client: TestClient
) -> None:
    """By what communes are today too; a year that is over stays in the axes of its own plan."""
    found = loaded(session, given, GOOD, axes=BAD_AXES)
    assert [one.place for one in found.errors] == [
        *("Truc!A2", "Truc!B3", "Truc!B5", "Truc!C6", "Truc!E7", "Truc!B8", "Truc!D9", "Truc!D10")
    ]
    assert str(found.errors[2].why) == "Row 4 puts this place into an axis already."
    assert targets(session, plan="RAU_2035") == []
    alone = loaded(session, given, GOOD, axes="Trục;Cây chủ lực\nTrục C;Su su\n")
    assert [str(one.why) for one in alone.errors] == ["No place lies in this axis."]
    for commune in ("02701", "02839", "02683"):  # codes that stayed
        area = given.area(commune=commune, former_commune=commune)
        given.lot(area, kilograms=100, harvested_on=given.day(-3))
        given.lot(area, kilograms=50, harvested_on=given.day(-400))
    made = loaded(session, given, GOOD, day=given.day(2), axes=AXES)
    assert (made.axes, made.errors) == (2, ())

    def by_axis(days: int, year: int = 2026) -> dict[str, int]:
        now = given.now + timedelta(days=days)
        assert refresh(session, now) == 0
        rows = figures(session, year=year, by=Dimension.AXIS)
        return {row.key: (row.figures.output_g.value or 0) // 1000 for row in rows}

    old = {"west": 100, "north_east": 100, "south": 100}
    assert by_axis(0) == by_axis(1) == old
    assert by_axis(2) == {"truc_song_chay": 200, "south": 100}
    assert by_axis(2, 2025) == {"west": 50, "north_east": 50, "south": 50}
    assert rebuild(session, given.now + timedelta(days=2)) == 3
    assert by_axis(2) == {"truc_song_chay": 200, "south": 100}
    rows = figures(session, year=2026, by=Dimension.AXIS)
    assert str(rows[-1].name) == "Trục sông Chảy"
    session.commit()
    told = client.get("/api/v1/plan/axes?plan=RAU_2035").json()["items"]
    assert [(one["axis"], one["name"]) for one in told] == [
        ("south", "Trục phía Nam"),
        ("truc_song_chay", "Trục sông Chảy"),
    ]
    assert told[1]["communes"] == ["02692", "02701"] and told[1]["crops"] == ["BAP_CAI"]


def test_the_desk_and_the_reports_follow_the_plan_in_force(
    session: Session, given: Given, client: TestClient
) -> None:
    """A newer plan counts from its day on, and years before it are held against the older one."""
    today, officer = given.day(0), given.headers(Role.PROVINCE_ADMIN)
    area = given.area(area_m2=20_000, former_commune="02866")
    given.season(area, sown=SquareMetres(15_000))
    given.lot(area, kilograms=1_250)
    newer = GOOD.replace("Sản lượng đạt trên;Toàn tỉnh;2035;40.000;tấn", AREA_GOAL)
    loaded(session, given, newer, day=given.day(40))
    session.commit()
    assert plan_on(session, today) == SAFE_VEGETABLES_2030
    session.commit()
    assert "over 2,400 ha" in client.get("/desk/plan", headers=officer | READ).text
    # Chosen by hand it is shown, and every link of the page keeps the choice.
    chosen = client.get("/desk/plan?plan=RAU_2035", headers=officer | READ).text
    assert "over 3,100 ha" in chosen and "over 1,200 billion dong" in chosen
    assert "over 2,400 ha" not in chosen and "plan=RAU_2035" in chosen
    assert chosen.count("1,250 kg") >= 2  # what is stands there, also where the plan states nothing
    assert client.get("/desk/plan?plan=X", headers=officer | READ).status_code == 422
    # From its day on it is the one that counts: overview, trends, targets, models, reports.
    keyed = officer | {"Idempotency-Key": "day"}
    day = {"in_force_on": str(given.day(-1))}
    where = "/api/v1/plan/plans/RAU_2035/day"
    assert client.post(where, json=day, headers=keyed).json()["counts"] is True
    assert "over 3,100 ha" in client.get("/desk/plan", headers=officer | READ).text
    assert "goal: 1,910 ha" in client.get("/desk/plan?year=2025", headers=officer | READ).text
    trends = client.get("/desk/plan/trends?in_province=10", headers=officer | READ).text
    assert "45,000 t" in trends and "71,200 t" not in trends
    targets_page = client.get("/desk/plan/targets", headers=officer | READ).text
    assert "1,450" in targets_page and "names no axes" in targets_page
    old = client.get(f"/desk/plan/targets?plan={SAFE_VEGETABLES_2030}", headers=officer | READ).text
    assert "4,840" in old
    compared = client.get("/api/v1/plan/compared?year=2026", headers=officer | READ).json()["items"]
    assert {one["target"]["plan"] for one in compared} == {"RAU_2035"}
    figures = frozen_figures(session, Period(2026), today=today)
    assert (figures.plan, figures.plan_act, figures.milestone) == ("RAU_2035", ACT, 2035)
    told = " ".join(str(block) for block in results_of(figures))
    assert "trên 3.100 ha" in told and "2.400" not in told
    assert "Giá trị (mục tiêu" not in told
    before = str(results_of(frozen_figures(session, Period(2025), today=today)))
    # The goal of 2030 is not one of 2025, though both stand in one table.
    assert "2.400" in before and "Giá trị (mục tiêu năm 2030)" in before
    session.commit()
    # One plan must be left, and only a day that can be is taken.
    for one, answer in ((SAFE_VEGETABLES_2030, 303), ("RAU_2035", 422)):
        form = f"/desk/plan/targets/{one}/day"
        assert client.post(form, data={"in_force_on": ""}, headers=officer).status_code == answer
    # What the administrator decided outlives the next load of what ships.
    assert reference.load(session, now=given.now).files["province_plans"].kept == 1
    session.commit()
    bad = client.post(
        "/desk/plan/targets/RAU_2035/day", data={"in_force_on": "31/31"}, headers=officer
    )
    assert bad.status_code == 422
