"""The drawing of where communes lie, as a file of its own: fetched when it scrolls into view."""

import gzip
from functools import lru_cache

import brotli
from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.errors import NotFound
from app.kit.messages import say
from app.web.commune_sketch import drawing_of
from app.web.page_answer import encoding_of

router = APIRouter(include_in_schema=False)

A_DAY = "public, max-age=86400"


@router.get("/m/{code}.svg")
def commune_map(request: Request, code: str) -> Response:
    """The commune with this code, or those with these, within the province."""
    drawing = drawing_of(code)
    if drawing is None:
        raise NotFound(say("There is no such place."))
    encoding = encoding_of(request.headers.get("accept-encoding", ""))
    headers = {"Cache-Control": A_DAY, "Vary": "Accept-Encoding"}
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    return Response(_encoded(drawing, encoding), media_type="image/svg+xml", headers=headers)


@lru_cache(maxsize=512)
def _encoded(drawing: str, encoding: str) -> bytes:
    content = drawing.encode()
    if encoding == "gzip":
        return gzip.compress(content, 9, mtime=0)
    small: bytes = brotli.compress(content, quality=11) if encoding == "br" else content
    return small
