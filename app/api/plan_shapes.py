"""Figures on the wire: a number with what it rests on, shares of three wholes, and what is asked."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query
from pydantic import Field

from app.api.shapes import Out
from app.errors import refuse
from app.kit.i18n import Language
from app.kit.messages import Message, say
from app.plan.dimensions import Basis, Dimension, FigureRow, Figures, Measure, Shares, Where
from app.plan.rollup import AsOf

Year = Annotated[int, Query(ge=2000, le=2100, examples=[2026])]
MOST_CONDITIONS = 10


class MeasureOut(Out):
    """A number and what its parts rest on; `basis` is that of the weakest part, null: nobody knows."""

    value: int | None = Field(examples=[4150000])
    basis: Basis
    measured: int = Field(examples=[4000000])
    declared: int = Field(examples=[150000])
    estimated: int = Field(examples=[0])

    @classmethod
    def of(cls, one: Measure) -> "MeasureOut":
        return cls.model_validate(one)


class SharesOut(Out):
    """Parts of one whole in permille, cut off; null where there is no whole, or none can be."""

    certified: int | None = Field(examples=[310])
    safe: int | None = Field(examples=[280])
    coded: int | None = Field(examples=[640])
    diary: int | None = Field(examples=[500])
    labelled: int | None
    scanned: int | None

    @classmethod
    def of(cls, one: Shares) -> "SharesOut":
        return cls.model_validate(one)


class FiguresOut(Out):
    """Land counts once a year, sown land every season: `of_land` and `of_sown` are never mixed.

    Square metres, grams, dong, kilograms a hectare.
    """

    land_m2: MeasureOut
    sown_m2: MeasureOut
    yield_kg_per_ha: MeasureOut
    output_g: MeasureOut
    value_dong: MeasureOut
    of_land: SharesOut
    of_sown: SharesOut
    of_output: SharesOut
    expected_g: int
    priced_g: int
    lots: int
    seasons: int

    @classmethod
    def of(cls, one: Figures) -> "FiguresOut":
        return cls.model_validate(one)


class FigureRowOut(Out):
    """The figures of one district, crop, month …; `key` goes into `where` to look behind them."""

    key: str = Field(examples=["085"])
    name: str = Field(examples=["Huyện Bắc Hà"])
    figures: FiguresOut

    @classmethod
    def of(cls, row: FigureRow, language: Language) -> "FigureRowOut":
        return cls(key=row.key, name=said(row.name, language), figures=FiguresOut.of(row.figures))


class AsOfOut(Out):
    """All facts up to `position` are in the figures; `due` areas are still to be computed."""

    position: int = Field(examples=[12345])
    due: int = Field(examples=[0])

    @classmethod
    def of(cls, one: AsOf) -> "AsOfOut":
        return cls.model_validate(one)


def said(name: str | Message, language: Language) -> str:
    """A name, or a word of the product in the reader's language."""
    return language.say(name) if isinstance(name, Message) else name


Conditions = Annotated[
    list[str],
    Query(
        description="`dimension:key`, such as `district:085` or `crop:BAP_CAI`; all must hold.",
        examples=[["district:085"]],
        max_length=MOST_CONDITIONS,
        default_factory=list,
    ),
]


def where_from(conditions: Sequence[str]) -> Where:
    """What is asked for, from conditions as they stand in an address."""
    found: dict[Dimension, str] = {}
    for condition in conditions:
        name, _, key = condition.partition(":")
        if name not in set(Dimension):
            names = ", ".join(Dimension)
            why = say("{name} is no dimension. There are: {names}.", name=name, names=names)
            raise refuse("where", why)
        found[Dimension(name)] = key
    return found
