"""One row of a file being read: every fault of every cell is noted, none ends the reading."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from app.errors import DomainError
from app.exchange import cells
from app.exchange.columns import Column, Kind
from app.exchange.proposals import Nearest, meant_day, past_day, proposed
from app.exchange.written import Cell, CellFault, Formula, Plain, as_text, is_blank
from app.kit.messages import Message, frozen, say, thawed
from app.kit.quantities import SquareMetres
from app.kit.text import fold

T = TypeVar("T")

# What people write into a cell that has nothing to say.
_NOTHING = frozenset(
    {"", "không", "khong", "không có", "khong co", "ko", "chưa có", "chua co", "n/a", "none"}
)
_DASHES = " \t\n\xa0-–—._…"
_LONGEST_NOTHING = 16
_ZERO_IS_NOTHING = frozenset({Kind.PHONE, Kind.DAY, Kind.CODE})
_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}
)


@dataclass(frozen=True)
class Note:
    """What is to be said about a cell of a row; only a warning does not keep the row out."""

    column: str
    why: Message
    warning: bool = False


class RowReader:
    """The cells of a row by column key, read one by one."""

    def __init__(
        self, cells: Mapping[str, Cell], columns: Mapping[str, Column], today: date
    ) -> None:
        self.cells = cells
        self.today = today
        self.notes: list[Note] = []
        self._columns = columns

    @property
    def faulty(self) -> bool:
        """Whether something in the row cannot be accepted."""
        return any(not note.warning for note in self.notes)

    def fault(self, key: str, why: Message) -> None:
        """The cell cannot be accepted."""
        self.notes.append(Note(key, why))

    def warn(self, key: str, why: Message) -> None:
        """The cell deserves a second look."""
        self.notes.append(Note(key, why, warning=True))

    def has(self, key: str) -> bool:
        """Whether something stands in the cell."""
        cell = self.cells.get(key)
        return not is_blank(cell) and not self._says_nothing(key, cell)

    def read(self, key: str, how: Callable[[Cell], T], default: T) -> T:
        """What a way of reading makes of the cell; the default where it is empty or faulty.

        Whatever refuses the value (CellFault, or a rule of the product) is noted at the cell.
        """
        cell = self.cells.get(key)
        if isinstance(cell, str) and cell.strip() in _ERRORS:
            self.fault(key, say("This is an error of Excel. Write the value itself."))
            return default
        if not self.has(key):
            if self._columns[key].required:
                self.fault(key, say("This is required."))
            return default
        try:
            return how(cell)
        except (CellFault, DomainError) as refused:
            self.fault(key, refused.why)
        return default

    def text(self, key: str, *, longest: int) -> str:
        """The tidied text; empty where nothing stands."""
        return self.read(key, lambda cell: cells.text(cell, longest), "")

    def day(self, key: str, rule: Callable[[date], object] | None = None) -> date | None:
        """A day that a rule lets pass; what was probably meant is proposed."""

        def how(cell: Cell) -> date | None:
            try:
                day = cells.day(cell)
            except CellFault as fault:
                raise CellFault(proposed(fault.why, meant_day(cell, self.today))) from fault
            try:
                if rule is not None:
                    rule(day)
            except DomainError as refused:
                meant = past_day(day, self.today) if day > self.today else None
                raise CellFault(proposed(refused.why, meant)) from refused
            return day

        return self.read(key, how, None)

    def land(self, key: str, unit: str) -> SquareMetres | None:
        """An area, with the unit behind it, beside it or in its heading."""
        beside = self.cells.get(unit)
        return self.read(key, lambda cell: cells.area_m2(cell, beside), None)

    def known(self, key: str, names: "KnownNames[T]") -> T | None:
        """What a name stands for; the nearest known one is proposed for an unknown."""
        return self.read(key, names.of, None)

    def _says_nothing(self, key: str, cell: Cell) -> bool:
        if isinstance(cell, str):
            if len(cell) > _LONGEST_NOTHING:
                return False
            plain = cell.strip(_DASHES).casefold()
            zero = plain == "0" and self._columns[key].kind in _ZERO_IS_NOTHING
            return plain in _NOTHING or zero
        return cell == 0 and cell is not False and self._columns[key].kind in _ZERO_IS_NOTHING


class KnownNames(Mapping[str, T]):
    """Values by the folded names they may be called by; a name of several values tells nothing."""

    def __init__(self, unknown: Message) -> None:
        """`unknown` is the sentence for a name nobody knows; it has a place {written}."""
        self._unknown = unknown
        self._values: dict[str, T] = {}
        self._ambiguous: set[str] = set()
        self._shown: list[str] = []
        self._nearest: Nearest | None = None

    def add(self, name: str, value: T, *, shown: bool = True) -> None:
        """Call a value by a name; `shown` names are proposed."""
        key = fold(name)
        if not key:
            return
        if key in self._values and self._values[key] != value:
            self._ambiguous.add(key)
        self._values[key] = value
        if shown:
            self._shown.append(name)

    def of(self, cell: Cell) -> T:
        """The value that a cell names; CellFault for none and for several."""
        written = cells.text(cell, 200)
        key = fold(written)
        if key in self._ambiguous:
            raise CellFault(say("Several are called {written}.", written=written))
        if key in self._values:
            return self._values[key]
        raise CellFault(self.unknown(written))

    def unknown(self, written: str) -> Message:
        """The sentence for an unknown name, with the nearest one."""
        if self._nearest is None:
            self._nearest = Nearest(self._shown)
        why = Message(self._unknown.msgid, {**self._unknown.values, "written": written})
        return proposed(why, self._nearest.to(written))

    def __getitem__(self, key: str) -> T:
        return self._values[key]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def kept_cells(row: Mapping[str, Cell]) -> str:
    """The cells as JSON from which they are read again, exactly as they were."""
    return json.dumps(
        {key: _kept(cell) for key, cell in row.items() if not is_blank(cell)}, ensure_ascii=False
    )


def cells_kept(written: str) -> dict[str, Cell]:
    """The cells that `kept_cells` wrote."""
    kept: dict[str, Any] = json.loads(written)
    return {key: _cell(value) for key, value in kept.items()}


def shown_cells(written: str) -> dict[str, str]:
    """The same as texts for people."""
    return {key: _shown(cell) for key, cell in cells_kept(written).items()}


def kept_notes(notes: list[Note]) -> str:
    """What was noted, as JSON: column key, sentence, values, and whether it only warns."""
    return json.dumps(
        [[note.column, *frozen(note.why), note.warning] for note in notes], ensure_ascii=False
    )


def notes_kept(written: str) -> list[Note]:
    """The notes that `kept_notes` wrote."""
    return [
        Note(column, thawed(sentence, values), warning)
        for column, sentence, values, warning in json.loads(written)
    ]


def _kept(cell: Cell) -> object:
    match cell:
        case Formula(result):
            return {"formula": _kept(result)}
        case datetime():
            return {"moment": cell.isoformat()}
        case date():
            return {"day": cell.isoformat()}
        case _:
            return cell


def _cell(value: Any) -> Cell:
    match value:
        case {"formula": result}:
            return Formula(_plain(result))
        case _:
            return _plain(value)


def _plain(value: Any) -> Plain:
    match value:
        case {"moment": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"day": str(day)}:
            return date.fromisoformat(day)
        case str() | int() | float() | bool() | None:
            return value
        case _:
            raise ValueError("no cell")


def _shown(cell: Cell) -> str:
    shown = cell.result if isinstance(cell, Formula) else cell
    if isinstance(shown, float):
        return f"{shown:.15g}".replace(".", ",")
    try:
        return as_text(shown)
    except CellFault:
        return str(shown)
