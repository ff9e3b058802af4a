"""A certificate and a harvest it covers, to be changed in what matters; changes that many tests make."""

from datetime import UTC, date, datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlmodel import Session

from app.certificates.checks import warnings_about
from app.certificates.commands import Change, change_status
from app.certificates.rules import CertificateFacts, Lot
from app.ledger.actors import Actor
from app.models.certificates import Certificate, CertificateStatus, CertificateStep, Confirmation
from app.models.registry import PlantingArea
from tests.given import Given

HARVEST = date(2026, 6, 15)
CABBAGE, TOMATO = 1, 2
TERRACE, VALLEY = 10, 11
MAY, DIN = 100, 101


def certificate(**details: Any) -> CertificateFacts:
    """A certificate that covers `lot()` unless told otherwise."""
    usual: dict[str, Any] = {
        "id": 1,
        "kind": "vietgap",
        "edition": "TCVN 11892-1:2017",
        "number": "VG-1",
        "body_name": "Tây Bắc",
        "confirmation": Confirmation.BODY,
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
        "in_conversion": False,
        "grade": "",
        "steps": (),
        "crops": frozenset({CABBAGE}),
        "areas": frozenset({TERRACE}),
        "members": frozenset(),
    }
    return CertificateFacts(**(usual | details))


def lot(**details: Any) -> Lot:
    """A harvest of cabbage from the terrace by May."""
    usual: dict[str, Any] = {
        "crop_id": CABBAGE,
        "crop_name": "Bắp cải",
        "area_id": TERRACE,
        "area_name": "Ruộng bậc thang",
        "grower_id": MAY,
        "harvested_on": HARVEST,
    }
    return Lot(**(usual | details))


def step(status: CertificateStatus, day: date, number: int = 1) -> CertificateStep:
    return CertificateStep(
        id=number,
        certificate_id=1,
        status=status,
        effective_on=day,
        reason="thử",
        recorded_at=datetime(2026, 11, 20, tzinfo=UTC),
    )


def warned(session: Session, certificate: Certificate) -> list[str]:
    """What deserves a second look at a recorded certificate."""
    return [str(warning.why) for warning in warnings_about(session, certificate)]


def changed(given: Given, certificate: Certificate, status: CertificateStatus, days: int) -> None:
    change_status(
        given.session,
        certificate=certificate,
        change=Change(status, given.day(days), "Kết quả giám sát"),
        by=Actor.system(),
        now=given.now,
    )


def renewed(given: Given, area: PlantingArea, former: Certificate, days: int, **more: Any) -> Any:
    start = given.day(days)
    chosen: dict[str, Any] = {
        "issued_on": min(start, given.day(0)),
        "valid_from": start,
        "valid_to": start + relativedelta(months=24),
        "predecessor": former.uid,
        **more,
    }
    return given.certificate(area, **chosen)
