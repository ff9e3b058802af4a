"""Every border of certified organic land in the province, for those who watch them (the plan, V.1)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.queries import rule_on, value_of
from app.certificates.neighbour_queries import DISTANCE_RULE, organic_among
from app.models.registry import Organisation, PlantingArea
from app.registry.overlap_queries import Near, neighbours


@dataclass(frozen=True)
class Border:
    """An organic area with an area beside it that is not."""

    organic: PlantingArea
    owner: Organisation
    beside: Near


def organic_borders(session: Session, day: date) -> list[Border]:
    """The borders on a day, within the distance of its rule; the nearest first."""
    rule = rule_on(session, DISTANCE_RULE, day)
    if rule is None:
        return []
    organic = organic_among(session, None, day)
    wanted = (
        select(PlantingArea, Organisation)
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .where(col(PlantingArea.id).in_(organic), col(PlantingArea.closed_on).is_(None))
    )
    owned = session.execute(wanted).all()
    near = neighbours(session, [area for area, _ in owned], int(value_of(rule)))
    borders = [
        Border(area, owner, beside)
        for area, owner in owned
        for beside in near[area.pk]
        if beside.area.pk not in organic
    ]
    return sorted(borders, key=lambda one: (one.beside.metres, one.organic.pk))
