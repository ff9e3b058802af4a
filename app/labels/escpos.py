"""ESC/POS (receipt printers): a label as a raster image (GS v 0)."""

from app.labels.bitmap import Bitmap


def escpos_label(label: Bitmap, *, feed_dots: int = 0, cut: bool = False) -> bytes:
    """One label in bands a small printer can hold."""
    raise NotImplementedError
