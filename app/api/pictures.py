"""Photographs on the wire: kept small and clean, told to who may see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Response, UploadFile
from pydantic import BaseModel

from app.api.problems import may_fail
from app.api.shapes import Out
from app.deps import OnceDep, Reading, Writing
from app.errors import Malformed, NotFound, Refused
from app.pictures.cleaning import cleaned_picture
from app.pictures.commands import keep_picture
from app.pictures.queries import content_of, picture_by_uid

router = APIRouter(prefix="/pictures", tags=["pictures"])


class PictureOut(Out):
    """A photograph: a JPEG of at most 1,600 pixels a side, without where and when it was taken."""

    uid: UUID
    media_type: str
    width: int
    height: int
    size: int
    sha256: str
    sent_sha256: str
    added_at: datetime


@router.post("", status_code=201, response_model=PictureOut, responses=may_fail(Malformed, Refused))
def add_picture(
    file: Annotated[UploadFile, File(description="JPEG, PNG or WebP.")],
    call: Writing,
    once: OnceDep,
) -> Response:
    """Keep a photograph; the one that is there already, if it is sent again."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        kept = keep_picture(
            call.session,
            organisation_id=call.caller.organisation_id,
            organisation=call.caller.organisation_uid,
            picture=cleaned_picture(file.file.read()),
            by=call.actor,
            now=call.now,
        )
        return PictureOut.model_validate(kept), {"Location": f"/api/v1/pictures/{kept.uid}"}

    return once(effect)


@router.get("/{picture}", responses=may_fail(NotFound))
def read_picture(picture: UUID, call: Reading) -> PictureOut:
    """What a photograph is."""
    found = picture_by_uid(call.session, picture, within=call.within)
    call.saw(found.organisation_id, "picture", picture)
    return PictureOut.model_validate(found)


@router.get("/{picture}/content", response_class=Response, responses=may_fail(NotFound))
def read_picture_content(picture: UUID, call: Reading) -> Response:
    """The photograph itself."""
    found = picture_by_uid(call.session, picture, within=call.within)
    call.saw(found.organisation_id, "picture", picture)
    headers = {"ETag": f'"{found.sha256}"', "Cache-Control": "private, max-age=31536000, immutable"}
    return Response(content_of(call.session, found), media_type=found.media_type, headers=headers)
