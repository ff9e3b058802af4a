"""Public pages around the lot's: products, organisations, and planting areas that have no code."""

import re
from typing import NoReturn
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlmodel import Session

from app.catalogue.gs1_numbers import gtin_of
from app.deps import Config, Reading
from app.errors import NotFound, Refused
from app.kit.clock import day_of
from app.kit.messages import say
from app.models.pages import PageKind
from app.models.pictures import Picture
from app.pictures.queries import content_of
from app.pictures.versions import VersionKind
from app.provenance.page_store import PageKey
from app.provenance.product_told import picture_of_product, product_named, product_path
from app.provenance.statement_keys import StatementKeys
from app.registry.public_queries import area_path, holder_of_area, public_codes_of
from app.web.kept_answer import kept_answer
from app.web.lot_pictures import FORM, version_answer
from app.web.page_drafts import draft_area, draft_organisation, draft_product
from app.web.pages import go_to, show

router = APIRouter(include_in_schema=False)

LONGEST_TYPED = 120
UID_DASHES = 4
# A photograph's address changes with the photograph.
PICTURE_CACHE = "public, max-age=31536000, immutable"
# A new key is published the moment it signs; verifiers look again for one they do not know.
KEYS_CACHE = "public, max-age=300"
_NOT_TYPED = re.compile(r"[^\w .:/()\-]")


@router.get("/p/{code}")
def public_product_page(request: Request, call: Reading, code: str) -> Response:
    """A product by its GTIN, however long, or by its id; a helpful 404 for a mistyped one."""
    try:
        path = product_path(product_named(call.session, _product_code(code[:LONGEST_TYPED])))
        if path != f"/p/{code}":
            return go_to(path)
        return kept_answer(request, PageKey(PageKind.PRODUCT, code), draft_product)
    except (NotFound, Refused) as unknown:
        typed = _NOT_TYPED.sub("", code)[:40]
        why = unknown.why if isinstance(unknown, Refused) else None
        return show(
            request, call, "public/product_unknown.html", status=404, typed_code=typed, why=why
        )


@router.get("/p/{code}/picture.jpg")
def public_product_picture(request: Request, call: Reading, code: str, form: str = "") -> Response:
    """The photograph of a product: whole, or in a `form` such as 320.avif."""

    def picture_in(session: Session) -> Picture:
        product = product_named(session, _product_code(code[:LONGEST_TYPED]))
        return picture_of_product(session, product) or _nothing()

    small = FORM.fullmatch(form)
    if small is not None:
        width, kind = int(small[1]), VersionKind(small[2])
        return version_answer(request, picture_in, width, kind, cache=PICTURE_CACHE)
    picture = picture_in(call.session)
    headers = {"Cache-Control": PICTURE_CACHE, "ETag": f'"{picture.sha256}"'}
    content = content_of(call.session, picture)
    return Response(content, media_type=picture.media_type, headers=headers)


@router.get("/o/{uid}")
def public_organisation_page(request: Request, uid: str) -> Response:
    """An organisation as everybody may know it."""
    key = PageKey(PageKind.ORGANISATION, str(_uid(uid)))
    return kept_answer(request, key, draft_organisation)


@router.get("/.well-known/jwks.json")
def key_set(config: Config) -> Response:
    """The public keys of signed statements, at an address that never changes (RFC 7517)."""
    keys = StatementKeys(config.statement_keys_folder).public()
    headers = {"Cache-Control": KEYS_CACHE}
    return JSONResponse(keys, headers=headers, media_type="application/jwk-set+json")


@router.get("/a/{uid}")
def public_area_page(request: Request, call: Reading, uid: str) -> Response:
    """A planting area by its id; where it has a code, the register's page of that code."""
    area, _ = holder_of_area(call.session, _uid(uid))
    codes = public_codes_of(call.session, area, day=day_of(call.now))
    if codes:
        return go_to(area_path(area.uid, codes))
    return kept_answer(request, PageKey(PageKind.AREA, str(area.uid)), draft_area)


def _product_code(typed: str) -> str:
    """A GTIN of 14 digits, or the product's id as it is written; raises Refused, NotFound."""
    if "-" in typed and typed.count("-") == UID_DASHES:
        return str(_uid(typed))
    return gtin_of(typed) or _nothing()


def _uid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return _nothing()


def _nothing() -> NoReturn:
    raise NotFound(say("There is nothing at this address."))
