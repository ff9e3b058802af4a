"""Communes in cells: by today's name or a former one, with or without the district, or by code."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.exchange import cells
from app.exchange.proposals import Nearest, proposed
from app.exchange.written import Cell, CellFault
from app.kit.messages import Message, say
from app.kit.text import fold
from app.models.places import AdminUnit
from app.places.queries import communes_on, former_communes, successor_of
from app.registry.place_queries import Placed, Places

_CODE = re.compile(r"\d{4,5}", re.ASCII)
_SHORT_KINDS = (
    (re.compile(r"^tt "), "thi tran "),
    (re.compile(r"^p "), "phuong "),
    (re.compile(r"^x "), "xa "),
)
_PROVINCE = re.compile(r" (?:tinh )?(?:lao cai|yen bai)$")
_LONGEST = 200


@dataclass(frozen=True)
class CommuneGiven:
    """The codes by which a commune that somebody wrote is registered."""

    commune: str
    former_commune: str | None
    placed: Placed


class Communes:
    """The names of all communes, of today and of before the merger."""

    def __init__(self, session: Session, today: date) -> None:
        self.places = Places(session, today)
        self._session = session
        self._full: defaultdict[str, list[AdminUnit]] = defaultdict(list)
        self._present: defaultdict[str, list[AdminUnit]] = defaultdict(list)
        self._former: defaultdict[str, list[AdminUnit]] = defaultdict(list)
        present, former = communes_on(session, today), former_communes(session)
        for unit in present:
            self._full[fold(unit.name)].append(unit)
            self._present[fold(unit.short_name)].append(unit)
        for unit in former:
            for key in _former_keys(unit):
                self._former[key].append(unit)
        self._nearest = Nearest(unit.name for unit in (*present, *former))
        self._given: dict[str, CommuneGiven] = {}

    def read(self, cell: Cell) -> CommuneGiven:
        """The commune of a cell; CellFault for none, and for several of the same name."""
        written = cells.text(cell, _LONGEST)
        if written not in self._given:
            self._given[written] = self._read(written)
        return self._given[written]

    def _read(self, written: str) -> CommuneGiven:
        if _CODE.fullmatch(written):
            return self._of_code(written.zfill(5))
        key = _spelled(fold(written))
        found = self._of_name(key) or self._of_name(_PROVINCE.sub("", key))
        if found is None:
            why = say("There is no commune {written}.", written=written)
            raise CellFault(proposed(why, self._nearest.to(written)))
        return found

    def _of_code(self, code: str) -> CommuneGiven:
        placed = self.places.find(code)
        former = placed.former.code if placed.former else None
        return CommuneGiven(placed.present.code, former, placed)

    def _of_name(self, key: str) -> CommuneGiven | None:
        whole = self._full.get(key, [])
        if len(whole) == 1:
            return self._of_code_today(whole[0])
        present, former = self._present.get(key, whole), self._former.get(key, [])
        if len(present) == 1 and not self._elsewhere(former, present[0]):
            return self._of_code_today(present[0])
        if not present and len(former) == 1:
            placed = self.places.find("", former[0].code)
            return CommuneGiven(placed.present.code, former[0].code, placed)
        if present or former:
            raise CellFault(_several([*present, *former]))
        return None

    def _of_code_today(self, unit: AdminUnit) -> CommuneGiven:
        return CommuneGiven(unit.code, None, self.places.find(unit.code))

    def _elsewhere(self, former: list[AdminUnit], present: AdminUnit) -> bool:
        """Whether a former commune of the name lies in another commune now."""
        after = [successor_of(self._session, unit) for unit in former]
        return any(unit is not None and unit.pk != present.pk for unit in after)


def _former_keys(unit: AdminUnit) -> set[str]:
    full, short = fold(unit.name), fold(unit.short_name)
    district = fold(unit.district_name or "")
    town = re.sub(r"^(?:huyen|thi xa|thanh pho) ", "", district)
    return {full, short, *(f"{name} {of}" for name in (full, short) for of in (district, town))}


def _spelled(key: str) -> str:
    for short, whole in _SHORT_KINDS:
        key = short.sub(whole, key)
    return key


def _several(units: list[AdminUnit]) -> Message:
    first, second = (
        f"{unit.name}, {unit.district_name}" if unit.district_name else unit.name
        for unit in units[:2]
    )
    return say("Is it {first} or {second}? Write the district too.", first=first, second=second)
