"""A newer plan comes in beside the old one, from a file, cell by cell; what does not add up is flagged."""

import pytest
from sqlmodel import Session

from app.errors import Conflict, Refused
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.models.plan import SAFE_VEGETABLES_2030
from app.plan.inconsistencies import Gravity, inconsistencies
from app.plan.plan_commands import PlanLoaded, load_plan
from app.plan.plan_files import read_plan
from app.plan.queries import targets
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
ACT = "Quyết định 01/QĐ-UBND ngày 02/01/2031"


def loaded(session: Session, given: Given, text: str, plan: str = "RAU_2035") -> PlanLoaded:
    rows = read_plan(text.encode(), filename="chi-tieu.csv")
    return load_plan(session, rows, plan=plan, legal_ref=ACT, by=Actor.system(), now=given.now)


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
