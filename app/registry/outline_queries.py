"""In which commune a point lies, as far as the province supplied outlines."""

import json
from datetime import date

import shapely
from shapely.geometry import shape
from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.models.places import AdminOutline, AdminUnit
from app.registry.geometry import UNITS_A_DEGREE


def commune_at(
    session: Session, longitude: float, latitude: float, *, day: date
) -> AdminUnit | None:
    """The commune of a day whose outline holds a point; None where no outline is known."""
    x, y = round(longitude * UNITS_A_DEGREE), round(latitude * UNITS_A_DEGREE)
    wanted = (
        select(AdminUnit, col(AdminOutline.outline))
        .join(AdminOutline, col(AdminOutline.unit_id) == col(AdminUnit.id))
        .where(
            col(AdminUnit.valid_from) <= day,
            or_(col(AdminUnit.valid_to).is_(None), col(AdminUnit.valid_to) >= day),
            col(AdminOutline.west) <= x,
            col(AdminOutline.east) >= x,
            col(AdminOutline.south) <= y,
            col(AdminOutline.north) >= y,
        )
    )
    point = shapely.Point(longitude, latitude)
    for unit, outline in session.execute(wanted):
        if shape(json.loads(outline)).covers(point):
            found: AdminUnit = unit
            return found
    return None
