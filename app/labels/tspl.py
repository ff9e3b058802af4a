"""TSPL (TSC, Xprinter, Gprinter): labels as bitmaps with the stock's size and gap."""

from dataclasses import dataclass

from app.labels.bitmap import Bitmap


@dataclass(frozen=True)
class Stock:
    """What lies in the printer, in mm."""

    width_mm: float
    height_mm: float
    gap_mm: float = 2.0


def tspl_setup(stock: Stock) -> bytes:
    """What a run begins with: SIZE, GAP, DIRECTION, REFERENCE."""
    raise NotImplementedError


def tspl_label(label: Bitmap, *, copies: int = 1) -> bytes:
    """One label: CLS, BITMAP, PRINT."""
    raise NotImplementedError
