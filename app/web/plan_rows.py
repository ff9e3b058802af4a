"""The rows behind a number of the plan as a table: areas, declared seasons, lots, and what each counts for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.deps import Call
from app.kit.i18n import Language
from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres
from app.models.plan_prices import PriceSource
from app.plan.dimensions import Basis, Figures, Measure
from app.plan.drilling import (
    AreaBehind,
    Behind,
    Drilled,
    LotBehind,
    PlantingBehind,
    SeasonBehind,
)
from app.plan.marking import Mark, marks_of
from app.web.plan_asked import Asked
from app.web.plan_figures import FIGURES, Shown
from app.web.sheets import Cell, Column, Sheet, land, mass
from app.web.sheets import shown as said

BEHIND_WORDS: dict[Behind, Message] = {
    Behind.AREAS: say("Areas"),
    Behind.SEASONS: say("Seasons"),
    Behind.PLANTINGS: say("Plantings not declared"),
    Behind.LOTS: say("Lots"),
}
MARKED_AT_ONCE = 500
FLAGS = frozenset({"safe", "certified", "coded", "diary", "labelled", "scanned"})
YES, NO = say("yes"), say("no")
PRICE_WORDS: Mapping[PriceSource | None, Message] = {
    PriceSource.CONTRACT: say("Contract"),
    PriceSource.ENTERED: say("entered"),
    None: say("everybody's"),
}
_VALUE_COLUMNS = [
    Column(say("Dong a kilogram"), number=True),
    Column(say("Price from")),
    Column(say("Value (dong)"), number=True),
]


def rows_sheet(call: Call, behind: Behind, rows: Sequence[Drilled], asked: Asked) -> Sheet:
    """The rows behind a number, with what each of them counts for in it."""
    tell, columns = {
        Behind.AREAS: (_area, _AREA_COLUMNS),
        Behind.SEASONS: (_season, _SEASON_COLUMNS),
        Behind.PLANTINGS: (_planting, _PLANTING_COLUMNS),
        Behind.LOTS: (_lot, _LOT_COLUMNS),
    }[behind]
    told = [tell(call, one) for one in rows]
    more, cells = _marked(call, behind, rows, asked.figure)
    if more:
        told = [[*row, *own] for row, own in zip(told, cells, strict=True)]
    name = f"chi-tiet-{behind.value}-{asked.year}"
    return Sheet(name, BEHIND_WORDS[behind], [*columns, *more], told)


def parts_of(language: Language, shown: Shown, found: Figures) -> list[tuple[str, str]]:
    """What a number is made of by what its parts rest on: words and amount; nothing for a single kind."""
    told = shown.told(found)
    if not isinstance(told, Measure):
        return []
    parts = {
        Basis.MEASURED: told.measured,
        Basis.DECLARED: told.declared,
        Basis.ESTIMATED: told.estimated,
    }
    named = [(basis, number) for basis, number in parts.items() if number]
    if len(named) < len(Basis) - 1:
        return []
    return [(basis.value, said(language, shown.unit(number))) for basis, number in named]


def _marked(
    call: Call, behind: Behind, rows: Sequence[Drilled], figure: str
) -> tuple[list[Column], Iterable[list[Cell]]]:
    """The columns that tell a row's part in the figure: of shares whether it counts, of value how much."""
    shown = FIGURES[figure]
    of_sown = shown.behind is Behind.SEASONS and behind is Behind.PLANTINGS
    if behind is not shown.behind and not of_sown:
        return [], []
    if behind is Behind.AREAS:
        if figure in _AREA_FIGURES:
            return [], []
        found = (one.row.figures for one in rows if isinstance(one, AreaBehind))
        return [shown.column], ([shown.cell(one)] for one in found)
    flag = figure.rpartition("-")[2]
    if figure == "value":
        return _VALUE_COLUMNS, (_worth(one, mark) for one, mark in _with_marks(call, rows))
    if flag not in FLAGS:
        return [], []
    marks = _with_marks(call, rows)
    return [Column(shown.words)], ([Cell(YES if mark.flags[flag] else NO)] for _, mark in marks)


def _with_marks(call: Call, rows: Sequence[Drilled]) -> Iterator[tuple[Drilled, Mark]]:
    for at in range(0, len(rows), MARKED_AT_ONCE):
        part = rows[at : at + MARKED_AT_ONCE]
        yield from zip(part, marks_of(call.session, part), strict=True)


def _worth(one: Drilled, mark: Mark) -> list[Cell]:
    if mark.worth is None or not isinstance(one, LotBehind):
        return [Cell(None), Cell(None), Cell(None)]
    source = PRICE_WORDS[mark.worth.source]
    value = mark.worth.of(one.lot.quantity_g)
    return [Cell(mark.worth.dong_per_kg), Cell(source), Cell(value)]


_AREA_FIGURES = ("land", "sown", "output", "yield", "value", "land-safe", "sown-safe")
_AREA_COLUMNS = [
    Column(say("Area")),
    Column(say("Organisation")),
    *(FIGURES[slug].column for slug in _AREA_FIGURES),
]
_SEASON_COLUMNS = [
    Column(say("Crop")),
    Column(say("Area")),
    Column(say("Organisation")),
    Column(say("Sown on")),
    Column(say("Harvest from")),
    Column(say("Harvest to")),
    land(say("Sown land")),
    mass(say("Expected")),
    mass(say("Reported")),
]
_PLANTING_COLUMNS = [
    Column(say("Crop")),
    Column(say("Area")),
    Column(say("Organisation")),
    Column(say("Sown on")),
    Column(say("Harvest from")),
    land(say("Sown land")),
]
_LOT_COLUMNS = [
    Column(say("Lot")),
    Column(say("Crop")),
    Column(say("Area")),
    Column(say("Organisation")),
    Column(say("Harvested on")),
    mass(say("Quantity")),
]


def _area(_call: Call, one: Drilled) -> list[Cell]:
    if not isinstance(one, AreaBehind):
        raise TypeError("areas are wanted")
    return [
        Cell(one.area.name, f"/desk/areas/{one.area.uid}"),
        Cell(one.organisation.name),
        *(FIGURES[slug].cell(one.row.figures) for slug in _AREA_FIGURES),
    ]


def _season(call: Call, one: Drilled) -> list[Cell]:
    if not isinstance(one, SeasonBehind):
        raise TypeError("seasons are wanted")
    season = one.season
    reported = season.actual_output_g
    return [
        Cell(getattr(one.crop, f"name_{call.language.tag}"), f"/work/seasons/{season.uid}"),
        Cell(one.area.name, f"/desk/areas/{one.area.uid}"),
        Cell(one.organisation.name),
        Cell(season.starts_on),
        Cell(season.harvest_from),
        Cell(season.harvest_to),
        Cell(SquareMetres(season.area_m2)),
        Cell(Grams(season.expected_output_g)),
        Cell(None if reported is None else Grams(reported)),
    ]


def _planting(call: Call, one: Drilled) -> list[Cell]:
    if not isinstance(one, PlantingBehind):
        raise TypeError("plantings are wanted")
    planting = one.planting
    crop = getattr(one.crop, f"name_{call.language.tag}")
    return [
        Cell(crop, f"/desk/diary/plantings/{planting.uid}"),
        Cell(one.area.name, f"/desk/areas/{one.area.uid}"),
        Cell(one.organisation.name),
        Cell(planting.sown_on),
        Cell(planting.harvest_from),
        Cell(SquareMetres(planting.area_m2)),
    ]


def _lot(call: Call, one: Drilled) -> list[Cell]:
    if not isinstance(one, LotBehind):
        raise TypeError("lots are wanted")
    return [
        Cell(one.lot.code, f"/desk/lots/{one.lot.code}"),
        Cell(getattr(one.crop, f"name_{call.language.tag}")),
        Cell(one.area.name, f"/desk/areas/{one.area.uid}"),
        Cell(one.organisation.name),
        Cell(one.lot.harvested_on),
        Cell(Grams(one.lot.quantity_g)),
    ]
