"""One door to the printers' languages: whatever the printer speaks, a label is a bitmap."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from app.labels.bitmap import Bitmap
from app.labels.escpos import escpos_label
from app.labels.tspl import Stock, tspl_label, tspl_setup
from app.labels.zpl import zpl_graphic


class PrinterLanguage(StrEnum):
    """What a printer understands; the value is also how its files end."""

    ZPL = "zpl"
    TSPL = "tspl"
    ESCPOS = "escpos"


def printed(
    language: PrinterLanguage, labels: Iterable[tuple[Bitmap, int]], stock: Stock
) -> Iterator[bytes]:
    """A run of (label, copies) in a printer's language, one piece a label: memory of one label.

    Each piece can be sent again by itself; the first one also sets the printer up.
    """
    setup = tspl_setup(stock) if language is PrinterLanguage.TSPL else b""
    for label, copies in labels:
        yield setup + _label(language, label, copies)
        setup = b""


def _label(language: PrinterLanguage, label: Bitmap, copies: int) -> bytes:
    match language:
        case PrinterLanguage.ZPL:
            return zpl_graphic(label, copies=copies)
        case PrinterLanguage.TSPL:
            return tspl_label(label, copies=copies)
        case PrinterLanguage.ESCPOS:
            return escpos_label(label, copies=copies)
