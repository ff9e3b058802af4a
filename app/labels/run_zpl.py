"""A run in ZPL: what the labels of a lot share is stored in the printer once, then what differs is sent."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from app.errors import refuse
from app.kit.messages import say
from app.labels.bitmap import bitmap_of
from app.labels.dots import dot_of, fewest_dots
from app.labels.fitting import Line
from app.labels.layout import LayoutBody
from app.labels.paper import Paper
from app.labels.qr_tables import LEVELS, QUIET_MODULES
from app.labels.run_labels import USUAL_SERIAL, Front, Label, Numbered
from app.labels.run_picture import (
    abreast,
    counted_rows,
    fronts_picture,
    line_picture,
    measure_for,
    modules_picture,
    row_picture,
)
from app.labels.symbols import TooLong
from app.labels.zpl import (
    LARGEST_DOTS,
    Graphic,
    NativeField,
    native_side,
    zpl_face,
    zpl_graphic,
    zpl_native,
    zpl_on_face,
)
from app.labels.zpl import Line as NativeLine

_SLACK = 1e-6


def graphic_rows(paper: Paper, labels: Iterable[Label], dpi: int) -> Iterator[bytes]:
    """The rows of a roll with the symbols drawn here.

    Copies are one graphic with a number; numbered labels are a stored face and their own dots. A
    carton's label, of which most differs, and a row that is not full are graphics as a whole.
    """
    stored: tuple[Front, ...] = ()
    for row, times in counted_rows(paper, labels):
        full = len(row) == paper.columns
        if times > 1 or not full or not all(label.lines and not label.bars for label in row):
            yield zpl_graphic(bitmap_of(row_picture(paper, row, dpi)), copies=times)
            continue
        fronts, face = tuple(label.front for label in row), b""
        if fronts != stored:
            face, stored = zpl_face(bitmap_of(fronts_picture(paper, fronts, dpi))), fronts
        yield face + zpl_on_face(_own_dots(paper, row, dpi))


def native_rows(
    paper: Paper,
    labels: Iterable[Numbered],
    dpi: int,
    field_of: Callable[[Numbered], NativeField],
) -> Iterator[bytes]:
    """The rows of a roll where the printer draws QR and number itself; `field_of` a lot's label."""
    stored: tuple[Front, ...] = ()
    fields: tuple[NativeField, ...] = ()
    for row in abreast(paper, labels):
        fronts, face = tuple(label.front for label in row), b""
        if fronts != stored:
            stored = fronts
            fields = tuple(
                _moved(field_of(label), paper.corner(at), dpi) for at, label in enumerate(row)
            )
            before = {front: _before_serials(front) for front in fronts}
            face = zpl_face(bitmap_of(fronts_picture(paper, fronts, dpi, before)), fields)
        yield face + zpl_native(fields, [(label.address, label.serial) for label in row])


def native_field(
    body: LayoutBody, front: Front, longest: str, *, dpi: int, smallest_mm: float
) -> NativeField:
    """Where a printer's own QR of a text as long as `longest` stands on a label, and its number.

    Refused where it might not fit: a printer may take more modules than we do for the same text.
    """
    dots = 1 / dot_of(dpi)
    room, fewest = int(body.qr_room * dots + _SLACK), fewest_dots(smallest_mm, dot_of(dpi))
    place = next(one for one in body.symbols if one.kind == "qr")
    for level in reversed(LEVELS[: LEVELS.index(front.qr.size.level) + 1]):
        try:
            side = native_side(longest, level)
        except TooLong:
            continue
        module = min(room // (side + 2 * QUIET_MODULES), LARGEST_DOTS)
        if module < fewest:
            continue
        whole = side * module
        return NativeField(
            x=round((place.x + place.width / 2) * dots - whole / 2),
            y=round((place.y + place.height / 2) * dots - whole / 2),
            dots=module,
            level=level,
            lines=tuple(_native_line(line, dpi) for line in _serial_lines(front)),
        )
    why = say("The printer's own QR needs more room than this layout has: let it print ours.")
    raise refuse("output", why)


def _own_dots(paper: Paper, row: tuple[Label, ...], dpi: int) -> Iterator[Graphic]:
    dots = 1 / dot_of(dpi)
    for at, label in enumerate(row):
        left, top = (round(corner * dots) for corner in paper.corner(at))
        qr = label.front.qr
        symbol = bitmap_of(modules_picture(label.modules, qr.size.dots_a_module))
        yield Graphic(left + round(qr.x * dots), top + round(qr.y * dots), symbol)
        for line in label.lines:
            x, y, picture = line_picture(line, dpi)
            yield Graphic(left + x, top + y, bitmap_of(picture))


def _serial_lines(front: Front) -> tuple[Line, ...]:
    return front.composed.with_serial(USUAL_SERIAL, front.measure)


def _before_serials(front: Front) -> tuple[Line, ...]:
    """What stands before the numbers: the same on every label of a lot."""
    parts = (
        replace(line, text=line.text.partition(USUAL_SERIAL)[0]) for line in _serial_lines(front)
    )
    return tuple(line for line in parts if line.text)


def _native_line(line: Line, dpi: int) -> NativeLine:
    dots, before = 1 / dot_of(dpi), line.text.partition(USUAL_SERIAL)[0]
    x = line.x + (measure_for(dpi)(before, line.weight, line.size) if before else 0)
    return NativeLine(round(x * dots), round(line.baseline * dots), round(line.size * dots))


def _moved(field: NativeField, corner: tuple[float, float], dpi: int) -> NativeField:
    """The field of a label that does not lie at the row's edge."""
    x, y = (round(length / dot_of(dpi)) for length in corner)
    lines = tuple(replace(line, x=line.x + x, baseline=line.baseline + y) for line in field.lines)
    return replace(field, x=field.x + x, y=field.y + y, lines=lines)
