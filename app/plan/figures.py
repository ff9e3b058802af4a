"""The province's figures by any dimension, from the roll-up: see `rollup.freshen` for how new they are."""

from typing import Any

from sqlmodel import Session

from app.plan.dimensions import (
    Basis,
    Dimension,
    FigureRow,
    Figures,
    Measure,
    Shares,
    Where,
    kg_per_ha,
    permille,
    summed,
    weakest,
)
from app.plan.naming import every_key, names_of
from app.plan.summing import (
    CELL_SUMS,
    LAND_SUMS,
    Coarse,
    Sums,
    cell_sums,
    knows_crops,
    land_sums,
)

_NO_CELLS = dict.fromkeys(CELL_SUMS, 0)
_NO_LAND = dict.fromkeys(LAND_SUMS, 0)


def figures(
    session: Session,
    *,
    year: int | None,
    by: Dimension,
    where: Where | None = None,
    language: str = "vi",
    known: Coarse | None = None,
) -> list[FigureRow]:
    """The figures of a year (None: of all years together) by a dimension, in the order of its keys.

    What the plan names (districts, axes, groups) is there though it is empty. Land over several
    years is counted once for each: ask by year. By crop, group or month the land is the crops' part
    of it, worked out from what was sown. `known`: what was read already, where it tells of this.
    """
    asked = where or {}
    cells, land = _both(session, year, by, asked, known)
    values = {*cells, *land}
    if by not in asked:
        values |= set(every_key(session, by, year))
    names = names_of(session, by, values, language)
    shared = knows_crops(by, asked)
    rows = [
        FigureRow(*names[value], figures_from(cells.get(value), land.get(value), shared=shared))
        for value in values
    ]
    return sorted(rows, key=lambda row: _order(by, row))


def total(
    session: Session, *, year: int | None, where: Where | None = None, known: Coarse | None = None
) -> Figures:
    """The figures of everything that is asked for, together."""
    asked = where or {}
    cells, land = _both(session, year, None, asked, known)
    return figures_from(cells.get(None), land.get(None), shared=knows_crops(None, asked))


def figures_from(cells: Sums | None, land: Sums | None, *, shared: bool = False) -> Figures:
    """Figures from sums. `shared`: the land is what the cells were given of it."""
    cell, ground = cells or _NO_CELLS, land or _NO_LAND
    sown = summed(measured=cell["sown_noted_m2"], declared=cell["sown_m2"] - cell["sown_noted_m2"])
    output = summed(measured=cell["harvested_g"], declared=cell["gap_g"])
    return Figures(
        land_m2=_land(cell, ground, shared),
        sown_m2=sown,
        yield_kg_per_ha=Measure(
            kg_per_ha(output.value or 0, sown.value or 0), weakest(output, sown)
        ),
        output_g=output,
        value_dong=summed(
            measured=cell["value_contract"],
            declared=cell["value_entered"],
            estimated=cell["value_general"],
        ),
        of_land=_shares(ground, "_m2", ground["land_m2"]),
        of_sown=_shares(
            {name.removeprefix("sown_"): cell[name] for name in cell}, "_m2", cell["sown_m2"]
        ),
        of_output=_shares(cell, "_g", cell["harvested_g"]),
        expected_g=cell["expected_g"],
        priced_g=cell["priced_g"],
        lots=cell["lots"],
        seasons=cell["seasons"],
    )


def _both(
    session: Session, year: int | None, by: Dimension | None, where: Where, known: Coarse | None
) -> tuple[dict[Any, Sums], dict[Any, Sums]]:
    """The sums over cells and over land."""
    if known is not None and known.tells(year, by, where):
        return known.cell_sums(by, where), known.land_sums(by, where)
    cells = cell_sums(session, year=year, by=by, where=where)
    return cells, land_sums(session, year=year, by=by, where=where)


def _land(cell: Sums, ground: Sums, shared: bool) -> Measure:
    if shared:
        return Measure(cell["land_m2"] or None, Basis.ESTIMATED, estimated=cell["land_m2"])
    return summed(measured=ground["drawn_m2"], declared=ground["land_m2"] - ground["drawn_m2"])


def _shares(sums: Sums, unit: str, whole: int) -> Shares:
    names = ("certified", "safe", "coded", "diary", "labelled", "scanned")
    told = {name: sums[name + unit] for name in names if name + unit in sums}
    return Shares(**{name: permille(part, whole) for name, part in told.items()})


def _order(by: Dimension, row: FigureRow) -> Any:
    if by in (Dimension.YEAR, Dimension.SEASON):
        return (0, int(row.key), "")
    # What nobody knows comes last.
    return (row.key in ("", "0"), 0, row.key)
