"""Finds what a GS1 Digital Link names here, level by level; tells apart what it does not (ADR 0025)."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from app.accounts.reach import Reach
from app.catalogue.product_queries import PublicProduct, product_by_gtin
from app.errors import NotFound
from app.kit.clock import day_of
from app.kit.codes import MistypedLotCode, grouped, read_lot_code
from app.kit.gs1_links import DigitalLink
from app.kit.messages import say
from app.ledger.marks import noun_mark
from app.lots.queries import LotLine, lot_line
from app.models.lots import LotState
from app.models.products import Product
from app.provenance.link_levels import LotFacts, label_level, lot_level, product_level
from app.provenance.links import Levels
from app.provenance.places import resolve_place
from app.provenance.queries import story_of
from app.provenance.resolved import Resolved, Unknown, WrongWay
from app.provenance.story import Story
from app.provenance.subjects import next_flip, next_step, subjects_of
from app.provenance.units import UNIT, resolve_unit

GTIN, LOT, SERIAL, VARIANT, THIRD_PARTY = "01", "10", "21", "22", "235"
SERVED_KEYS = (GTIN, UNIT, "414", "417")


def canonical(link: DigitalLink) -> DigitalLink:
    """The link under which answers are kept: the lot as it was printed, no label, no variant.

    Raises Unknown where the lot cannot be one.
    """
    lot = link.qualifiers.get(LOT)
    if link.key != GTIN:
        return replace(link, attributes={})
    _require_provable(link)
    return DigitalLink(GTIN, link.value, {LOT: _code_of(lot)} if lot is not None else {})


def resolve(session: Session, link: DigitalLink, *, root: str, now: datetime) -> Resolved:
    """The levels of a canonical link. Raises Unknown for what is not known here."""
    if link.key == GTIN:
        return _of_product(session, link, root, now)
    if link.key == UNIT:
        return resolve_unit(session, link, root, now)
    if link.key in SERVED_KEYS:
        return resolve_place(session, link, root, day_of(now))
    raise Unknown(
        WrongWay.KEY, say("Numbers of this kind ({key}) are not kept here.", key=link.key)
    )


def names_of(told: PublicProduct) -> dict[str, str]:
    """A product's name in every language; where it has none in one, that of the goods."""
    own, crop = told.product, told.crop
    return {
        "vi": own.name_vi or crop.name_vi,
        "en": own.name_en or crop.name_en,
        "zh": own.name_zh or crop.name_zh,
    }


def belongs(product: Product, line: LotLine) -> bool:
    """Whether a lot may carry a product's number: the same goods of the same organisation."""
    lot = line.lot
    return (lot.organisation_id, lot.crop_id) == (product.organisation_id, product.crop_id)


def _of_product(session: Session, link: DigitalLink, root: str, now: datetime) -> Resolved:
    told = product_by_gtin(session, link.value)
    if told is None:
        why = say("The product number {gtin} is not in the register.", gtin=link.value)
        raise Unknown(WrongWay.GTIN, why)
    own = product_level(link.path(qualifiers=0), link.value, names_of(told), told.producer, root)
    producer = told.organisation
    subjects = {str(told.product.uid), noun_mark(producer, "product"), str(producer)}
    resolved = Resolved(Levels((own,)), frozenset(subjects), None, gone=False)
    if LOT not in link.qualifiers:
        return resolved
    return _with_lot(session, link, told, resolved, root, now)


def _with_lot(
    session: Session,
    link: DigitalLink,
    product: PublicProduct,
    above: Resolved,
    root: str,
    now: datetime,
) -> Resolved:
    code = link.qualifiers[LOT]
    line = _line_of(session, code)
    if not belongs(product.product, line):
        why = say(
            "Lot {code} is not of the product {gtin}: the two do not belong together.",
            code=grouped(code),
            gtin=link.value,
        )
        raise Unknown(WrongWay.PAIR, why)
    subjects = above.subjects | subjects_of(session, line)
    if line.lot.state is LotState.WITHDRAWN:
        return Resolved(Levels(()), subjects, None, gone=True)
    story = story_of(session, code, address=f"{root}/t/{code}", now=now)
    facts, path = _facts(product, story), link.path()
    found = (lot_level(path, facts, root), *above.levels.found)
    levels = Levels(found, label_level(path, facts, root))
    flip = next_flip(story, next_step(session, line, day_of(now)))
    return Resolved(levels, subjects, flip, gone=False)


def _line_of(session: Session, code: str) -> LotLine:
    try:
        return lot_line(session, code, within=Reach.all())
    except NotFound:
        why = say("No lot {code} was ever recorded here.", code=grouped(code))
        raise Unknown(WrongWay.LOT, why) from None


def _facts(product: PublicProduct, story: Story) -> LotFacts:
    numbers = (claim.number for claim in story.claims if claim.granted_now and claim.number)
    return LotFacts(
        code=story.code,
        names=names_of(product),
        producer=product.producer,
        certificates=tuple(dict.fromkeys(numbers)),
        recalled=story.state is LotState.RECALLED,
    )


def _code_of(lot: str) -> str:
    try:
        return read_lot_code(lot)
    except MistypedLotCode as slip:
        raise Unknown(WrongWay.MISTYPED, slip.why, slip.hint) from None


def _require_provable(link: DigitalLink) -> None:
    """A serial is proven by its lot's key: without the lot nobody can say whose it is."""
    if THIRD_PARTY in link.qualifiers or (SERIAL in link.qualifiers and LOT not in link.qualifiers):
        why = say(
            "A label's number can only be checked together with its lot: scan the whole code."
        )
        raise Unknown(WrongWay.SERIAL, why)
