"""What resolving a GS1 identifier gives: levels with what they speak of, or why there are none."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.errors import NotFound
from app.kit.messages import Message
from app.provenance.links import Levels


@dataclass(frozen=True)
class Resolved:
    """Levels, the subjects they speak of, the day they change by themselves. `gone`: withdrawn."""

    levels: Levels
    subjects: frozenset[str]
    flip: date | None
    gone: bool


class WrongWay(StrEnum):
    """In which way an identifier leads nowhere: each is told differently."""

    KEY = "key-not-served"
    GTIN = "unknown-gtin"
    LOT = "unknown-lot"
    MISTYPED = "mistyped-lot"
    PAIR = "lot-of-another-product"
    SERIAL = "serial-without-lot"
    UNPROVEN = "unproven-serial"
    PLACE = "unknown-gln"
    UNIT = "unknown-sscc"
    EXTENSION = "unknown-extension"
    LINK_TYPE = "no-such-link"


class Unknown(NotFound):
    """A well-formed identifier that names nothing here (404). `hint`: where to look for the slip."""

    def __init__(self, way: WrongWay, why: Message, hint: Message | None = None) -> None:
        super().__init__(why)
        self.way = way
        self.hint = hint
