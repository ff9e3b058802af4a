"""Products and location numbers for the tests of the resolver, and how it is asked."""

import json
from pathlib import Path
from typing import Any

import jsonschema
from httpx import Response
from sqlmodel import Session
from starlette.testclient import TestClient

from app.kit.gs1_checks import check_digit
from app.kit.text import fold
from app.models.catalogue import Crop
from app.models.lots import HarvestLot
from app.models.products import LocationNumber, Product
from app.models.registry import Organisation, PlantingArea

LINKSET = {"Accept": "application/linkset+json"}
PEOPLE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en"}


def schema(name: str) -> dict[str, Any]:
    """A JSON schema beside the tests."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / name).read_text())
    return found


def require_valid(said: Any, *names: str) -> None:
    """Raise where a document breaks one of the rules: of the standard's text, and of its published schema."""
    for name in names:
        checker = jsonschema.Draft7Validator.FORMAT_CHECKER
        jsonschema.validate(said, schema(name), format_checker=checker)


def require_linkset(said: Any) -> None:
    """Raise where it is no linkset."""
    require_valid(said, "linkset_schema.json", "published_linkset.json")


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


def get(client: TestClient, path: str, **headers: str) -> Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(path, headers={"Accept": "*/*", **sent})


def linkset_of(client: TestClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(path, headers=LINKSET)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/linkset+json"
    said = answer.json()
    require_linkset(said)
    return said["linkset"]


def faults(client: TestClient, path: str) -> tuple[int, str]:
    """Status and fault for machines; people get a page with the same status."""
    answer = get(client, path, Accept_Language="en")
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told = answer.json()
    assert told["detail"]
    assert answer.headers["access-control-allow-origin"] == "*"
    for tag in ("vi", "en", "zh"):
        page = client.get(path, headers={**PEOPLE, "Accept-Language": tag})
        assert (page.status_code, page.headers["content-type"]) == (
            answer.status_code,
            "text/html; charset=utf-8",
        )
        assert "<form" in page.text
        assert "Traceback" not in page.text
    return answer.status_code, told["fault"]
