"""Photographs of entries: they come later than the entry, each counts once."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.diary.conflict_commands import add_picture_of_other
from app.diary.conflict_queries import find_conflict
from app.diary.entry_commands import Pen
from app.diary.entry_queries import find_entry, standing_of
from app.errors import Conflict, FieldError, refuse
from app.kit.messages import say
from app.ledger.commands import record
from app.models.diary import DiaryEntry, EntryPicture, Planting
from app.models.pictures import Picture
from app.models.registry import Organisation
from app.pictures.cleaning import CleanPicture
from app.pictures.commands import keep_picture

MOST_PHOTOS = 12


@dataclass(frozen=True)
class Kept:
    """A photograph with its entry; `added`: it was not there before."""

    picture: Picture
    added: bool


def add_photo(
    session: Session, *, organisation: Organisation, entry: UUID, photo: CleanPicture, pen: Pen
) -> Kept:
    """Keep a photograph with the entry of this id, or with the version that waits under it.

    Raises Conflict while no such entry has arrived: the photograph is sent again after it.
    """
    shown = find_entry(session, entry)
    if shown is not None and shown.organisation_id == organisation.pk:
        picture = _picture(session, organisation, photo, pen)
        return Kept(picture, _show(session, organisation, shown, picture, pen=pen))
    conflict = find_conflict(session, entry)
    if conflict is not None and conflict.organisation_id == organisation.pk:
        picture = _picture(session, organisation, photo, pen)
        return Kept(picture, add_picture_of_other(conflict, picture))
    why = say("The entry of this photograph has not arrived yet. Send it again.")
    raise Conflict(why, FieldError("entry", why))


def _picture(
    session: Session, organisation: Organisation, photo: CleanPicture, pen: Pen
) -> Picture:
    return keep_picture(
        session,
        organisation_id=organisation.pk,
        organisation=organisation.uid,
        picture=photo,
        by=pen.by,
        now=pen.now,
    )


def _show(
    session: Session, organisation: Organisation, entry: DiaryEntry, picture: Picture, *, pen: Pen
) -> bool:
    # What was corrected meanwhile keeps its photographs too.
    entries = {one.pk: one for one in (entry, standing_of(session, entry))}
    missing = [key for key in entries if session.get(EntryPicture, (key, picture.pk)) is None]
    if not missing:
        return False
    for key in missing:
        _require_room(session, entries[key])
        session.add(EntryPicture(entry_id=key, picture_id=picture.pk))
    session.flush()
    record(
        session,
        kind="entry.pictured",
        subject=str(session.get_one(Planting, entry.planting_id).uid),
        by=pen.by,
        now=pen.now,
        organisation=organisation.uid,
        facts={"entry": entry.uid, "picture": picture.uid, "sha256": picture.sha256},
    )
    return True


def _require_room(session: Session, entry: DiaryEntry) -> None:
    wanted = select(func.count()).where(col(EntryPicture.entry_id) == entry.pk)
    if int(session.execute(wanted).scalar_one()) >= MOST_PHOTOS:
        raise refuse("file", say("An entry has at most {most} photographs.", most=MOST_PHOTOS))
