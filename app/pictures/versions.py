"""Small versions of a kept photograph for a telephone on a bad network: pixels alone, few bytes. Pure."""

import io
from collections.abc import Mapping
from enum import StrEnum

from PIL import Image

WIDTHS = (160, 320, 640, 960)
# With the page and its stylesheet beside it, one photograph stays within the first 60 kB.
MOST_BYTES = 45_000
SHRINKING = 0.8


class VersionKind(StrEnum):
    """The formats, the smallest first; the value is the end of the address."""

    AVIF = "avif"
    WEBP = "webp"
    JPEG = "jpg"


MEDIA_TYPES: Mapping[VersionKind, str] = {
    VersionKind.AVIF: "image/avif",
    VersionKind.WEBP: "image/webp",
    VersionKind.JPEG: "image/jpeg",
}
# Tried in this order until the version is small enough; then its sides shrink.
_QUALITIES: Mapping[VersionKind, tuple[int, ...]] = {
    VersionKind.AVIF: (58, 45, 32),
    VersionKind.WEBP: (72, 58, 42),
    VersionKind.JPEG: (74, 60, 45),
}


def version_of(content: bytes, width: int, kind: VersionKind) -> bytes:
    """The photograph in one format, at most so wide, never larger than it is; nothing but pixels."""
    with Image.open(io.BytesIO(content)) as opened:
        plain = Image.new("RGB", opened.size)
        plain.paste(opened.convert("RGB"))
    # Twice as high as wide at most: a tall one is no heavier than a wide one.
    plain.thumbnail((width, 2 * width), Image.Resampling.LANCZOS)
    while True:
        for quality in _QUALITIES[kind]:
            written = _written(plain, kind, quality)
            if len(written) <= MOST_BYTES:
                return written
        plain = plain.resize(
            (max(1, round(plain.width * SHRINKING)), max(1, round(plain.height * SHRINKING))),
            Image.Resampling.LANCZOS,
        )


def _written(picture: Image.Image, kind: VersionKind, quality: int) -> bytes:
    out = io.BytesIO()
    match kind:
        case VersionKind.AVIF:
            picture.save(out, "AVIF", quality=quality, speed=8)
        case VersionKind.WEBP:
            picture.save(out, "WEBP", quality=quality, method=4)
        case VersionKind.JPEG:
            picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
