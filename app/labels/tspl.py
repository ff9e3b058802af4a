"""TSPL (TSC, Xprinter, Gprinter and others): labels as bitmaps, with the stock's size and gap.

Written from the TSPL/TSPL2 Programming Manual: lines end in CR LF, and in BITMAP a 0 is a black dot.
"""

from dataclasses import dataclass

from app.labels.bitmap import Bitmap

_TURNED = bytes(255 - value for value in range(256))
_MOST_COPIES = 999_999


@dataclass(frozen=True)
class Stock:
    """What lies in the printer, in mm: the label (a whole row where several lie abreast), the gap.

    `turned` prints head first: printers of one language differ in which end leaves them first.
    """

    width_mm: float
    height_mm: float
    gap_mm: float = 2.0
    turned: bool = False


def tspl_setup(stock: Stock) -> bytes:
    """What a run begins with."""
    lines = (
        f"SIZE {stock.width_mm:g} mm,{stock.height_mm:g} mm",
        f"GAP {stock.gap_mm:g} mm,0 mm",
        f"DIRECTION {int(stock.turned)}",
        "REFERENCE 0,0",
        "SET TEAR ON",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()


def tspl_label(label: Bitmap, *, copies: int = 1) -> bytes:
    """One label: the buffer cleared, the bitmap, `copies` printed."""
    if not 1 <= copies <= _MOST_COPIES:
        raise ValueError(f"1 to {_MOST_COPIES} copies")
    head = f"CLS\r\nBITMAP 0,0,{label.row_bytes},{label.height},0,".encode()
    return head + label.rows.translate(_TURNED) + f"\r\nPRINT 1,{copies}\r\n".encode()
