"""How large a symbol gets: whole printer dots a module, quiet zone, level by size, or what else would do."""

from dataclasses import dataclass

from app.labels.symbols import Level


@dataclass(frozen=True)
class SymbolSize:
    """A symbol on a printer: version, level, dots a module; its side with the quiet zone in mm."""

    version: int
    level: Level
    dots_a_module: int
    dot_mm: float

    @property
    def modules(self) -> int:
        return 17 + 4 * self.version

    @property
    def side_dots(self) -> int:
        return (self.modules + 8) * self.dots_a_module

    @property
    def side_mm(self) -> float:
        return self.side_dots * self.dot_mm


def dot_of(dpi: int) -> float:
    """One dot in mm: 203 dpi heads have 8 dots to the mm exactly."""
    return 0.125 if dpi == 203 else 25.4 / dpi


def size_for(text: str, *, room_mm: float, dot_mm: float, smallest_mm: float) -> SymbolSize:
    """The symbol of `text` in the room: level M or better, L where only that fits.

    `smallest_mm` is the rule `label.smallest_module_um` of the day. Raises Refused with the side
    it would need and how many characters fewer would fit.
    """
    raise NotImplementedError
