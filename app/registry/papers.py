"""Papers people send, made harmless: PDF without scripts, pictures without where they were taken. Pure."""

import hashlib
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import pikepdf
from PIL import Image, ImageOps

from app.errors import Refused, refuse
from app.kit.messages import Message, say
from app.kit.text import TextRefused, clean

FIELD = "file"
MOST_PAGES = 60
MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 3_000
JPEG_QUALITY = 85
# A drawing of few colours stays sharp as PNG; a photograph is smaller as JPEG.
FEW_COLOURS = 256
LONGEST_NAME = 150
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}

# What a document or a page may do by itself, hold inside itself, or ask of its reader (ISO 32000).
_ACTIVE_ROOT = ("/OpenAction", "/AA", "/AcroForm", "/URI", "/Collection", "/AF")
_ACTIVE_NAMES = ("/JavaScript", "/EmbeddedFiles")
_ACTIVE_PAGE = ("/AA", "/AF")
_HARMLESS_ACTIONS = ("/URI", "/GoTo")
_HARMLESS_SCHEMES = ("http://", "https://", "mailto:", "tel:")


@dataclass(frozen=True)
class Paper:
    """A paper fit to keep: its bytes, what it is, and a sentence for what was taken out of it.

    `sha256` is of the cleaned bytes, in lower-case hexadecimal.
    """

    content: bytes
    media_type: str
    filename: str
    pages: int
    changes: tuple[Message, ...]

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def cleaned(content: bytes, *, filename: str) -> Paper:
    """The paper written anew without whatever could act or tell more than it shows.

    Known by its first bytes, not by its name. Raises Refused for the field `file`.
    """
    if not content:
        raise refuse(FIELD, say("The file is empty."))
    if len(content) > MOST_BYTES:
        raise refuse(FIELD, say("The file is larger than {most} MB.", most=MOST_BYTES >> 20))
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return _pdf(content, filename)
    return _picture(content, filename)


def _pdf(content: bytes, filename: str) -> Paper:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return _without_actions(pdf, filename)
    except pikepdf.PasswordError:
        why = say("The PDF is locked with a password. Save it without one and send it again.")
        raise refuse(FIELD, why) from None
    except (pikepdf.PdfError, ValueError, RecursionError, OverflowError):
        raise refuse(FIELD, say("The PDF is damaged and cannot be read.")) from None


def _without_actions(pdf: pikepdf.Pdf, filename: str) -> Paper:
    pages = len(pdf.pages)
    if not 0 < pages <= MOST_PAGES:
        raise refuse(FIELD, say("A PDF has between 1 and {most} pages.", most=MOST_PAGES))
    taken = sum(
        [
            _drop(pdf.Root, _ACTIVE_ROOT),
            _drop(pdf.Root.get("/Names"), _ACTIVE_NAMES),
            *(_drop(page.obj, _ACTIVE_PAGE) + _drop_annotations(page.obj) for page in pdf.pages),
        ]
    )
    if "/Metadata" in pdf.Root:
        del pdf.Root["/Metadata"]
    del pdf.docinfo
    written = io.BytesIO()
    pdf.save(written, linearize=False, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    changes = (say("Scripts, forms or attached files were taken out."),) if taken else ()
    return Paper(
        written.getvalue(), "application/pdf", _named(filename, "application/pdf"), pages, changes
    )


def _drop(holder: Any, keys: Iterable[str]) -> int:
    if not isinstance(holder, pikepdf.Dictionary):
        return 0
    found = [key for key in keys if key in holder]
    for key in found:
        del holder[key]
    return len(found)


def _drop_annotations(page: Any) -> int:
    """Leave only links that open a page or an ordinary address."""
    annotations = page.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return 0
    kept = [one for one in annotations if _harmless(one)]
    lost = len(annotations) - len(kept)
    if lost:
        page["/Annots"] = pikepdf.Array(kept)
    return lost


def _harmless(annotation: Any) -> bool:
    if not isinstance(annotation, pikepdf.Dictionary) or "/AA" in annotation:
        return False
    if annotation.get("/Subtype") in {"/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/3D"}:
        return False
    action = annotation.get("/A")
    if action is None:
        return True
    if not isinstance(action, pikepdf.Dictionary) or action.get("/S") not in _HARMLESS_ACTIONS:
        return False
    address = str(action.get("/URI", "http://")).strip().lower()
    return "/Next" not in action and address.startswith(_HARMLESS_SCHEMES)


def _picture(content: bytes, filename: str) -> Paper:
    try:
        with Image.open(io.BytesIO(content), formats=tuple(PICTURES)) as opened:
            _require_moderate(opened)
            upright = ImageOps.exif_transpose(opened)
            told = bool(opened.getexif()) or "exif" in opened.info or "xmp" in opened.info
            plain = _flat(upright)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (OSError, ValueError, SyntaxError):
        raise _not_accepted() from None
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    body, media_type = _encoded(plain)
    taken = say("Where and with what the picture was taken is not kept.")
    changes = (taken,) if told else ()
    return Paper(body, media_type, _named(filename, media_type), 1, changes)


def _require_moderate(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()


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


def _encoded(picture: Image.Image) -> tuple[bytes, str]:
    written = io.BytesIO()
    if picture.getcolors(FEW_COLOURS) is not None:
        picture.save(written, "PNG", optimize=True)
        return written.getvalue(), "image/png"
    picture.save(written, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return written.getvalue(), "image/jpeg"


def _named(filename: str, media_type: str) -> str:
    """The name without its path, ending as what the file really is."""
    last = PurePosixPath(filename.replace("\\", "/")).name
    stem = re.sub(r'[<>:"|?*\x00-\x1f\x7f]', " ", last.rsplit(".", 1)[0])[:LONGEST_NAME]
    try:
        stem = clean(stem, longest=LONGEST_NAME)
    except TextRefused:
        stem = ""
    return (stem.strip(". ") or "giay-to") + ENDINGS[media_type]


def _too_many_pixels() -> Refused:
    most = MOST_PIXELS // 1_000_000
    return refuse(FIELD, say("The picture has more than {most} million pixels.", most=most))


def _not_accepted() -> Refused:
    return refuse(FIELD, say("Send a PDF or a picture (JPEG, PNG or WebP)."))
