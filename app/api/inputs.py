"""Inputs on the wire: products, what they hold, what they may be used for, since when."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Query, Response, UploadFile

from app.api.changing import Said
from app.api.input_shapes import (
    ExceptionIn,
    InputLineOut,
    InputOut,
    PermissionIn,
    ProductIn,
    UseIn,
    VerdictOut,
    input_out,
    line_out,
)
from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import Code
from app.catalogue import input_commands as commands
from app.catalogue import input_law_commands as law
from app.catalogue.input_queries import (
    exception_by_uid,
    facts_of,
    interval_warning,
    product_by_uid,
    products_like,
    verdict_on_product,
)
from app.catalogue.queries import chosen_crop
from app.deps import (
    Call,
    ExpectedVersion,
    OnceDep,
    PageArgs,
    Reading,
    Writing,
    etag,
    require_version,
)
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired
from app.models.inputs import InputKind, InputProduct
from app.pictures.cleaning import cleaned_picture
from app.pictures.commands import keep_picture
from app.registry.organisation_queries import organisation_by_uid

router = APIRouter(prefix="/inputs", tags=["catalogue"])


ADDING = may_fail(Malformed, NotFound, Conflict, Refused)
CHANGING = may_fail(NotFound, Conflict, Refused, StaleVersion, VersionRequired)
ENDING = may_fail(Malformed, NotFound, Refused)


@router.get("", responses=may_fail(Malformed))
def list_inputs(
    call: Reading,
    page: PageArgs,
    q: Annotated[str, Query(max_length=80)] = "",
    kind: InputKind | None = None,
) -> PageOut[InputLineOut]:
    """Products by name; `q`: every word occurs in the name, or begins an active's."""
    found = products_like(call.session, q, kind=kind, after=page.after, limit=page.limit)
    return page_out(found, line_out)


@router.get("/{input}", responses=may_fail(NotFound))
def read_input(input: UUID, call: Reading, response: Response) -> InputOut:  # noqa: A002  # the name in the address
    """A product with all that is known of it."""
    return _answer(call, product_by_uid(call.session, input), response)


@router.get("/{input}/verdict", responses=may_fail(NotFound, Refused))
def judge_input(
    input: UUID,  # noqa: A002  # the name in the address
    call: Reading,
    crop: Annotated[Code, Query(examples=["BAP_CAI"])],
    on: date | None = None,
) -> VerdictOut:
    """Whether a product may be used on a crop on a day, by the caller's organisation."""
    verdict = verdict_on_product(
        call.session,
        product_by_uid(call.session, input),
        crop=chosen_crop(call.session, crop, field="crop"),
        organisation_id=call.caller.organisation_id,
        on=on or call.today,
    )
    warning = interval_warning(call.session, verdict.interval_days, on or call.today)
    return VerdictOut(
        kind=verdict.kind,
        reason=call.language.say(verdict.reason),
        interval_days=verdict.interval_days,
        warning=None if warning is None else call.language.say(warning),
    )


@router.post("", status_code=201, response_model=InputOut, responses=ADDING)
def add_input(body: ProductIn, call: Writing, once: OnceDep) -> Response:
    """Enter a product."""

    def effect() -> Said:
        made = commands.add_product(
            call.session, details=body.details(), by=call.actor, now=call.now
        )
        told, headers = _said(call, made)
        return told, headers | {"Location": f"/api/v1/inputs/{made.uid}"}

    return once(effect)


@router.put("/{input}", responses=CHANGING)
def amend_input(
    input: UUID,  # noqa: A002  # the name in the address
    body: ProductIn,
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> InputOut:
    """Correct a product."""
    product = product_by_uid(call.session, input)
    require_version(product.version, expected)
    commands.amend_product(
        call.session, product=product, details=body.details(), by=call.actor, now=call.now
    )
    return _answer(call, product, response)


@router.post("/{input}/uses", status_code=201, response_model=InputOut, responses=ADDING)
def set_input_use(input: UUID, body: UseIn, call: Writing, once: OnceDep) -> Response:  # noqa: A002  # the name in the address
    """Say what a product is registered for, or correct it; the interval is read off the label."""

    def effect() -> Said:
        product = product_by_uid(call.session, input)
        commands.set_use(
            call.session, product=product, details=body.details(), by=call.actor, now=call.now
        )
        return _said(call, product)

    return once(effect)


@router.post("/{input}/permissions", status_code=201, response_model=InputOut, responses=ADDING)
def set_input_permission(
    input: UUID,  # noqa: A002  # the name in the address
    body: PermissionIn,
    call: Writing,
    once: OnceDep,
) -> Response:
    """Say what the list says of a product from a day on."""

    def effect() -> Said:
        product = product_by_uid(call.session, input)
        law.set_permission(
            call.session, product=product, details=body.details(), by=call.actor, now=call.now
        )
        return _said(call, product)

    return once(effect)


@router.put("/{input}/label", responses=CHANGING)
def show_input_label(
    input: UUID,  # noqa: A002  # the name in the address
    file: Annotated[UploadFile, File(description="JPEG, PNG or WebP.")],
    call: Writing,
    expected: ExpectedVersion,
    response: Response,
) -> InputOut:
    """Keep the photograph of the label, from which intervals are read."""
    product = product_by_uid(call.session, input)
    require_version(product.version, expected)
    picture = keep_picture(
        call.session,
        organisation_id=call.caller.organisation_id,
        organisation=call.caller.organisation_uid,
        picture=cleaned_picture(file.file.read()),
        by=call.actor,
        now=call.now,
    )
    commands.show_label(
        call.session,
        product=product,
        picture_id=picture.pk,
        sha256=picture.sha256,
        by=call.actor,
        now=call.now,
    )
    return _answer(call, product, response)


@router.post("/{input}/exceptions", status_code=201, response_model=InputOut, responses=ADDING)
def except_input(input: UUID, body: ExceptionIn, call: Writing, once: OnceDep) -> Response:  # noqa: A002  # the name in the address
    """Let a product be used on a crop it is not registered for, with the reason."""

    def effect() -> Said:
        product = product_by_uid(call.session, input)
        organisation = (
            organisation_by_uid(call.session, body.organisation, within=call.within)
            if body.organisation
            else None
        )
        law.except_use(
            call.session,
            product=product,
            details=body.details(),
            organisation_id=None if organisation is None else organisation.pk,
            by=call.actor,
            now=call.now,
        )
        return _said(call, product)

    return once(effect)


@router.post("/exceptions/{exception}/end", response_model=InputOut, responses=ENDING)
def end_input_exception(exception: UUID, call: Writing, once: OnceDep) -> Response:
    """Take an exception back."""

    def effect() -> Said:
        found = exception_by_uid(call.session, exception)
        law.end_exception(call.session, exception=found, by=call.actor, now=call.now)
        return _said(call, call.session.get_one(InputProduct, found.product_id))

    return once(effect, status=200)


def _answer(call: Call, product: InputProduct, response: Response) -> InputOut:
    told = _told(call, product)
    response.headers["ETag"] = etag(told.version)
    return told


def _said(call: Call, product: InputProduct) -> Said:
    told = _told(call, product)
    return told, {"ETag": etag(told.version)}


def _told(call: Call, product: InputProduct) -> InputOut:
    call.session.flush()  # the version, as it will be
    return input_out(call.session, facts_of(call.session, [product.pk])[product.pk])
