"""Photographs, shown to who may see them."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from app.catalogue.input_queries import product_by_uid
from app.deps import Call, Reading
from app.errors import NotFound
from app.kit.messages import say
from app.models.pictures import Picture
from app.pictures.queries import content_of, picture_by_uid

router = APIRouter(include_in_schema=False)

KEPT = "private, max-age=31536000, immutable"


@router.get("/work/pictures/{uid}")
def own_picture(call: Reading, uid: UUID) -> Response:
    """A photograph of the own organisation."""
    return _shown(call, uid)


@router.get("/desk/pictures/{uid}")
def any_picture(call: Reading, uid: UUID) -> Response:
    """A photograph an officer looks at."""
    return _shown(call, uid)


@router.get("/work/inputs/{uid}/label")
def input_label(call: Reading, uid: UUID) -> Response:
    """The photograph of the label."""
    product = product_by_uid(call.session, uid)
    if product.label_picture_id is None:
        raise NotFound(say("There is no such picture."))
    picture = call.session.get_one(Picture, product.label_picture_id)
    headers = {"Cache-Control": KEPT, "ETag": f'"{picture.sha256}"'}
    return Response(
        content_of(call.session, picture), media_type=picture.media_type, headers=headers
    )


def _shown(call: Call, uid: UUID) -> Response:
    picture = picture_by_uid(call.session, uid, within=call.within)
    call.saw(picture.organisation_id, "picture", uid)
    headers = {"Cache-Control": KEPT, "ETag": f'"{picture.sha256}"'}
    return Response(
        content_of(call.session, picture), media_type=picture.media_type, headers=headers
    )
