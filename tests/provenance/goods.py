"""Products and location numbers for the tests of the resolver."""

import json
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app.kit.gs1_checks import check_digit
from app.kit.text import fold
from app.models.catalogue import Crop
from app.models.lots import HarvestLot
from app.models.products import LocationNumber, Product
from app.models.registry import Organisation, PlantingArea

LINKSET = {"Accept": "application/linkset+json"}


def schema(name: str) -> dict[str, Any]:
    """A JSON schema beside the tests."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / name).read_text())
    return found


def gtin(number: int = 1) -> str:
    """A GTIN of the prefix for demonstrations."""
    body = f"0952000{number:06}"
    return body + check_digit(body)


def gln(number: int = 1) -> str:
    body = f"952000{number:06}"
    return body + check_digit(body)


def product_of(
    session: Session, lot: HarvestLot, number: int = 1, crop: Crop | None = None
) -> Product:
    """A product as which a lot may be sold."""
    name = f"Bắp cải túi {number}"
    made = Product(
        organisation_id=lot.organisation_id,
        crop_id=crop.pk if crop else lot.crop_id,
        name_vi=name,
        name_en=f"Cabbage bag {number}",
        name_key=fold(name),
        gtin=gtin(number),
        created_at=lot.recorded_at,
    )
    session.add(made)
    session.flush()
    return made


def numbered(
    session: Session, organisation: Organisation, area: PlantingArea | None = None, number: int = 1
) -> LocationNumber:
    made = LocationNumber(
        gln=gln(number), organisation_id=organisation.pk, area_id=area.pk if area else None
    )
    session.add(made)
    session.flush()
    return made
