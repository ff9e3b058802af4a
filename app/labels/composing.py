"""Puts words into a layout's boxes: a composed label, in mm, with what had to be cut short. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.errors import FieldError, Refused
from app.kit.codes import ALPHABET
from app.kit.messages import Message, say
from app.labels.fitting import Box, Fitted, Item, Line, Measure, fit
from app.labels.layout import Block, FactLine, LayoutBody, SymbolPlace
from app.labels.layout_words import APART, SERIAL
from app.labels.letters import printable, width_of
from app.labels.typeface import Weight

# Cut short they would be worth nothing: the layout is refused instead.
_WHOLE = frozenset(
    {
        "lot_code",
        "serial",
        "dates",
        "packed_on",
        "best_before",
        "area_code",
        "destination",
        "voice_pick",
        "voice_pick_end",
    }
)
_SERIAL_CHARACTERS = 12
_SLACK_MM = 1e-6
_A_LITTLE_LESS = 0.99


@dataclass(frozen=True)
class Composed:
    """A label: lines of text, bars and places for symbols; `shortened` facts did not fit whole."""

    width: float
    height: float
    lines: tuple[Line, ...]
    bars: tuple[Box, ...]
    symbols: tuple[SymbolPlace, ...]
    shortened: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    serial_end: float = 0.0

    @property
    def fixed(self) -> tuple[Line, ...]:
        """The lines that are the same on every label."""
        return tuple(line for line in self.lines if SERIAL not in line.text)

    def with_serial(self, serial: str, measure: Measure = width_of) -> tuple[Line, ...]:
        """The lines that name the serial, with this one; in smaller letters where it is a wide one."""
        return tuple(
            _narrowed(line, line.text.replace(SERIAL, serial), self.serial_end - line.x, measure)
            for line in self.lines
            if SERIAL in line.text
        )


def compose(layout: LayoutBody, words: Mapping[str, str], measure: Measure = width_of) -> Composed:
    """The words in the layout's boxes. No letter leaves its box, so none meets another's.

    Letters get smaller, then lines more, then optional facts go, then texts get shorter. Raises
    Refused, fact by fact, for letters no font has, and where a code or a day would have to be cut.
    """
    clean, left_out = _printable(_with_serial_somewhere(layout, words))
    measured = _serials_measured(measure)
    fitted = [_placed(block, clean, measured) for block in layout.blocks]
    shortened = tuple(dict.fromkeys(fact for part in fitted for fact in part.shortened))
    lines = tuple(line for part in fitted for line in part.lines)
    _require_whole(shortened, lines)
    ends = [
        block.box.right
        for block, part in zip(layout.blocks, fitted, strict=True)
        if any(SERIAL in line.text for line in part.lines)
    ]
    return Composed(
        width=layout.width,
        height=layout.height,
        lines=lines,
        bars=tuple(rule.box for rule in layout.bars),
        symbols=layout.symbols,
        shortened=shortened,
        left_out=left_out,
        serial_end=min(ends, default=0.0),
    )


def _with_serial_somewhere(layout: LayoutBody, words: Mapping[str, str]) -> Mapping[str, str]:
    """A layout without a place for the serial says it after the lot code."""
    if "serial" not in words or "serial" in layout.facts:
        return words
    return {**words, "lot_code": f"{words['lot_code']}{APART}{SERIAL}"}


def _narrowed(line: Line, text: str, room: float, measure: Measure) -> Line:
    size = line.size
    while (width := measure(text, line.weight, size)) > room + _SLACK_MM:
        # Letters made of dots may stay as they are for a hair less.
        size *= min(room / width, _A_LITTLE_LESS)
    return replace(line, text=text, size=size)


def _printable(words: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    clean: dict[str, str] = {}
    dropped: list[str] = []
    faults: list[FieldError] = []
    for fact, text in words.items():
        before, mark, after = text.partition(SERIAL)
        kept, gone, wrong = printable(before)
        dropped += gone
        clean[fact] = f"{kept} {SERIAL}{after}".strip() if mark else kept
        if wrong:
            faults.append(FieldError(fact, _unprintable(wrong)))
        elif text.strip() and not clean[fact]:
            why = say("Nothing of this can be printed: write it in letters.")
            faults.append(FieldError(fact, why))
    if faults:
        raise Refused(faults[0].why, *faults)
    return clean, tuple(dict.fromkeys(dropped))


def _unprintable(letters: tuple[str, ...]) -> Message:
    return say(
        "The label cannot print {characters}: use Vietnamese, other Latin or Chinese letters.",
        characters=" ".join(letters[:8]),
    )


def _serials_measured(measure: Measure) -> Measure:
    """Measures the place of a serial as if all its letters were of the usual width.

    In the very size that is tried: letters made of dots do not grow evenly with it.
    """
    known: dict[tuple[str, Weight, float], float] = {}

    def measured(text: str, weight: Weight, size: float) -> float:
        width = known.get((text, weight, size))
        if width is None:
            plain = text.replace(SERIAL, "")
            usual = measure(ALPHABET, weight, size) / len(ALPHABET)
            missing = text.count(SERIAL) * _SERIAL_CHARACTERS
            width = (measure(plain, weight, size) if plain else 0.0) + missing * usual
            known[text, weight, size] = width
        return width

    return measured


def _placed(block: Block, words: Mapping[str, str], measure: Measure) -> Fitted:
    items = [_item(line, words[line.fact]) for line in block.facts if words.get(line.fact)]
    if not items:
        return Fitted()
    return _aligned(_fitted(items, block.box, measure), block, measure)


def _item(line: FactLine, text: str) -> Item:
    return Item(
        line.fact,
        text,
        Weight.STRONG if line.strong else Weight.REGULAR,
        largest=line.largest,
        optional=line.optional,
        shrinks=line.shrinks,
    )


def _fitted(items: list[Item], box: Box, measure: Measure) -> Fitted:
    """All items if what must stand fits whole beside them; else the optional ones go, last first.

    An optional code that would be cut goes as a whole.
    """
    gone: list[str] = []
    while True:
        fitted = fit(items, box, measure)
        cut = set(fitted.shortened)
        spare = [item for item in items if item.optional]
        halves = [item for item in spare if item.field in cut & _WHOLE]
        crowded = any(item.field in cut for item in items if not item.optional)
        if not halves and not (spare and crowded):
            return replace(fitted, shortened=(*fitted.shortened, *gone))
        leaves = (halves or spare)[-1]
        gone.append(leaves.field)
        items = [item for item in items if item is not leaves]


def _aligned(fitted: Fitted, block: Block, measure: Measure) -> Fitted:
    if block.align == "left":
        return fitted
    share = 0.5 if block.align == "center" else 1.0
    moved = (
        replace(line, x=line.x + share * (block.width - measure(line.text, line.weight, line.size)))
        for line in fitted.lines
    )
    return replace(fitted, lines=tuple(moved))


def _require_whole(shortened: tuple[str, ...], lines: tuple[Line, ...]) -> None:
    """An optional fact that is left out misleads nobody; a code or a day cut in two would."""
    shown = {line.field for line in lines}
    faults = [
        FieldError(fact, say("The layout has no room for this: choose a larger label."))
        for fact in shortened
        if fact in _WHOLE and fact in shown
    ]
    if faults:
        raise Refused(faults[0].why, *faults)
