"""The shipped facts of places as table rows: names taken apart, and what a search finds them by."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session, col

from app.kit.text import fold
from app.models.places import AdminSuccession, AdminUnit, UnitLevel
from app.places.rules import search_key, split_name
from app.reference.files import Cells, Values, cells_of, typed

# Level, code, first day: codes alone are reused.
UnitKey = tuple[str, str, str]


def admin_units() -> list[Values]:
    """Provinces, districts and communes of the shipped file."""
    atlas = _Atlas()
    return [atlas.row(cells) for cells in atlas.units.values()]


def admin_succession(session: Session) -> list[Values]:
    """Which unit went into which, by the keys the database gave them."""
    wanted = select(
        col(AdminUnit.level), col(AdminUnit.code), col(AdminUnit.valid_from), col(AdminUnit.id)
    )
    ids = {
        (level.value, code, first.isoformat()): key
        for level, code, first, key in session.execute(wanted)
    }
    return [
        typed(AdminSuccession, cells)
        | {"old_unit_id": ids[_end(cells, "old")], "new_unit_id": ids[_end(cells, "new")]}
        for cells in cells_of("admin_succession")
    ]


class _Atlas:
    """The units of the file by key, with the larger ones around each and those before it."""

    def __init__(self) -> None:
        self.units = {_key(cells): cells for cells in cells_of("admin_units")}
        self.larger = [
            cells for cells in self.units.values() if cells["level"] != UnitLevel.COMMUNE
        ]
        self.before: dict[UnitKey, list[UnitKey]] = defaultdict(list)
        for cells in cells_of("admin_succession"):
            self.before[_end(cells, "new")].append(_end(cells, "old"))

    def row(self, cells: Cells) -> Values:
        kind, short = split_name(cells["name"])
        return typed(AdminUnit, cells) | {
            "short_name": short,
            "name_key": fold(short),
            "search_key": search_key(self._names(cells)),
            "kind": kind,
            "province_name": self._around(cells, UnitLevel.PROVINCE, cells["province_code"]),
            "district_name": self._around(cells, UnitLevel.DISTRICT, cells["district_code"]),
        }

    def _around(self, cells: Cells, level: UnitLevel, code: str) -> str | None:
        """The name of the unit of a level with this code that stood when the given one began."""
        for unit in self.larger:
            meant = (unit["level"], unit["code"]) == (level, code)
            there = unit["province_code"] == cells["province_code"]
            if meant and there and _stood(unit, cells["valid_from"]):
                return unit["name"]
        return None

    def _names(self, cells: Cells) -> Iterator[str]:
        """Its own names, those of the units around it, and of all that it was made of."""
        yield cells["name"]
        yield cells["other_names"]
        yield self._around(cells, UnitLevel.DISTRICT, cells["district_code"]) or ""
        yield self._around(cells, UnitLevel.PROVINCE, cells["province_code"]) or ""
        for key in self.before[_key(cells)]:
            yield from self._names(self.units[key])


def _stood(unit: Cells, day: str) -> bool:
    return unit["valid_from"] <= day and (unit["valid_to"] == "" or unit["valid_to"] >= day)


def _key(cells: Cells) -> UnitKey:
    return cells["level"], cells["code"], cells["valid_from"]


def _end(cells: Cells, which: str) -> UnitKey:
    return cells["level"], cells[f"{which}_code"], cells[f"{which}_valid_from"]
