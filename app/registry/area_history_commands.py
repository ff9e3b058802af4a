"""Recording what befalls an area's applications and codes, and telling whoever holds the area."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from app.kit.messages import Message
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.registry import Organisation, PlantingArea
from app.notices.commands import tell


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


def tell_holder(
    session: Session,
    area: PlantingArea,
    kind: str,
    about: str,
    sentence: Message,
    *,
    now: datetime,
) -> None:
    """Tell the organisation that holds an area; `about` names the step, once and for all."""
    tell(
        session,
        organisation=session.get_one(Organisation, area.organisation_id),
        kind=kind,
        about=about,
        sentence=sentence,
        address=f"/work/areas/{area.uid}",
        now=now,
    )
