"""Certification bodies and the periods in which they are registered."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.certificates.plausibility import Registered
from app.certificates.queries import certification_bodies
from app.models.certificates import BodyRegistration
from app.models.registry import Organisation


@dataclass(frozen=True)
class BodyLine:
    """A certification body with its registrations, oldest first."""

    body: Organisation
    registrations: list[BodyRegistration]


def registered_periods(session: Session, body_id: int) -> list[Registered]:
    """When a body is, or was, registered; none where nobody recorded it."""
    return [Registered(row.valid_from, row.valid_to) for row in _of(session, [body_id])[body_id]]


def registrations_of(session: Session, body: Organisation) -> list[BodyRegistration]:
    """The registrations of a body, oldest first."""
    return _of(session, [body.pk])[body.pk]


def bodies_with_registrations(session: Session) -> list[BodyLine]:
    """Every certification body, by name."""
    bodies = certification_bodies(session)
    held = _of(session, [body.pk for body in bodies])
    return [BodyLine(body, held[body.pk]) for body in bodies]


def _of(session: Session, body_ids: list[int]) -> defaultdict[int, list[BodyRegistration]]:
    wanted = (
        select(BodyRegistration)
        .where(col(BodyRegistration.organisation_id).in_(body_ids))
        .order_by(col(BodyRegistration.valid_from), col(BodyRegistration.id))
    )
    found: defaultdict[int, list[BodyRegistration]] = defaultdict(list)
    for row in session.execute(wanted).scalars():
        found[row.organisation_id].append(row)
    return found
