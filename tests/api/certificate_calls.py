"""Requests about certificates, as a machine would send them."""

import json
from typing import Any
from uuid import uuid4

from httpx2 import Response
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.certificates import Certificate
from app.models.registry import PlantingArea
from tests.given import Given

ADDRESS = "/api/v1/certificates"


JSON = {"Content-Type": "application/json"}


REASON = "Không khắc phục lỗi sau lần giám sát."


def paper(given: Given, area: PlantingArea, **details: Any) -> dict[str, Any]:
    """What a clerk copies from a certificate."""
    usual = {
        "standard": "VIETGAP_2017",
        "number": "VietGAP-TT-13-09-10-0096",
        "issued_on": str(given.day(-300)),
        "valid_from": str(given.day(-300)),
        "valid_to": str(given.day(300)),
        "crops": ["BAP_CAI"],
        "areas": [str(area.uid)],
        "body_name": "Trung tâm Chứng nhận Tây Bắc",
    }
    return usual | details


def escaped(body: dict[str, Any]) -> str:
    """JSON in ASCII: the one way a lone surrogate can be sent at all."""
    return json.dumps(body)


def posted(
    client: TestClient, body: dict[str, Any], headers: dict[str, str], key: str = ""
) -> Response:
    chosen = {"Idempotency-Key": key or str(uuid4()), "Accept-Language": "en", **headers}
    return client.post(ADDRESS, content=escaped(body), headers=chosen | JSON)


def changed(
    client: TestClient,
    certificate: Certificate,
    verb: str,
    headers: dict[str, str],
    **body: str,
) -> Response:
    chosen = {"If-Match": '"1"', "Accept-Language": "en", **headers}
    sent = {"effective_on": "2026-11-18", "reason": REASON, **body}
    address = f"{ADDRESS}/{certificate.uid}/{verb}"
    return client.post(address, content=escaped(sent), headers=chosen | JSON)


def recorded(given: Given, session: Session, area: PlantingArea, **details: Any) -> Certificate:
    """A certificate that stands already."""
    certificate = given.certificate(area, **details)
    session.commit()
    return certificate


def at(answer: Response) -> list[str]:
    """The fields a problem names."""
    assert answer.headers["content-type"] == "application/problem+json"
    return [error["at"] for error in answer.json()["errors"]]
