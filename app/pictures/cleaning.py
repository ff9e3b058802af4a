"""A photograph made small and clean: its pixels alone, upright, without where and when. Pure."""

import hashlib
import io
from dataclasses import dataclass
from functools import cached_property

from PIL import Image, ImageOps

from app.errors import Refused, refuse
from app.kit.messages import say

FIELD = "file"
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1_600
SHORTEST_SIDE = 16
WANTED_BYTES = 200_000
FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/jpeg"
# Tried in this order until the picture is small enough; then its sides shrink.
QUALITIES = (80, 70, 60, 50)
SHRINKING = 0.8
LIKENESS_SIDE = 8


@dataclass(frozen=True)
class CleanPicture:
    """A photograph fit to keep: a JPEG, its size in pixels, and what it is known by.

    `sent_sha256` is of the bytes as they came; `likeness` a 64-bit difference hash, hexadecimal.
    """

    content: bytes
    width: int
    height: int
    sent_sha256: str
    likeness: str

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def cleaned_picture(content: bytes) -> CleanPicture:
    """The photograph written anew. Known by its bytes, not by its name. Raises Refused for `file`."""
    plain = opened_picture(content)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written, plain = _small_enough(plain)
    return CleanPicture(
        content=written,
        width=plain.width,
        height=plain.height,
        sent_sha256=hashlib.sha256(content).hexdigest(),
        likeness=likeness_of(plain),
    )


def opened_picture(content: bytes) -> Image.Image:
    """The pixels of a file somebody sent, upright, on white. Raises Refused for `file`."""
    if not content:
        raise refuse(FIELD, say("The file is empty."))
    if len(content) > MOST_BYTES:
        raise refuse(FIELD, say("The file is larger than {most} MB.", most=MOST_BYTES >> 20))
    return _opened(content)


def likeness_of(picture: Image.Image) -> str:
    """Whether each of 8 × 8 fields is brighter than its right neighbour, as 16 hexadecimal digits.

    The same photograph at another size or quality gives the same digits, or nearly.
    """
    grey = picture.convert("L").resize((LIKENESS_SIDE + 1, LIKENESS_SIDE), Image.Resampling.BOX)
    light = list(grey.tobytes())
    rows = [light[at : at + LIKENESS_SIDE + 1] for at in range(0, len(light), LIKENESS_SIDE + 1)]
    bits = "".join(
        "1" if row[at] > row[at + 1] else "0" for row in rows for at in range(LIKENESS_SIDE)
    )
    return f"{int(bits, 2):016x}"


def _opened(content: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            _require_moderate(opened)
            # A JPEG is decoded no larger than needed: a cheap telephone's 50 million pixels too.
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _flat(ImageOps.exif_transpose(opened))
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (OSError, ValueError, SyntaxError, OverflowError):
        raise refuse(FIELD, say("Send a photograph (JPEG, PNG or WebP).")) from None


def _require_moderate(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()
    if min(width, height) < SHORTEST_SIDE:
        raise refuse(FIELD, say("The picture is too small to show anything."))


def _flat(picture: Image.Image) -> Image.Image:
    """The pixels alone, on white where they were transparent: nothing else of the file remains."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain


def _small_enough(picture: Image.Image) -> tuple[bytes, Image.Image]:
    while True:
        for quality in QUALITIES:
            written = _jpeg(picture, quality)
            if len(written) <= WANTED_BYTES:
                return written, picture
        width, height = (max(SHORTEST_SIDE, round(side * SHRINKING)) for side in picture.size)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality, optimize=True, progressive=True)
    return written.getvalue()


def _too_many_pixels() -> Refused:
    most = MOST_PIXELS // 1_000_000
    return refuse(FIELD, say("The picture has more than {most} million pixels.", most=most))
