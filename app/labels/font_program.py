"""A font file in memory: read once, and cut down to some of its letters by copying their outlines."""

import struct
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from itertools import accumulate, pairwise
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.ttLib.sfnt import SFNTWriter

# What a PDF wants of a TrueType face (ISO 32000-1, 9.9); the letters' numbers stand in the PDF.
_KEPT = ("head", "hhea", "maxp", "cvt ", "fpgm", "prep")
_LOCATION_FORMAT = slice(50, 52)  # head.indexToLocFormat
_LONG = b"\0\1"
_TRUETYPE = "\0\1\0\0"


class FontProgram:
    """The outlines and measures of a face. Raises ValueError where it has none of the TrueType kind."""

    def __init__(self, path: Path) -> None:
        with TTFont(path) as font:
            if "glyf" not in font:
                raise ValueError(f"{path.name} has no TrueType outlines")
            head, lines, order = font["head"], font["hhea"], font.getGlyphOrder()
            self.name = path.stem
            self.em: int = head.unitsPerEm
            self.box = (head.xMin, head.yMin, head.xMax, head.yMax)
            self.ascent: int = lines.ascent
            self.descent: int = lines.descent
            self.letters = {
                chr(code): font.getGlyphID(name) for code, name in font.getBestCmap().items()
            }
            self.widths: list[int] = [font["hmtx"][name][0] for name in order]
            self._tables = {tag: font.reader[tag] for tag in _KEPT if tag in font}
            self._measures = font.reader["hmtx"]
            self._wide: int = lines.numberOfHMetrics
            ends = list(font["loca"])
            outlines = font.reader["glyf"]
        self._outlines = [outlines[at:end] for at, end in pairwise(ends)]
        if any(one[:2] == b"\xff\xff" for one in self._outlines):
            raise ValueError(f"{path.name} has outlines made of other outlines")

    def subset(self, glyphs: Iterable[int]) -> bytes:
        """A font file with these glyphs under their old numbers; all others are empty."""
        kept = sorted({0, *glyphs})
        measures, lengths = bytearray(len(self._measures)), [0] * len(self._outlines)
        for number in kept:
            lengths[number] = len(self._outlines[number])
            at = self._measured(number)
            measures[at] = self._measures[at]
        places = list(accumulate(lengths, initial=0))
        # The last full measure holds for all behind it.
        last = slice(4 * self._wide - 4, 4 * self._wide)
        measures[last] = self._measures[last]
        head = bytearray(self._tables["head"])
        head[_LOCATION_FORMAT] = _LONG
        return _written(
            self._tables
            | {
                "head": bytes(head),
                "hmtx": bytes(measures),
                "loca": struct.pack(f">{len(places)}L", *places),
                "glyf": b"".join(self._outlines[number] for number in kept),
            }
        )

    def _measured(self, number: int) -> slice:
        if number < self._wide:
            return slice(4 * number, 4 * number + 4)
        start = 4 * self._wide + 2 * (number - self._wide)
        return slice(start, start + 2)


@cache
def font_program(path: Path) -> FontProgram:
    """The face in a file, read when it is first asked for."""
    return FontProgram(path)


def _written(tables: dict[str, bytes]) -> bytes:
    file = BytesIO()
    writer = SFNTWriter(file, len(tables), _TRUETYPE)
    for tag in sorted(tables):
        writer[tag] = tables[tag]
    writer.close()
    return file.getvalue()
