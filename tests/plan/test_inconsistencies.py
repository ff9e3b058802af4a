"""The product itself lists where the plan disagrees with itself, from the stored rows."""

from sqlmodel import Session

from app.kit.i18n import language
from app.models.plan import SAFE_VEGETABLES_2030, PlanTarget, TargetScope
from app.plan.inconsistencies import Gravity, inconsistencies
from app.plan.queries import targets
from app.plan.recomputing import Figure, agrees, output_of, recomputed, yield_of

# What the check of the annex found, and what of the text cannot be: figures as the plan states
# them, and as the districts give them (kilograms, kilograms a hectare, permille).
CONTRADICTIONS = [
    (2030, 5_500_000, 4_840_000),  # Si Ma Cai: 220 ha at 220 quintals
    (2030, 12_900_000, 12_915_000),  # Sa Pa: 410 ha at 315 quintals
    (2030, 71_200_000, 70_555_000),  # all districts
    (2030, 29_600, 29_398),  # all districts
    (2030, 71_000_000, 70_555_000),  # "over 71,000 t"
]
ROUNDED = [
    (2020, 2_153_000, 2_152_500),
    (2020, 20_000, 20_028),
    (2025, 29_300, 29_330),
    (2030, 600, 583),
    (2030, 100, 104),
    (2030, 300, 312),
]


def test_everything_the_check_of_the_annex_found_is_listed(facts: Session) -> None:
    found = inconsistencies(facts, SAFE_VEGETABLES_2030)
    told = {
        gravity: [(one.year, one.stated, one.recomputed) for one in found if one.gravity is gravity]
        for gravity in Gravity
    }
    assert told[Gravity.CONTRADICTION] == CONTRADICTIONS
    assert sorted(told[Gravity.ROUNDING]) == sorted(ROUNDED)
    sentences = [language("en").say(one.sentence) for one in found]
    for part in (
        "Si Ma Cai, 2030: 220 ha at 220 quintals/ha give 4,840 t; the plan states 5,500 t.",
        "30 % of the land would be 720 ha",
        "Bát Xát lies in two axes",
        "Thành phố Lào Cai: 165 ha in 2020, 100 ha in 2025, 150 ha in 2030.",
        "leaves out Huyện Bảo Yên, Huyện Văn Bàn",
        "Huyện Si Ma Cai (220 ha) is named among the main districts, Huyện Bảo Yên (250 ha) is not",
    ):
        assert any(part in sentence for sentence in sentences), part
    assert all(one.legal_ref for one in found)
    assert inconsistencies(facts, "ANOTHER") == []


def test_what_ships_as_recomputed_is_what_the_rows_give(facts: Session) -> None:
    rows = targets(facts, plan=SAFE_VEGETABLES_2030)
    stated = {figure_of(row): row.stated for row in rows}
    worked_out = recomputed(stated)
    assert {
        figure_of(row): row.recomputed for row in rows if row.recomputed is not None
    } == worked_out
    for row in rows:
        assert row.consistent is agrees(figure_of(row), row.stated, row.recomputed), row


def test_a_plan_that_adds_up_has_nothing_to_list() -> None:
    district, province = TargetScope.DISTRICT, TargetScope.PROVINCE
    stated = {
        Figure("area", district, "080", 2030): 1_500_000,
        Figure("yield", district, "080", 2030): 30_200,
        Figure("output", district, "080", 2030): output_of(1_500_000, 30_200),
        Figure("output", province, "10", 2030): output_of(1_500_000, 30_200),
    }
    assert all(stated[one] == value for one, value in recomputed(stated).items())
    assert yield_of(0, 5) is None


def figure_of(row: PlanTarget) -> Figure:
    return Figure(row.measure, row.scope, row.scope_name, row.year)
