"""The aggregates that everybody may have: by place and by crop, with what tells of a household left out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.catalogue.queries import rule_on, value_of
from app.kit.messages import Message, say
from app.models.plan_figures import PlanCell, PlanLand
from app.models.registry import Grower, Organisation, Plot
from app.plan.dimensions import Dimension
from app.plan.disclosure import Part, Protected, Threshold, Unit, protect
from app.plan.naming import names_of
from app.plan.summing import column_of

SMALLEST_RULE = "plan.open_data.smallest_cell"
DOMINANCE_RULE = "plan.open_data.dominance_percent"
LICENCE_RULE = "plan.open_data.licence"
# What is published, with the safe part of it: never a value in dong, which would tell of prices.
KINDS: Mapping[str, tuple[str, str]] = {
    "land": ("land_m2", "land_safe_m2"),
    "sown": ("sown_m2", "sown_safe_m2"),
    "output": ("output_g", "output_safe_g"),
}
# Tables of one family are looked at together: what one hides the others must not tell.
PLACES = (Dimension.DISTRICT, Dimension.COMMUNE, Dimension.AXIS)
CROPS = (Dimension.GROUP, Dimension.CROP)


@dataclass(frozen=True)
class DataSet:
    """One published table."""

    slug: str
    by: Dimension
    title: Message
    about: Message


@dataclass(frozen=True)
class OpenRow:
    """One line; an amount that is hidden is None."""

    key: str
    name: str | Message
    amounts: Mapping[str, int | None]


@dataclass(frozen=True)
class OpenTable:
    """A table of a year: its rows, their total, and the rule by which some of it is hidden."""

    data: DataSet
    year: int
    rows: tuple[OpenRow, ...]
    total: Mapping[str, int | None]
    threshold: Threshold
    demonstration: bool


DATA_SETS: Mapping[str, DataSet] = {
    one.slug: one
    for one in (
        DataSet(
            "districts",
            Dimension.DISTRICT,
            say("Safe vegetables by former district"),
            say("Land, sown land and output of a year by district as it was until 30 June 2025."),
        ),
        DataSet(
            "communes",
            Dimension.COMMUNE,
            say("Safe vegetables by commune"),
            say("Land, sown land and output of a year by commune of today."),
        ),
        DataSet(
            "axes",
            Dimension.AXIS,
            say("Safe vegetables by axis of the plan"),
            say("Land, sown land and output of a year by the axes of the provincial plan."),
        ),
        DataSet(
            "groups",
            Dimension.GROUP,
            say("Safe vegetables by crop group"),
            say("Land, sown land and output of a year by the crop groups of the provincial plan."),
        ),
        DataSet(
            "crops",
            Dimension.CROP,
            say("Safe vegetables by crop"),
            say("Land, sown land and output of a year by crop."),
        ),
    )
}


def licence_on(session: Session, day: date) -> str:
    """The address of the licence that holds on a day; empty where none was chosen."""
    rule = rule_on(session, LICENCE_RULE, day)
    return "" if rule is None else str(value_of(rule))


def open_years(session: Session) -> list[int]:
    """The years there is anything of, the newest first."""
    cells = select(col(PlanCell.year)).distinct()
    lands = select(col(PlanLand.year)).distinct()
    found = {*session.execute(cells).scalars(), *session.execute(lands).scalars()}
    return sorted(found, reverse=True)


def open_table(
    session: Session, data: DataSet, year: int, *, day: date, language: str
) -> OpenTable:
    """A table of a year with everything hidden that must be; without the dated rows all of it."""
    threshold = _threshold(session, day)
    family = PLACES if data.by in PLACES else CROPS
    amounts: defaultdict[str, dict[str, int | None]] = defaultdict(dict)
    total: dict[str, int | None] = {}
    for kind, parts in amounts_of(session, year, family).items():
        told = protect(parts, threshold) if threshold else _nothing(parts)
        _tell(kind, parts, told, data.by.value, amounts, total)
    found = names_of(session, data.by, [_value(data.by, key) for key in amounts], language)
    names = {str(value): named for value, named in found.items()}
    rows = [OpenRow(*names.get(key, (key, key)), held) for key, held in amounts.items()]
    shown = sorted(rows, key=lambda row: (row.key == "", row.key))
    limits = threshold or Threshold(0, 0)
    return OpenTable(data, year, tuple(shown), total, limits, _is_demonstration(session))


def amounts_of(session: Session, year: int, family: Sequence[Dimension]) -> dict[str, list[Part]]:
    """What every person and organisation contributed to land, sown land and output.

    An area is its growers' by the land of their plots; where no plots are known, its holder's.
    Land knows no crop: by crop only what was sown and brought in is told.
    """
    owners = _owners(session)
    found: dict[str, list[Part]] = {kind: [] for kind in KINDS}
    if family is PLACES:
        for row in session.execute(_lands(year, family)):
            _contribute(found["land"], row, owners)
    for kind, cells in (("sown", _sown(year, family)), ("output", _output(year, family))):
        for row in session.execute(cells):
            _contribute(found[kind], row, owners)
    return {kind: parts for kind, parts in found.items() if kind != "land" or family is PLACES}


def _contribute(parts: list[Part], row: Any, owners: Mapping[int, Mapping[Unit, int]]) -> None:
    """A row is: the area, its holder, the whole amount, the safe part of it, the keys of the tables."""
    area_id, holder_id, whole, safe, *keys = row
    held = owners.get(area_id) or {("organisation", holder_id): 1}
    tables = list(zip(row._fields[4:], keys, strict=True))
    for safely, amount in (("1", int(safe)), ("0", int(whole) - int(safe))):
        cells = [(table, str(key)) for table, key in tables]
        cells += [(f"{table}/safe", f"{key}|{safely}") for table, key in tables]
        cells.append(("all/safe", safely))
        for unit, part in _split(amount, held):
            parts.append(Part(tuple(cells), unit, part))


def _split(amount: int, held: Mapping[Unit, int]) -> Iterator[tuple[Unit, int]]:
    """An amount by the land of those who hold it; nothing is lost."""
    whole, passed, given = sum(held.values()), 0, 0
    for unit, land in sorted(held.items()):
        passed += land
        until = amount * passed // whole
        yield unit, until - given
        given = until


def _tell(
    kind: str,
    parts: Sequence[Part],
    told: Protected,
    table: str,
    amounts: defaultdict[str, dict[str, int | None]],
    total: dict[str, int | None],
) -> None:
    """A kind's columns. The safe part is told where neither it nor the rest of it must be hidden."""
    column, safe_column = KINDS[kind]
    whole, safe = _sums(parts, table), _sums(parts, f"{table}/safe")
    for key, amount in whole.items():
        hidden = (table, key) in told.hidden
        amounts[key][column] = None if hidden else amount
        split = {(f"{table}/safe", f"{key}|{side}") for side in "01"}
        apart = hidden or split & told.hidden
        amounts[key][safe_column] = None if apart else safe.get(f"{key}|1", 0)
    total[column] = None if told.nothing_shown else sum(whole.values())
    apart = told.nothing_shown or {("all/safe", side) for side in "01"} & told.hidden
    total[safe_column] = None if apart else _sums(parts, "all/safe").get("1", 0)


def _sums(parts: Iterable[Part], table: str) -> dict[str, int]:
    found: defaultdict[str, int] = defaultdict(int)
    for part in parts:
        for name, key in part.cells:
            if name == table:
                found[key] += part.amount
    return dict(found)


def _owners(session: Session) -> dict[int, dict[Unit, int]]:
    """By area: its growers, one that was merged into another as that one, with the land of their plots."""
    grower = func.coalesce(col(Grower.merged_into_id), col(Grower.id))
    wanted = (
        select(col(Plot.area_id), grower, func.sum(col(Plot.area_m2)))
        .join(Grower, col(Grower.id) == col(Plot.grower_id))
        .where(col(Plot.area_id).is_not(None))
        .group_by(col(Plot.area_id), grower)
    )
    found: defaultdict[int, dict[Unit, int]] = defaultdict(dict)
    for area_id, grower_id, land in session.execute(wanted):
        found[area_id]["grower", grower_id] = int(land)
    return dict(found)


def _lands(year: int, family: Sequence[Dimension]) -> Any:
    table = PlanLand
    return select(
        *(col(table.area_id), col(table.organisation_id), col(table.land_m2), col(table.safe_m2)),
        *(column_of(table, by).label(by.value) for by in family),
    ).where(col(table.year) == year)


def _sown(year: int, family: Sequence[Dimension]) -> Any:
    return _cells(year, family, col(PlanCell.sown_m2), col(PlanCell.sown_safe_m2))


def _output(year: int, family: Sequence[Dimension]) -> Any:
    whole = col(PlanCell.harvested_g) + col(PlanCell.gap_g)
    return _cells(year, family, whole, col(PlanCell.safe_g))


def _cells(year: int, family: Sequence[Dimension], whole: Any, safe: Any) -> Any:
    keys = [column_of(PlanCell, by).label(by.value) for by in family]
    area = (col(PlanCell.area_id), col(PlanCell.organisation_id))
    return (
        select(*area, func.sum(whole), func.sum(safe), *keys)
        .where(col(PlanCell.year) == year)
        .group_by(*area, *keys)
    )


def _value(by: Dimension, key: str) -> object:
    return int(key) if by is Dimension.CROP else key


def _is_demonstration(session: Session) -> bool:
    wanted = select(col(Organisation.id)).where(col(Organisation.demonstration)).limit(1)
    return session.execute(wanted).first() is not None


def _threshold(session: Session, day: date) -> Threshold | None:
    rules = [rule_on(session, key, day) for key in (SMALLEST_RULE, DOMINANCE_RULE)]
    numbers = [int(value_of(rule)) for rule in rules if rule is not None]
    return Threshold(*numbers) if len(numbers) == len(rules) else None


def _nothing(parts: Sequence[Part]) -> Protected:
    return Protected(frozenset(cell for part in parts for cell in part.cells), nothing_shown=True)
