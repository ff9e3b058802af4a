"""Finding photographs within reach, and their bytes."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.messages import say
from app.models.pictures import Picture, PictureContent, PictureVersion
from app.pictures.versions import VersionKind


def picture_by_uid(session: Session, uid: UUID, *, within: Reach) -> Picture:
    """The picture with this public id; NotFound outside the reach."""
    found: Picture | None = session.execute(
        select(Picture).where(col(Picture.uid) == uid, within.limits(col(Picture.organisation_id)))
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such picture."))
    return found


def find_picture(session: Session, organisation_id: int, sha256: str) -> Picture | None:
    """The picture of an organisation with these bytes, as they were sent or as they are kept."""
    same = or_(col(Picture.sent_sha256) == sha256, col(Picture.sha256) == sha256)
    wanted = select(Picture).where(col(Picture.organisation_id) == organisation_id, same)
    return session.execute(wanted.order_by(col(Picture.id)).limit(1)).scalars().first()


def content_of(session: Session, picture: Picture) -> bytes:
    """The bytes of a picture."""
    return session.get_one(PictureContent, picture.pk).content


def pictures_by_ids(session: Session, picture_ids: Collection[int]) -> dict[int, Picture]:
    """Pictures by their keys."""
    wanted = select(Picture).where(col(Picture.id).in_(picture_ids))
    return {picture.pk: picture for picture in session.execute(wanted).scalars()}


def find_version(session: Session, picture: Picture, width: int, kind: VersionKind) -> bytes | None:
    """The version of a picture that is kept, if it was made."""
    kept = session.get(PictureVersion, (picture.pk, width, kind.value))
    return None if kept is None else kept.content
