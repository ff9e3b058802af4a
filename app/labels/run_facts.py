"""What the labels of a lot say in a run, gathered from the register: a claim only when the lot holds it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.catalogue.product_queries import ProductLine
from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.labels.carton_elements import elements_of, voice_pick_of
from app.labels.layout_words import ClaimSaid, RunFacts
from app.labels.origins import grown_in, is_from_outside
from app.labels.payload import host_of, qr_text
from app.labels.run_content import STORAGE, WARNINGS, Content, in_all
from app.labels.run_product import best_before_of, gtin_of, names_of
from app.lots.claims import AREA_CODE, IN_CONVERSION, Claim
from app.lots.evidence import claims_of, codes_of_lot
from app.lots.queries import LotLine
from app.models.certificates import Certificate
from app.models.print_runs import Purpose
from app.models.registry import HOLDING, Grower
from app.places.queries import address_of, unit_by_id
from app.registry.grower_queries import public_name_of

HOME_MARKET = "VNM"
CHINA = "CHN"
_ORGANIC = frozenset({"organic", IN_CONVERSION})
RANKS = ("organic", IN_CONVERSION, "vietgap", "globalgap", "pgs", "ocop")
_TAGS = ("vi", "en", "zh")
NO_BODY_CODE = say(
    "An organic claim names its certification body with its code: the certificate has none."
)


@dataclass(frozen=True)
class Meant:
    """What labels are for, and as what the lot is sold; `numbered`: every carton has an SSCC."""

    purpose: Purpose
    chosen: ProductLine | None = None
    serialised: bool = False
    numbered: bool = False


@dataclass(frozen=True)
class Gathered:
    """The facts, what the QR and a carton's bar code say, and what is withheld though the lot might say it.

    `granted` are the kinds of standards that the lot holds, `claims` all of its claims.
    """

    facts: RunFacts
    address: str
    elements: tuple[tuple[str, str], ...]
    withheld: tuple[Message, ...]
    granted: frozenset[str]
    claims: tuple[Claim, ...] = ()


def facts_of(
    session: Session,
    line: LotLine,
    content: Content,
    meant: Meant,
    *,
    base_url: str,
    now: datetime,
    known: Sequence[Claim] | None = None,
) -> Gathered:
    """What the labels of this lot may say today, as a product when one was chosen (claims already `known`)."""
    purpose, chosen = meant.purpose, meant.chosen
    gtin = gtin_of(chosen, content, purpose)
    elements = elements_of(line, chosen, content, purpose, numbered=meant.numbered)
    claims = claims_of(session, line.lot, today=day_of(now)) if known is None else known
    claim, withheld = _claim(session, claims)
    facts = RunFacts(
        names=names_of(line, chosen),
        producer_name=line.organisation.name,
        producer_address=_producer_address(session, line),
        places=_places(session, line),
        from_outside=is_from_outside(session, line.lot),
        harvested_on=line.lot.harvested_on,
        lot_code=line.lot.code,
        host=host_of(base_url),
        packed_on=line.lot.packed_on,
        best_before=best_before_of(line, chosen),
        pack=content.pack,
        packs=content.packs,
        area_code=_area_code(session, line, purpose, now),
        packing_house=content.packing_house,
        claim=claim,
        storage=in_all(content.storage, STORAGE),
        warning=in_all(content.warning, WARNINGS),
        grower=_grower(session, line, purpose),
        area_name=line.area.name if line.area else "",
        serialised=meant.serialised,
        demonstration=line.organisation.demonstration,
        brand=chosen.product.brand if chosen else "",
        voice_pick=voice_pick_of(elements),
    )
    granted = frozenset(one.kind for one in claims if one.granted)
    return Gathered(
        facts, qr_text(base_url, line.lot.code, gtin), elements, withheld, granted, tuple(claims)
    )


def _places(session: Session, line: LotLine) -> dict[str, str]:
    return {tag: grown_in(session, line.lot, tag) for tag in _TAGS}


def _producer_address(session: Session, line: LotLine) -> str:
    commune = line.organisation.commune_id
    place = address_of(unit_by_id(session, commune)) if commune else ""
    return ", ".join(part for part in (line.organisation.address, place) if part)


def _grower(session: Session, line: LotLine, purpose: Purpose) -> str:
    """The household on its own crate tag, which stays in the house; elsewhere only with consent."""
    if line.lot.grower_id is None:
        return ""
    if purpose is Purpose.CRATE:
        return session.get_one(Grower, line.lot.grower_id).name
    return public_name_of(session, line.lot.grower_id) or ""


def _area_code(session: Session, line: LotLine, purpose: Purpose, now: datetime) -> str:
    """The code of the market that held on the harvest day; for export it must hold today as well."""
    market = CHINA if purpose is Purpose.EXPORT else HOME_MARKET
    for code in codes_of_lot(session, line.lot, today=day_of(now)):
        if code.market == market and code.then in HOLDING:
            return code.code if market == HOME_MARKET or code.now in HOLDING else ""
    return ""


def _claim(
    session: Session, claims: Iterable[Claim]
) -> tuple[ClaimSaid | None, tuple[Message, ...]]:
    """The first standard the lot may claim. An organic one goes with all that NĐ 109/2018 art. 11 wants."""
    withheld: list[Message] = []
    for claim in sorted(claims, key=_rank):
        if claim.kind == AREA_CODE or claim.certificate_id is None:
            continue
        if not claim.granted:
            withheld.append(claim.reason)
            continue
        certificate = session.get_one(Certificate, claim.certificate_id)
        if claim.kind not in _ORGANIC:
            return ClaimSaid(claim.label, certificate.number), tuple(withheld)
        if certificate.body_code:
            return _organic(claim, certificate), tuple(withheld)
        withheld.append(NO_BODY_CODE)
    return None, tuple(withheld)


def _rank(claim: Claim) -> int:
    """What says most of the goods themselves stands first; of the facility they were packed in, last."""
    return RANKS.index(claim.kind) if claim.kind in RANKS else len(RANKS)


def _organic(claim: Claim, certificate: Certificate) -> ClaimSaid:
    body = f"{certificate.body_name} ({certificate.body_code})"
    return ClaimSaid(claim.label, certificate.number, certificate.issued_on, body)
