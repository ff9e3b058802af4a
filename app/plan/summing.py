"""Sums of the roll-up, told by a dimension: one statement over the cells and one over the land."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, func, literal, select, union
from sqlmodel import Session, SQLModel, col

from app.errors import refuse
from app.kit.messages import say
from app.models.catalogue import Crop
from app.models.plan_figures import PlanCell, PlanLand
from app.models.registry import Organisation, PlantingArea
from app.plan.dimensions import SHARED_LAND, Dimension, Where

Sums = dict[str, int]
Table = type[PlanCell] | type[PlanLand]

LONGEST_NUMBER = 4
_KEYS = {"id", "area_id", "organisation_id", "crop_id", "year", "month"}
CELL_SUMS = tuple(
    column.name
    for column in SQLModel.metadata.tables["plan_cell"].columns
    if column.name not in _KEYS and isinstance(column.type, Integer)
)
LAND_SUMS = ("land_m2", "drawn_m2", "certified_m2", "safe_m2", "coded_m2", "diary_m2")
_COLUMNS = {
    Dimension.PROVINCE: "province",
    Dimension.DISTRICT: "district",
    Dimension.COMMUNE: "commune",
    Dimension.AXIS: "axis",
    Dimension.GROUP: "crop_group",
    Dimension.CROP: "crop_id",
    Dimension.ORGANISATION: "organisation_id",
    Dimension.SEASON: "month",
    Dimension.YEAR: "year",
    Dimension.AREA: "area_id",
}


# What a commune's or a crop's figures are added up to: few values, so that all of them fit in one table.
COARSE = (Dimension.PROVINCE, Dimension.DISTRICT, Dimension.AXIS, Dimension.GROUP)


@dataclass(frozen=True)
class Coarse:
    """The sums of a year by the coarse dimensions together: read once for all that a page tells of them."""

    year: int
    cells: Sequence[tuple[tuple[Any, ...], Sums]]
    land: Sequence[tuple[tuple[Any, ...], Sums]]

    def tells(self, year: int | None, by: Dimension | None, where: Where) -> bool:
        """Whether it holds what is asked for."""
        return year == self.year and {*where, *([by] if by else [])} <= set(COARSE)

    def cell_sums(self, by: Dimension | None, where: Where) -> dict[Any, Sums]:
        """As `cell_sums`."""
        return _added(self.cells, COARSE, by, where)

    def land_sums(self, by: Dimension | None, where: Where) -> dict[Any, Sums]:
        """As `land_sums`."""
        return {} if knows_crops(by, where) else _added(self.land, COARSE[:-1], by, where)


def coarse(session: Session, year: int) -> Coarse:
    """Read the coarse sums of a year: one statement over cells and one over land."""
    cells = _table(session, PlanCell, CELL_SUMS, COARSE, year)
    return Coarse(year, cells, _table(session, PlanLand, LAND_SUMS, COARSE[:-1], year))


def years_told(session: Session) -> list[int]:
    """The years of which there are figures."""
    told = union(select(col(PlanCell.year)), select(col(PlanLand.year)))
    return sorted(year for (year,) in session.execute(told) if year)


def column_of(table: Table, by: Dimension) -> Any:
    """The column that a dimension is in."""
    return getattr(table, _COLUMNS[by])


def cell_sums(
    session: Session,
    *,
    year: int | None,
    by: Dimension | None,
    where: Where,
    areas: Sequence[int] | None = None,
) -> dict[Any, Sums]:
    """The sums over cells by the value of a dimension's column; without one under None.

    `areas`: only of areas with these keys.
    """
    return _sums(session, PlanCell, CELL_SUMS, by, _asked(session, PlanCell, year, where, areas))


def land_sums(
    session: Session,
    *,
    year: int | None,
    by: Dimension | None,
    where: Where,
    areas: Sequence[int] | None = None,
) -> dict[Any, Sums]:
    """The sums over land. Land knows no crop and no month: where one is asked, nothing is found."""
    if knows_crops(by, where):
        return {}
    return _sums(session, PlanLand, LAND_SUMS, by, _asked(session, PlanLand, year, where, areas))


def knows_crops(by: Dimension | None, where: Where) -> bool:
    """Whether something is asked that only a crop or a month has: land is then shared out to crops."""
    return by in SHARED_LAND or any(one in SHARED_LAND for one in where)


def conditions(
    session: Session, table: Table, year: int | None, where: Where
) -> list[ColumnElement[bool]]:
    """The WHERE clause of what is asked. A key of nothing finds nothing."""
    found = [column_of(table, one) == value_of(session, one, key) for one, key in where.items()]
    return found if year is None else [*found, col(table.year) == year]


def _asked(
    session: Session, table: Table, year: int | None, where: Where, areas: Sequence[int] | None
) -> list[ColumnElement[bool]]:
    found = conditions(session, table, year, where)
    return found if areas is None else [*found, col(table.area_id).in_(areas)]


def _sums(
    session: Session,
    table: Table,
    names: tuple[str, ...],
    by: Dimension | None,
    asked: Sequence[ColumnElement[bool]],
) -> dict[Any, Sums]:
    key = literal(None) if by is None else column_of(table, by)
    summed = [func.coalesce(func.sum(getattr(table, name)), 0) for name in names]
    wanted: Select[Any] = select(key, func.count(), *summed).where(*asked)
    if by is not None:
        wanted = wanted.group_by(key)
    rows = session.execute(wanted)
    return {row[0]: dict(zip(names, map(int, row[2:]), strict=True)) for row in rows if row[1]}


def _table(
    session: Session,
    table: Table,
    names: tuple[str, ...],
    dimensions: Sequence[Dimension],
    year: int,
) -> list[tuple[tuple[Any, ...], Sums]]:
    keys = [column_of(table, one) for one in dimensions]
    summed = [func.sum(getattr(table, name)) for name in names]
    wanted: Select[Any] = select(*keys, *summed).where(col(table.year) == year).group_by(*keys)
    many = len(keys)
    return [
        (tuple(row[:many]), dict(zip(names, map(int, row[many:]), strict=True)))
        for row in session.execute(wanted)
    ]


def _added(
    rows: Sequence[tuple[tuple[Any, ...], Sums]],
    dimensions: Sequence[Dimension],
    by: Dimension | None,
    where: Where,
) -> dict[Any, Sums]:
    asked = {dimensions.index(one): key for one, key in where.items()}
    at = None if by is None else dimensions.index(by)
    found: dict[Any, Sums] = {}
    for keys, sums in rows:
        if all(keys[place] == key for place, key in asked.items()):
            into = found.setdefault(None if at is None else keys[at], dict.fromkeys(sums, 0))
            for name, number in sums.items():
                into[name] += number
    return found


def value_of(session: Session, by: Dimension, key: str) -> Any:
    """What stands in the column for a key; refuses what cannot be one."""
    if by in _IDS:
        return _IDS[by](session, key)
    if by in (Dimension.YEAR, Dimension.SEASON):
        if not (key.isascii() and key.isdigit() and len(key) <= LONGEST_NUMBER):
            raise refuse(by.value, say("{key} is not a number.", key=key))
        return int(key)
    return key


def _crop(session: Session, key: str) -> Any:
    return session.execute(select(col(Crop.id)).where(col(Crop.slug) == key)).scalar() or 0


def _of_uid(table: Any) -> Any:
    def find(session: Session, key: str) -> Any:
        try:
            uid = UUID(key)
        except ValueError:
            raise refuse("where", say("{key} is not a public id.", key=key)) from None
        return session.execute(select(table.id).where(table.uid == uid)).scalar() or 0

    return find


_IDS: Mapping[Dimension, Any] = {
    Dimension.CROP: _crop,
    Dimension.ORGANISATION: _of_uid(Organisation),
    Dimension.AREA: _of_uid(PlantingArea),
}
