"""The catalogue of inputs: searched by everybody, written by the province's officers."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue import input_commands as commands
from app.catalogue import input_law_commands as law
from app.catalogue.input_queries import (
    exception_by_uid,
    facts_of,
    interval_warning,
    product_by_uid,
    products_like,
)
from app.catalogue.queries import crops_by_ids, list_crops
from app.deps import Call, PageArgs, Reading, Writing
from app.errors import refuse
from app.kit.messages import Message, say
from app.models.accounts import Role
from app.models.catalogue import Confidence
from app.models.inputs import InputKind, InputProduct, Permission
from app.pictures.cleaning import cleaned_picture
from app.pictures.commands import keep_picture
from app.registry.organisation_queries import organisation_by_uid
from app.web.diary_words import INPUT_KINDS, PERMISSIONS
from app.web.forms import Typed
from app.web.pages import Refusal, SentFile, TypedForm, show, submitted_once
from app.web.season_forms import required_day

router = APIRouter(include_in_schema=False)

OFFICERS = frozenset({Role.INSPECTOR, Role.PROVINCE_ADMIN})


@router.get("/work/inputs")
def inputs_page(
    request: Request, call: Reading, page: PageArgs, q: str = "", kind: str = ""
) -> Response:
    """Products by a few letters of their name or active ingredient."""
    return _list(request, call, q=q[:80], kind=kind, after=page.after)


@router.post("/desk/inputs")
def add_input_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Enter a product."""

    def effect() -> str:
        made = commands.add_product(
            call.session, details=_product(typed), by=call.actor, now=call.now
        )
        return f"/work/inputs/{made.uid}?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _list(request, call, typed=typed.fields, refusal=answer)
    return answer


@router.get("/work/inputs/{uid}")
def input_page(request: Request, call: Reading, uid: UUID) -> Response:
    """A product: what it holds, what it is for, since when it is on the list."""
    return _page(request, call, product_by_uid(call.session, uid))


@router.post("/desk/inputs/{uid}/amend")
def amend_input_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Correct a product."""

    def effect(product: InputProduct) -> None:
        commands.amend_product(
            call.session, product=product, details=_product(typed), by=call.actor, now=call.now
        )

    return _change(request, call, uid, typed, effect)


@router.post("/desk/inputs/{uid}/uses")
def set_input_use_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Say what it is registered for, with the interval of the label."""

    def effect(product: InputProduct) -> None:
        details = commands.UseDetails(
            crop_words=typed.text("crop_words", longest=160, required=True),
            crop=typed.text("crop", longest=40),
            pest=typed.text("pest", longest=160),
            dose=typed.text("dose", longest=120),
            interval_days=_days(typed),
        )
        typed.done()
        commands.set_use(
            call.session, product=product, details=details, by=call.actor, now=call.now
        )

    return _change(request, call, uid, typed, effect)


@router.post("/desk/inputs/{uid}/label")
def show_input_label_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm, file: SentFile
) -> Response:
    """Keep a photograph of the label."""

    def effect(product: InputProduct) -> None:
        if file is None:
            raise refuse("file", say("Choose a file."))
        picture = keep_picture(
            call.session,
            organisation_id=call.caller.organisation_id,
            organisation=call.caller.organisation_uid,
            picture=cleaned_picture(file[0]),
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

    return _change(request, call, uid, typed, effect)


@router.post("/desk/inputs/{uid}/permissions")
def set_input_permission_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm
) -> Response:
    """Say what the list says from a day on."""

    def effect(product: InputProduct) -> None:
        status, confidence = typed.raw("status"), typed.raw("confidence")
        since = typed.day("valid_from", required=True)
        until, legal_ref = typed.day("valid_to"), typed.text("legal_ref", longest=300)
        typed.done()
        if status not in set(Permission):
            raise refuse("status", say("Choose one from the list."))
        details = law.PermissionDetails(
            status=Permission(status),
            valid_from=required_day(since),
            valid_to=until,
            legal_ref=legal_ref,
            confidence=Confidence(confidence if confidence in set(Confidence) else "U"),
        )
        law.set_permission(
            call.session, product=product, details=details, by=call.actor, now=call.now
        )

    return _change(request, call, uid, typed, effect)


@router.post("/desk/inputs/{uid}/exceptions")
def except_input_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Allow a use that it is not registered for, with the reason."""

    def effect(product: InputProduct) -> None:
        since = typed.day("valid_from", required=True)
        organisation = typed.uid("organisation")
        details = law.ExceptionDetails(
            crop=typed.text("crop", longest=40, required=True),
            reason=typed.text("reason", longest=500),
            valid_from=since or call.today,
            valid_to=typed.day("valid_to"),
            interval_days=_days(typed),
        )
        typed.done()
        home = (
            organisation_by_uid(call.session, organisation, within=call.within)
            if organisation
            else None
        )
        law.except_use(
            call.session,
            product=product,
            details=details,
            organisation_id=None if home is None else home.pk,
            by=call.actor,
            now=call.now,
        )

    return _change(request, call, uid, typed, effect)


@router.post("/desk/input-exceptions/{uid}/end")
def end_exception_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Take an exception back."""
    exception = exception_by_uid(call.session, uid)
    product = call.session.get_one(InputProduct, exception.product_id)

    def effect(_: InputProduct) -> None:
        law.end_exception(
            call.session,
            exception=exception_by_uid(call.session, uid),
            by=call.actor,
            now=call.now,
        )

    return _change(request, call, product.uid, typed, effect)


def _change(request: Request, call: Call, uid: UUID, typed: Typed, effect: Any) -> Response:
    def changing() -> str:
        effect(product_by_uid(call.session, uid))
        return f"/work/inputs/{uid}?done=saved"

    product_by_uid(call.session, uid)
    answer = submitted_once(request, call, typed, changing)
    if isinstance(answer, Refusal):
        product = product_by_uid(call.session, uid)
        return _page(request, call, product, typed=typed.fields, refusal=answer)
    return answer


def _product(typed: Typed) -> commands.ProductDetails:
    kind = typed.raw("kind")
    actives = typed.text("actives", longest=1000)
    details = commands.ProductDetails(
        kind=InputKind(kind if kind in set(InputKind) else "pesticide"),
        name=typed.text("name", longest=160, required=True),
        actives=tuple(part.strip() for part in actives.split("+") if part.strip()),
        registrant=typed.text("registrant", longest=160),
        formulation=typed.text("formulation", longest=60),
        pesticide_group=typed.text("pesticide_group", longest=40),
    )
    typed.done()
    return details


def _said(call: Call, words: dict[str, Message]) -> list[tuple[str, str]]:
    return [(value, call.language.say(one)) for value, one in words.items()]


def _days(typed: Typed) -> int | None:
    days = typed.whole("interval_days", default=-1)
    return None if days < 0 else days


def _list(
    request: Request,
    call: Call,
    *,
    q: str = "",
    kind: str = "",
    after: str | None = None,
    **again: Any,
) -> Response:
    chosen = InputKind(kind) if kind in set(InputKind) else None
    return show(
        request,
        call,
        "work/inputs.html",
        status=422 if again.get("refusal") else 200,
        inputs=products_like(call.session, q, kind=chosen, after=after, limit=30),
        q=q,
        kind=kind if chosen else "",
        kind_words=INPUT_KINDS,
        kinds=_said(call, INPUT_KINDS),
        may_add=call.caller.role is Role.PROVINCE_ADMIN,
        **again,
    )


def _page(request: Request, call: Call, product: InputProduct, **again: Any) -> Response:
    facts = facts_of(call.session, [product.pk])[product.pk]
    named = {one.crop_id for one in facts.uses if one.crop_id is not None}
    named |= {one.crop_id for one in facts.exceptions}
    tag = call.language.tag
    return show(
        request,
        call,
        "work/input.html",
        status=422 if again.get("refusal") else 200,
        facts=facts,
        crops=crops_by_ids(call.session, named),
        crop_choices=[
            (crop.slug, getattr(crop, f"name_{tag}")) for crop in list_crops(call.session)
        ],
        warnings={
            one.id: interval_warning(call.session, one.interval_days, call.today)
            for one in facts.uses
        },
        kind_words=INPUT_KINDS,
        kinds=_said(call, INPUT_KINDS),
        permission_words=PERMISSIONS,
        statuses=_said(call, PERMISSIONS),
        may_write=call.caller.role is Role.PROVINCE_ADMIN,
        may_except=call.caller.role in OFFICERS,
        **again,
    )
