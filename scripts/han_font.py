"""Cuts the Chinese letters of labels out of Noto Sans CJK SC (Debian's fonts-noto-cjk), as TrueType.

GB 2312 level 1 (3,755 characters), Chinese punctuation, and whatever else the shipped names of crops
hold. Curves become quadratic, because the PDF and the picture are drawn from one kind of outline.
"""

import csv
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

ROOT = Path(__file__).parent.parent
SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIMPLIFIED = 2
OUT = ROOT / "app" / "labels" / "fonts" / "NotoSansSC-Labels.ttf"
PUNCTUATION = "、。·—…‘’“”〔〕〈〉《》「」『』【】（），．：；！？％／～￥①②③④⑤⑥⑦⑧⑨⑩㎡℃　"
TOLERANCE = 1.0


def main() -> None:
    """Write the font."""
    source = TTCollection(SOURCE, lazy=True).fonts[SIMPLIFIED]
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    chosen = Subsetter(options)
    chosen.populate(unicodes=wanted() & source.getBestCmap().keys())
    chosen.subset(source)
    quadratic(source).save(OUT)
    print(f"{OUT.name}: {OUT.stat().st_size} bytes, {len(source.getBestCmap())} characters")


def wanted() -> set[int]:
    """Code points of GB 2312 level 1, of punctuation, and of the names of crops."""
    level_one = bytes(
        byte for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF) for byte in (row, cell)
    ).decode("gb2312", errors="ignore")
    with (ROOT / "app/reference/data/crops.csv").open(encoding="utf-8") as file:
        names = "".join(row["name_zh"] for row in csv.DictReader(file))
    return {ord(letter) for letter in level_one + PUNCTUATION + names if ord(letter) > 0x7F}


def quadratic(font: TTFont) -> TTFont:
    """The font with TrueType outlines."""
    glyphs, drawn = font.getGlyphSet(), {}
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, TOLERANCE, reverse_direction=True))
        drawn[name] = pen.glyph()
    made = FontBuilder(font["head"].unitsPerEm, isTTF=True)
    made.setupGlyphOrder(font.getGlyphOrder())
    made.setupCharacterMap(font.getBestCmap())
    made.setupGlyf(drawn)
    widths = {name: font["hmtx"][name][0] for name in font.getGlyphOrder()}
    bearings = {name: getattr(drawn[name], "xMin", 0) for name in widths}
    made.setupHorizontalMetrics({name: (widths[name], bearings[name]) for name in widths})
    line = font["hhea"]
    made.setupHorizontalHeader(ascent=line.ascent, descent=line.descent)
    made.setupNameTable(
        {
            "familyName": "Noto Sans SC Labels",
            "styleName": "Regular",
            "copyright": font["name"].getDebugName(0),
            "licenseDescription": font["name"].getDebugName(13),
            "licenseInfoURL": font["name"].getDebugName(14),
        }
    )
    made.setupOS2(
        sTypoAscender=line.ascent,
        sTypoDescender=line.descent,
        usWinAscent=line.ascent,
        usWinDescent=-line.descent,
    )
    made.setupPost(keepGlyphNames=False)
    made.font.recalcTimestamp = False
    return made.font


if __name__ == "__main__":
    main()
