"""What is typed into the form of a unit's part: hectares, tonnes, millions of đồng."""

from dataclasses import dataclass
from decimal import Decimal

from app.kit.i18n import Language
from app.models.catalogue import CropGroup
from app.plan.submission_rules import GroupPart, PartFigures, field_of
from app.web.forms import Typed

HECTARE, TONNE, MILLION = 10_000, 1_000_000, 1_000_000


@dataclass(frozen=True)
class Asked:
    """One figure that is asked for, with the factor of its unit."""

    what: str
    factor: int


FIGURES = (Asked("sown_m2", HECTARE), Asked("output_g", TONNE), Asked("value_dong", MILLION))


def part_typed(typed: Typed) -> PartFigures:
    """The figures; what is left empty is not known. Faults gather in `typed`."""
    groups = []
    for group in CropGroup:
        told = {
            asked.what: typed.amount(field_of(asked.what, group), factor=asked.factor)
            for asked in FIGURES
        }
        if any(value is not None for value in told.values()):
            groups.append(GroupPart(group, **told))
    land = typed.amount("land_m2", factor=HECTARE)
    typed.done()
    return PartFigures(land, tuple(groups))


def part_shown(part: PartFigures, reader: Language) -> dict[str, str]:
    """The figures as a form shows them."""
    shown = {"land_m2": _scaled(part.land_m2, HECTARE)}
    for group in CropGroup:
        told = part.of(group)
        for asked in FIGURES:
            value = getattr(told, asked.what)
            shown[field_of(asked.what, group)] = _scaled(value, asked.factor)
    return {
        name: value.replace(".", ",") if reader.tag == "vi" else value
        for name, value in shown.items()
    }


def _scaled(value: int | None, factor: int) -> str:
    return "" if value is None else f"{(Decimal(value) / factor).normalize():f}"
