"""What a lot may be and become: states, figures, days and parts, at their borders."""

from datetime import date
from itertools import product

import pytest

from app.kit.quantities import Grams, SquareMetres
from app.lots.rules import (
    LARGEST_LOT,
    MOST_PARTS,
    PartPlan,
    faults_of_harvest_day,
    faults_of_later_days,
    faults_of_parts,
    faults_of_quantity,
    may_become,
)
from app.models.lots import LotState
from tests.lots.cases import HARVEST, TODAY, days

OPEN, SEALED, HELD, RECALLED, CLOSED, WITHDRAWN = LotState
MAY = {
    (OPEN, SEALED), (OPEN, HELD), (OPEN, RECALLED), (OPEN, WITHDRAWN),
    (SEALED, HELD), (SEALED, CLOSED), (SEALED, RECALLED), (SEALED, WITHDRAWN),
    (HELD, OPEN), (HELD, SEALED), (HELD, RECALLED), (HELD, WITHDRAWN), (CLOSED, RECALLED),
}  # fmt: skip


def test_a_lot_goes_from_open_to_sealed_to_closed_and_is_stopped_on_the_way() -> None:
    assert {pair for pair in product(LotState, LotState) if may_become(*pair)} == MAY


def says(faults: list) -> list[tuple[str, str]]:
    return [(fault.field, str(fault.why)) for fault in faults]


@pytest.mark.parametrize(
    ("grams", "area", "fault"),
    [
        (0, 1000, "A harvest weighs more than nothing."),
        (-1, 1000, "A harvest weighs more than nothing."),
        (1, 1000, None),
        (LARGEST_LOT.value, 10**6, None),
        (LARGEST_LOT.value + 1, 10**6, "One lot weighs at most 100000 kg. Check the unit."),
        (20_000_000, 1000, None),
        (20_000_001, 1000, "20000.001 kg cannot come from 0.1 ha. Check the unit."),
    ],
)
def test_a_weight_is_refused_where_it_cannot_be(grams: int, area: int, fault: str | None) -> None:
    found = says(faults_of_quantity(Grams(grams), SquareMetres(area)))
    assert found == ([] if fault is None else [("quantity_g", fault)])


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        (TODAY + days(1), "The harvest day 2026-11-21 is in the future."),
        (TODAY, "The planting area was closed on 2026-11-15."),
        (HARVEST, None),
        (HARVEST - days(10), None),
        (
            HARVEST - days(11),
            "The planting area exists only since 2026-11-05; it had no harvest on 2026-11-04.",
        ),
    ],
)
def test_a_harvest_day_lies_within_the_life_of_its_area(day: date, fault: str | None) -> None:
    found = faults_of_harvest_day(
        day, today=TODAY, established_on=HARVEST - days(10), closed_on=HARVEST
    )
    assert says(found) == ([] if fault is None else [("harvested_on", fault)])


def test_an_area_that_is_open_takes_a_harvest_today() -> None:
    assert not faults_of_harvest_day(TODAY, today=TODAY, established_on=HARVEST, closed_on=None)


@pytest.mark.parametrize(
    ("packed", "best", "fields"),
    [
        (None, None, []),
        (0, 0, []),
        (-1, None, ["packed_on"]),
        (5, None, []),
        (6, None, ["packed_on"]),
        (None, -1, ["best_before"]),
        (3, 2, ["best_before"]),
        (3, 3, []),
        (None, 730, []),
        (None, 731, ["best_before"]),
        (1, 731, []),
        (-2, -3, ["packed_on", "best_before"]),
    ],
)
def test_later_days_follow_the_harvest(
    packed: int | None, best: int | None, fields: list[str]
) -> None:
    found = faults_of_later_days(
        HARVEST,
        packed_on=None if packed is None else HARVEST + days(packed),
        best_before=None if best is None else HARVEST + days(best),
        today=TODAY,
    )
    assert [fault.field for fault in found] == fields
    assert all(str(fault.why) for fault in found)


def plan(kilograms: float = 50, **other: object) -> PartPlan:
    return PartPlan(quantity=Grams(round(kilograms * 1000)), **other)


def parts(*plans: PartPlan, whole: float = 100) -> list[str]:
    found = faults_of_parts(plans, whole=Grams(round(whole * 1000)), harvested_on=HARVEST)
    assert {fault.field for fault in found} <= {"parts"}
    return [str(fault.why) for fault in found]


def test_the_parts_weigh_exactly_what_the_lot_weighs() -> None:
    assert parts() == []
    assert parts(plan(), plan()) == []
    assert parts(plan(), plan(50.001)) == ["The parts weigh 100.001 kg, the lot 100 kg."]
    assert parts(plan(), plan(49.999)) == ["The parts weigh 99.999 kg, the lot 100 kg."]
    assert parts(plan(99.999), plan(0.001)) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kilograms": 0}, "A harvest weighs more than nothing."),
        ({"kilograms": -5}, "A harvest weighs more than nothing."),
        ({"sown_on": HARVEST + days(1)}, "Nothing is harvested before it is sown, on 2026-11-16."),
        ({"ended_on": HARVEST - days(1)}, "The planting ended on 2026-11-14."),
        ({"member": False}, "This grower was not a member on 2026-11-15."),
        ({"says": Grams(49_999)}, "The diary says 49.999 kg."),
        ({"done_on": HARVEST - days(1)}, "The diary says that it was harvested on 2026-11-14."),
    ],
)
def test_a_part_is_refused_with_its_number(wrong: dict, says: str) -> None:
    assert parts(plan(), plan(**wrong)) == [f"Part 2: {says}"]
    assert parts(plan(**wrong), plan(**wrong)) == [f"Part 1: {says}", f"Part 2: {says}"]


def test_a_part_passes_at_its_borders() -> None:
    at_the_border = plan(
        sown_on=HARVEST, ended_on=HARVEST, says=Grams(50_000), done_on=HARVEST, member=True
    )
    assert parts(at_the_border, plan()) == []


def test_a_lot_has_not_too_many_parts() -> None:
    assert parts(*[plan(1)] * MOST_PARTS, whole=MOST_PARTS) == []
    many = parts(*[plan(1)] * (MOST_PARTS + 1), whole=MOST_PARTS + 1)
    assert many == ["One lot has at most 200 parts."]
