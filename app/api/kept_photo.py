"""A photograph that was sent to `/pictures` before, taken as the proof of something."""

from uuid import UUID

from app.accounts.reach import Reach
from app.deps import Call
from app.pictures.cleaning import CleanPicture
from app.pictures.queries import content_of, picture_by_uid


def kept_photo(call: Call, uid: UUID | None) -> CleanPicture | None:
    """A photograph of the caller's own organisation, which was cleaned when it was kept."""
    if uid is None:
        return None
    kept = picture_by_uid(call.session, uid, within=Reach.own(call.caller.organisation_id))
    content = content_of(call.session, kept)
    return CleanPicture(content, kept.width, kept.height, kept.sent_sha256, kept.likeness)
