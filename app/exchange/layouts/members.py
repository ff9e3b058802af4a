"""The members that the rows of a file name: by code, telephone or name."""

import re
from datetime import date

from sqlmodel import Session

from app.exchange import cells
from app.exchange.layouts.fields import left, read_phone
from app.exchange.row_reading import KnownNames, RowReader
from app.exchange.written import Cell, CellFault
from app.kit.messages import say
from app.kit.text import fold
from app.models.registry import Organisation
from app.registry.grower_list_queries import Listed, listed_growers

_CODE = re.compile(r"NH-[0-9A-Z]{8}")


class Members:
    """The members of an organisation by code, telephone and name."""

    def __init__(self, session: Session, organisation: Organisation, today: date) -> None:
        self._organisation, self._today = organisation, today
        self.lines = listed_growers(session, organisation)
        self._by_code = {line.code: line for line in self.lines}
        self._by_phone: dict[str, list[Listed]] = {}
        self._by_name: dict[str, list[Listed]] = {}
        unknown = say("No member is called {written}.")
        self._names: KnownNames[str] = KnownNames(unknown)
        for line in self.lines:
            self._by_name.setdefault(line.name_key, []).append(line)
            self._names.add(line.name, line.name_key)
            if line.phone:
                self._by_phone.setdefault(line.phone, []).append(line)

    def read(self, row: RowReader, on: date | None = None) -> Listed | None:
        """The member of a row, who had not left on a day (today); None where the cell is faulty."""
        phone = read_phone(row, "phone")
        day = on or self._today
        return row.read("grower", lambda cell: self._of(cell, phone, day), None)

    def _of(self, cell: Cell, phone: str | None, day: date) -> Listed:
        written = cells.text(cell, 200)
        code = _CODE.search(written.upper())
        if code is not None:
            return self._one(
                [self._by_code[code[0]]] if code[0] in self._by_code else [], written, day
            )
        named = self._by_name.get(fold(written), [])
        if not named and any(letter.isdigit() for letter in written):
            named = self._by_phone.get(_phone(cell), [])
        if phone is not None and len(named) > 1:
            named = [line for line in named if line.phone == phone]
        return self._one(named, written, day)

    def _one(self, named: list[Listed], written: str, day: date) -> Listed:
        present = [line for line in named if line.left_on is None or line.left_on >= day]
        if len(present) == 1:
            return present[0]
        if present:
            why = say("Several members are called {written}. Add the telephone.", written=written)
            raise CellFault(why)
        if named:
            raise left(named[0], self._organisation)
        raise CellFault(self._names.unknown(written))


def offered_members(session: Session, organisation: Organisation) -> list[str]:
    """The members of today as a template offers them: name and code."""
    members = [line for line in listed_growers(session, organisation) if line.left_on is None]
    by_name = sorted(members, key=lambda line: (line.name_key, line.code))
    return [f"{line.name} – {line.code}" for line in by_name]


def _phone(cell: Cell) -> str:
    try:
        return cells.phone(cell)
    except CellFault:
        return ""
