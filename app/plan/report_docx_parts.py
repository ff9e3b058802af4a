"""What python-docx leaves to its user: rules, page numbers, repeated heads, widths; in millimetres."""

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph

FACE = "Times New Roman"
_EIGHTHS_OF_A_POINT = 6
# Points between a line and what stands above it: marks below Vietnamese vowels are not cut.
_BELOW_LETTERS = 3


def set_face(style: Any, size: float) -> None:
    """One face for every script: Word keeps four names of it."""
    style.font.name, style.font.size = FACE, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FACE)
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(name), None)


def put(
    paragraph: Paragraph, text: str, size: float, *, bold: bool = False, italic: bool = False
) -> Paragraph:
    """Words in a paragraph, in one size."""
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


def tight(paragraph: Paragraph, *, before: float = 0, after: float = 0) -> Paragraph:
    """Set without the body's indent and with these distances in points."""
    form = paragraph.paragraph_format
    form.first_line_indent, form.line_spacing = Mm(0), 1.0
    form.space_before, form.space_after = Pt(before), Pt(after)
    return paragraph


def centred(paragraph: Paragraph, **distances: float) -> Paragraph:
    """In the middle."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return tight(paragraph, **distances)


def rule(paragraph: Paragraph, room: float, length: float) -> None:
    """A line of a length in the middle of the room: the border of an otherwise empty paragraph."""
    centred(paragraph, before=_BELOW_LETTERS)
    side = Mm((room - length) / 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    put(paragraph, "", 2)
    paragraph.paragraph_format.line_spacing = Pt(4)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", str(_EIGHTHS_OF_A_POINT)), ("space", "1")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001  # python-docx has no other way
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def number_pages(section: Any) -> None:
    """The page's number in the middle of the upper margin; none on the first page; from one."""
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = section.first_page_header.is_linked_to_previous = False
    paragraph = centred(section.header.paragraphs[0])
    run = paragraph.add_run()
    run.font.size = Pt(13)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run._r.append(_field_part(kind, text))  # noqa: SLF001  # python-docx has no other way
    numbering = OxmlElement("w:pgNumType")
    numbering.set(qn("w:start"), "1")
    section._sectPr.append(numbering)  # noqa: SLF001  # python-docx has no other way


def _field_part(kind: str, text: str) -> Any:
    if kind:
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
        return part
    part = OxmlElement("w:instrText")
    part.set(qn("xml:space"), "preserve")
    part.text = text
    return part


def plain_table(holder: Any, widths: tuple[float, ...], rows: int = 1) -> DocxTable:
    """A table without lines, as wide as its columns."""
    made: DocxTable = holder.add_table(rows=rows, cols=len(widths))
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    set_widths(made, widths)
    return made


def set_widths(table: DocxTable, widths: tuple[float, ...]) -> None:
    """Word reads the widths of the cells, LibreOffice those of the columns: both are written."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def repeat_head(table: DocxTable, rows: int) -> None:
    """The first rows stand on every page again, and no row is torn apart."""
    for at, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001  # python-docx has no other way
        properties.append(OxmlElement("w:cantSplit"))
        if at < rows:
            properties.append(OxmlElement("w:tblHeader"))


def first_paragraph(cell: _Cell) -> Paragraph:
    """The paragraph that every cell has."""
    first: Paragraph = cell.paragraphs[0]
    return first
