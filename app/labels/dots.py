"""How large a symbol gets: whole printer dots a module, quiet zone, level by size; or what else would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from app.errors import Refused, refuse
from app.kit.messages import say
from app.labels.paper_names import listed
from app.labels.qr_tables import LEVELS, QUIET_MODULES, VERSIONS, Level, blocks_of, side_of
from app.labels.segments import Segment, bits_of, segments_of
from app.labels.symbols import TooLong, smallest_version

# M is the aim: a scuffed label still reads. L only where M does not fit the stock.
_AIMS: tuple[Level, ...] = ("M", "L")
_HEAD_203, _DOTS_A_MM_203 = 203, 8
_MM_AN_INCH = 25.4
_SLACK = 1e-6


@dataclass(frozen=True)
class SymbolSize:
    """A symbol on a printer: version, level, and how many dots make one module."""

    version: int
    level: Level
    dots_a_module: int
    dot_mm: float

    @property
    def modules(self) -> int:
        return side_of(self.version)

    @property
    def side_dots(self) -> int:
        """The side with its quiet zone, in dots."""
        return (self.modules + 2 * QUIET_MODULES) * self.dots_a_module

    @property
    def side_mm(self) -> float:
        return self.side_dots * self.dot_mm

    @property
    def quiet_dots(self) -> int:
        return QUIET_MODULES * self.dots_a_module

    @property
    def module_mm(self) -> float:
        return self.dots_a_module * self.dot_mm


def dot_of(dpi: int) -> float:
    """One dot in mm. Heads sold as 203 dpi have 8 dots to the mm."""
    return 1 / _DOTS_A_MM_203 if dpi == _HEAD_203 else _MM_AN_INCH / dpi


def fewest_dots(smallest_mm: float, dot_mm: float) -> int:
    """How many dots a module needs so as not to fall under the least size: 4 at 203 dpi, 5 at 300."""
    return max(1, ceil(smallest_mm / dot_mm - _SLACK))


def size_for(
    text: str,
    *,
    room_mm: float,
    dot_mm: float,
    smallest_mm: float,
    stocks: Sequence[tuple[str, float]] = (),
) -> SymbolSize:
    """The symbol of `text` with the largest modules in the room, quiet zone included.

    Level M, or L where only that fits; then the highest level that costs no larger symbol.
    `smallest_mm` is the least module of the day (see `symbol_queries`); `stocks` are names of
    other stocks with the room they leave. Raises Refused with what would do instead.
    """
    parts, fewest = segments_of(text), fewest_dots(smallest_mm, dot_mm)
    for aim in _AIMS:
        version = _version(parts, aim)
        if version is None:
            continue
        dots = int(room_mm / (_across(version) * dot_mm) + _SLACK)
        if dots >= fewest:
            return SymbolSize(version, _highest_level(parts, aim, version), dots, dot_mm)
    raise _too_small(parts, room_mm, fewest * dot_mm, stocks)


def _across(version: int) -> int:
    return side_of(version) + 2 * QUIET_MODULES


def _version(parts: Sequence[Segment], level: Level) -> int | None:
    try:
        return smallest_version(parts, level)
    except TooLong:
        return None


def _highest_level(parts: Sequence[Segment], aim: Level, version: int) -> Level:
    better = LEVELS[LEVELS.index(aim) :]
    return [level for level in better if _version(parts, level) == version][-1]


def _too_small(
    parts: Sequence[Segment], room_mm: float, module_mm: float, stocks: Sequence[tuple[str, float]]
) -> Refused:
    version = _version(parts, "L")
    if version is None:
        return refuse("code", say("The text of the QR is longer than any QR can hold."))
    needed = _across(version) * module_mm
    values = {"needed": _tenths(needed), "room": _tenths(room_mm)}
    would_do = [name for name, room in stocks if room + _SLACK >= needed]
    fewer = _characters_too_many(parts, room_mm, module_mm)
    if would_do:
        why = say(
            "The QR needs {needed} mm and the label leaves {room} mm. It fits on: {stocks}.",
            stocks=listed(would_do),
            **values,
        )
    elif fewer:
        why = say(
            "The QR needs {needed} mm and the label leaves {room} mm. A web address shorter by"
            " {fewer} characters, a larger label or a finer printer would do.",
            fewer=fewer,
            **values,
        )
    else:
        why = say(
            "The QR needs {needed} mm and the label leaves {room} mm: no QR fits there."
            " A larger label or a finer printer would do.",
            **values,
        )
    return refuse("stock", why)


def _characters_too_many(parts: Sequence[Segment], room_mm: float, module_mm: float) -> int | None:
    """How many capitals fewer would fit at level L; None when no symbol fits the room."""
    fitting = [v for v in VERSIONS if _across(v) * module_mm <= room_mm + _SLACK]
    if not fitting:
        return None
    largest = fitting[-1]
    over = bits_of(parts, largest) - blocks_of(largest, "L").data * 8
    return max(1, ceil(over / 5.5))


def _tenths(mm: float) -> Decimal:
    return Decimal(mm).quantize(Decimal("0.1"))
