"""A plan as a spreadsheet: one figure a row, read cell by cell with a sentence for each that cannot be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.exchange.cell_numbers import decimal, whole
from app.exchange.cells import choice, text
from app.exchange.columns import Column, Kind, Layout
from app.exchange.workbook_reading import read_table
from app.kit.messages import say
from app.models.catalogue import CropGroup
from app.models.plan import TargetScope
from app.plan.plan_rows import CellError, PlanRow, RowReader, rows_of
from app.plan.recomputing import Figure

MOST_FIGURES = 5_000
MOST_STATED = 10**15
FIRST_YEAR, LAST_YEAR = 2000, 2100
# Measure: what is said of it in a file, and the unit it is kept in.
MEASURES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "area": (("Diện tích", "area"), "m2"),
    "yield": (("Năng suất", "yield"), "kg_per_ha"),
    "output": (("Sản lượng", "output"), "kg"),
    "area_at_least": (("Diện tích đạt trên", "area_at_least"), "m2"),
    "safe_sown_share_at_least": (
        ("Tỷ lệ gieo trồng an toàn đạt trên", "safe_sown_share_at_least"),
        "permille",
    ),
    "output_at_least": (("Sản lượng đạt trên", "output_at_least"), "kg"),
    "value_at_least": (("Giá trị đạt trên", "value_at_least"), "dong"),
    "models_at_least": (("Số mô hình ít nhất", "models_at_least"), "count"),
    "models_at_most": (("Số mô hình nhiều nhất", "models_at_most"), "count"),
    "area_share": (("Tỷ lệ diện tích", "area_share"), "permille"),
}
# Unit as written: the unit it is kept in, and how many of that it is.
UNITS: Mapping[str, tuple[str, int]] = {
    "m2": ("m2", 1),
    "ha": ("m2", 10_000),
    "kg_per_ha": ("kg_per_ha", 1),
    "kg/ha": ("kg_per_ha", 1),
    "tạ/ha": ("kg_per_ha", 100),
    "tấn/ha": ("kg_per_ha", 1_000),
    "kg": ("kg", 1),
    "tạ": ("kg", 100),
    "tấn": ("kg", 1_000),
    "permille": ("permille", 1),
    "‰": ("permille", 1),
    "%": ("permille", 10),
    "dong": ("dong", 1),
    "đồng": ("dong", 1),
    "triệu đồng": ("dong", 1_000_000),
    "tỷ đồng": ("dong", 1_000_000_000),
    "count": ("count", 1),
    "mô hình": ("count", 1),
}
# The unit that people write: that of the annex and of the text.
_WRITTEN_IN: Mapping[str, str] = {
    "m2": "ha",
    "kg_per_ha": "tạ/ha",
    "kg": "tấn",
    "permille": "%",
    "dong": "tỷ đồng",
    "count": "mô hình",
}
PROVINCE_WORDS = ("Toàn tỉnh", "Tổng", "Tổng số", "province")
GROUP_WORDS: Mapping[str, str] = {
    "Rau cải các loại": CropGroup.LEAF_BRASSICA.value,
    "Rau cải": CropGroup.LEAF_BRASSICA.value,
    CropGroup.LEAF_BRASSICA.value: CropGroup.LEAF_BRASSICA.value,
    "Rau họ đậu": CropGroup.LEGUME.value,
    CropGroup.LEGUME.value: CropGroup.LEGUME.value,
    "Rau khác": CropGroup.OTHER.value,
    CropGroup.OTHER.value: CropGroup.OTHER.value,
}

# No examples with words or numbers: a row that says the same as one would be passed over.
LAYOUT = Layout(
    "Chi_tieu",
    (
        Column(
            "measure",
            say("Figure of the plan"),
            ("Chỉ tiêu", "Tên chỉ tiêu", "measure"),
            required=True,
            kind=Kind.CHOICE,
            examples=("Diện tích", "Sản lượng đạt trên"),
        ),
        Column(
            "place",
            say("District, crop group or the whole province"),
            ("Địa bàn", "Huyện", "Đơn vị", "Nhóm rau", "Địa bàn hoặc nhóm rau", "scope_name"),
            required=True,
            kind=Kind.CHOICE,
            examples=("Bắc Hà", "Toàn tỉnh"),
        ),
        Column("year", say("Year"), ("Năm", "year"), required=True),
        Column(
            "stated",
            say("Figure as the plan states it"),
            ("Số liệu", "Giá trị", "Số", "stated"),
            required=True,
        ),
        Column(
            "unit",
            say("Unit of the figure"),
            ("Đơn vị tính", "ĐVT", "unit"),
            required=True,
            kind=Kind.CHOICE,
            examples=("ha", "tấn"),
        ),
        Column(
            "legal_ref",
            say("Where it stands in the plan"),
            ("Căn cứ", "Mục", "Vị trí trong kế hoạch", "legal_ref"),
        ),
        Column("note", say("Note"), ("Ghi chú", "note")),
    ),
)


@dataclass(frozen=True)
class PlanFigure:
    """A figure as it was read."""

    row: int
    figure: Figure
    unit: str
    stated: int
    legal_ref: str
    note: str


def read_plan(content: bytes, *, filename: str) -> list[PlanRow]:
    """The rows of a plan's file (XLSX, ODS or CSV); Refused for what is no such table."""
    table = read_table(content, filename=filename, preferred=LAYOUT.sheets)
    return rows_of(table, LAYOUT)


def figures_written(
    stated: Iterable[tuple[Figure, str, int]], districts: Mapping[str, str]
) -> list[tuple[str, str, int, Decimal, str]]:
    """Figures as `read_plan` reads them: measure, place, year, number, unit. `districts`: names by code."""
    groups = {key: word for word, key in reversed(list(GROUP_WORDS.items()))}
    places = {TargetScope.DISTRICT: districts, TargetScope.CROP_GROUP: groups}
    rows = []
    for figure, unit, value in stated:
        word = _WRITTEN_IN[unit]
        place = places.get(figure.scope, {}).get(figure.scope_name, PROVINCE_WORDS[0])
        number = Decimal(value) / UNITS[word][1]
        rows.append((MEASURES[figure.measure][0][0], place, figure.year, number, word))
    return rows


def figures_read(
    rows: Sequence[PlanRow], districts: Mapping[str, str], province: str
) -> tuple[list[PlanFigure], list[CellError]]:
    """What rows say, and what is wrong with them. `districts`: codes by the names people write."""
    found: dict[Figure, PlanFigure] = {}
    errors: list[CellError] = []
    for row in rows:
        reader = _Reader(row, districts, province)
        read = reader.read()
        if read is not None and read.figure in found:
            why = say("Row {row} states the same figure already.", row=found[read.figure].row)
            reader.fault("measure", why)
        elif read is not None:
            found[read.figure] = read
        errors += reader.errors
    return list(found.values()), errors


class _Reader(RowReader):
    """Reads a row with a figure."""

    def __init__(self, row: PlanRow, districts: Mapping[str, str], province: str) -> None:
        super().__init__(row)
        self._places: dict[str, tuple[TargetScope, str]] = {
            **{name: (TargetScope.DISTRICT, code) for name, code in districts.items()},
            **dict.fromkeys(PROVINCE_WORDS, (TargetScope.PROVINCE, province)),
            **{word: (TargetScope.CROP_GROUP, key) for word, key in GROUP_WORDS.items()},
        }

    def read(self) -> PlanFigure | None:
        measures = {word: name for name, (words, _) in MEASURES.items() for word in words}
        measure = self.cell("measure", lambda cell: choice(cell, measures))
        place = self.cell("place", lambda cell: choice(cell, self._places))
        year = self.cell("year", lambda cell: whole(cell, least=FIRST_YEAR, most=LAST_YEAR))
        unit = self.cell("unit", lambda cell: choice(cell, UNITS))
        number = self.cell("stated", decimal)
        if measure and unit and MEASURES[measure][1] != unit[0]:
            self.fault("unit", say("This unit does not measure this figure."))
        stated = self._whole(number, unit)
        legal_ref = self.cell("legal_ref", lambda cell: text(cell, 300), required=False) or ""
        note = self.cell("note", lambda cell: text(cell, 300), required=False) or ""
        if self.errors or not (measure and place and year and unit) or stated is None:
            return None
        figure = Figure(measure, place[0], place[1], year)
        return PlanFigure(self.row.number, figure, unit[0], stated, legal_ref, note)

    def _whole(self, number: Decimal | None, unit: tuple[str, int] | None) -> int | None:
        if number is None or unit is None:
            return None
        stated = number * unit[1]
        if number <= 0:
            self.fault("stated", say("A figure of a plan is more than nothing."))
        elif stated != stated.to_integral_value():
            self.fault("stated", say("This is finer than a plan is kept: fewer decimals, please."))
        elif stated > MOST_STATED:
            self.fault("stated", say("This number is too large. Check the unit."))
        return int(stated)
