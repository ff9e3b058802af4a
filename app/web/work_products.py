"""The clerk's pages of products: the list, a new one, one with its number and cartons, its end."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.catalogue import product_commands as commands
from app.catalogue.gs1_key_queries import company_prefixes
from app.catalogue.gs1_numbers import shown_gtin
from app.catalogue.product_queries import (
    ProductLine,
    cartons_of,
    gtin_warnings,
    has_labels,
    product_line,
    products,
    products_of,
    proposed_gtin,
)
from app.catalogue.queries import list_crops
from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.errors import DomainError, refuse
from app.kit.messages import say
from app.labels.run_content import STORAGE, WARNINGS
from app.ledger.queries import history_of
from app.lots.queries import lot_line
from app.pictures.cleaning import cleaned_picture
from app.pictures.commands import keep_picture
from app.registry.organisation_queries import organisation_by_id
from app.web.pages import (
    Refusal,
    SentFile,
    TypedForm,
    go_to,
    show,
    submitted_once,
    tried,
)
from app.web.product_forms import as_typed, details_of

router = APIRouter(prefix="/work/products", include_in_schema=False)

USUAL = {
    "pack_unit": "g",
    "storage": STORAGE[0]["vi"],
    "warning": WARNINGS[0]["vi"],
}


@router.get("")
def products_page(request: Request, call: Reading, page: PageArgs, q: str = "") -> Response:
    """The products by name."""
    found = products(call.session, within=call.within, q=q[:80], after=page.after, limit=20)
    return show(request, call, "work/products.html", products=found, q=q[:80])


@router.get("/new")
def new_product_page(
    request: Request, call: Reading, lot: str = "", holds: UUID | None = None
) -> Response:
    """The form; `lot` is the one to be printed next, `holds` what a new carton is full of."""
    typed = {**USUAL, "lot": lot[:40], "crop": _crop_of(call, lot)}
    if holds is not None:
        typed |= _carton_of(product_line(call.session, holds, within=call.within))
    return _form(request, call, {**typed, "gtin": _proposed(call, holds)})


@router.post("/new")
def register_product_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Register, or fill in the next free number first."""
    if typed.raw("what") == "propose":
        held = typed.uid("holds")
        return _form(request, call, {**typed.fields, "gtin": _proposed(call, held)})

    def effect() -> str:
        product = commands.register_product(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            details=details_of(typed),
            by=call.actor,
            now=call.now,
        )
        lot = typed.text("lot", longest=40)
        if lot:  # back to what the clerk was about
            return f"/work/labels/new?lot={lot}&product={product.uid}&done=product_registered"
        return f"/work/products/{product.uid}?done=product_registered"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _form(request, call, typed.fields, refusal=answer)
    return answer


@router.get("/{uid}")
def product_page(request: Request, call: Reading, uid: UUID) -> Response:
    """One product."""
    return _page(request, call, uid)


@router.get("/{uid}/edit")
def edit_product_page(request: Request, call: Reading, uid: UUID) -> Response:
    """The form with what is known."""
    line = product_line(call.session, uid, within=call.within)
    return _form(request, call, as_typed(line), line=line)


@router.post("/{uid}/edit")
def change_product_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Correct it."""
    if typed.raw("what") == "propose":
        line = product_line(call.session, uid, within=call.within)
        proposed = _proposed(call, typed.uid("holds"))
        return _form(request, call, {**typed.fields, "gtin": proposed}, line=line)

    def effect() -> None:
        line = product_line(call.session, uid, within=call.within)
        require_version(line.product.version, typed.whole("version", default=0))
        commands.change_product(
            call.session,
            product=line.product,
            details=details_of(typed),
            by=call.actor,
            now=call.now,
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        line = product_line(call.session, uid, within=call.within)
        return _form(request, call, typed.fields, refusal=outcome, line=line)
    return go_to(f"/work/products/{uid}?done=amended")


@router.post("/{uid}/picture")
def show_product_form(request: Request, call: Writing, uid: UUID, file: SentFile) -> Response:
    """Keep a photograph of it."""

    def effect() -> None:
        line = product_line(call.session, uid, within=call.within)
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
        commands.show_product(
            call.session,
            product=line.product,
            picture_id=picture.pk,
            sha256=picture.sha256,
            by=call.actor,
            now=call.now,
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _page(request, call, uid, refusal=outcome)
    return go_to(f"/work/products/{uid}?done=pictured")


@router.post("/{uid}/withdraw")
def withdraw_product_form(request: Request, call: Writing, uid: UUID) -> Response:
    """Sell it no more."""

    def effect() -> None:
        line = product_line(call.session, uid, within=call.within)
        commands.withdraw_product(call.session, product=line.product, by=call.actor, now=call.now)

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _page(request, call, uid, refusal=outcome)
    return go_to(f"/work/products/{uid}?done=product_withdrawn")


def _page(request: Request, call: Call, uid: UUID, *, refusal: Refusal | None = None) -> Response:
    line = product_line(call.session, uid, within=call.within)
    return show(
        request,
        call,
        "work/product.html",
        status=422 if refusal else 200,
        line=line,
        cartons=cartons_of(call.session, line.product),
        warnings=gtin_warnings(call.session, line.product),
        printed=has_labels(call.session, line.product),
        facts=history_of(call.session, str(uid)),
        refusal=refusal,
    )


def _form(
    request: Request,
    call: Call,
    typed: dict[str, str],
    *,
    refusal: Refusal | None = None,
    line: ProductLine | None = None,
) -> Response:
    mine = products_of(call.session, call.caller.organisation_id)
    return show(
        request,
        call,
        "work/product_new.html",
        status=422 if refusal else 200,
        typed=typed,
        refusal=refusal,
        line=line,
        crops=[
            (crop.slug, getattr(crop, f"name_{call.language.tag}"))
            for crop in list_crops(call.session)
        ],
        others=[one.product for one in mine if line is None or one.product.pk != line.product.pk],
        has_prefix=bool(company_prefixes(call.session, within=call.within)),
        printed=line is not None and has_labels(call.session, line.product),
        storages=[one["vi"] for one in STORAGE],
    )


def _crop_of(call: Call, lot: str) -> str:
    if not lot:
        return ""
    try:
        return lot_line(call.session, lot[:40], within=call.within).crop.slug
    except DomainError:
        return ""


def _carton_of(inner: ProductLine) -> dict[str, str]:
    product = inner.product
    return {
        **as_typed(inner),
        "gtin": "",
        "pack_g": "",
        "holds": str(product.uid),
        "holds_count": "",
        "version": "",
    }


def _proposed(call: Call, holds: UUID | None) -> str:
    """The next free number of the first prefix that has one; empty without a prefix."""
    held = product_line(call.session, holds, within=call.within).product if holds else None
    for line in company_prefixes(call.session, within=call.within):
        found = proposed_gtin(call.session, line.prefix, held=held)
        if found is not None:
            return shown_gtin(found)
    return ""
