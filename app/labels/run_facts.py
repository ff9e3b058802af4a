"""What the labels of a lot say in a run, gathered from the register: a claim only when the lot holds it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session
from stdnum import ean

from app.catalogue.product_rules import says_genuine
from app.errors import refuse
from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.kit.text import clean
from app.labels.layout_words import ClaimSaid, RunFacts
from app.labels.payload import host_of
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
LONGEST_TEXT = 160
LONGEST_CODE = 60
MOST_PACKS = 10_000
_GTIN_DIGITS = 14
_ORGANIC = frozenset({"organic", IN_CONVERSION})
_RANKS = ("organic", IN_CONVERSION, "vietgap", "globalgap", "pgs", "ocop")
_TAGS = ("vi", "en", "zh")

# Sentences offered for storage and use; what somebody writes instead is said in every language as it stands.
STORAGE: tuple[Mapping[str, str], ...] = (
    {"vi": "nơi thoáng mát", "en": "in a cool, airy place", "zh": "阴凉通风处"},
    {"vi": "5–10 °C", "en": "at 5–10 °C", "zh": "5–10 °C"},
)
WARNINGS: tuple[Mapping[str, str], ...] = (
    {"vi": "rửa sạch trước khi dùng", "en": "wash before use", "zh": "食用前洗净"},
)


@dataclass(frozen=True)
class Content:
    """What the clerk says of the packages: their weight, how many to a carton, how to keep them."""

    pack: Grams | None = None
    packs: int = 0
    storage: str = ""
    warning: str = ""
    packing_house: str = ""
    gtin: str = ""


@dataclass(frozen=True)
class Gathered:
    """The facts, what a carton's bar code says, and what is withheld though the lot might say it."""

    facts: RunFacts
    elements: tuple[tuple[str, str], ...]
    withheld: tuple[Message, ...]


def checked_content(content: Content) -> Content:
    """The content cleaned; Refused, field by field, for what no label may say."""
    for name, text in (("storage", content.storage), ("warning", content.warning)):
        if says_genuine(text):
            why = say("A label never says that goods are genuine: no code can know that.")
            raise refuse(name, why)
    if content.pack is not None and content.pack.value <= 0:
        raise refuse("pack_g", say("A pack weighs more than nothing."))
    if not 0 <= content.packs <= MOST_PACKS:
        raise refuse("packs", say("A carton holds 0 to {most} packs.", most=MOST_PACKS))
    gtin = content.gtin.replace(" ", "")
    if gtin and not ean.is_valid(gtin):
        raise refuse(
            "gtin", say("This is no GTIN: the last digit does not add up, or digits lack.")
        )
    return Content(
        pack=content.pack,
        packs=content.packs,
        storage=clean(content.storage, longest=LONGEST_TEXT),
        warning=clean(content.warning, longest=LONGEST_TEXT),
        packing_house=clean(content.packing_house, longest=LONGEST_CODE),
        gtin=gtin.zfill(_GTIN_DIGITS) if gtin else "",
    )


def plain_content(content: Content) -> dict[str, object]:
    """The content as JSON can hold it."""
    return {**asdict(content), "pack": content.pack.value if content.pack else None}


def content_from(plain: Mapping[str, Any]) -> Content:
    """The content that was kept."""
    return Content(**{**plain, "pack": Grams(plain["pack"]) if plain["pack"] else None})


def facts_of(
    session: Session,
    line: LotLine,
    content: Content,
    *,
    purpose: Purpose,
    serialised: bool,
    base_url: str,
    now: datetime,
) -> Gathered:
    """What the labels of this lot may say today."""
    place = unit_by_id(session, line.area.commune_id)
    claim, withheld = _claim(session, line, now)
    facts = RunFacts(
        names={"vi": line.crop.name_vi, "en": line.crop.name_en, "zh": line.crop.name_zh},
        producer_name=line.organisation.name,
        producer_address=_producer_address(session, line),
        places={tag: address_of(place, tag) for tag in _TAGS},
        harvested_on=line.lot.harvested_on,
        lot_code=line.lot.code,
        host=host_of(base_url),
        packed_on=line.lot.packed_on,
        best_before=line.lot.best_before,
        pack=content.pack,
        packs=content.packs,
        area_code=_area_code(session, line, purpose, now),
        packing_house=content.packing_house,
        claim=claim,
        storage=in_all(content.storage, STORAGE),
        warning=in_all(content.warning, WARNINGS),
        grower=_grower(session, line, purpose),
        area_name=line.area.name,
        serialised=serialised,
        demonstration=line.organisation.demonstration,
    )
    return Gathered(facts, _elements(line, content), withheld)


def in_all(text: str, known: tuple[Mapping[str, str], ...]) -> Mapping[str, str]:
    """What a clerk wrote, by language: an offered sentence in each, anything else as it stands."""
    return next((one for one in known if text == one["vi"]), dict.fromkeys(_TAGS, text))


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
    session: Session, line: LotLine, now: datetime
) -> tuple[ClaimSaid | None, tuple[Message, ...]]:
    """The first standard the lot may claim. An organic one goes with all that NĐ 109/2018 art. 11 wants."""
    withheld: list[Message] = []
    for claim in sorted(claims_of(session, line.lot, today=day_of(now)), key=_rank):
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
        withheld.append(
            say(
                "An organic claim names its certification body with its code: the certificate has none."
            )
        )
    return None, tuple(withheld)


def _rank(claim: Claim) -> int:
    """What says most of the goods themselves stands first; of the facility they were packed in, last."""
    return _RANKS.index(claim.kind) if claim.kind in _RANKS else len(_RANKS)


def _organic(claim: Claim, certificate: Certificate) -> ClaimSaid:
    body = f"{certificate.body_name} ({certificate.body_code})"
    return ClaimSaid(claim.label, certificate.number, certificate.issued_on, body)


def _elements(line: LotLine, content: Content) -> tuple[tuple[str, str], ...]:
    """(01)(10)(13) of a carton; without a GTIN there is no bar code."""
    if not content.gtin:
        return ()
    packed = line.lot.packed_on or line.lot.harvested_on
    return (("01", content.gtin), ("13", f"{packed:%y%m%d}"), ("10", line.lot.code))
