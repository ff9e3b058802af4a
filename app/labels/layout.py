"""A layout as data: which facts stand in which box, in mm. What would overflow or overlap is no layout."""

from collections.abc import Iterator
from itertools import combinations
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from app.errors import FieldError, Refused
from app.kit.messages import Message, say
from app.labels.fitting import LEADING, SMALLEST_MM, Box
from app.labels.layout_words import FACTS, LANGUAGES
from app.models.catalogue import StandardKind
from app.validation import why_invalid

LONGEST_BODY = 20_000
_SLACK = 0.011
_QR_SMALLEST_MM = 10.0
SSCC = "00"
# What the place of a mark may be for.
ANY_STANDARD = "any"
STANDARDS = (ANY_STANDARD, *(kind.value for kind in StandardKind))
# The kinds of boxes as the form calls them.
_KINDS: dict[str, Message] = {
    "blocks": say("Box of words"),
    "symbols": say("Symbol"),
    "bars": say("Bar"),
    "marks": say("Mark of a standard"),
}

Millimetres = Annotated[float, Field(ge=0, le=400, allow_inf_nan=False)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Unknown(ValueError):
    """A name that is none; says so in a sentence."""

    def __init__(self, why: Message) -> None:
        super().__init__(str(why))
        self.why = why


class FactLine(_Shape):
    """One fact in a block: its largest letters (em, mm), whether it may be left out or shrink first."""

    fact: str
    largest: float = Field(default=2.0, ge=SMALLEST_MM, le=20)
    strong: bool = False
    optional: bool = False
    shrinks: bool = False

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.fact not in FACTS:
            raise _Unknown(say("There is no fact {name}.", name=self.fact[:40]))
        return self


class _Placed(_Shape):
    x: Millimetres
    y: Millimetres
    width: Annotated[float, Field(gt=0, le=400, allow_inf_nan=False)]
    height: Annotated[float, Field(gt=0, le=400, allow_inf_nan=False)]

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, self.width, self.height)


class Block(_Placed):
    """Facts from top to bottom of a box."""

    align: Literal["left", "center", "right"] = "left"
    facts: tuple[FactLine, ...] = Field(min_length=1, max_length=12)


class SymbolPlace(_Placed):
    """A box for a symbol: it takes as much of it as whole printer dots allow.

    `sscc` is the GS1-128 of a logistic unit, there when cartons are numbered. `elements` are the
    application identifiers that a carton's symbol holds; none means all that there are.
    """

    kind: Literal["qr", "gs1_128", "gs1_datamatrix", "sscc"]
    elements: tuple[Annotated[str, Field(pattern=r"^[0-9]{2,4}$")], ...] = Field(
        default=(), max_length=8
    )

    @property
    def holds_units(self) -> bool:
        """Whether the SSCC of a numbered carton goes into it."""
        return self.kind == "sscc" or (self.kind == "gs1_datamatrix" and self.takes(SSCC))

    def takes(self, ai: str) -> bool:
        """Whether an element goes into it."""
        if self.kind == "sscc":
            return ai == SSCC
        if self.kind == "gs1_128" and ai == SSCC:
            return False
        return not self.elements or ai in self.elements


class MarkPlace(_Placed):
    """A box for the mark of a standard, empty on labels of lots that do not hold it.

    `any` takes the mark of the first standard that the lot holds.
    """

    standard: str = ANY_STANDARD

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.standard not in STANDARDS:
            raise _Unknown(say("Choose one from the list."))
        return self


class Rule(_Placed):
    """A black bar."""


class LayoutBody(_Shape):
    """A whole layout. Boxes lie on the label and apart from one another."""

    width: float = Field(ge=15, le=300)
    height: float = Field(ge=10, le=300)
    languages: tuple[str, ...] = Field(min_length=1, max_length=6)
    blocks: tuple[Block, ...] = Field(min_length=1, max_length=12)
    symbols: tuple[SymbolPlace, ...] = Field(min_length=1, max_length=4)
    bars: tuple[Rule, ...] = Field(default=(), max_length=6)
    marks: tuple[MarkPlace, ...] = Field(default=(), max_length=3)

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that has a place."""
        return frozenset(line.fact for block in self.blocks for line in block.facts)

    @property
    def qr_room(self) -> float:
        """The side of the box of its QR, in mm."""
        return next(min(one.width, one.height) for one in self.symbols if one.kind == "qr")

    def boxes(self) -> Iterator[tuple[str, Box]]:
        """Every box with the name of the form's field it is written in."""
        for kind in ("blocks", "symbols", "bars", "marks"):
            for at, placed in enumerate(getattr(self, kind)):
                yield f"{kind}.{at}", placed.box


def layout_from(text: str) -> LayoutBody:
    """A layout that was checked when it was saved."""
    return LayoutBody.model_validate_json(text)


def checked_layout(values: object) -> LayoutBody:
    """The layout these plain values describe; Refused, box by box, where it is none."""
    try:
        body = LayoutBody.model_validate(values)
    except ValidationError as errors:
        faults = [why_invalid(dict(one)) for one in errors.errors()]
        raise Refused(faults[0].why, *faults) from None
    faults = [*_outside(body), *_overlapping(body), *_too_low(body), *_wrongly_made(body)]
    if faults:
        raise Refused(faults[0].why, *faults)
    return body


def _outside(body: LayoutBody) -> Iterator[FieldError]:
    for name, box in body.boxes():
        if box.right > body.width + _SLACK or box.bottom > body.height + _SLACK:
            yield FieldError(name, say("This box reaches beyond the label's edge."))


def _overlapping(body: LayoutBody) -> Iterator[FieldError]:
    for (name, one), (other_name, other) in combinations(body.boxes(), 2):
        kind, at = name.split(".")
        across = min(one.right, other.right) - max(one.x, other.x)
        down = min(one.bottom, other.bottom) - max(one.y, other.y)
        if across > _SLACK and down > _SLACK:
            why = say(
                "This box overlaps another: {kind} {number}.", kind=_KINDS[kind], number=int(at) + 1
            )
            yield FieldError(other_name, why)


def _too_low(body: LayoutBody) -> Iterator[FieldError]:
    for at, block in enumerate(body.blocks):
        wanted = sum(not line.optional for line in block.facts) * SMALLEST_MM * LEADING
        if wanted > block.height + _SLACK:
            why = say("The box is too low for its facts, even in the smallest letters.")
            yield FieldError(f"blocks.{at}", why)


def _wrongly_made(body: LayoutBody) -> Iterator[FieldError]:
    if not set(body.languages) <= set(LANGUAGES):
        yield FieldError("languages", say("Choose one from the list."))
    qr = [place for place in body.symbols if place.kind == "qr"]
    if len(qr) != 1 or min(qr[0].width, qr[0].height) < _QR_SMALLEST_MM:
        why = say("A label has one QR code, in a box of at least 10 mm.")
        yield FieldError("symbols.0", why)
    if "lot_code" not in body.facts:
        yield FieldError("blocks.0", say("A label says its lot code in letters too."))
