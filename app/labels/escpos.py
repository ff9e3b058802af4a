"""ESC/POS (receipt printers, for want of a label printer): a label as a raster image, GS v 0."""

from app.labels.bitmap import Bitmap

_BAND = 128  # rows at a time: small printers hold no more
_RESET = b"\x1b@"
_RASTER = b"\x1dv0\x00"
_FEED = b"\x1bJ"
_CUT = b"\x1dVB\x00"
_MOST_FEED = 255


def escpos_label(
    label: Bitmap, *, copies: int = 1, feed_dots: int = 24, cut: bool = False
) -> bytes:
    """One label in bands, the paper fed on after it, `copies` times."""
    bands = (
        _band(label, start, min(_BAND, label.height - start))
        for start in range(0, label.height, _BAND)
    )
    feeds, rest = divmod(feed_dots, _MOST_FEED)
    after = _FEED + b"\xff"
    once = b"".join(bands) + after * feeds + _FEED + bytes([rest]) + (_CUT if cut else b"")
    return _RESET + once * copies


def _band(label: Bitmap, start: int, height: int) -> bytes:
    wide = label.row_bytes
    size = wide.to_bytes(2, "little") + height.to_bytes(2, "little")
    return _RASTER + size + label.rows[start * wide : (start + height) * wide]
