"""The axes of a plan as a sheet of their own: a place that lies in one, or a crop that leads in it, a row."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.errors import Refused, refuse
from app.exchange.cells import choice, text
from app.exchange.columns import Column, Kind, Layout
from app.exchange.workbook_reading import Table, read_table
from app.exchange.written import Cell, CellFault, as_text
from app.kit.i18n import LANGUAGES, language
from app.kit.messages import say
from app.kit.text import fold
from app.models.places import AdminUnit
from app.plan.axes import AXES
from app.plan.plan_rows import CellError, PlanRow, RowReader, rows_of

SHEET = "Truc"
MOST_ROWS = 2_000
File = tuple[bytes, str]  # what is in it, and what it is called
_NAMES = (SHEET, "Trục", "Các trục", "Axes")
_SHEETS = frozenset(map(fold, _NAMES))
# Workbooks of today and of before 2007; a text is one table.
_HAVE_SHEETS = (b"PK", b"\xd0\xcf")
LONGEST_KEY, LONGEST_NAME = 20, 80
_NOT_OF_A_KEY = re.compile(r"[^a-z0-9]+")
# No examples with words: a row that says the same as one would be passed over.
LAYOUT = Layout(
    SHEET,
    (
        Column(
            "axis",
            say("Axis"),
            ("Trục", "Trục sản xuất", "axis"),
            required=True,
            kind=Kind.CHOICE,
        ),
        Column("district", say("Former district"), ("Huyện cũ", "Huyện", "district")),
        Column("former_commune", say("Former commune"), ("Xã cũ", "former_commune")),
        Column(
            "commune",
            say("Commune of today"),
            ("Xã, phường hiện nay", "Xã hiện nay", "Xã mới", "Xã", "commune"),
        ),
        Column("crop", say("Leading crop"), ("Cây chủ lực", "Loại rau", "Cây trồng", "crop")),
        Column("legal_ref", say("Where it stands in the plan"), ("Căn cứ", "Mục", "legal_ref")),
        Column("note", say("Note"), ("Ghi chú", "note")),
    ),
)


@dataclass(frozen=True)
class Known:
    """What rows may name. Places by the words people write; a commune of today is what it was made of."""

    districts: Mapping[str, str]
    former_communes: Mapping[str, tuple[AdminUnit, ...]]
    communes: Mapping[str, tuple[AdminUnit, ...]]
    crop: Callable[[str], str | None]


@dataclass(frozen=True)
class AxisPlace:
    """A former district, or one of its communes, that lies in an axis."""

    axis: str
    district: str
    former_commune: str
    legal_ref: str
    note: str


@dataclass(frozen=True)
class AxisCrop:
    """A crop that leads in an axis; in one former district of it, where one is named."""

    axis: str
    crop: str
    district: str
    legal_ref: str


@dataclass(frozen=True)
class AxesRead:
    """What rows say: places, crops, and the names of axes that have no word of the product's own."""

    places: tuple[AxisPlace, ...] = ()
    crops: tuple[AxisCrop, ...] = ()
    names: Mapping[str, str] | None = None


def axis_rows(plan: File, axes: File | None) -> list[PlanRow]:
    """The rows of a file of axes; without one those of the sheet of axes beside the plan's figures.

    Refused for what is no such table; none where there is no such sheet.
    """
    if axes is not None:
        try:
            return rows_of(_table(axes), LAYOUT, sheet=SHEET)
        except Refused as refused:
            raise refuse("axes", refused.why) from None
    if not plan[0].startswith(_HAVE_SHEETS):
        return []
    table = _table(plan)
    return rows_of(table, LAYOUT, sheet=SHEET) if fold(table.sheet) in _SHEETS else []


def axes_read(rows: Sequence[PlanRow], known: Known) -> tuple[AxesRead, list[CellError]]:
    """What rows say, and what is wrong with them."""
    reading = _Reading(known)
    for row in rows:
        reading.take(row)
    reading.look_for_empty_axes()
    found = AxesRead(tuple(reading.places), tuple(reading.crops), reading.names)
    return found, reading.errors


def _table(file: File) -> Table:
    content, filename = file
    return read_table(content, filename=filename, preferred=_NAMES)


class _Reading:
    """Reads row after row; remembers which row said what."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.errors: list[CellError] = []
        self.places: list[AxisPlace] = []
        self.crops: list[AxisCrop] = []
        self.names: dict[str, str] = {}
        self._lies: dict[tuple[str, str], int] = {}
        self._leads: dict[tuple[str, str, str], int] = {}
        self._first: dict[str, PlanRow] = {}
        self._keys = {
            fold(language(tag).say(words)): key for key, words in AXES.items() for tag in LANGUAGES
        } | {fold(key): key for key in AXES}

    def take(self, row: PlanRow) -> None:
        """Read a row: a crop where it names one, else a place."""
        reader = RowReader(row)
        name = reader.cell("axis", lambda cell: text(cell, LONGEST_NAME))
        district = reader.cell(
            "district", lambda cell: choice(cell, self.known.districts), required=False
        )
        crop = reader.cell("crop", self._crop, required=False)
        if crop is None and not reader.errors:
            self._place(reader, name or "", district or "")
        elif name and crop and not reader.errors:
            self._crop_of(reader, name, crop, district or "")
        self.errors += reader.errors

    def look_for_empty_axes(self) -> None:
        """An axis in which crops lead and no place lies is a slip of the pen."""
        lying = {one.axis for one in self.places}
        for axis, row in self._first.items():
            if axis not in lying and not self.errors:
                letters = row.letters.get("axis", "A")
                why = say("No place lies in this axis.")
                self.errors.append(CellError(row.number, letters, why, row.sheet))

    def _place(self, reader: RowReader, name: str, district: str) -> None:
        units = self._units(reader, district)
        if reader.errors:
            return
        if not district and not units:
            reader.fault("district", say("Name a district, a commune or a crop."))
            return
        axis = self._axis(reader, name)
        legal_ref, note = self._words(reader)
        lying = [(one.district_code or "", one.code) for one in units] or [(district, "")]
        for at in lying:
            if at in self._lies:
                why = say("Row {row} puts this place into an axis already.", row=self._lies[at])
                reader.fault(self._named(reader), why)
            else:
                self._lies[at] = reader.row.number
                self.places.append(AxisPlace(axis, *at, legal_ref, note))

    def _crop_of(self, reader: RowReader, name: str, crop: str, district: str) -> None:
        for key in ("former_commune", "commune"):
            if as_text(reader.row.cells.get(key)).strip():
                reader.fault(
                    key, say("A crop leads in an axis or in a district, not in a commune.")
                )
                return
        axis = self._axis(reader, name)
        legal_ref, _ = self._words(reader)
        if (said := self._leads.setdefault((axis, crop, district), reader.row.number)) != (
            reader.row.number
        ):
            reader.fault("crop", say("Row {row} names this crop already.", row=said))
        else:
            self.crops.append(AxisCrop(axis, crop, district, legal_ref))

    def _units(self, reader: RowReader, district: str) -> list[AdminUnit]:
        """The former communes that a row names, by themselves or as the commune they are today."""

        def one(cell: Cell) -> AdminUnit:
            return choice(cell, _within(self.known.former_communes, district))

        def several(cell: Cell) -> tuple[AdminUnit, ...]:
            return choice(cell, self.known.communes)

        former = reader.cell("former_commune", one, required=False)
        today = reader.cell("commune", several, required=False)
        if former and today:
            reader.fault("commune", say("Name the former commune or the one of today, not both."))
        if today and district and any(unit.district_code != district for unit in today):
            reader.fault("commune", say("This commune was not made of this district alone."))
        return [former] if former else list(today or ())

    def _axis(self, reader: RowReader, name: str) -> str:
        """The key of an axis: the product's own where it has a word for it."""
        folded = fold(name)
        if folded not in self._keys:
            key = _NOT_OF_A_KEY.sub("_", folded).strip("_")[:LONGEST_KEY] or "axis"
            taken = {*self._keys.values()}
            if key in taken:
                key = f"{key[: LONGEST_KEY - 3]}_{len(taken)}"
            self._keys[folded], self.names[key] = key, name
        axis = self._keys[folded]
        self._first.setdefault(axis, reader.row)
        return axis

    def _crop(self, cell: Cell) -> str:
        written = text(cell, LONGEST_NAME)
        slug = self.known.crop(written)
        if slug is None:
            raise CellFault(say("{written} is not in the list.", written=f"“{written}”"))
        return slug

    def _words(self, reader: RowReader) -> tuple[str, str]:
        legal_ref = reader.cell("legal_ref", lambda cell: text(cell, 300), required=False)
        note = reader.cell("note", lambda cell: text(cell, 300), required=False)
        return legal_ref or "", note or ""

    def _named(self, reader: RowReader) -> str:
        """The column in which a row names its place."""
        cells = reader.row.cells
        keys = ("commune", "former_commune")
        return next((key for key in keys if as_text(cells.get(key)).strip()), "district")


def _within(communes: Mapping[str, tuple[AdminUnit, ...]], district: str) -> dict[str, AdminUnit]:
    """The communes by what they are called, those of one district where it is named.

    Names that several go by are left out: a code, or the district, tells them apart.
    """
    found = {}
    for word, units in communes.items():
        here = [one for one in units if not district or one.district_code == district]
        if len(here) == 1:
            found[word] = here[0]
    return found
