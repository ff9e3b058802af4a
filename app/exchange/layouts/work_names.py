"""What work, inputs' amounts and water are called in lists; the names of the product come first."""

import re
from collections.abc import Mapping

from app.catalogue.input_words import interval_of
from app.diary.work_words import WORKS
from app.exchange import cells
from app.exchange.cell_numbers import Measure, measured
from app.exchange.row_reading import KnownNames
from app.exchange.written import Cell, CellFault, is_blank, short
from app.kit.i18n import LANGUAGES, language
from app.kit.messages import say
from app.kit.text import fold
from app.models.diary import Work

SYNONYMS: Mapping[Work, tuple[str, ...]] = {
    Work.SOIL: ("làm đất", "cày", "bừa", "cày bừa", "xới đất", "lên luống", "đánh luống", "phơi ải",
                "bón vôi", "soil", "整地"),
    Work.SOWING: ("gieo", "gieo hạt", "gieo trồng", "trồng", "trồng cây", "xuống giống", "gieo ươm",
                  "ươm giống", "trồng cây con", "sow", "plant", "播种", "种植"),
    Work.WATERING: ("tưới", "tưới nước", "tưới tiêu", "tưới cây", "tưới ẩm", "water", "浇水"),
    Work.FERTILISING: ("bón", "bón phân", "bón lót", "bón thúc", "bón thúc lần 1", "bón thúc lần 2",
                       "bón phân chuồng", "bón phân hữu cơ", "bón NPK", "phân bón", "fertilise", "施肥"),
    Work.SPRAYING: ("phun", "phun thuốc", "phun thuốc sâu", "phun thuốc trừ sâu", "phun thuốc bệnh", "phun xịt",
                    "phun thuốc BVTV", "phun BVTV", "xịt thuốc", "trừ sâu", "xử lý sâu bệnh", "trừ sâu bệnh",
                    "spray", "打药", "喷药"),
    Work.WEEDING: ("làm cỏ", "nhổ cỏ", "dọn cỏ", "cắt cỏ", "làm cỏ xới đất", "vun gốc", "weed", "除草"),
    Work.PEST_CHECK: ("thăm đồng", "kiểm tra sâu bệnh", "điều tra sâu bệnh", "theo dõi sâu bệnh", "thăm ruộng",
                      "bắt sâu", "kiểm tra đồng ruộng", "scouting"),
    Work.HARVEST: ("thu hoạch", "thu hái", "hái", "cắt rau", "thu", "cắt", "harvest", "收获", "采收"),
    Work.DISPOSAL: ("thu gom bao bì", "tiêu huỷ bao bì", "xử lý bao bì", "thu gom vỏ thuốc", "xử lý rác",
                    "thu gom vỏ bao bì", "thu gom rác thải", "disposal"),
    Work.OTHER: ("khác", "việc khác", "công việc khác", "tỉa cành", "tỉa lá", "làm giàn", "other", "其他"),
}  # fmt: skip

# What amounts are counted in, as the diary keeps it, and how many of it one is.
AMOUNTS: Mapping[str, tuple[str, int]] = {
    "ml": ("ml", 1),
    "cc": ("ml", 1),
    "毫升": ("ml", 1),
    "l": ("l", 1),
    "lit": ("l", 1),
    "litre": ("l", 1),
    "升": ("l", 1),
    "g": ("g", 1),
    "gr": ("g", 1),
    "gam": ("g", 1),
    "gram": ("g", 1),
    "克": ("g", 1),
    "kg": ("kg", 1),
    "ki": ("kg", 1),
    "ky": ("kg", 1),
    "kilogam": ("kg", 1),
    "公斤": ("kg", 1),
    "千克": ("kg", 1),
    "yen": ("kg", 10),
    "ta": ("kg", 100),
    "tan": ("kg", 1_000),
    "goi": ("gói", 1),
    "chai": ("chai", 1),
    "bao": ("bao", 1),
    "lo": ("lọ", 1),
    "vien": ("viên", 1),
}
WATER = Measure(
    {"ml": 1, "毫升": 1, "l": 1_000, "lit": 1_000, "litre": 1_000, "升": 1_000},
    unknown=say("The unit {unit} is not known. Write litres."),
    missing=say("Write litres."),
    usual="l",
)
_AMOUNT = re.compile(r"(?P<number>[+-]?[\d.,]+(?: \d{3})*(?:,\d+)?) ?(?P<unit>[^\W\d_].*)")
_DAYS = re.compile(r" ?(ngày|days?|天|日)$", re.IGNORECASE)
_THOUSANDTHS = 1_000


def work_names() -> KnownNames[Work]:
    """Kinds of work by every name they go by."""
    names: KnownNames[Work] = KnownNames(say("The work {written} is not known."))
    for work, words in WORKS.items():
        for tag in LANGUAGES:
            names.add(language(tag).say(words), work)
        names.add(work.value, work, shown=False)
        for name in SYNONYMS[work]:
            names.add(name, work)
    return names


def amount(cell: Cell, unit: Cell) -> tuple[int, str]:
    """An amount in thousandths of its unit, and the unit, typed behind it or given beside it."""
    typed = _AMOUNT.fullmatch(short(cell)) if isinstance(cell, str) else None
    written = typed["unit"] if typed else None if is_blank(unit) else short(unit)
    number = cells.decimal(typed["number"] if typed else cell)
    if written is None:
        raise CellFault(say("Write the unit of the amount too: ml, lít, g or kg."))
    if typed and not is_blank(unit) and _unit(short(unit)) != _unit(written):
        raise CellFault(say("The unit in this cell is not the unit beside it."))
    kept, factor = _unit(written)
    thousandths = (number * factor * _THOUSANDTHS).to_integral_value()
    return int(thousandths), kept


def water_ml(cell: Cell) -> int:
    """Water in millilitres; litres without a unit."""
    return int(measured(cell, None, WATER).to_integral_value())


def interval(cell: Cell) -> int | None:
    """Days to wait: 7, "7 ngày"."""
    plain = _DAYS.sub("", short(cell)) if isinstance(cell, str) else cell
    return interval_of(cells.whole(plain))


def _unit(written: str) -> tuple[str, int]:
    known = AMOUNTS.get(fold(written))
    if known is None:
        unit = f"“{written}”"
        raise CellFault(say("The unit {unit} is not known. Write ml, lít, g or kg.", unit=unit))
    return known
