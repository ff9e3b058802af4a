"""Photographs of public pages: small versions, made when first asked for and kept; and the shared links'.

An address names a lot and a place on its page, or another page, so only what a public page shows has one.
"""

import hashlib
import re
from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from starlette.background import BackgroundTask

from app.accounts.reach import Reach
from app.db import open_read_session, transaction
from app.errors import NotFound
from app.kit.i18n import LANGUAGES
from app.kit.messages import say
from app.lots.queries import lot_by_code
from app.models.lots import LotState
from app.models.pages import PageKind
from app.models.pictures import Picture
from app.pictures.commands import keep_version
from app.pictures.queries import content_of, find_version
from app.pictures.versions import MEDIA_TYPES, WIDTHS, VersionKind, version_of
from app.provenance.pictures_told import public_pictures
from app.provenance.queries import story_of
from app.provenance.share_store import find_share_picture, keep_share_picture, short_name
from app.web.making_pages import build_of
from app.web.page_answer import PUBLIC_CACHE
from app.web.page_drafts import DRAFTERS
from app.web.page_paths import page_at
from app.web.share_cards import card_of_page
from app.web.share_picture import Card, card_of, drawn

router = APIRouter(include_in_schema=False)

# Photographs are added to a lot and never exchanged; a withdrawn lot's must go within a day.
A_DAY = "public, max-age=86400"
# A width and a format.
FORM = re.compile(rf"({'|'.join(map(str, WIDTHS))})\.({'|'.join(VersionKind)})")
_NAME = re.compile(rf"(\d{{1,2}}|p)-{FORM.pattern}")
PICTURED = frozenset(DRAFTERS) - {PageKind.LOT}
_SHARED = re.compile(rf"({'|'.join(LANGUAGES)})\.jpg")


@router.get("/i/{code}/{name}")
def lot_picture(request: Request, code: str, name: str) -> Response:
    """A photograph of a lot's page in one width and format, or what goes with a shared link to it."""
    version, shared = _NAME.fullmatch(name), _SHARED.fullmatch(name)
    if version is not None:
        return _version(request, code, version[1], int(version[2]), VersionKind(version[3]))
    if shared is not None:
        return _shared(request, code, shared[1])
    raise _nothing()


def _version(request: Request, code: str, name: str, width: int, kind: VersionKind) -> Response:
    return version_answer(
        request, lambda session: _picture(session, code, name), width, kind, cache=A_DAY
    )


def version_answer(
    request: Request,
    picture_in: Callable[[Session], Picture],
    width: int,
    kind: VersionKind,
    *,
    cache: str,
) -> Response:
    """A photograph in one width and format; made when first asked for, and kept."""
    engine = request.app.state.engine
    with open_read_session(engine) as session:
        found = picture_in(session)
        picture_id, etag = found.pk, f'"{found.sha256[:16]}-{width}-{kind.value}"'
        content = find_version(session, found, width, kind)
        whole = content_of(session, found) if content is None else b""
    headers = {"Cache-Control": cache, "ETag": etag}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    made = content if content is not None else version_of(whole, width, kind)

    def keep(session: Session) -> None:
        keep_version(session, picture_id=picture_id, width=width, kind=kind, content=made)

    task = _afterwards(request, keep) if content is None else None
    return Response(made, media_type=MEDIA_TYPES[kind], headers=headers, background=task)


@router.get("/i/{page:path}/{name}")
def page_picture(request: Request, page: str, name: str) -> Response:
    """What goes with a shared link to a product, an organisation, a planting area or a certificate."""
    key, shared = page_at(f"/{page}"), _SHARED.fullmatch(name)
    if key is None or shared is None or key.kind not in PICTURED:
        raise _nothing()
    kind, tag, state = PageKind(key.kind), shared[1], request.app.state
    base_url = state.settings.base_url
    with open_read_session(state.engine) as session:
        drafted = DRAFTERS[kind](session, key.code, base_url, state.clock())
        picture = drafted.context["told"].picture if kind is PageKind.PRODUCT else None
        photograph = content_of(session, picture) if picture else None
    card = card_of_page(kind, drafted, tag, base_url=base_url, photograph=photograph)
    return _drawn(request, card, short_name(kind, key.code), tag)


def _shared(request: Request, code: str, tag: str) -> Response:
    state = request.app.state
    base_url = state.settings.base_url
    with open_read_session(state.engine) as session:
        story = story_of(session, code, address=f"{base_url}/t/{code}", now=state.clock())
        if story.state is LotState.WITHDRAWN:
            raise _nothing()
        pictured = public_pictures(session, lot_by_code(session, code, within=Reach.all()))[:1]
        photograph = content_of(session, pictured[0].picture) if pictured else None
        card = card_of(story, tag, photograph)
    return _drawn(request, card, story.code, tag)


def _drawn(request: Request, card: Card, code: str, tag: str) -> Response:
    """The card as a picture; drawn when first asked for, and kept under this code."""
    state = request.app.state
    digest = _digest(card, build_of(state.settings.base_url))
    headers = {"Cache-Control": PUBLIC_CACHE, "ETag": f'"{digest}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    with open_read_session(state.engine) as session:
        content = find_share_picture(session, code, tag, digest)
    made = content if content is not None else drawn(card)

    def keep(session: Session) -> None:
        keep_share_picture(session, code=code, language=tag, digest=digest, content=made)

    task = _afterwards(request, keep) if content is None else None
    return Response(made, media_type="image/jpeg", headers=headers, background=task)


def _picture(session: Session, code: str, name: str) -> Picture:
    lot = lot_by_code(session, code, within=Reach.all())
    for one in public_pictures(session, lot):
        if one.name == name:
            return one.picture
    raise _nothing()


def _digest(card: Card, build: str) -> str:
    return hashlib.sha256(f"{build} {card.key}".encode()).hexdigest()[:32]


def _afterwards(request: Request, keep: Callable[[Session], None]) -> BackgroundTask:
    """Kept after the answer has left: a failure costs nobody, the next reader makes it again."""
    engine = request.app.state.engine

    def work() -> None:
        try:
            with transaction(engine) as session:
                keep(session)
        except DBAPIError:
            return

    return BackgroundTask(work)


def _nothing() -> NotFound:
    return NotFound(say("There is no such picture."))
