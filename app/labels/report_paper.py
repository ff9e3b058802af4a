"""A report on paper, A4: headings and lines of text, with what the typeface lacks shown as a question mark."""

from collections.abc import Iterable
from datetime import UTC, datetime

from fpdf import FPDF

from app.kit.clock import local
from app.labels.typeface import Weight, font_file, unprintable

MARGIN_MM = 18
WIDTH_MM = 210 - 2 * MARGIN_MM
_HEADING, _TEXT, _SMALL = 11, 10, 9
_TITLE = 15
_LEADING = 0.55
_APART_MM = 3


class ReportPaper:
    """The pages of a report; text flows on to the next page by itself."""

    def __init__(self, title: str, *, language: str, now: datetime) -> None:
        self.pdf = FPDF(unit="mm", format="A4")
        self.pdf.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
        self.pdf.set_auto_page_break(auto=True, margin=MARGIN_MM)
        for weight in Weight:
            self.pdf.add_font(weight.value, fname=font_file(weight))
        self.pdf.set_title(title)
        self.pdf.set_lang(language)
        self.pdf.set_producer("Nguồn Gốc")
        self.pdf.set_creation_date(now.astimezone(UTC))
        self.pdf.add_page()

    def title(self, text: str) -> None:
        self._write(text, Weight.STRONG, _TITLE)

    def heading(self, text: str) -> None:
        """Of a part of it, apart from the one before."""
        self.pdf.ln(_APART_MM)
        self._write(text, Weight.STRONG, _HEADING)

    def line(self, text: str) -> None:
        self._write(text, Weight.REGULAR, _TEXT)

    def small(self, text: str) -> None:
        self._write(text, Weight.REGULAR, _SMALL)

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Names with what they are; a name of nothing is left out."""
        for name, words in rows:
            if words:
                self.line(f"{name}: {words}")

    def content(self) -> bytes:
        """The finished file."""
        return bytes(self.pdf.output())

    def _write(self, text: str, weight: Weight, size: float) -> None:
        self.pdf.set_font(weight.value, size=size)
        words = printable(text)
        self.pdf.multi_cell(WIDTH_MM, size * _LEADING, words, new_x="LMARGIN", new_y="NEXT")


def printable(text: str) -> str:
    """The text with a question mark for every letter that the typeface lacks."""
    strange = set(unprintable(text)) - {"\n"}
    return "".join("?" if letter in strange else letter for letter in text)


def moment(instant: datetime | None) -> str:
    """An instant as people in Viet Nam write it; empty where there is none."""
    return "" if instant is None else f"{local(instant):%H:%M %d/%m/%Y}"
