"""What is stated of a certificate number and of a planting-area code: the facts that are signed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from sqlmodel import Session

from app.certificates.public_queries import Answer, State, Told, certificates_numbered
from app.errors import NotFound
from app.kit.clock import day_of, start_of
from app.models.registry import CodeStatus
from app.places.queries import address_of
from app.provenance.statements import FORMAT, instant
from app.registry.codes import key_of
from app.registry.register_queries import RegisteredArea, RegisteredCode, registered_area

# How long a statement may be shown around before its number should be asked for again.
LIFE = timedelta(hours=24)


class About(StrEnum):
    """What a statement is about."""

    CERTIFICATE = "certificate"
    CODE = "planting_area_code"


# The state of a code in the words that are used of certificates.
_STATES: dict[CodeStatus | None, State] = {
    None: State.PENDING,
    CodeStatus.ACTIVE: State.VALID,
    CodeStatus.WARNED: State.VALID,
    CodeStatus.SUSPENDED: State.SUSPENDED,
    CodeStatus.REVOKED: State.WITHDRAWN,
    CodeStatus.CANCELLED: State.WITHDRAWN,
    CodeStatus.SUPERSEDED: State.REPLACED,
}


def certificate_stated(
    session: Session, number: str, *, issuer: str, now: datetime
) -> dict[str, Any]:
    """What a certificate number is worth now, as a statement: unknown ones too."""
    today = day_of(now)
    answer = certificates_numbered(session, number, day=today)
    tomorrow = certificates_numbered(session, number, day=today + timedelta(days=1))
    known = answer.certificates
    written = known[0].line.certificate.number if known else number
    records = [_certificate(told) for told in known]
    return _statement(
        About.CERTIFICATE,
        written,
        f"{issuer}/certificates/{quote(written, safe='/')}",
        now,
        _end(now, changes=_states_in(answer) != _states_in(tomorrow)),
        {
            "issuer": issuer,
            "state": answer.state,
            "since": known[0].since if known else None,
            "records": records,
            "demonstration": any(told.line.holder.demonstration for told in known),
        },
    )


def code_stated(session: Session, code: str, *, issuer: str, now: datetime) -> dict[str, Any]:
    """What a planting-area code is worth now, as a statement: unknown ones too."""
    today = day_of(now)
    found, later = (_find(session, code, today + timedelta(days=ahead)) for ahead in (0, 1))
    key = found[1].code.code_key if found else key_of(code) or "-"
    return _statement(
        About.CODE,
        found[1].code.code if found else code,
        f"{issuer}/register/{quote(key)}",
        now,
        _end(now, changes=_status(found) != _status(later)),
        {
            "issuer": issuer,
            "state": _STATES[found[1].status] if found else State.UNKNOWN,
            "since": _since(found[1], today) if found else None,
            "records": [_code(*found)] if found else [],
            "demonstration": found is not None and found[0].holder.demonstration,
        },
    )


def _statement(
    about: About,
    number: str,
    page: str,
    now: datetime,
    end: datetime,
    said: Mapping[str, object],
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "about": {"kind": about, "number": number, "page": page},
        "on": day_of(now),
        "issued_at": instant(now),
        "valid_until": instant(end),
        **said,
    }


def _end(now: datetime, *, changes: bool) -> datetime:
    """A day later, but not beyond a midnight that is known to change the answer."""
    midnight = start_of(day_of(now) + timedelta(days=1))
    return min(now + LIFE, midnight) if changes else now + LIFE


def _states_in(answer: Answer) -> list[tuple[int, State]]:
    return sorted((told.line.certificate.pk, told.state) for told in answer.certificates)


def _certificate(told: Told) -> dict[str, Any]:
    held, standard = told.line.certificate, told.line.standard
    return {
        "number": held.number,
        "state": told.state,
        "since": told.since,
        "kind": standard.kind,
        "standard": standard.edition,
        "holder": told.holder,
        "body": held.body_name,
        "body_code": held.body_code,
        "confirmation": held.confirmation,
        "issued_on": held.issued_on,
        "valid_from": held.valid_from,
        "valid_to": held.valid_to,
        "in_conversion": held.in_conversion,
        "grade": held.grade,
        "crops": sorted(crop.slug for crop in told.crops),
        "areas": sorted(area.name for area in told.areas),
        "replaced_by": told.successor,
    }


def _code(area: RegisteredArea, mine: RegisteredCode) -> dict[str, Any]:
    holder = area.holder
    return {
        "code": mine.code.code,
        "state": _STATES[mine.status],
        "status": mine.status or "none",
        "market": mine.code.market,
        "scheme": mine.code.scheme,
        "issued_on": mine.code.issued_on,
        "decision": mine.code.decision_number,
        "holder": holder.name,
        "commune": address_of(holder.commune),
        "area_m2": holder.area_m2,
        "crops": sorted(crop.slug for crop in holder.crops),
        "steps": [
            {"status": step.status, "effective_on": step.effective_on} for step in mine.steps
        ],
    }


def _find(session: Session, code: str, day: date) -> tuple[RegisteredArea, RegisteredCode] | None:
    key = key_of(code)
    try:
        area = registered_area(session, code, day=day)
    except NotFound:
        return None
    return area, next(one for one in area.codes if one.code.code_key == key)


def _status(found: tuple[RegisteredArea, RegisteredCode] | None) -> CodeStatus | None:
    return found[1].status if found else None


def _since(mine: RegisteredCode, today: date) -> date | None:
    """From when its state holds; None for a code that has not begun."""
    past = [step for step in mine.steps if step.effective_on <= today]
    return past[-1].effective_on if past else None
