"""Products: registered, changed, shown in a picture, withdrawn. A GTIN names one product for ever."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.catalogue.gs1_numbers import gtin_of
from app.catalogue.input_words import required, text_of
from app.catalogue.product_queries import (
    cartons_of,
    find_product,
    find_product_named,
    find_product_of_gtin,
    has_labels,
)
from app.catalogue.product_rules import (
    another_product,
    key_of,
    require_amounts,
    says_genuine,
    weight_with,
)
from app.catalogue.queries import chosen_crop
from app.errors import Conflict, FieldError, Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import fold
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.catalogue import Crop
from app.models.products import Product
from app.models.registry import Organisation

MOST_CONTAINED = 5  # a pallet of cartons of boxes of bunches …


@dataclass(frozen=True)
class ProductDetails:
    """What is written down about a product; `crop` a slug, `holds` the product a carton is full of."""

    crop: str
    name_vi: str
    name_en: str = ""
    name_zh: str = ""
    brand: str = ""
    gtin: str = ""
    pack_g: int | None = None
    holds: UUID | None = None
    holds_count: int | None = None
    best_before_days: int | None = None
    storage: str = ""
    warning: str = ""
    marks_sold: bool = False
    marks_opened: bool = False


def register_product(
    session: Session,
    *,
    organisation: Organisation,
    details: ProductDetails,
    by: Actor,
    now: datetime,
) -> Product:
    """Enter a product. Raises Refused for what cannot be, Conflict for a GTIN or name that is taken."""
    columns, crop = _columns(session, organisation, details)
    product = Product(organisation_id=organisation.pk, created_at=now, **columns)
    _require_new(session, product)
    session.add(product)
    session.flush()  # a lost race must fail before the ledger is touched
    _record(session, product, crop, "product.registered", organisation, by=by, now=now)
    return product


def change_product(
    session: Session, *, product: Product, details: ProductDetails, by: Actor, now: datetime
) -> Product:
    """Correct a product: the whole of it, as it should be.

    Once labels bear its GTIN, what the GTIN stands for stays: another weight or brand is another
    product with a GTIN of its own (GS1 GTIN Management Standard).
    """
    organisation = session.get_one(Organisation, product.organisation_id)
    _require_in_use(product)
    columns, crop = _columns(session, organisation, details, product)
    _require_same_goods(session, product, columns)
    changed = Product(organisation_id=organisation.pk, created_at=product.created_at, **columns)
    _require_new(session, changed, besides=product)
    product.sqlmodel_update(columns)
    session.flush()
    _record(session, product, crop, "product.changed", organisation, by=by, now=now)
    return product


def show_product(
    session: Session, *, product: Product, picture_id: int, sha256: str, by: Actor, now: datetime
) -> Product:
    """Let a photograph stand for the product."""
    organisation = session.get_one(Organisation, product.organisation_id)
    _require_in_use(product)
    product.picture_id = picture_id
    session.flush()
    record(
        session,
        kind="product.changed",
        subject=str(product.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts={"gtin": product.gtin, "picture": sha256},
    )
    return product


def withdraw_product(session: Session, *, product: Product, by: Actor, now: datetime) -> Product:
    """Sell a product no more. Its GTIN stays its own: goods with it are still on shelves."""
    _require_in_use(product)
    cartons = cartons_of(session, product)
    if cartons:
        name = cartons[0].name_vi
        raise Refused(say("The carton {name} holds it: withdraw that first.", name=name))
    product.withdrawn_on = day_of(now)
    session.flush()
    organisation = session.get_one(Organisation, product.organisation_id)
    record(
        session,
        kind="product.withdrawn",
        subject=str(product.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts={"gtin": product.gtin, "withdrawn_on": product.withdrawn_on},
    )
    return product


def _columns(
    session: Session,
    organisation: Organisation,
    details: ProductDetails,
    product: Product | None = None,
) -> tuple[dict[str, Any], Crop]:
    crop = chosen_crop(session, details.crop, field="crop")
    require_amounts(details.pack_g, details.holds_count, details.best_before_days)
    held = _held(session, organisation, details, product)
    if held is not None and held.crop_id != crop.pk:
        raise refuse("holds", say("A carton holds one product: choose one of the same crop."))
    count = details.holds_count if held else None
    pack_g = weight_with(details.pack_g, count, held.pack_g if held else None)
    require_amounts(pack_g, None, None)
    words = _words(details)
    return {
        **words,
        "crop_id": crop.pk,
        "name_key": key_of(words["name_vi"], words["brand"], pack_g, count),
        "gtin": gtin_of(details.gtin),
        "pack_g": pack_g,
        "holds_id": held.pk if held else None,
        "holds_count": count,
        "best_before_days": details.best_before_days,
        "marks_sold": details.marks_sold,
        "marks_opened": details.marks_opened,
    }, crop


def _words(details: ProductDetails) -> dict[str, Any]:
    words = {
        "name_vi": required("name_vi", details.name_vi, longest=120),
        "name_en": text_of("name_en", details.name_en, longest=120),
        "name_zh": text_of("name_zh", details.name_zh, longest=120),
        "brand": text_of("brand", details.brand, longest=80),
        "storage": text_of("storage", details.storage, longest=160),
        "warning": text_of("warning", details.warning, longest=160),
    }
    if not fold(words["name_vi"]):
        raise refuse("name_vi", say("This is required."))
    for field, text in words.items():
        if says_genuine(text):
            why = say("A label never says that goods are genuine: no code can know that.")
            raise refuse(field, why)
    return words


def _held(
    session: Session, organisation: Organisation, details: ProductDetails, product: Product | None
) -> Product | None:
    if details.holds is None:
        if details.holds_count is not None:
            raise refuse("holds", say("Choose the product that the carton holds."))
        return None
    held = find_product(session, details.holds)
    if held is None or held.organisation_id != organisation.pk:
        raise refuse("holds", say("There is no such product."))
    if held.withdrawn_on is not None:
        raise refuse("holds", say("This product was withdrawn on {day}.", day=held.withdrawn_on))
    if details.holds_count is None:
        raise refuse("holds_count", say("Say how many it holds."))
    _require_no_circle(session, held, product)
    return held


def _require_no_circle(session: Session, held: Product, product: Product | None) -> None:
    inner: Product | None = held
    for _ in range(MOST_CONTAINED):
        if inner is None:
            return
        if product is not None and inner.pk == product.pk:
            raise refuse("holds", say("A carton cannot hold itself."))
        inner = session.get(Product, inner.holds_id) if inner.holds_id else None
    raise refuse("holds", say("Cartons are packed in cartons too many times."))


def _require_in_use(product: Product) -> None:
    if product.withdrawn_on is not None:
        why = say("This product was withdrawn on {day}.", day=product.withdrawn_on)
        raise Conflict(why)


def _require_same_goods(session: Session, product: Product, columns: dict[str, Any]) -> None:
    if product.gtin is None or not has_labels(session, product):
        return
    what = another_product(product, columns)
    if what is not None:
        raise Refused(
            say(
                "Labels bear this GTIN already, and {change} needs a GTIN of its own:"
                " register a new product and withdraw this one.",
                change=what,
            )
        )


def _require_new(session: Session, product: Product, besides: Product | None = None) -> None:
    mine = besides.pk if besides else None
    taken = find_product_of_gtin(session, product.gtin) if product.gtin else None
    if taken is not None and taken.pk != mine:
        raise Conflict(_taken(product, taken), FieldError("gtin", _taken(product, taken)))
    named = find_product_named(session, product.organisation_id, product.name_key)
    if named is not None and named.pk != mine:
        why = say("There is a product of this name and pack already.")
        raise Conflict(why, FieldError("name_vi", why))


def _taken(product: Product, taken: Product) -> Any:
    if taken.organisation_id != product.organisation_id:
        return say("This GTIN is of another organisation's product.")
    if taken.withdrawn_on is not None:
        return say(
            "This GTIN is of {name}, which was withdrawn. A GTIN is never used again.",
            name=taken.name_vi,
        )
    return say("This GTIN is of {name} already.", name=taken.name_vi)


def _record(
    session: Session,
    product: Product,
    crop: Crop,
    kind: str,
    organisation: Organisation,
    *,
    by: Actor,
    now: datetime,
) -> None:
    held = session.get(Product, product.holds_id) if product.holds_id else None
    told = set(ProductDetails.__dataclass_fields__) - {"crop", "holds"}
    record(
        session,
        kind=kind,
        subject=str(product.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts={
            **product.model_dump(include=told),
            "crop": crop.slug,
            "holds": held.uid if held else None,
        },
    )
