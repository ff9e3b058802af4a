"""The labels of a run one after the other: the face a lot's labels share, and what differs on each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.catalogue.artwork import Artwork
from app.catalogue.gs1_numbers import sscc_of
from app.labels.artwork_placing import ArtworkAt, artworks_at
from app.labels.carton import Element
from app.labels.carton_marks import Marks, Modules, marks_of, whole_dots
from app.labels.composing import Composed, compose
from app.labels.dots import SymbolSize, size_for
from app.labels.fitting import Box, Line, Measure
from app.labels.layout import LayoutBody, SymbolPlace
from app.labels.payload import with_serial
from app.labels.serials import serials
from app.labels.symbols import encode

CHUNK = 1000
# A QR of a serialised lot is as large for every serial: they are all of one length up to here.
USUAL_SERIAL = "0" * 12
_QUIET_MODULES = 4


@dataclass(frozen=True)
class Edition:
    """One lot's part of a run, ready to be drawn: words, the QR's content, the carton's elements.

    `marks` are those of standards, by what their places are for.
    """

    words: Mapping[str, str]
    address: str
    first: int
    count: int
    key: bytes | None = None
    elements: tuple[Element, ...] = ()
    units: "Units | None" = None
    marks: Mapping[str, Artwork] = field(default_factory=dict)

    def elements_at(self, offset: int) -> tuple[Element, ...]:
        """The elements of the label at this place in the lot's labels, its SSCC first."""
        return self.elements if self.units is None else (self.units.at(offset), *self.elements)


@dataclass(frozen=True)
class Units:
    """The SSCCs of a lot's cartons: numbers of a company prefix from `first` on."""

    prefix: str
    first: int

    def at(self, offset: int) -> Element:
        """AI (00) of the label at this place in the lot's labels."""
        return "00", sscc_of(self.prefix, self.first + offset)


@dataclass(frozen=True)
class QrPlace:
    """Where the QR of every label of a lot stands: the first module's corner and the side, in mm."""

    x: float
    y: float
    size: SymbolSize

    @property
    def side(self) -> float:
        return self.size.modules * self.size.dots_a_module * self.size.dot_mm


@dataclass(frozen=True, eq=False)
class Front:
    """What all labels of a lot share: one object a lot, known by its identity."""

    composed: Composed
    qr: QrPlace
    bars: tuple[Box, ...]
    lines: tuple[Line, ...]
    dot_mm: float
    measure: Measure
    artworks: tuple[ArtworkAt, ...] = ()


@dataclass(frozen=True, eq=False)
class Label:
    """One label: its front, its own lines and bars (serial, SSCC), its QR's modules, no quiet zone."""

    front: Front
    lines: tuple[Line, ...]
    modules: Modules = field(repr=False)
    bars: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Numbered:
    """One label for a printer that draws symbol and number itself."""

    front: Front
    address: str
    serial: str


def front_of(
    layout: LayoutBody,
    edition: Edition,
    *,
    dot_mm: float,
    smallest_mm: float,
    measure: Measure,
    others: Sequence[tuple[str, float]] = (),
) -> Front:
    """What the labels of a lot share on a printer with such dots; Refused where it cannot be.

    `others` are layouts by name with the room they leave a QR: a refusal names those that would do.
    """
    composed = compose(layout, edition.words, measure)
    longest = with_serial(edition.address, USUAL_SERIAL) if edition.key else edition.address
    size = size_for(
        longest,
        room_mm=layout.qr_room,
        dot_mm=dot_mm,
        smallest_mm=smallest_mm,
        stocks=others,
    )
    shared = sum(
        (marks_of(place, edition.elements, dot_mm, measure) for place in _shared(layout, edition)),
        start=Marks(composed.bars, composed.fixed),
    )
    qr = _qr_place(next(place for place in layout.symbols if place.kind == "qr"), size)
    artworks = tuple(artworks_at(layout.marks, edition.marks, dot_mm))
    front = Front(composed, qr, shared.bars, shared.lines, dot_mm, measure, artworks)
    _own_marks(front, edition, 0)  # refused now, not when the run is made
    return front


def labels_of(front: Front, edition: Edition, *, skip: int = 0) -> Iterator[Label]:
    """The labels of a lot in order, from the `skip`-th on; memory does not grow with their number."""
    if edition.key is None:
        (modules,) = _modules([edition.address], front.qr.size)
        one = Label(front, (), modules)
        for at in range(skip, edition.count):
            yield one if edition.units is None else _unit(one, edition, at)
        return
    yield from _numbered(front, edition, edition.key, skip)


def numbered_of(front: Front, edition: Edition, key: bytes) -> Iterator[Numbered]:
    """The numbered labels of a lot in order, no symbol drawn."""
    last = edition.first + edition.count
    for at in range(edition.first, last, CHUNK):
        for code in serials(key, at, min(CHUNK, last - at)):
            yield Numbered(front, with_serial(edition.address, code), code)


def _numbered(front: Front, edition: Edition, key: bytes, skip: int) -> Iterator[Label]:
    for at in range(edition.first + skip, edition.first + edition.count, CHUNK):
        many = min(CHUNK, edition.first + edition.count - at)
        codes = serials(key, at, many)
        drawn = _modules([with_serial(edition.address, code) for code in codes], front.qr.size)
        for number, (code, modules) in enumerate(zip(codes, drawn, strict=True), at):
            label = Label(front, front.composed.with_serial(code, front.measure), modules)
            offset = number - edition.first
            yield label if edition.units is None else _unit(label, edition, offset)


def _unit(label: Label, edition: Edition, offset: int) -> Label:
    """The same label as one carton's: with its SSCC."""
    own = _own_marks(label.front, edition, offset)
    return replace(label, lines=label.lines + own.lines, bars=own.bars)


def _own_marks(front: Front, edition: Edition, offset: int) -> Marks:
    """What stands on one carton alone: every symbol that holds its SSCC."""
    if edition.units is None:
        return Marks()
    elements = edition.elements_at(offset)
    places = [place for place in front.composed.symbols if place.holds_units]
    drawn = (marks_of(place, elements, front.dot_mm, front.measure) for place in places)
    return sum(drawn, start=Marks())


def _shared(layout: LayoutBody, edition: Edition) -> list[SymbolPlace]:
    """The places of symbols that are the same on all labels of a lot."""
    cartons = [place for place in layout.symbols if place.kind != "qr"]
    return cartons if edition.units is None else [one for one in cartons if not one.holds_units]


def _qr_place(place: SymbolPlace, size: SymbolSize) -> QrPlace:
    dot_mm = size.dot_mm
    quiet = _QUIET_MODULES * size.dots_a_module * size.dot_mm
    return QrPlace(
        x=whole_dots(place.x + (place.width - size.side_mm) / 2, dot_mm) + quiet,
        y=whole_dots(place.y + (place.height - size.side_mm) / 2, dot_mm) + quiet,
        size=size,
    )


def _modules(texts: Sequence[str], size: SymbolSize) -> list[Modules]:
    made: list[Modules | None] = [None] * len(texts)
    for batch in encode(texts, level=size.level, version=size.version):
        for at, modules in zip(batch.at, batch.modules, strict=True):
            made[int(at)] = modules
    return [modules for modules in made if modules is not None]
