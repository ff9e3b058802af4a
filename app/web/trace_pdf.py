"""A trace on paper, A4: what was asked, how many kilograms are accounted for, the drawing, the table."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from fpdf import FPDF
from fpdf.fonts import FontFace

from app.kit.codes import grouped
from app.kit.i18n import Language, language
from app.kit.messages import say
from app.kit.quantities import Grams
from app.labels.report_paper import MARGIN_MM, WIDTH_MM, ReportPaper, moment, printable
from app.labels.typeface import Weight
from app.tracing.traces import Trace
from app.tracing.whereabouts import Whereabouts, accounted, percent_accounted
from app.web.trace_drawing import HEIGHT, WIDTH, Box, Drawing, drawn
from app.web.trace_words import CUTS, HOLDING_STATES, STARTS_CUT, label_line
from app.web.words import LOT_STATES

MOST_ROWS = 300
# Millimetres for a unit of the drawing: at its largest letters of 9 points, at its smallest of 4.
_LARGEST, _SMALLEST = 0.25, 0.11
_TALLEST_MM = 230
_GREY, _GREEN, _RED = (75, 107, 88), (15, 90, 49), (163, 22, 26)
_TABLE = (34, 28, 42, 22, 48)


def trace_pdf(told: Trace, asked: str, *, language: Language, now: datetime) -> bytes:
    """The trace as a PDF, in Vietnamese where the typeface lacks the reader's letters."""
    reader = _reader(language)
    title = reader.say(say("Trace"))
    paper = ReportPaper(title, language=reader.tag, now=now)
    paper.title(title)
    paper.small(moment(now))
    paper.line(f"{reader.say(told.begun.what)}: {asked}")
    if told.label:
        paper.line(label_line(told.label, reader))
    _figures(paper, told, reader)
    drawing = drawn(told.found)
    if drawing is not None and _scale(drawing) is not None:
        _draw(paper.pdf, drawing, told, reader)
    _table(paper, told, reader)
    _suppliers(paper, told, reader)
    return paper.content()


def _reader(reader: Language) -> Language:
    return language("vi") if reader.tag == "zh" else reader


def _figures(paper: ReportPaper, told: Trace, reader: Language) -> None:
    known, whole = accounted(told.places)
    percent = percent_accounted(told.places)
    cuts = [CUTS[told.found.cut.value]] if told.found.cut else []
    for why in [*([STARTS_CUT] if told.begun.more else []), *cuts]:
        paper.line(reader.say(why))
    lots = reader.say(say("Lots: {count}", count=len(told.found.lots)))
    paper.heading(lots)
    if percent is not None:
        words = say(
            "Accounted for: {known} of {whole} ({percent} %)",
            known=known,
            whole=whole,
            percent=reader.number(Decimal(str(percent))),
        )
        paper.line(reader.say(words))
    sums: defaultdict[str, int] = defaultdict(int)
    for place in told.places:
        sums[place.state.value] += place.quantity_g
    for state, words in HOLDING_STATES.items():
        if sums[state]:
            paper.small(f"{reader.say(words)}: {reader.quantity(Grams(sums[state]))}")


def _scale(drawing: Drawing) -> float | None:
    """How large it is drawn; None where it could not be read."""
    fits = min(WIDTH_MM / drawing.width, _TALLEST_MM / drawing.height, _LARGEST)
    return fits if fits >= _SMALLEST else None


def _draw(pdf: FPDF, drawing: Drawing, told: Trace, reader: Language) -> None:
    scale = _scale(drawing) or _LARGEST
    if pdf.get_y() + drawing.height * scale > pdf.h - MARGIN_MM:
        pdf.add_page()
    left, top = MARGIN_MM, pdf.get_y() + 2
    boxes = {box.lot.id: box for box in drawing.boxes}
    pdf.set_draw_color(*_GREY)
    pdf.set_line_width(0.25)
    for edge in told.found.edges:
        begin, end = boxes[edge.parent], boxes[edge.child]
        pdf.line(
            left + (begin.x + WIDTH) * scale,
            top + (begin.y + HEIGHT / 2) * scale,
            left + end.x * scale,
            top + (end.y + HEIGHT / 2) * scale,
        )
    pdf.set_font(Weight.REGULAR.value, size=_points(12, scale))
    for line in drawing.lines:
        weight = reader.quantity(Grams(line.quantity_g))
        start = left + line.x * scale - pdf.get_string_width(weight) / 2
        pdf.text(start, top + line.y * scale, weight)
    for box in drawing.boxes:
        _box(pdf, box, told, reader, (left, top, scale))
    pdf.set_y(top + drawing.height * scale + 4)


def _box(
    pdf: FPDF, box: Box, told: Trace, reader: Language, at: tuple[float, float, float]
) -> None:
    left, top, scale = at
    x, y = left + box.x * scale, top + box.y * scale
    stopped = box.lot.state.value == "recalled"
    pdf.set_draw_color(*(_RED if stopped else _GREEN))
    pdf.set_fill_color(255)
    pdf.set_line_width(0.8 if box.start else 0.3)
    pdf.rect(x, y, WIDTH * scale, HEIGHT * scale, style="DF")
    crop = getattr(told.names.crops[box.lot.crop_id], f"name_{reader.tag}")
    weight = reader.quantity(Grams(box.lot.quantity_g))
    state = reader.say(LOT_STATES[box.lot.state.value])
    words = (grouped(box.lot.code), crop[:24], f"{weight} · {state}")
    for row, (text, face) in enumerate(
        zip(words, (Weight.STRONG, *[Weight.REGULAR] * 2), strict=True)
    ):
        pdf.set_font(face.value, size=_points(13, scale))
        pdf.text(x + 10 * scale, y + (20 + 17 * row) * scale, printable(text))


def _points(size: float, scale: float) -> float:
    """The size of letters of the drawing, on paper."""
    return size * scale * 72 / 25.4


def _table(paper: ReportPaper, told: Trace, reader: Language) -> None:
    places: defaultdict[int, list[Whereabouts]] = defaultdict(list)
    for place in told.places:
        places[place.lot_id].append(place)
    headings = (say("Lot"), say("Crop"), say("Organisation"), say("Weight"), say("Where it is"))
    pdf = paper.pdf
    pdf.set_draw_color(185, 207, 193)
    pdf.set_line_width(0.2)
    pdf.set_font(Weight.REGULAR.value, size=8)
    strong = FontFace(family=Weight.STRONG.value, size_pt=8)
    with pdf.table(
        col_widths=_TABLE, headings_style=strong, line_height=4.2, text_align="LEFT"
    ) as table:
        table.row([reader.say(one) for one in headings])
        for lot in list(told.found.lots.values())[:MOST_ROWS]:
            names = told.names
            there = [
                f"{reader.say(HOLDING_STATES[one.state.value])}:"
                f" {reader.quantity(Grams(one.quantity_g))} · {one.party or one.organisation}"
                for one in places[lot.id]
            ]
            cells = (
                grouped(lot.code),
                getattr(names.crops[lot.crop_id], f"name_{reader.tag}"),
                names.organisations[lot.organisation_id],
                reader.quantity(Grams(lot.quantity_g)),
                "\n".join(there) or "–",
            )
            table.row([printable(cell) for cell in cells])
    if len(told.found.lots) > MOST_ROWS:
        paper.small(reader.say(say("The Excel file holds all of them.")))


def _suppliers(paper: ReportPaper, told: Trace, reader: Language) -> None:
    """One step back out of the system, where lots of the trace came from outside."""
    if told.supplies:
        paper.heading(reader.say(say("From suppliers outside of this system")))
    for one in told.supplies[:MOST_ROWS]:
        known = (one.supplier, one.supplier_address, one.supplier_code, one.document)
        paper.line(f"{grouped(told.found.lots[one.lot_id].code)} · {moment(one.received_at)}")
        paper.small(
            f"{reader.quantity(Grams(one.quantity_g))} · {', '.join(filter(None, known))}"
            f" – {one.organisation}"
        )
