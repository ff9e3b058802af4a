"""Figures of a plan that other figures of it contradict: worked out and said in sentences. Pure."""

from collections.abc import Iterator

from app.kit.messages import say
from app.models.catalogue import CropGroup
from app.models.plan import TargetScope
from app.plan.naming import GROUPS
from app.plan.recomputing import (
    KG_A_QUINTAL,
    KG_A_TONNE,
    M2_A_HECTARE,
    Figure,
    agrees,
    stated_sum,
)
from app.plan.telling import Inconsistency, Told, in_unit, of_province

A_PERCENT = 10  # permille


def _outputs(plan: Told) -> Iterator[Inconsistency]:
    """A district's output is its area times its yield."""
    for figure in plan.stated:
        if (figure.scope, figure.measure) != (TargetScope.DISTRICT, "output"):
            continue
        worked_out = plan.worked_out.get(figure)
        if worked_out is None or worked_out == plan.stated[figure]:
            continue
        area, per_ha = (
            plan.stated[Figure(name, figure.scope, figure.scope_name, figure.year)]
            for name in ("area", "yield")
        )
        yield plan.told(
            figure,
            say(
                "{place}, {year}: {area} ha at {quintals} quintals/ha give {worked_out} t;"
                " the plan states {stated} t.",
                place=plan.place(figure),
                year=str(figure.year),
                area=in_unit(area, M2_A_HECTARE),
                quintals=in_unit(per_ha, KG_A_QUINTAL),
                worked_out=in_unit(worked_out, KG_A_TONNE),
                stated=in_unit(plan.stated[figure], KG_A_TONNE),
            ),
        )


def _totals(plan: Told) -> Iterator[Inconsistency]:
    """The province's area and output are those of its districts."""
    for figure in of_province(plan, "area"):
        if plan.worked_out[figure] != plan.stated[figure]:
            yield plan.told(
                figure,
                say(
                    "{year}: the districts' areas add up to {worked_out} ha; the plan states"
                    " {stated} ha.",
                    year=str(figure.year),
                    worked_out=in_unit(plan.worked_out[figure], M2_A_HECTARE),
                    stated=in_unit(plan.stated[figure], M2_A_HECTARE),
                ),
            )
    for figure in of_province(plan, "output"):
        together = stated_sum(plan.stated, "output", figure.year) or 0
        if plan.worked_out[figure] == plan.stated[figure] == together:
            continue
        if agrees(figure, plan.stated[figure], plan.worked_out[figure]):
            continue  # the rounded output of a district, told already
        yield plan.told(
            figure,
            say(
                "{year}: the plan states {stated} t in all. The districts' stated outputs add up"
                " to {together} t, their areas and yields give {worked_out} t.",
                year=str(figure.year),
                stated=in_unit(plan.stated[figure], KG_A_TONNE),
                together=in_unit(together, KG_A_TONNE),
                worked_out=in_unit(plan.worked_out[figure], KG_A_TONNE),
            ),
        )


def _yields(plan: Told) -> Iterator[Inconsistency]:
    """The province's yield is its output over its area."""
    for figure in of_province(plan, "yield"):
        if plan.worked_out[figure] != plan.stated[figure]:
            yield plan.told(
                figure,
                say(
                    "{year}: the districts' areas and yields average {worked_out} quintals/ha;"
                    " the plan states {stated}.",
                    year=str(figure.year),
                    worked_out=in_unit(plan.worked_out[figure], KG_A_QUINTAL),
                    stated=in_unit(plan.stated[figure], KG_A_QUINTAL),
                ),
            )


def _limits(plan: Told) -> Iterator[Inconsistency]:
    """What the text aims at is reached by the annex."""
    for figure in of_province(plan, "output_at_least"):
        if plan.worked_out[figure] < plan.stated[figure]:
            yield plan.told(
                figure,
                say(
                    "More than {stated} t are aimed at in {year}; the districts' areas and yields"
                    " give {worked_out} t.",
                    stated=in_unit(plan.stated[figure], KG_A_TONNE),
                    year=str(figure.year),
                    worked_out=in_unit(plan.worked_out[figure], KG_A_TONNE),
                ),
            )


def _shares(plan: Told) -> Iterator[Inconsistency]:
    """The groups' shares in the text are those of their hectares."""
    for figure, worked_out in plan.worked_out.items():
        if figure.measure == "area_share" and plan.stated[figure] != worked_out:
            yield plan.told(
                figure,
                say(
                    "{group}: the text says about {stated} % of the area, the hectares give"
                    " {worked_out} %.",
                    group=GROUPS.get(CropGroup(figure.scope_name), figure.scope_name),
                    stated=in_unit(plan.stated[figure], A_PERCENT),
                    worked_out=in_unit(worked_out, A_PERCENT),
                ),
            )


FIGURE_CHECKS = (_outputs, _totals, _yields, _limits, _shares)
