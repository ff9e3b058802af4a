"""What a plan's figures give when they are worked out from one another, and whether that is near. Pure.

A plan prints hectares, quintals a hectare and tonnes: within half of such a unit a figure is rounded,
beyond it something disagrees.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.models.plan import TargetScope

M2_A_HECTARE = 10_000
KG_A_QUINTAL = 100
KG_A_TONNE = 1_000
# Half of the unit that a figure is printed in.
ROUNDING = {"area": M2_A_HECTARE // 2, "yield": KG_A_QUINTAL // 2, "output": KG_A_TONNE // 2}
# A text that says "about 60 %" rounds to tens of per cent: half of that, in permille.
ROUNDED_SHARE = 50
PERMILLE = 1_000


@dataclass(frozen=True)
class Figure:
    """A figure of a plan by what tells it from the others."""

    measure: str
    scope: TargetScope
    scope_name: str
    year: int


Stated = Mapping[Figure, int]


def recomputed(stated: Stated) -> dict[Figure, int]:
    """What each figure comes to by the others, where they say so."""
    found: dict[Figure, int] = {}
    for figure in stated:
        value = _worked_out(figure, stated)
        if value is not None:
            found[figure] = value
    return found


def agrees(figure: Figure, stated: int, worked_out: int | None) -> bool:
    """Whether a figure stands with what it comes to."""
    if worked_out is None:
        return True
    if figure.measure.endswith("_at_least"):
        return worked_out >= stated
    if figure.measure == "area_share":
        return abs(stated - worked_out) < ROUNDED_SHARE
    return abs(stated - worked_out) <= ROUNDING.get(figure.measure, 0)


def output_of(area_m2: int, kg_per_ha: int) -> int:
    """Kilograms from land and yield, to the nearest."""
    return _nearest(area_m2 * kg_per_ha, M2_A_HECTARE)


def yield_of(area_m2: int, kg: int) -> int | None:
    """Kilograms a hectare, to the nearest."""
    return _nearest(kg * M2_A_HECTARE, area_m2) if area_m2 else None


def _worked_out(figure: Figure, stated: Stated) -> int | None:
    match figure.scope, figure.measure:
        case TargetScope.DISTRICT, "output":
            return _of_district(figure, stated)
        case TargetScope.PROVINCE, "area" | "area_at_least":
            return _sum(_districts(stated, "area", figure.year).values())
        case TargetScope.PROVINCE, "output" | "output_at_least":
            return total_output(stated, figure.year)
        case TargetScope.PROVINCE, "yield":
            area = _sum(_districts(stated, "area", figure.year).values())
            output = total_output(stated, figure.year)
            return yield_of(area, output) if area and output else None
        case TargetScope.CROP_GROUP, "area_share":
            return _share(figure, stated)
        case _:
            return None


def total_output(stated: Stated, year: int) -> int | None:
    """The districts' outputs by their areas and yields, together; None where one cannot be told."""
    areas = _districts(stated, "area", year)
    parts = [
        _of_district(Figure("output", TargetScope.DISTRICT, name, year), stated) for name in areas
    ]
    known = [part for part in parts if part is not None]
    return sum(known) if known and len(known) == len(parts) else None


def stated_sum(stated: Stated, measure: str, year: int) -> int | None:
    """The districts' figures of a year as they are stated, together."""
    return _sum(_districts(stated, measure, year).values())


def _of_district(figure: Figure, stated: Stated) -> int | None:
    area, per_ha = (
        stated.get(Figure(name, TargetScope.DISTRICT, figure.scope_name, figure.year))
        for name in ("area", "yield")
    )
    return None if area is None or per_ha is None else output_of(area, per_ha)


def _share(figure: Figure, stated: Stated) -> int | None:
    areas = {
        one.scope_name: value
        for one, value in stated.items()
        if one.scope is TargetScope.CROP_GROUP and (one.measure, one.year) == ("area", figure.year)
    }
    whole = sum(areas.values())
    mine = areas.get(figure.scope_name)
    return None if mine is None or not whole else mine * PERMILLE // whole


def _districts(stated: Stated, measure: str, year: int) -> dict[str, int]:
    return {
        one.scope_name: value
        for one, value in stated.items()
        if one.scope is TargetScope.DISTRICT and (one.measure, one.year) == (measure, year)
    }


def _sum(values: Iterable[int]) -> int | None:
    numbers = list(values)
    return sum(numbers) if numbers else None


def _nearest(number: int, by: int) -> int:
    return (2 * number + by) // (2 * by)
