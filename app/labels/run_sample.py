"""A mark that is nobody's: a ring with the word for sample in it, where a layout is looked at."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from app.catalogue.artwork import Artwork
from app.labels.letters import font_files
from app.labels.typeface import Weight

SIDE = 300
_RING = 18
_WORD = "MẪU"


@cache
def sample_artwork() -> Artwork:
    """The sample's picture."""
    image = Image.new("L", (SIDE, SIDE), 255)
    draw = ImageDraw.Draw(image)
    draw.ellipse((2, 2, SIDE - 3, SIDE - 3), outline=0, width=_RING)
    font = ImageFont.truetype(str(font_files()[Weight.STRONG.value]), SIDE // 3)
    draw.text((SIDE / 2, SIDE / 2), _WORD, fill=0, font=font, anchor="mm")
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return Artwork(written.getvalue(), SIDE, SIDE)
