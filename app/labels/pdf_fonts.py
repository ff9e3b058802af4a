"""Letters in a PDF: glyph numbers while pages are written, a subset of the face when all are known."""

from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from app.labels.pdf_file import PdfFile

_KEPT = {
    "GlyphOrder",
    "cmap",
    "glyf",
    "loca",
    "head",
    "hhea",
    "hmtx",
    "maxp",
    "cvt ",
    "fpgm",
    "prep",
}
_CHARACTERS_A_BLOCK = 100  # what a ToUnicode map may list at once
_SYMBOLIC = 4


class PdfFont(dict[str, str]):
    """One face: a letter's glyph number in hexadecimal, kept from its first use on.

    Raises ValueError for a letter the face lacks: the layout asks `unprintable` beforehand.
    """

    def __init__(self, name: str, path: Path, file: PdfFile) -> None:
        super().__init__()
        self.name = name
        self.number = 0  # until it is written: an unused face leaves no hole in the file
        self._file = file
        self._path = path
        with TTFont(path, lazy=True) as font:
            if "glyf" not in font:
                raise ValueError(f"{path.name} has no TrueType outlines")
            self._known = {
                chr(code): font.getGlyphID(one) for code, one in font.getBestCmap().items()
            }

    def __missing__(self, letter: str) -> str:
        glyph = self._known.get(letter)
        if glyph is None:
            raise ValueError(f"{self._path.name} has no letter {letter!r}")
        self[letter] = f"{glyph:04X}"
        return self[letter]

    def written(self, text: str) -> str:
        """The text as the operand of Tj."""
        return "".join(map(self.__getitem__, text))

    def close(self) -> None:
        """Write the face with the letters that were used."""
        self.number = self._file.reserve()
        base = f"NGUONG+{self._path.stem}"
        parts = [self._file.reserve() for _ in range(4)]
        inner, descriptor, program, names = parts
        letters: dict[int, str] = {}
        for letter in self:
            letters.setdefault(self._known[letter], letter)
        letters = dict(sorted(letters.items()))
        with TTFont(self._path, recalcTimestamp=False) as font:
            facts = _facts(font, base, program)
            widths = _widths(font, letters)
            data = _subset(font, letters)
        self._file.put(
            self.number,
            f"<</Type/Font/Subtype/Type0/BaseFont/{base}/Encoding/Identity-H"
            f"/DescendantFonts[{inner} 0 R]/ToUnicode {names} 0 R>>",
        )
        self._file.put(
            inner,
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{base}/CIDToGIDMap/Identity"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {descriptor} 0 R/DW 0/W[{widths}]>>",
        )
        self._file.put(descriptor, facts)
        self._file.put_stream(program, data, f"/Length1 {len(data)}")
        self._file.put_stream(names, _names(letters))


def _facts(font: TTFont, base: str, program: int) -> str:
    em = font["head"].unitsPerEm
    head, lines = font["head"], font["hhea"]
    box = (head.xMin, head.yMin, head.xMax, head.yMax)
    return (
        f"<</Type/FontDescriptor/FontName/{base}/Flags {_SYMBOLIC}/ItalicAngle 0/StemV 80"
        f"/FontBBox[{' '.join(str(round(edge * 1000 / em)) for edge in box)}]"
        f"/Ascent {round(lines.ascent * 1000 / em)}/Descent {round(lines.descent * 1000 / em)}"
        f"/CapHeight {round(lines.ascent * 740 / em)}/FontFile2 {program} 0 R>>"
    )


def _widths(font: TTFont, letters: dict[int, str]) -> str:
    em, widths, order = font["head"].unitsPerEm, font["hmtx"], font.getGlyphOrder()
    return " ".join(f"{glyph}[{widths[order[glyph]][0] * 1000 / em:.4g}]" for glyph in letters)


def _subset(font: TTFont, letters: dict[int, str]) -> bytes:
    """The outlines of these glyphs under their old numbers: the pages are written already."""
    options = Options()
    options.retain_gids = True
    options.layout_features = []
    options.notdef_outline = True
    options.drop_tables = sorted({*font.keys()} - _KEPT)
    subsetter = Subsetter(options)
    subsetter.populate(gids=list(letters))
    subsetter.subset(font)
    file = BytesIO()
    font.save(file, reorderTables=None)
    return file.getvalue()


def _names(letters: dict[int, str]) -> bytes:
    """Which letter each glyph is: without this, text cannot be searched or copied."""
    lines = [
        f"<{glyph:04X}><{letter.encode('utf-16-be').hex()}>" for glyph, letter in letters.items()
    ]
    blocks = [
        lines[at : at + _CHARACTERS_A_BLOCK] for at in range(0, len(lines), _CHARACTERS_A_BLOCK)
    ]
    listed = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        "/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
        "1 begincodespacerange<0000><FFFF>endcodespacerange\n"
        f"{listed}\n"
        "endcmap CMapName currentdict/CMap defineresource pop end end"
    ).encode("ascii")
