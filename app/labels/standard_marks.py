"""Which marks of standards the labels of a lot may bear today, and why a mark's place stays empty.

A mark is drawn exactly when the lot holds the claim of its standard and the mark may be used on the
day of printing. An organic one stands beside the words that NĐ 109/2018/NĐ-CP art. 11 wants; what
share of a lot is organic is asked where the claim is decided (art. 12).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.catalogue.artwork import Artwork
from app.catalogue.mark_queries import artwork_of, mark_on
from app.kit.messages import Message, say
from app.labels.checking import Lack
from app.labels.layout import ANY_STANDARD, LayoutBody
from app.labels.run_facts import NO_BODY_CODE, RANKS
from app.lots.claims import IN_CONVERSION, TITLES, Claim
from app.models.certificates import Certificate

ORGANIC = "organic"
FIELD = "mark"


@dataclass(frozen=True)
class LotMarks:
    """What is drawn, by what a place is for, and what is said of the places that stay empty."""

    drawn: Mapping[str, Artwork]
    lacks: tuple[Lack, ...] = ()


def marks_of_lot(
    session: Session, body: LayoutBody, claims: Sequence[Claim], today: date
) -> LotMarks:
    """The marks for the places of a layout; nothing is looked up for a layout without such places."""
    drawn: dict[str, Artwork] = {}
    lacks: list[Lack] = []
    for wanted in dict.fromkeys(place.standard for place in body.marks):
        found = _found(session, body, wanted, claims, today)
        if isinstance(found, Artwork):
            drawn[wanted] = found
        else:
            lacks.append(Lack(FIELD, found, refuses=False))
    return LotMarks(drawn, tuple(lacks))


def _found(
    session: Session, body: LayoutBody, wanted: str, claims: Sequence[Claim], today: date
) -> Artwork | Message:
    """The mark of a place, or why there is none."""
    whys: list[Message] = []
    for claim in _meant(wanted, claims):
        found = _of_claim(session, body, claim, today)
        if isinstance(found, Artwork):
            return found
        whys.append(found)
    return next(iter(whys), None) or _without_claim(wanted, claims)


def _meant(wanted: str, claims: Iterable[Claim]) -> Iterator[Claim]:
    """The claims a place may be for: those that are held first, each by its rank."""
    kinds = RANKS if wanted == ANY_STANDARD else (wanted,)
    certified = [one for one in claims if one.certificate_id is not None]
    for granted in (True, False):
        for kind in kinds:
            yield from (one for one in certified if (one.kind, one.granted) == (kind, granted))


def _of_claim(session: Session, body: LayoutBody, claim: Claim, today: date) -> Artwork | Message:
    if claim.kind == IN_CONVERSION:
        return say("Goods in conversion to organic never bear its mark.")
    if not claim.granted:
        return say("The place of the mark stays empty: {why}", why=claim.reason)
    certificate = session.get_one(Certificate, claim.certificate_id)
    if claim.kind == ORGANIC and not certificate.body_code:
        return NO_BODY_CODE
    if claim.kind == ORGANIC and "claim" not in body.facts:
        return say(
            "The organic mark stands beside the certificate: the layout has no place for that."
        )
    mark = mark_on(session, certificate.standard_id, today)
    if mark is None:
        return say(
            "The province keeps no mark of {standard} that labels may bear on {day}.",
            standard=claim.label,
            day=today,
        )
    return artwork_of(mark)


def _without_claim(wanted: str, claims: Iterable[Claim]) -> Message:
    if wanted == ORGANIC and any(one.kind == IN_CONVERSION for one in claims):
        return say("Goods in conversion to organic never bear its mark.")
    if wanted == ANY_STANDARD:
        return say("The lot holds no standard whose mark could stand on the label.")
    return say(
        "The lot does not hold {standard}: the place of its mark stays empty.",
        standard=TITLES[wanted],
    )
