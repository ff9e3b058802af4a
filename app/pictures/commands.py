"""Keeping photographs: each once, however often it is sent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from app.db import is_sqlite
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.pictures import Picture, PictureContent, PictureVersion
from app.pictures.cleaning import MEDIA_TYPE, CleanPicture
from app.pictures.queries import find_picture
from app.pictures.versions import VersionKind


def keep_picture(
    session: Session,
    *,
    organisation_id: int,
    organisation: UUID,
    picture: CleanPicture,
    by: Actor,
    now: datetime,
) -> Picture:
    """Keep a cleaned photograph with an organisation; the one it has already, where it has it."""
    known = find_picture(session, organisation_id, picture.sent_sha256) or find_picture(
        session, organisation_id, picture.sha256
    )
    if known is not None:
        return known
    kept = Picture(
        organisation_id=organisation_id,
        media_type=MEDIA_TYPE,
        width=picture.width,
        height=picture.height,
        size=len(picture.content),
        sha256=picture.sha256,
        sent_sha256=picture.sent_sha256,
        likeness=picture.likeness,
        added_at=now,
    )
    session.add(kept)
    session.flush()  # the picture's id, for its content
    session.add(PictureContent(picture_id=kept.pk, content=picture.content))
    record(
        session,
        kind="picture.kept",
        subject=str(kept.uid),
        by=by,
        now=now,
        organisation=organisation,
        facts={"sha256": kept.sha256, "size": kept.size},
    )
    return kept


def keep_version(
    session: Session, *, picture_id: int, width: int, kind: VersionKind, content: bytes
) -> None:
    """Keep a version of a picture; whoever made the same one first, it stays. Nothing new is recorded."""
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    values = {"picture_id": picture_id, "width": width, "kind": kind.value, "content": content}
    session.execute(insert(PictureVersion).values(values).on_conflict_do_nothing())
