"""Telling a cooperative and the inspectors of what the diary brings to light."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.input_rules import InputVerdict
from app.diary.queries import PlantingLine
from app.kit.messages import say
from app.models.diary import DiaryEntry
from app.models.registry import Organisation, OrganisationKind
from app.notices.commands import tell_once


def tell_of_ban(
    session: Session,
    organisation: Organisation,
    line: PlantingLine,
    entry: DiaryEntry,
    verdict: InputVerdict,
    *,
    now: datetime,
) -> None:
    """A banned active was used: the cooperative is told, and every authority."""
    why = say(
        "A banned input is in the diary of {organisation}, {crop}, {area}, on {day}: {reason}",
        organisation=organisation.name,
        crop=line.crop.name_vi,
        area=line.area.name,
        day=entry.done_on,
        reason=verdict.reason,
    )
    authorities = session.execute(
        select(Organisation).where(col(Organisation.kind) == OrganisationKind.AUTHORITY)
    ).scalars()
    own = f"/work/diary/plantings/{line.planting.uid}"
    desk = f"/desk/diary/plantings/{line.planting.uid}"
    told = [(organisation, own), *((authority, desk) for authority in authorities)]
    for receiver, address in told:
        tell_once(
            session,
            organisation=receiver,
            kind="entry.banned_input",
            about=f"entry.banned_input {entry.uid}",
            sentence=why,
            address=address,
            now=now,
        )
