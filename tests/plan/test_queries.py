"""The plan's annex, figure by figure, and the figures in it that do not agree."""

from collections.abc import Iterable

import pytest
from sqlmodel import Session

from app.models.plan import SAFE_VEGETABLES_2030, PlanTarget, TargetScope
from app.plan.queries import inconsistencies, targets

M2_A_HECTARE = 10_000
KG_A_QUINTAL = 100
KG_A_TONNE = 1_000

# District: (hectares, quintals a hectare, tonnes) as the annex states them.
ANNEX = {
    2020: {
        "10": (1150, 200, 23033),
        "080": (165, 210, 3465),
        "082": (130, 200, 2600),
        "083": (50, 160, 800),
        "084": (20, 165, 330),
        "085": (220, 200, 4400),
        "086": (105, 205, 2153),
        "087": (80, 200, 1600),
        "088": (350, 205, 7175),
        "089": (30, 170, 510),
    },
    2025: {
        "10": (1910, 293, 56020),
        "080": (100, 302, 3020),
        "082": (300, 300, 9000),
        "083": (180, 285, 5130),
        "084": (150, 200, 3000),
        "085": (300, 300, 9000),
        "086": (150, 315, 4725),
        "087": (200, 304, 6080),
        "088": (350, 315, 11025),
        "089": (180, 280, 5040),
    },
    2030: {
        "10": (2400, 296, 71200),
        "080": (150, 302, 4530),
        "082": (350, 300, 10500),
        "083": (220, 285, 6270),
        "084": (220, 220, 5500),
        "085": (400, 300, 12000),
        "086": (200, 315, 6300),
        "087": (250, 304, 7600),
        "088": (410, 315, 12900),
        "089": (200, 280, 5600),
    },
}


def stated(found: Iterable[PlanTarget], measure: str) -> dict[str, int]:
    return {
        target.scope_name: target.stated
        for target in found
        if target.measure == measure and target.scope is not TargetScope.CROP_GROUP
    }


@pytest.mark.parametrize("year", ANNEX)
def test_the_annex_is_reproduced_exactly(facts: Session, year: int) -> None:
    found = targets(facts, plan=SAFE_VEGETABLES_2030, year=year)
    rows = ANNEX[year]
    assert stated(found, "area") == {name: row[0] * M2_A_HECTARE for name, row in rows.items()}
    assert stated(found, "yield") == {name: row[1] * KG_A_QUINTAL for name, row in rows.items()}
    assert stated(found, "output") == {name: row[2] * KG_A_TONNE for name, row in rows.items()}


@pytest.mark.parametrize("year", ANNEX)
def test_outputs_are_recomputed_from_area_and_yield(facts: Session, year: int) -> None:
    outputs = [
        t for t in targets(facts, plan=SAFE_VEGETABLES_2030, year=year) if t.measure == "output"
    ]
    districts = {t.scope_name: t for t in outputs if t.scope is TargetScope.DISTRICT}
    for name, (hectares, quintals, _) in ANNEX[year].items():
        if name != "10":
            assert districts[name].recomputed == hectares * quintals * KG_A_QUINTAL
    (total,) = (t for t in outputs if t.scope is TargetScope.PROVINCE)
    assert total.recomputed == sum(t.recomputed or 0 for t in districts.values())


@pytest.mark.parametrize("year", ANNEX)
def test_a_figure_is_consistent_within_half_of_its_unit(facts: Session, year: int) -> None:
    half = {"area": M2_A_HECTARE / 2, "yield": KG_A_QUINTAL / 2, "output": KG_A_TONNE / 2}
    for target in targets(facts, plan=SAFE_VEGETABLES_2030, year=year):
        if target.recomputed is not None and target.measure in half:
            near = abs(target.stated - target.recomputed) <= half[target.measure]
            assert target.consistent is near, target.scope_name


def test_the_errors_of_the_annex_are_listed(facts: Session) -> None:
    told = [
        (t.year, t.measure, t.scope_name, t.stated, t.recomputed)
        for t in inconsistencies(facts, SAFE_VEGETABLES_2030)
    ]
    assert sorted(told) == [
        (2030, "output", "084", 5_500_000, 4_840_000),
        (2030, "output", "088", 12_900_000, 12_915_000),
        (2030, "output", "10", 71_200_000, 70_555_000),
        (2030, "output_at_least", "10", 71_000_000, 70_555_000),
        (2030, "yield", "10", 29_600, 29_398),
    ]


def test_every_error_says_what_disagrees(facts: Session) -> None:
    assert all(target.note for target in inconsistencies(facts, SAFE_VEGETABLES_2030))


def test_the_plans_other_figures(facts: Session) -> None:
    found = {
        t.measure: (t.stated, t.unit)
        for t in targets(facts, plan=SAFE_VEGETABLES_2030, year=2030)
        if t.scope is TargetScope.PROVINCE
    }
    assert found["area_at_least"] == (2_400 * M2_A_HECTARE, "m2")
    assert found["safe_sown_share_at_least"] == (300, "permille")
    assert found["output_at_least"] == (71_000 * KG_A_TONNE, "kg")
    assert found["value_at_least"] == (850_000_000_000, "dong")
    assert (found["models_at_least"], found["models_at_most"]) == ((3, "count"), (5, "count"))


def test_areas_and_shares_of_the_crop_groups(facts: Session) -> None:
    groups = {
        (t.measure, t.scope_name): (t.stated, t.recomputed)
        for t in targets(facts, plan=SAFE_VEGETABLES_2030, year=2030)
        if t.scope is TargetScope.CROP_GROUP
    }
    assert groups == {
        ("area", "leaf_brassica"): (14_000_000, None),
        ("area", "legume"): (2_500_000, None),
        ("area", "other"): (7_500_000, None),
        ("area_share", "leaf_brassica"): (600, 583),
        ("area_share", "legume"): (100, 104),
        ("area_share", "other"): (300, 312),
    }


def test_another_plan_or_year_has_no_targets(facts: Session) -> None:
    assert targets(facts, plan=SAFE_VEGETABLES_2030, year=2024) == []
    assert targets(facts, plan="ANOTHER", year=2030) == []
    assert inconsistencies(facts, "ANOTHER") == []
