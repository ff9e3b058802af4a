"""A report as a DOCX in the form of NĐ 30/2020/NĐ-CP, Phụ lục I, to be opened, signed and sent on."""

import io
from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from app.plan.report_blocks import Annex, Block, Chart, Letter, Manner, ReportDocument, Table, Words
from app.plan.report_chart import chart_png
from app.plan.report_docx_parts import (
    centred,
    first_paragraph,
    number_pages,
    plain_table,
    put,
    repeat_head,
    rule,
    set_face,
    tight,
)
from app.plan.report_docx_table import write_table

TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 16
SHORT, LONG = 210, 297
INDENT = 10
BODY, SMALL = 14, 12


def report_docx(document: ReportDocument, *, now: datetime) -> bytes:
    """The whole report; the same arguments give the same parts."""
    made = docx.Document()
    _prepare(made, document, now)
    _shape(made.sections[0], wide=False)
    _letterhead(made, document.letter)
    for block in document.body:
        _block(made, block, SHORT - LEFT - RIGHT)
    _foot(made, document.letter)
    for annex in document.annexes:
        _annex(made, annex, document.enclosed_with)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _prepare(made: Any, document: ReportDocument, now: datetime) -> None:
    set_face(made.styles["Normal"], BODY)
    told = made.core_properties
    told.title, told.author = document.letter.subject[:250], document.letter.office[:250]
    told.language, told.comments = "vi-VN", ""
    told.created = told.modified = now.astimezone(UTC).replace(tzinfo=None)
    form = made.styles["Normal"].paragraph_format
    form.space_after, form.line_spacing = Pt(6), 1.15


def _shape(section: Any, *, wide: bool) -> None:
    across, down = (LONG, SHORT) if wide else (SHORT, LONG)
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(across), Mm(down)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = Mm(9)
    number_pages(section)


def _letterhead(made: Any, letter: Letter) -> None:
    left, right = 68.0, 96.0
    cells = plain_table(made, (left, right)).rows[0].cells
    first = centred(first_paragraph(cells[0]))
    if letter.superior:
        put(first, letter.superior, 12)
        first = centred(cells[0].add_paragraph())
    put(first, letter.office, 12, bold=True)
    rule(cells[0].add_paragraph(), left, left * 0.4)
    put(centred(cells[0].add_paragraph(), before=4), letter.number, 13)
    put(centred(first_paragraph(cells[1])), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True)
    put(centred(cells[1].add_paragraph()), "Độc lập - Tự do - Hạnh phúc", 13, bold=True)
    rule(cells[1].add_paragraph(), right, 58)
    put(centred(cells[1].add_paragraph(), before=4), letter.place_and_day, 13, italic=True)
    put(centred(made.add_paragraph(), before=18), letter.kind, BODY, bold=True)
    put(centred(made.add_paragraph()), letter.subject, BODY, bold=True)
    width = SHORT - LEFT - RIGHT
    rule(made.add_paragraph(), width, width * 0.28)
    said = f"Kính gửi: {letter.addressee}."
    put(centred(made.add_paragraph(), before=8, after=12), said, BODY)


def _block(made: Any, block: Block, width: float) -> None:
    match block:
        case Words():
            _words(made, block)
        case Table():
            write_table(made, block, width)
        case Chart():
            _chart(made, block, width)


def _words(made: Any, words: Words) -> None:
    note = words.manner is Manner.NOTE
    heading = words.manner in (Manner.HEADING, Manner.SUBHEADING)
    paragraph = made.add_paragraph()
    form = paragraph.paragraph_format
    form.first_line_indent, form.keep_with_next = Mm(INDENT), heading
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if note else WD_ALIGN_PARAGRAPH.JUSTIFY
    put(paragraph, words.text, SMALL if note else BODY, bold=heading, italic=note)


def _chart(made: Any, chart: Chart, width: float) -> None:
    caption = centred(made.add_paragraph(), before=6)
    caption.paragraph_format.keep_with_next = True
    put(caption, chart.caption, SMALL, bold=True)
    holder = centred(made.add_paragraph())
    holder.paragraph_format.keep_with_next = True
    holder.add_run().add_picture(io.BytesIO(chart_png(chart)), width=Mm(width))
    for drawing in holder._p.iter("{*}docPr"):  # noqa: SLF001  # python-docx has no other way
        drawing.set("descr", f"{chart.caption}. {chart.said}")
    put(centred(made.add_paragraph(), after=8), chart.said, SMALL, italic=True)


def _foot(made: Any, letter: Letter) -> None:
    tight(made.add_paragraph()).paragraph_format.keep_with_next = True
    table = plain_table(made, (82.0, 82.0))
    repeat_head(table, 0)
    cells = table.rows[0].cells
    put(tight(first_paragraph(cells[0])), "Nơi nhận:", 12, bold=True, italic=True)
    for line in letter.recipients:
        put(tight(cells[0].add_paragraph()), f"- {line}", 11)
    paragraph = centred(first_paragraph(cells[1]))
    for at, line in enumerate(letter.signer_title):
        paragraph = centred(cells[1].add_paragraph()) if at else paragraph
        put(paragraph, line, 13, bold=True)
    put(centred(cells[1].add_paragraph(), before=64), letter.signer, BODY, bold=True)


def _annex(made: Any, annex: Annex, enclosed: str) -> None:
    _shape(made.add_section(WD_SECTION.NEW_PAGE), wide=annex.wide)
    width = (LONG if annex.wide else SHORT) - LEFT - RIGHT
    put(centred(made.add_paragraph()), f"Phụ lục {annex.number}", BODY, bold=True)
    put(centred(made.add_paragraph()), annex.title, BODY, bold=True)
    put(centred(made.add_paragraph()), enclosed, 13, italic=True)
    rule(made.add_paragraph(), width, width * 0.2)
    for block in annex.blocks:
        _block(made, block, width)
