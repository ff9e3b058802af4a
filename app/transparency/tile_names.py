"""The names of tiles (C2SP tlog-tiles): `<L>/<N>[.p/<W>]`, the number in groups of three digits. Pure."""

import re
from dataclasses import dataclass

WIDTH = 256
HEIGHT = 8
ENTRIES = "entries"
HIGHEST_LEVEL = 63

_NAME = re.compile(
    r"(?P<level>entries|0|[1-9][0-9]?)/(?P<groups>(?:x[0-9]{3}/){0,5})(?P<last>[0-9]{3})"
    r"(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True)
class TileName:
    """Which tile: its level (None: of entries), its number, and how many of 256 it holds."""

    level: int | None
    number: int
    width: int = WIDTH

    def __str__(self) -> str:
        level = ENTRIES if self.level is None else self.level
        partial = f".p/{self.width}" if self.width < WIDTH else ""
        return f"{level}/{_grouped(self.number)}{partial}"

    @classmethod
    def read(cls, path: str) -> "TileName | None":
        """The tile a path names; None for a path that is no name of one, or not its only name."""
        found = _NAME.fullmatch(path)
        if found is None:
            return None
        level = None if found["level"] == ENTRIES else int(found["level"])
        digits = found["groups"].replace("x", "").replace("/", "") + found["last"]
        name = cls(level, int(digits), int(found["width"] or WIDTH))
        return name if str(name) == path and (level or 0) <= HIGHEST_LEVEL else None


def tiles_of(size: int, level: int | None) -> list[TileName]:
    """Every tile of a level that a tree of this size has, the last one perhaps not full."""
    wide = size >> HEIGHT * (level or 0)
    full, rest = divmod(wide, WIDTH)
    partial = [TileName(level, full, rest)] if rest else []
    return [TileName(level, number) for number in range(full)] + partial


def _grouped(number: int) -> str:
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    *groups, last = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    return "".join(f"x{group}/" for group in groups) + last
