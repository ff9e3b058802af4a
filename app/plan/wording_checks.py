"""Words of a plan that can be read in two ways, or leave something out: found by its rows. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from app.kit.messages import say
from app.models.catalogue import CropGroup
from app.models.plan import PlanNamedPlace, TargetScope
from app.plan.naming import GROUPS
from app.plan.recomputing import M2_A_HECTARE, PERMILLE, Figure
from app.plan.telling import Gravity, Inconsistency, Told, areas_in, in_unit, of_province

A_PERCENT = 10  # permille


def _wholes(plan: Told) -> Iterator[Inconsistency]:
    """A share of the sown land stands beside an area of land: two wholes that must not be mixed."""
    for share in of_province(plan, "safe_sown_share_at_least", known=False):
        land = Figure("area_at_least", share.scope, share.scope_name, share.year)
        if land not in plan.stated:
            continue
        part = plan.stated[land] * plan.stated[share] // PERMILLE
        yield Inconsistency(
            Gravity.WORDING,
            share.year,
            say(
                "{share} % is asked of the sown land, which counts every season; {land} ha are land,"
                " which counts once. {share} % of the land would be {part} ha, of the sown land it"
                " is more.",
                share=in_unit(plan.stated[share], A_PERCENT),
                land=in_unit(plan.stated[land], M2_A_HECTARE),
                part=in_unit(part, M2_A_HECTARE),
            ),
            legal_ref=plan.rows[share].legal_ref,
        )


def _axes(plan: Told) -> Iterator[Inconsistency]:
    """A district lies in one axis."""
    by_district: defaultdict[str, set[str]] = defaultdict(set)
    for row in plan.axes:
        by_district[row.district].add(row.axis)
    for row in plan.axes:
        if row.former_commune == "" and len(by_district[row.district]) > 1:
            yield Inconsistency(
                Gravity.WORDING,
                plan.years[-1] if plan.years else 0,
                say(
                    "{place} lies in two axes: the plan names neither the communes of the one nor"
                    " of the other.",
                    place=plan.districts.get(row.district, row.district),
                ),
                legal_ref=row.legal_ref,
            )


def _omitted(plan: Told) -> Iterator[Inconsistency]:
    """A group that names its districts names all of the annex."""
    last = plan.years[-1] if plan.years else 0
    areas = areas_in(plan, last)
    by_group: defaultdict[str, set[str]] = defaultdict(set)
    for row in plan.named:
        if row.crop_group:
            by_group[row.crop_group].add(row.district)
    for row in _first_of_each(plan.named):
        left_out = sorted(set(areas) - by_group.get(row.crop_group, set(areas)))
        if left_out and row.crop_group:
            yield Inconsistency(
                Gravity.WORDING,
                last,
                say(
                    "{group}: the list of districts leaves out {places}.",
                    group=GROUPS.get(CropGroup(row.crop_group), row.crop_group),
                    places=", ".join(plan.districts.get(one, one) for one in left_out),
                ),
                legal_ref=row.legal_ref,
            )


def _mainly(plan: Told) -> Iterator[Inconsistency]:
    """The districts that are named as the main ones are the largest."""
    last = plan.years[-1] if plan.years else 0
    areas = areas_in(plan, last)
    main = [row for row in plan.named if not row.crop_group and row.district in areas]
    others = set(areas) - {row.district for row in main}
    if not main or not others:
        return
    most = max(sorted(others), key=lambda one: areas[one])
    for row in main:
        if areas[row.district] >= areas[most]:
            continue
        yield Inconsistency(
            Gravity.WORDING,
            last,
            say(
                "{least} ({small} ha) is named among the main districts, {most} ({large} ha) is not.",
                least=plan.districts.get(row.district, row.district),
                small=in_unit(areas[row.district], M2_A_HECTARE),
                most=plan.districts.get(most, most),
                large=in_unit(areas[most], M2_A_HECTARE),
            ),
            legal_ref=row.legal_ref,
        )


def _swings(plan: Told) -> Iterator[Inconsistency]:
    """A district's area that falls and grows again is planned in both directions, and nothing says why."""
    by_district: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for year in plan.years:
        for district, area in areas_in(plan, year).items():
            by_district[district].append((year, area))
    for district, areas in by_district.items():
        for (first, before), (year, least), (last, after) in zip(
            areas, areas[1:], areas[2:], strict=False
        ):
            if before > least < after:
                figure = Figure("area", TargetScope.DISTRICT, district, year)
                yield Inconsistency(
                    Gravity.WORDING,
                    year,
                    say(
                        "{place}: {before} ha in {first}, {least} ha in {year}, {after} ha in"
                        " {last}. Nothing says why its area falls and grows again.",
                        place=plan.districts.get(district, district),
                        before=in_unit(before, M2_A_HECTARE),
                        first=str(first),
                        least=in_unit(least, M2_A_HECTARE),
                        year=str(year),
                        after=in_unit(after, M2_A_HECTARE),
                        last=str(last),
                    ),
                    legal_ref=plan.rows[figure].legal_ref,
                )


def _first_of_each(rows: Sequence[PlanNamedPlace]) -> list[PlanNamedPlace]:
    return list({row.crop_group: row for row in reversed(rows)}.values())


WORDING_CHECKS = (_wholes, _axes, _omitted, _mainly, _swings)
