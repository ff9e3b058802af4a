"""What figures can be told by, and what a figure is: a number with the word it rests on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.kit.messages import Message, say


class Dimension(StrEnum):
    """What figures are told by. Keys are codes, slugs and public ids; empty: nobody knows."""

    PROVINCE = "province"  # the former province's code: "10" is the one of the plan
    DISTRICT = "district"  # the former district's code
    COMMUNE = "commune"  # the code of the commune of today
    AXIS = "axis"
    GROUP = "group"
    CROP = "crop"  # its slug
    ORGANISATION = "organisation"  # its public id
    SEASON = "season"  # the month, 1 to 12
    YEAR = "year"
    AREA = "area"  # its public id


# Of these the land is the crop's part of it: see `PlanCell.land_m2`.
SHARED_LAND = frozenset({Dimension.GROUP, Dimension.CROP, Dimension.SEASON})

Where = Mapping[Dimension, str]


class Basis(StrEnum):
    """What a number rests on, the strongest first.

    Measured: weighed, drawn or written down as it happened. Declared: what somebody said it was.
    Estimated: worked out from something else.
    """

    MEASURED = "measured"
    DECLARED = "declared"
    ESTIMATED = "estimated"


BASIS_WORDS: dict[Basis, Message] = {
    Basis.MEASURED: say("measured"),
    Basis.DECLARED: say("declared"),
    Basis.ESTIMATED: say("estimated"),
}


@dataclass(frozen=True)
class Measure:
    """A number, told apart by what its parts rest on; its own basis is that of the weakest part.

    `value` None: nobody knows.
    """

    value: int | None
    basis: Basis
    measured: int = 0
    declared: int = 0
    estimated: int = 0


@dataclass(frozen=True)
class Shares:
    """Parts of one whole in permille, cut off; None where there is no whole.

    `safe` is the plan's "safe, with its origin assured": certified for safety, of an area with a
    code, with a diary. What no land can be is None: labelled and scanned.
    """

    certified: int | None = None
    safe: int | None = None
    coded: int | None = None
    diary: int | None = None
    labelled: int | None = None
    scanned: int | None = None


@dataclass(frozen=True)
class Figures:
    """All that is told of one part of the province in one year (or in all of them).

    The three wholes are never mixed: `of_land` are shares of the land, counted once a year;
    `of_sown` of the sown land, counted every season; `of_output` of what lots weighed.
    `expected_g` is what the declarations of seasons expected; `priced_g` what `value_dong` covers.
    """

    land_m2: Measure
    sown_m2: Measure
    yield_kg_per_ha: Measure
    output_g: Measure
    value_dong: Measure
    of_land: Shares
    of_sown: Shares
    of_output: Shares
    expected_g: int
    priced_g: int
    lots: int
    seasons: int


@dataclass(frozen=True)
class FigureRow:
    """The figures of one district, crop, month …; `name` is a word of the product or a name."""

    key: str
    name: str | Message
    figures: Figures


def summed(*, measured: int = 0, declared: int = 0, estimated: int = 0) -> Measure:
    """A measure of parts; None when there is nothing at all."""
    total = measured + declared + estimated
    basis = Basis.ESTIMATED if estimated else Basis.DECLARED if declared else Basis.MEASURED
    return Measure(total or None, basis, measured, declared, estimated)


def weakest(*measures: Measure) -> Basis:
    """The basis of a number that is worked out from others."""
    order = list(Basis)
    return max((one.basis for one in measures), key=order.index)


def permille(part: int, whole: int) -> int | None:
    """A part in thousandths, cut off: what is just short of the whole is not all of it."""
    return part * 1000 // whole if whole else None


def kg_per_ha(grams: int, m2: int) -> int | None:
    """A yield in whole kilograms a hectare, cut off."""
    return grams * 10 // m2 if m2 and grams else None
