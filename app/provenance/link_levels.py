"""The levels of products, lots, labels and places: which resources of ours each links to. Pure.

Every address here answers: links to what does not exist are never made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.kit.i18n import LANGUAGES, language
from app.kit.messages import Message, say
from app.provenance.links import DEFAULT_LINK, JSON_LD_MEDIA, PAGE_MEDIA, SERIAL, Level, Link

JSON_MEDIA = "application/json"
PIP, TRACEABILITY, RECALL = "pip", "traceability", "recallStatus"
CERTIFICATION, EVENTS, LOCATION = "certificationInfo", "epcis", "locationInfo"
# Where a link has no language of its own, its title is in the one that most readers have.
_FIRST = language(LANGUAGES[0])


@dataclass(frozen=True)
class LotFacts:
    """What a lot's links depend on: names by language, certificates of its claims, whether recalled."""

    code: str
    names: dict[str, str]
    producer: str
    certificates: tuple[str, ...]
    recalled: bool


def product_level(path: str, gtin: str, names: dict[str, str], producer: str, root: str) -> Level:
    """A trade item: its own page."""
    title = say("Product: {name}")
    page = f"{root}/p/{gtin}"
    links = (_default(page, title, names), *_pages(PIP, page, title, names))
    return Level(path, _about(names, producer), links)


def lot_level(path: str, facts: LotFacts, root: str) -> Level:
    """A lot: the page behind its symbol, its proofs, and whether it was recalled."""
    page = f"{root}/t/{facts.code}"
    return Level(path, _of_lot(facts), (*_leading(page, facts), *_proofs(facts, root)))


def unit_level(path: str, sscc: str, facts: LotFacts, root: str) -> Level:
    """A carton or pallet: the page of the lot that is packed in it, with the lot's proofs."""
    page = f"{root}/t/{facts.code}"
    about = f"{_of_lot(facts)}, SSCC {sscc}"
    return Level(path, about, (*_leading(page, facts), *_proofs(facts, root)))


def label_level(path: str, facts: LotFacts, root: str) -> Level:
    """One numbered label of a lot, whichever: `SERIAL` stands for its number."""
    page = f"{root}/t/{facts.code}/{SERIAL}"
    label = _FIRST.say(say("label {serial}", serial=SERIAL))
    about = f"{_of_lot(facts)}, {label}"
    return Level(f"{path}/21/{SERIAL}", about, tuple(_leading(page, facts)))


def place_level(path: str, page: str, name: str, twin: str) -> Level:
    """A place or a party: its public page and the same for machines."""
    title, names = say("Place: {name}"), dict.fromkeys(LANGUAGES, name)
    machines = Link(LOCATION, twin, _FIRST.say(say("The same for machines")), JSON_MEDIA)
    links = (
        _default(page, title, names),
        *_pages(LOCATION, page, title, names),
        machines,
    )
    return Level(path, name, links)


def _leading(page: str, facts: LotFacts) -> Iterator[Link]:
    """The page under each of its types. Of a recalled lot the recall comes first, and by default."""
    title = say("Origin of {name}")
    if facts.recalled:
        recalled = say("Recalled: do not eat {name}")
        yield from _pages(RECALL, page, recalled, facts.names)
        yield _default(page, recalled, facts.names)
    else:
        yield _default(page, title, facts.names)
    yield from _pages(TRACEABILITY, page, title, facts.names)
    yield from _pages(PIP, page, title, facts.names)


def _proofs(facts: LotFacts, root: str) -> Iterator[Link]:
    twin = f"{root}/api/v1/public/lots/{facts.code}"
    same = _FIRST.say(say("The same for machines"))
    yield Link(TRACEABILITY, twin, same, JSON_MEDIA)
    state = _FIRST.say(say("Whether this lot was recalled"))
    yield Link(RECALL, f"{twin}/recall", state, JSON_MEDIA)
    yield Link(EVENTS, f"{twin}/events", _FIRST.say(say("Events of this lot")), JSON_LD_MEDIA)
    for number in facts.certificates:
        yield from _certificate(number, root)


def _certificate(number: str, root: str) -> Iterator[Link]:
    named, address = say("Certificate {number}", number=number), quote(number, safe="/")
    page = f"{root}/certificates/{address}"
    yield from _pages(CERTIFICATION, page, named, dict.fromkeys(LANGUAGES, ""))
    twin = f"{root}/api/v1/public/certificates/{address}"
    yield Link(CERTIFICATION, twin, _FIRST.say(named), JSON_MEDIA)


def _pages(kind: str, page: str, title: Message, names: dict[str, str]) -> Sequence[Link]:
    """A page once in each language, with a title in it."""
    return [
        Link(kind, f"{page}?lang={tag}", _said(title, tag, names), PAGE_MEDIA, (tag,))
        for tag in LANGUAGES
    ]


def _default(page: str, title: Message, names: dict[str, str]) -> Link:
    """The default has a title and nothing else: the page itself finds the reader's language."""
    return Link(DEFAULT_LINK, page, _said(title, LANGUAGES[0], names))


def _said(title: Message, tag: str, names: dict[str, str]) -> str:
    return language(tag).say(Message(title.msgid, {"name": names[tag], **title.values}))


def _about(names: dict[str, str], producer: str) -> str:
    name = names[LANGUAGES[0]]
    return f"{name}, {producer}" if producer else name


def _of_lot(facts: LotFacts) -> str:
    lot = _FIRST.say(say("lot {code}", code=facts.code))
    return f"{_about(facts.names, facts.producer)}, {lot}"
