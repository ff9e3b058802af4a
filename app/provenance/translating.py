"""A text as GS1 elements in every form they can be written in, and where it leads here. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from app.errors import FieldError, Refused
from app.kit.codes import MistypedLotCode, read_lot_code
from app.kit.gs1_identifiers import identifiers
from app.kit.gs1_reading import LONGEST_TEXT, Form, Read, Unreadable, link_of, read_text
from app.kit.messages import say
from app.provenance.link_faults import FAULTS, why_malformed

LONGEST = LONGEST_TEXT
GS1_ROOT = "https://id.gs1.org"
LOT, SERIAL = "10", "21"


@dataclass(frozen=True)
class Translated:
    """`here` and `canonical` are None where nothing in it is a key; `leads_to` is a local path."""

    form: Form
    elements: tuple[tuple[str, str, str], ...]
    bracketed: str
    scanned: str
    here: str | None
    canonical: str | None
    leads_to: str


def translated(text: str, *, root: str) -> Translated:
    """The elements of a text. Raises Refused with what is wrong, and where."""
    try:
        read = read_text(text)
        return _of_lot(read) if read.form is Form.LOT else _of_elements(read, root)
    except FAULTS as bad:
        why = why_malformed(bad)
    except MistypedLotCode as slip:
        why = slip.why
    raise Refused(say("This cannot be read as a GS1 identifier."), FieldError("text", why))


def leads_to(text: str) -> str:
    """The local path to what a text names, known or not: for the form where people look for goods.

    A lone lot number, or one beside elements that lack their companion, is still looked for.
    Raises one of FAULTS.
    """
    read = read_text(text)
    if read.form is Form.LOT:
        return _label_path(read.lot, read.serial)
    try:
        return link_of(read.elements, strict=False).address("")
    except Unreadable:
        if LOT not in read.elements:
            raise
        return _label_path(read.elements[LOT], read.elements.get(SERIAL, ""))


def _of_elements(read: Read, root: str) -> Translated:
    link = link_of(read.elements)
    return Translated(
        form=read.form,
        elements=_titled(read.elements),
        bracketed=read.bracketed,
        scanned=read.scanned,
        here=link.address(root),
        canonical=link.address(GS1_ROOT),
        leads_to=link.address(""),
    )


def _of_lot(read: Read) -> Translated:
    elements = {LOT: read_lot_code(read.lot)}
    if read.serial:
        elements[SERIAL] = read.serial
    told = Read(Form.LOT, elements)
    return Translated(
        form=Form.LOT,
        elements=_titled(elements),
        bracketed=told.bracketed,
        scanned=told.scanned,
        here=None,
        canonical=None,
        leads_to=_label_path(elements[LOT], read.serial),
    )


def _titled(elements: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    known = identifiers()
    return tuple((ai, known[ai].title, value) for ai, value in elements.items())


def _label_path(lot: str, serial: str) -> str:
    return "/t/" + "/".join(_part(one) for one in (lot, serial) if one)


def _part(typed: str) -> str:
    """A piece of a path out of what was typed: nothing that could lead elsewhere."""
    tidy = "".join(letter for letter in typed if letter.isalnum() or letter in "-. ")[:60].strip()
    return quote(tidy.replace("..", ".").strip(".")) or "-"
