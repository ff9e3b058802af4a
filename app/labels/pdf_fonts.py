"""Letters in a PDF: glyph numbers while pages are written, a subset of the face when all are known."""

from pathlib import Path

from app.labels.font_program import FontProgram, font_program
from app.labels.pdf_file import PdfFile

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
        self._program = font_program(path)

    def __missing__(self, letter: str) -> str:
        glyph = self._program.letters.get(letter)
        if glyph is None:
            raise ValueError(f"{self._program.name} has no letter {letter!r}")
        self[letter] = f"{glyph:04X}"
        return self[letter]

    def written(self, text: str) -> str:
        """The text as the operand of Tj."""
        return "".join(map(self.__getitem__, text))

    def close(self) -> None:
        """Write the face with the letters that were used."""
        self.number = self._file.reserve()
        base = f"NGUONG+{self._program.name}"
        parts = [self._file.reserve() for _ in range(4)]
        inner, descriptor, program, names = parts
        letters: dict[int, str] = {}
        for letter in self:
            letters.setdefault(self._program.letters[letter], letter)
        letters = dict(sorted(letters.items()))
        data = self._program.subset(letters)
        self._file.put(
            self.number,
            f"<</Type/Font/Subtype/Type0/BaseFont/{base}/Encoding/Identity-H"
            f"/DescendantFonts[{inner} 0 R]/ToUnicode {names} 0 R>>",
        )
        self._file.put(
            inner,
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{base}/CIDToGIDMap/Identity"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {descriptor} 0 R/DW 0/W[{_widths(self._program, letters)}]>>",
        )
        self._file.put(descriptor, _facts(self._program, base, program))
        self._file.put_stream(program, data, f"/Length1 {len(data)}")
        self._file.put_stream(names, _names(letters))


def _facts(font: FontProgram, base: str, program: int) -> str:
    return (
        f"<</Type/FontDescriptor/FontName/{base}/Flags {_SYMBOLIC}/ItalicAngle 0/StemV 80"
        f"/FontBBox[{' '.join(str(round(edge * 1000 / font.em)) for edge in font.box)}]"
        f"/Ascent {round(font.ascent * 1000 / font.em)}/Descent {round(font.descent * 1000 / font.em)}"
        f"/CapHeight {round(font.ascent * 740 / font.em)}/FontFile2 {program} 0 R>>"
    )


def _widths(font: FontProgram, letters: dict[int, str]) -> str:
    return " ".join(f"{glyph}[{font.widths[glyph] * 1000 / font.em:.4g}]" for glyph in letters)


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
