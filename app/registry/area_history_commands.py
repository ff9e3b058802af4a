"""Recording what befalls an area's applications and codes: their history is read with the area's."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.registry import Organisation, PlantingArea


def record_of_area(
    session: Session,
    area: PlantingArea,
    kind: str,
    facts: Mapping[str, object],
    *,
    by: Actor,
    now: datetime,
) -> int:
    """Append a fact whose subject is the area, in the history of its organisation."""
    organisation = session.get_one(Organisation, area.organisation_id)
    return record(
        session,
        kind=kind,
        subject=str(area.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts=facts,
    )
