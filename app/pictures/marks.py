"""The mark of a standard made small, grey and clean: the pixels alone, as a PNG. Pure."""

import io

from PIL import Image

from app.catalogue.artwork import Artwork
from app.errors import refuse
from app.kit.messages import say
from app.pictures.cleaning import FIELD, SHORTEST_SIDE, SHRINKING, opened_picture

# At 600 dots to the inch a mark of an inch: larger ones on labels are rare.
LONGEST_SIDE = 600
MOST_BYTES = 60_000
# Printed in black dots only, what is lighter than this stays white.
DARK_BELOW = 160


def cleaned_mark(content: bytes) -> Artwork:
    """The picture of a mark in shades of grey on white. Raises Refused for `file`."""
    grey = opened_picture(content).convert("L")
    grey.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    shades = grey.histogram()
    if not any(shades[:DARK_BELOW]) or not any(shades[DARK_BELOW:]):
        raise refuse(FIELD, say("Nothing of this picture would print in black."))
    written = _png(grey)
    while len(written) > MOST_BYTES:
        width, height = (max(SHORTEST_SIDE, round(side * SHRINKING)) for side in grey.size)
        grey = grey.resize((width, height), Image.Resampling.LANCZOS)
        written = _png(grey)
    return Artwork(written, grey.width, grey.height)


def _png(grey: Image.Image) -> bytes:
    written = io.BytesIO()
    grey.save(written, "PNG", optimize=True)
    return written.getvalue()
