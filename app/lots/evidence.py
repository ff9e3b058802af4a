"""Gathers what the claim rules need from the register and the certificates, in a few statements."""

import json
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.certificates.queries import certificates_of
from app.certificates.rules import Lot
from app.kit.messages import Message
from app.lots.claims import Claim, CodeFacts, claims_for
from app.models.catalogue import Crop
from app.models.lots import HarvestLot, LotClaim
from app.models.registry import PlantingArea
from app.registry.code_queries import steps_of_area
from app.registry.rules import status_on


def claims_of(session: Session, lot: HarvestLot, *, today: date) -> list[Claim]:
    """What a lot may claim with everything known today."""
    crop = session.get_one(Crop, lot.crop_id)
    area = session.get_one(PlantingArea, lot.area_id)
    return claims_for(
        Lot(
            crop_id=lot.crop_id,
            crop_name=crop.name_vi,
            area_id=lot.area_id,
            area_name=area.name,
            grower_id=lot.grower_id,
            harvested_on=lot.harvested_on,
        ),
        codes=codes_of_lot(session, lot, today=today),
        certificates=certificates_of(session, lot.organisation_id),
        today=today,
    )


def codes_of_lot(session: Session, lot: HarvestLot, *, today: date) -> list[CodeFacts]:
    """The codes of a lot's area, with their status on the harvest day and today."""
    return [
        CodeFacts(
            code=code.code,
            market=code.market,
            scheme=code.scheme,
            issued_on=code.issued_on,
            then=status_on(steps, lot.harvested_on),
            now=status_on(steps, today) or code.status,
        )
        for code, steps in steps_of_area(session, lot.area_id)
    ]


def claims_recorded(session: Session, lot: HarvestLot) -> dict[str, tuple[bool, Message]]:
    """By kind: whether the claim was granted when the lot was recorded, and the reason given then."""
    rows = session.execute(select(LotClaim).where(col(LotClaim.lot_id) == lot.pk)).scalars()
    return {row.kind: (row.granted, kept_message(row)) for row in rows}


def plain_values(message: Message) -> str:
    """A message's values as JSON, days as ISO 8601."""
    values = {
        name: {"day": value.isoformat()} if isinstance(value, date) else str(value)
        for name, value in message.values.items()
    }
    return json.dumps(values, ensure_ascii=False)


def kept_message(row: LotClaim) -> Message:
    """The reason as it was given, ready to be said in any language."""
    values = {
        name: date.fromisoformat(value["day"]) if isinstance(value, dict) else value
        for name, value in json.loads(row.reason_values).items()
    }
    return Message(row.reason, values)
