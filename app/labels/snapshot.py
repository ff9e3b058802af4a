"""What a label says, gathered from the register and frozen: a printed label is never rewritten."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from app.kit.clock import day_of
from app.kit.i18n import language
from app.kit.quantities import Grams
from app.labels.face import LabelFacts
from app.labels.image import label_png
from app.labels.layout_words import origin_said
from app.labels.origins import grown_in, is_from_outside
from app.labels.sheet import sheet_pdf
from app.lots.claims import AREA_CODE, Claim
from app.lots.evidence import claims_of, codes_of_lot
from app.lots.queries import LotLine
from app.models.labels import LabelForm, LabelPrint
from app.models.registry import HOLDING
from app.places.queries import address_of, unit_by_id

HOME_MARKET = "VNM"
# Labels for the domestic market are in Vietnamese (NĐ 37/2026/NĐ-CP art. 42).
LABEL_LANGUAGE = "vi"
_DAYS = ("harvested_on", "packed_on", "best_before")


def label_facts(
    session: Session,
    line: LotLine,
    *,
    base_url: str,
    now: datetime,
    claims: Sequence[Claim] | None = None,
) -> LabelFacts:
    """What a label of this lot may say today: a claim only when the lot holds it.

    `claims`: those of today, for who has found them already.
    """
    if claims is None:
        claims = claims_of(session, line.lot, today=day_of(now))
    producer_place = (
        unit_by_id(session, line.organisation.commune_id) if line.organisation.commune_id else None
    )
    address = [line.organisation.address, address_of(producer_place) if producer_place else ""]
    return LabelFacts(
        product_name=line.crop.name_vi,
        producer_name=line.organisation.name,
        producer_address=", ".join(part for part in address if part),
        origin=origin_said(
            grown_in(session, line.lot, LABEL_LANGUAGE),
            LABEL_LANGUAGE,
            outside=is_from_outside(session, line.lot),
        ),
        harvested_on=line.lot.harvested_on,
        lot_code=line.lot.code,
        base_url=base_url,
        packed_on=line.lot.packed_on,
        best_before=line.lot.best_before,
        area_code=_area_code(session, line),
        claim=_claim(claims),
        demonstration=line.organisation.demonstration,
    )


def frozen(facts: LabelFacts) -> str:
    """The facts as JSON."""
    return json.dumps(asdict(facts), ensure_ascii=False, default=_plain)


def thawed(snapshot: str) -> LabelFacts:
    """The facts again, exactly as they were printed."""
    told: dict[str, Any] = json.loads(snapshot)
    for day in _DAYS:
        told[day] = date.fromisoformat(told[day]) if told[day] else None
    told["quantity"] = Grams(told["quantity"]["value"]) if told["quantity"] else None
    return LabelFacts(**told)


def file_of(printed: LabelPrint) -> tuple[bytes, str, str]:
    """The file of a printing: its bytes, media type and a plain file name."""
    facts = thawed(printed.snapshot)
    name = f"{facts.lot_code}-{printed.form.value}"
    match printed.form:
        case LabelForm.PNG_203:
            return label_png(facts, dpi=203), "image/png", f"{name}.png"
        case LabelForm.PNG_300:
            return label_png(facts, dpi=300), "image/png", f"{name}.png"
        case LabelForm.SHEET_A4:
            pdf = sheet_pdf(facts, copies=printed.copies, start_at=printed.start_at)
            return pdf, "application/pdf", f"{name}.pdf"


def _area_code(session: Session, line: LotLine) -> str | None:
    held = [
        code.code
        for code in codes_of_lot(session, line.lot, today=line.lot.harvested_on)
        if code.market == HOME_MARKET and code.then in HOLDING
    ]
    return held[0] if held else None


def _claim(claims: Sequence[Claim]) -> str | None:
    """The first standard the lot may claim, with its certificate's number."""
    said = language(LABEL_LANGUAGE)
    for claim in claims:
        if claim.granted and claim.kind != AREA_CODE and claim.certificate:
            return said.say(claim.label) + f" {claim.certificate.number}"
    return None


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
