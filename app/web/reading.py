"""Reads the QR in a photograph somebody took of a label."""

import io

import zxingcpp
from PIL import Image, UnidentifiedImageError

from app.labels.payload import lot_and_serial_in, names_a_lot

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 24_000_000
READ_AT = 1600


def text_in_photo(content: bytes) -> str | None:
    """What a symbol in the picture says; None when there is none or it is no picture.

    A carton bears several: one that names a lot is meant, and its serial if there is one.

    The picture is measured before it is unpacked, so a small file cannot become a huge one.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.draft("L", (READ_AT, READ_AT))
            grey = picture.convert("L")
            grey.thumbnail((READ_AT, READ_AT))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    texts = [symbol.text for symbol in zxingcpp.read_barcodes(grey)]
    labels = sorted(filter(names_a_lot, texts), key=lambda text: not lot_and_serial_in(text)[1])
    return next(iter([*labels, *texts]), None)
