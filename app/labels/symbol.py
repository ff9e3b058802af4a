"""The QR symbol of a label (ISO/IEC 18004), in whole dots, never below the GS1 module size."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil
from typing import TypeAlias

from qrcode import constants
from qrcode.main import QRCode
from qrcode.util import (
    MODE_8BIT_BYTE,
    MODE_ALPHA_NUM,
    QRData,
)

from app.errors import refuse
from app.kit.messages import say
from app.labels.payload import Mode, Segment, segments
from app.labels.qr_tables import Level
from app.labels.symbols import stream

# GS1 General Specifications 5.12.3.1: X-dimension at least 0.396 mm, quiet zone 4X on all sides.
SMALLEST_MODULE_MM = 0.396
QUIET_MODULES = 4

Matrix: TypeAlias = tuple[tuple[bool, ...], ...]

_MODES = {Mode.BYTE: MODE_8BIT_BYTE, Mode.ALPHANUMERIC: MODE_ALPHA_NUM}
_LEVELS: dict[Level, int] = {
    "L": constants.ERROR_CORRECT_L,
    "M": constants.ERROR_CORRECT_M,
    "Q": constants.ERROR_CORRECT_Q,
    "H": constants.ERROR_CORRECT_H,
}
# M is the aim: a scuffed label still reads. L only where M does not fit the stock.
_AIMS: tuple[Level, ...] = ("M", "L")
_SLACK_MM = 1e-6


@dataclass(frozen=True)
class Symbol:
    """A symbol for one printer: its modules (True is dark) and how many dots make one of them."""

    matrix: Matrix
    level: Level
    dots_a_module: int
    dot_mm: float

    @property
    def side_dots(self) -> int:
        """The side with its quiet zone, in dots."""
        return (len(self.matrix) + 2 * QUIET_MODULES) * self.dots_a_module

    @property
    def side_mm(self) -> float:
        return self.side_dots * self.dot_mm

    @property
    def quiet_dots(self) -> int:
        return QUIET_MODULES * self.dots_a_module


def symbol_for(text: str, *, room_mm: float, dot_mm: float) -> Symbol:
    """The largest symbol of `text` whose side, quiet zone included, fits `room_mm`.

    Level M, or L where only that fits; then the highest level that costs no larger symbol.
    Raises Refused when the modules would fall below 0.396 mm: such a label would not scan.
    """
    parts = segments(text)
    smallest = ceil(SMALLEST_MODULE_MM / dot_mm - _SLACK_MM)
    for aim in _AIMS:
        version = _version(parts, aim)
        dots = _dots_that_fit(version, room_mm, dot_mm)
        if dots >= smallest:
            level = _highest_level(parts, aim, version)
            return Symbol(_matrix(parts, level, version), level, dots, dot_mm)
    needed = _modules(version) * smallest * dot_mm
    raise refuse(
        "base_url",
        say(
            "The QR needs {needed} mm and the label leaves {room} mm."
            " A shorter web address, a larger label or a finer printer would do.",
            needed=Decimal(needed).quantize(Decimal("0.1")),
            room=Decimal(room_mm).quantize(Decimal("0.1")),
        ),
    )


def symbols_for(texts: Sequence[str], *, room_mm: float, dot_mm: float) -> list[Symbol]:
    """Symbols of many texts, as large and safe as `symbol_for` makes each, drawn in bulk."""
    kinds: defaultdict[tuple[tuple[Mode, int], ...], list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        kinds[tuple((part.mode, len(part.text)) for part in segments(text))].append(at)
    found: dict[int, Symbol] = {}
    for places in kinds.values():
        first = symbol_for(texts[places[0]], room_mm=room_mm, dot_mm=dot_mm)
        version = (len(first.matrix) - 17) // 4
        drawn = stream([texts[at] for at in places], level=first.level, version=version)
        for at, (_, modules) in zip(places, drawn, strict=True):
            found[at] = replace(first, matrix=tuple(map(tuple, modules.tolist())))
    return [found[at] for at in range(len(texts))]


def _modules(version: int) -> int:
    return 17 + 4 * version + 2 * QUIET_MODULES


def _dots_that_fit(version: int, room_mm: float, dot_mm: float) -> int:
    return int(room_mm / (_modules(version) * dot_mm) + _SLACK_MM)


def _highest_level(parts: tuple[Segment, ...], aim: Level, version: int) -> Level:
    names = tuple(_LEVELS)
    better = names[names.index(aim) :]
    return [level for level in better if _version(parts, level) == version][-1]


def _version(parts: tuple[Segment, ...], level: Level) -> int:
    return int(_encoder(parts, level, version=None).best_fit())


def _matrix(parts: tuple[Segment, ...], level: Level, version: int) -> Matrix:
    encoder = _encoder(parts, level, version=version)
    encoder.make(fit=False)
    return tuple(tuple(map(bool, row)) for row in encoder.get_matrix())


def _encoder(parts: tuple[Segment, ...], level: Level, *, version: int | None) -> QRCode:
    encoder = QRCode(version=version, error_correction=_LEVELS[level], border=0)
    for part in parts:
        encoder.add_data(QRData(part.text.encode(), mode=_MODES[part.mode]))
    return encoder
