"""Photographs of a visit: they come after the sheet, each counts once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.errors import Conflict, FieldError, Refused, refuse
from app.inspection.checklist_queries import items_of
from app.inspection.visit_queries import find_visit
from app.kit.messages import say
from app.ledger.commands import record
from app.models.pictures import Picture
from app.models.registry import Organisation
from app.models.visits import InspectionVisit, VisitPicture
from app.pictures.cleaning import CleanPicture
from app.pictures.commands import keep_picture

MOST_PICTURES = 60


def add_visit_picture(
    session: Session,
    *,
    visit: UUID,
    item: str | None,
    photo: CleanPicture,
    caller: Caller,
    now: datetime,
) -> tuple[Picture, bool]:
    """Keep a photograph with a visit; whether it was not there before.

    Raises Conflict while no such visit has arrived: the photograph is sent again after it.
    """
    shown = find_visit(session, visit)
    if shown is None:
        why = say("The visit of this photograph has not arrived yet. Send it again.")
        raise Conflict(why, FieldError("entry", why))
    if shown.inspector_id != caller.account_id:
        raise Refused(say("Only the inspector of a visit adds photographs to it."))
    home = session.get_one(Organisation, shown.organisation_id)
    item_id = _item(session, shown, item)
    picture = keep_picture(
        session,
        organisation_id=home.pk,
        organisation=home.uid,
        picture=photo,
        by=caller.actor,
        now=now,
    )
    if session.get(VisitPicture, (shown.pk, picture.pk)) is not None:
        return picture, False
    _require_room(session, shown)
    session.add(VisitPicture(visit_id=shown.pk, picture_id=picture.pk, item_id=item_id))
    session.flush()
    record(
        session,
        kind="visit.pictured",
        subject=str(shown.uid),
        by=caller.actor,
        now=now,
        organisation=home.uid,
        facts={"picture": picture.uid, "sha256": picture.sha256},
    )
    return picture, True


def _item(session: Session, visit: InspectionVisit, key: str | None) -> int | None:
    items = items_of(session, [visit.checklist_id])[visit.checklist_id]
    return next((one.pk for one in items if one.key == key), None)


def _require_room(session: Session, visit: InspectionVisit) -> None:
    wanted = select(func.count()).where(col(VisitPicture.visit_id) == visit.pk)
    if int(session.execute(wanted).scalar_one()) >= MOST_PICTURES:
        raise refuse("file", say("A visit has at most {most} photographs.", most=MOST_PICTURES))
