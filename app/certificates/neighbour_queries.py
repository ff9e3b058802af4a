"""Neighbours of certified organic land: what is sprayed next door is watched (the plan, V.1)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select, true
from sqlmodel import Session, col

from app.catalogue.queries import rule_on, value_of
from app.certificates.queries import steps_of
from app.certificates.rules import status_on
from app.models.catalogue import Standard, StandardKind
from app.models.certificates import Certificate, CertificateArea, CertificateStatus
from app.models.registry import PlantingArea
from app.registry.overlap_queries import Near, areas_within

DISTANCE_RULE = "organic.neighbour_metres"


@dataclass(frozen=True)
class OrganicBorder:
    """What one area has to know of its neighbours.

    `organic`: whether this area itself is certified organic. `near`: all its neighbours then, else
    only those that are; within `metres`, the dated rule of the day.
    """

    organic: bool
    metres: int
    near: list[Near]


def organic_border(session: Session, area: PlantingArea, day: date) -> OrganicBorder:
    """The neighbours that an organic area is told of, and those that are told of an organic one."""
    rule = rule_on(session, DISTANCE_RULE, day)
    metres = int(value_of(rule)) if rule else 0
    near = areas_within(session, area, metres) if metres else []
    organic = organic_among(session, {area.pk, *(one.area.pk for one in near)}, day)
    if area.pk not in organic:
        near = [one for one in near if one.area.pk in organic]
    return OrganicBorder(area.pk in organic, metres, near)


def organic_among(session: Session, area_ids: set[int] | None, day: date) -> set[int]:
    """Those of some areas, or of all, that an organic certificate names on a day, in conversion too."""
    wanted = (
        select(col(CertificateArea.area_id), Certificate)
        .join(Certificate, col(Certificate.id) == col(CertificateArea.certificate_id))
        .join(Standard, col(Standard.id) == col(Certificate.standard_id))
        .where(
            true() if area_ids is None else col(CertificateArea.area_id).in_(area_ids),
            col(Standard.kind) == StandardKind.ORGANIC,
            col(Certificate.disputed).is_(False),
            col(Certificate.valid_from) <= day,
            col(Certificate.valid_to) >= day,
            col(CertificateArea.since) <= day,
            or_(col(CertificateArea.until).is_(None), col(CertificateArea.until) >= day),
        )
    )
    found = session.execute(wanted).all()
    steps = steps_of(session, {certificate.pk for _, certificate in found})
    return {
        area_id
        for area_id, certificate in found
        if status_on(steps[certificate.pk], day) is CertificateStatus.ACTIVE
    }
