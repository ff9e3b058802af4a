"""The picture of a shared link: the goods, how they stand today, whose they are. 1200 × 630 pixels. Pure."""

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from app.kit.i18n import Language, language
from app.labels.letters import font_files, pieces, printable, width_of
from app.labels.payload import host_of
from app.labels.typeface import Weight
from app.provenance.standing import Tone
from app.provenance.story import Story

# What Facebook, Zalo and others show large; ratio 1.91 to 1.
SIZE = (1200, 630)
# Some readers of links fetch no picture that takes them long.
MOST_BYTES = 100_000
QUALITIES = (78, 66, 54, 40)
PICTURE_WIDTH = 500
EDGE = 44
INK, SOFT, PAPER, PALE = "#101b14", "#3d4a42", "#ffffff", "#e7f3ea"
TONES: Mapping[Tone, tuple[str, str]] = {
    Tone.GOOD: ("#0f5a31", "#ffffff"),
    Tone.PLAIN: ("#174a7c", "#ffffff"),
    Tone.CARE: ("#ffd23f", "#101b14"),
    Tone.STOP: ("#a3161a", "#ffffff"),
}
DRAWINGS = Path(__file__).with_name("drawings")
MOST_LINES = 3
LINES_OF_ONE = 2
BREAKS = " -/"  # behind which a line may end
MOST_COMMUNES = 3
LINE = 1.3  # how far lines stand apart, in their size
SCALES = (1, 0.88, 0.78, 0.68, 0.6)


@dataclass(frozen=True)
class Card:
    """Everything that is drawn; `photograph` None: the drawing of the crop stands in.

    `apart`: what the place does not say for all of the goods.
    """

    name: str
    status: str
    tone: Tone
    on: str
    producer: str
    place: str
    note: str
    host: str
    slug: str
    photograph: bytes | None
    apart: str = ""

    @cached_property
    def key(self) -> str:
        """The same for the same picture."""
        seen = hashlib.sha256(self.photograph or b"").hexdigest()
        told = (self.name, self.status, self.tone, self.on, self.producer, self.place, self.apart)
        return "\n".join((*told, self.note, self.host, self.slug, seen))


def card_of(story: Story, tag: str, photograph: bytes | None) -> Card:
    """What is shown of a lot in a language; nothing that its page does not say."""
    tell = language(tag)
    sold = story.sold_as[0].name(tag) if story.sold_as else ""
    return Card(
        name=sold or story.crop.name(tag),
        status=tell.say(story.strip.title),
        tone=story.strip.tone,
        # A shared picture is kept by others for weeks: it says of which day it speaks.
        on=tell.date(story.told_on),
        producer=tell.say(story.producer.name),
        place=_place(story, tell),
        note=" · ".join(_notes(story, tell, photograph)),
        host=host_of(story.address),
        slug=story.crop.slug,
        photograph=photograph,
        apart=tell.gettext("Part of it comes from outside of this system")
        if story.communes and story.outside_percent
        else "",
    )


def _place(story: Story, tell: Language) -> str:
    """The communes it grew in, those with the larger shares first; or that nobody knows."""
    if not story.communes:
        return tell.gettext("Bought from a supplier outside of this system")
    more = " …" if len(story.communes) > MOST_COMMUNES else ""
    return f"{', '.join(story.communes[:MOST_COMMUNES])}{more}, {story.province.replace('Tỉnh', 'tỉnh')}"


def _notes(story: Story, tell: Language, photograph: bytes | None) -> Iterator[str]:
    if photograph is None:
        yield tell.gettext("Illustration")
    if story.demonstration:
        yield tell.gettext("Demonstration: fictional people and organisations.")


def drawn(card: Card) -> bytes:
    """The card as a JPEG without any metadata."""
    picture = Image.new("RGB", SIZE, PAPER)
    picture.paste(_goods(card), (0, 0))
    pen = ImageDraw.Draw(picture)
    left, right = PICTURE_WIDTH + EDGE, SIZE[0] - EDGE
    ground, ink = TONES[card.tone]
    lines = list(_wrapped(card.status, Weight.STRONG, 46, right - left))[:MOST_LINES]
    band = EDGE + 60 * len(lines) + 64
    pen.rectangle((PICTURE_WIDTH, 0, SIZE[0], band), fill=ground)
    below = _write(pen, lines, (left, EDGE - 8), Weight.STRONG, 46, ink)
    _write(pen, [card.on], (left, below + 2), Weight.REGULAR, 30, ink)
    foot = [line for line in (card.note, f"Nguồn Gốc · {card.host}") if line]
    small = [part for line in foot for part in _wrapped(line, Weight.REGULAR, 26, right - left)]
    floor = SIZE[1] - 30 - 34 * len(small)
    for one in written_between(card, band + 32, floor - 8, right - left):
        _write(pen, [one.text], (left, one.top), one.weight, one.size, one.colour)
    _write(pen, small, (left, floor), Weight.REGULAR, 26, SOFT)
    made = (_jpeg(picture, quality) for quality in QUALITIES)
    written = next(made)
    while len(written) > MOST_BYTES:
        lighter = next(made, None)
        if lighter is None:
            break
        written = lighter
    return written


@dataclass(frozen=True)
class Written:
    """One line of the card and where it stands."""

    text: str
    weight: Weight
    size: int
    colour: str
    top: float

    @property
    def bottom(self) -> float:
        return self.top + round(self.size * LINE)


def written_between(card: Card, top: float, floor: float, room: float) -> list[Written]:
    """Name, producer and place, smaller where they would not fit; what still does not is left out."""
    for most in (LINES_OF_ONE, LINES_OF_ONE + 1):
        for scale in SCALES:
            lines, whole = _stacked(card, top, room, scale, most)
            if whole and lines[-1].bottom <= floor:
                return lines
    return [line for line in lines if line.bottom <= floor]


def _stacked(
    card: Card, top: float, room: float, scale: float, most: int
) -> tuple[list[Written], bool]:
    """The lines below each other, and whether all are there: of one text at most so many."""
    lines, whole = [], True
    for text, weight, full, colour in (
        (card.name, Weight.STRONG, 66, INK),
        (card.producer, Weight.REGULAR, 38, INK),
        (card.place, Weight.REGULAR, 34, SOFT),
        (card.apart, Weight.STRONG, 32, INK),
    ):
        size = round(full * scale)
        wrapped = list(_wrapped(text, weight, size, room))
        whole = whole and len(wrapped) <= most
        for words in wrapped[:most]:
            lines.append(Written(words, weight, size, colour, top))
            top += round(size * LINE)
        top += round(12 * scale) if wrapped else 0
    return lines, whole


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def _goods(card: Card) -> Image.Image:
    room = (PICTURE_WIDTH, SIZE[1])
    if card.photograph is not None:
        with Image.open(io.BytesIO(card.photograph)) as opened:
            plain = Image.new("RGB", opened.size)
            plain.paste(opened.convert("RGB"))
        return ImageOps.fit(plain, room, Image.Resampling.LANCZOS)
    ground = Image.new("RGB", room, PALE)
    drawing = _drawing(card.slug)
    ground.paste(drawing, ((room[0] - drawing.width) // 2, (room[1] - drawing.height) // 2))
    return ground


@cache
def _drawing(slug: str) -> Image.Image:
    """The crop's drawing; a plain seedling for a new crop."""
    file = DRAWINGS / f"{slug.lower()}.png"
    with Image.open(file if file.exists() else DRAWINGS / "rau.png") as opened:
        return opened.convert("RGB")


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font_files()[name]), size)


def _wrapped(text: str, weight: Weight, size: int, room: float) -> Iterator[str]:
    """The text in lines that fit; between Chinese letters a line may end anywhere, and in a long word."""
    line = ""
    for word in _fitting(_words(printable(text)[0]), weight, size, room):
        longer = f"{line}{word}"
        if line and width_of(longer.rstrip(), weight, size) > room:
            yield line.rstrip()
            line = word.lstrip()
        else:
            line = longer
    if line.strip():
        yield line.rstrip()


def _fitting(words: Iterable[str], weight: Weight, size: int, room: float) -> Iterator[str]:
    """The words; one that is wider than a whole line in parts."""
    for word in words:
        part = ""
        for letter in word:
            if part and width_of(f"{part}{letter}".rstrip(), weight, size) > room:
                yield part
                part = ""
            part += letter
        yield part


def _words(text: str) -> Iterator[str]:
    word = ""
    for letter in text:
        word += letter
        if letter in BREAKS or ord(letter) >= 0x2E80:  # noqa: PLR2004  # from here on Chinese
            yield word
            word = ""
    yield word


def _write(
    pen: ImageDraw.ImageDraw,
    lines: Sequence[str],
    at: tuple[float, float],
    weight: Weight,
    size: int,
    colour: str,
) -> float:
    """Write lines below each other; the height where the next may begin."""
    left, top = at
    for line in lines:
        x = left
        for name, run in pieces(line, weight):
            pen.text((x, top + size), run, fill=colour, font=_font(name, size), anchor="ls")
            x += width_of(run, weight, size)
        top += round(size * LINE)
    return top
