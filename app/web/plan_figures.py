"""The figures that the desk shows: what each is called, in which unit, how it is read from a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres
from app.plan.dimensions import Dimension, Figures, Measure
from app.plan.drilling import Behind
from app.web.sheets import Cell, Column, Share, Value, Yield
from app.web.units import Dong

GRAMS_A_KG = 1_000

DIMENSIONS: Mapping[Dimension, Message] = {
    Dimension.DISTRICT: say("Former district"),
    Dimension.COMMUNE: say("Commune"),
    Dimension.AXIS: say("Axis"),
    Dimension.GROUP: say("Crop group"),
    Dimension.CROP: say("Crop"),
    Dimension.ORGANISATION: say("Organisation"),
    Dimension.SEASON: say("Month of harvest"),
    Dimension.YEAR: say("Year"),
    Dimension.AREA: say("Area"),
    Dimension.PROVINCE: say("Former province"),
}


@dataclass(frozen=True)
class Shown:
    """One figure. `told` gives its number, `behind` the rows it is made of, `of` what a share is of."""

    words: Message
    told: Callable[[Figures], Measure | int | None]
    unit: Callable[[int], Value]
    behind: Behind
    file_unit: str = ""
    # How many of its units are one of a chart's scale, and how that is called.
    scale: int = 1
    scale_unit: str | Message = ""

    def number(self, found: Figures) -> int | None:
        """The bare number; None: nobody knows."""
        told = self.told(found)
        return told.value if isinstance(told, Measure) else told

    def value(self, found: Figures) -> Value:
        """As it is shown."""
        number = self.number(found)
        return None if number is None else self.unit(number)

    def basis(self, found: Figures) -> str:
        """What it rests on; empty for shares and counts, and for what nobody knows."""
        told = self.told(found)
        known = isinstance(told, Measure) and told.value is not None
        return told.basis.value if isinstance(told, Measure) and known else ""

    def cell(self, found: Figures, href: str = "") -> Cell:
        """A cell of a table."""
        value = self.value(found)
        return Cell(value, href if value is not None else "", basis=self.basis(found))

    @property
    def column(self) -> Column:
        return Column(self.words, number=True, unit=self.file_unit)


def _mass(grams: int) -> Grams:
    """To the kilogram: sums of a province are not read by the gram."""
    return Grams(grams // GRAMS_A_KG * GRAMS_A_KG)


def _share(words: Message, tell: Callable[[Figures], int | None], behind: Behind) -> Shown:
    return Shown(words, tell, Share, behind, "%", 10, "%")


_AREAS, _SEASONS, _LOTS = Behind.AREAS, Behind.SEASONS, Behind.LOTS
FIGURES: Mapping[str, Shown] = {
    "land": Shown(say("Land"), lambda f: f.land_m2, SquareMetres, _AREAS, "ha", 10_000, "ha"),
    "sown": Shown(
        say("Sown land"), lambda f: f.sown_m2, SquareMetres, _SEASONS, "ha", 10_000, "ha"
    ),
    "output": Shown(
        say("Output"), lambda f: f.output_g, _mass, _LOTS, "kg", 1_000_000, say("tonnes")
    ),
    "yield": Shown(
        say("Yield"), lambda f: f.yield_kg_per_ha, Yield, _SEASONS, "kg/ha", 100, say("quintals/ha")
    ),
    "value": Shown(
        say("Value of the output"),
        lambda f: f.value_dong,
        Dong,
        _LOTS,
        "đ",
        1_000_000,
        say("million dong"),
    ),
    "land-safe": _share(say("Safe, of the land"), lambda f: f.of_land.safe, _AREAS),
    "sown-safe": _share(say("Safe, of the sown land"), lambda f: f.of_sown.safe, _SEASONS),
    "land-certified": _share(say("Certified, of the land"), lambda f: f.of_land.certified, _AREAS),
    "sown-certified": _share(
        say("Certified, of the sown land"), lambda f: f.of_sown.certified, _SEASONS
    ),
    "land-coded": _share(say("With a code, of the land"), lambda f: f.of_land.coded, _AREAS),
    "sown-coded": _share(say("With a code, of the sown land"), lambda f: f.of_sown.coded, _SEASONS),
    "land-diary": _share(say("With a diary, of the land"), lambda f: f.of_land.diary, _AREAS),
    "sown-diary": _share(
        say("With a diary, of the sown land"), lambda f: f.of_sown.diary, _SEASONS
    ),
    "output-safe": _share(say("Safe, of the output"), lambda f: f.of_output.safe, _LOTS),
    "output-certified": _share(
        say("Certified, of the output"), lambda f: f.of_output.certified, _LOTS
    ),
    "output-coded": _share(say("With a code, of the output"), lambda f: f.of_output.coded, _LOTS),
    "output-diary": _share(say("With a diary, of the output"), lambda f: f.of_output.diary, _LOTS),
    "labelled": _share(say("Labelled, of the output"), lambda f: f.of_output.labelled, _LOTS),
    "scanned": _share(say("Scanned, of the output"), lambda f: f.of_output.scanned, _LOTS),
    "lots": Shown(say("Number of lots"), lambda f: f.lots, int, _LOTS),
    "seasons": Shown(say("Declared seasons"), lambda f: f.seasons, int, _SEASONS),
}


def unit_value(unit: str, number: int) -> Value:
    """A number of a target in its unit: m2, kg, kg_per_ha, dong, permille or count."""
    makers: dict[str, Callable[[int], Value]] = {
        "m2": SquareMetres,
        "kg": lambda kilograms: Grams(kilograms * 1000),
        "kg_per_ha": Yield,
        "dong": Dong,
        "permille": Share,
    }
    return makers[unit](number) if unit in makers else number
