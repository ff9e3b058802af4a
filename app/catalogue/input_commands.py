"""What an officer writes into the catalogue of inputs: products, uses, dated permissions, exceptions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.input_matching import group_of
from app.catalogue.input_words import interval_of, record_input, required, text_of
from app.catalogue.queries import chosen_crop
from app.catalogue.rules import active_key
from app.errors import Conflict, FieldError, refuse
from app.kit.messages import say
from app.kit.text import fold
from app.ledger.actors import Actor
from app.models.catalogue import RowSource
from app.models.inputs import (
    InputKind,
    InputProduct,
    ProductActive,
    ProductUse,
)

MOST_ACTIVES = 8


@dataclass(frozen=True)
class ProductDetails:
    """What is written down about a product; `actives` by their whole names."""

    kind: InputKind
    name: str
    actives: tuple[str, ...] = ()
    registrant: str = ""
    formulation: str = ""
    pesticide_group: str = ""
    organic_permitted: bool | None = None


@dataclass(frozen=True)
class UseDetails:
    """What a product is registered for, in the list's words; `crop` a slug where they mean one crop."""

    crop_words: str
    crop: str = ""
    pest: str = ""
    dose: str = ""
    interval_days: int | None = None


def add_product(
    session: Session, *, details: ProductDetails, by: Actor, now: datetime
) -> InputProduct:
    """Enter a product. Raises Conflict when one of its kind, name and registrant is there."""
    product = InputProduct(
        kind=details.kind,
        **_names(details),
        organic_permitted=details.organic_permitted,
        source=RowSource.EDITED,
        created_at=now,
    )
    _require_new(session, product)
    session.add(product)
    session.flush()  # the product's id, for its actives
    _add_actives(session, product, details.actives)
    record_input(session, product, "input.added", _facts(product, details), by=by, now=now)
    return product


def amend_product(
    session: Session, *, product: InputProduct, details: ProductDetails, by: Actor, now: datetime
) -> InputProduct:
    """Correct a product: the whole of it but its kind; an active that was named stays."""
    names = _names(details)
    if (names["name_key"], names["registrant"]) != (product.name_key, product.registrant):
        _require_new(session, InputProduct(kind=product.kind, created_at=now, **names))
    for column, value in names.items():
        setattr(product, column, value)
    product.organic_permitted = details.organic_permitted
    product.source = RowSource.EDITED
    _add_actives(session, product, details.actives)
    session.flush()  # a lost race must fail before the ledger is touched
    record_input(session, product, "input.amended", _facts(product, details), by=by, now=now)
    return product


def show_label(
    session: Session,
    *,
    product: InputProduct,
    picture_id: int,
    sha256: str,
    by: Actor,
    now: datetime,
) -> None:
    """Keep the photograph of the label, from which the interval is read."""
    product.label_picture_id, product.source = picture_id, RowSource.EDITED
    session.flush()  # a lost race must fail before the ledger is touched
    record_input(session, product, "input.label_shown", {"sha256": sha256}, by=by, now=now)


def set_use(
    session: Session, *, product: InputProduct, details: UseDetails, by: Actor, now: datetime
) -> ProductUse:
    """Say what a product is registered for, or correct it: one row a crop and pest."""
    words = required("crop_words", details.crop_words, longest=160)
    pest = text_of("pest", details.pest, longest=160)
    crop = chosen_crop(session, details.crop, field="crop") if details.crop else None
    use = _find_use(session, product, fold(words), pest) or ProductUse(
        product_id=product.pk, crop_words=words, crop_words_key=fold(words), pest=pest
    )
    before = use.interval_days
    use.crop_id = None if crop is None else crop.pk
    use.crop_group = "" if crop is not None else group_of(words)
    use.dose = text_of("dose", details.dose, longest=120)
    use.interval_days = interval_of(details.interval_days)
    use.source = RowSource.EDITED
    session.add(use)
    session.flush()
    facts: dict[str, object] = {
        "crop_words": words,
        "pest": pest,
        "dose": use.dose,
        "interval_days": use.interval_days,
        "interval_before": before,
    }
    record_input(session, product, "input.use_set", facts, by=by, now=now)
    return use


def _names(details: ProductDetails) -> dict[str, Any]:
    name = required("name", details.name, longest=160)
    key = fold(name)[:160]
    if not key:
        raise refuse("name", say("This is required."))
    return {
        "name": name,
        "name_key": key,
        "registrant": text_of("registrant", details.registrant, longest=160),
        "formulation": text_of("formulation", details.formulation, longest=60),
        "pesticide_group": text_of("pesticide_group", details.pesticide_group, longest=40),
    }


def _require_new(session: Session, product: InputProduct) -> None:
    wanted = select(col(InputProduct.id)).where(
        col(InputProduct.kind) == product.kind,
        col(InputProduct.name_key) == product.name_key,
        col(InputProduct.registrant) == product.registrant,
    )
    if session.execute(wanted).first() is not None:
        why = say("{product} is in the catalogue already.", product=product.name)
        raise Conflict(why, FieldError("name", why))


def _add_actives(session: Session, product: InputProduct, names: tuple[str, ...]) -> None:
    if len(names) > MOST_ACTIVES:
        raise refuse("actives", say("At most {most} active ingredients.", most=MOST_ACTIVES))
    wanted = select(col(ProductActive.name_key)).where(col(ProductActive.product_id) == product.pk)
    known = set(session.execute(wanted).scalars())
    for written in names:
        name = text_of("actives", written, longest=120)
        key = active_key(name)[:120]
        if key and key not in known:
            known.add(key)
            session.add(ProductActive(product_id=product.pk, name=name, name_key=key))
    session.flush()


def _find_use(
    session: Session, product: InputProduct, words_key: str, pest: str
) -> ProductUse | None:
    wanted = select(ProductUse).where(
        col(ProductUse.product_id) == product.pk,
        col(ProductUse.crop_words_key) == words_key,
        col(ProductUse.pest) == pest,
    )
    found: ProductUse | None = session.execute(wanted).scalar_one_or_none()
    return found


def _facts(product: InputProduct, details: ProductDetails) -> dict[str, object]:
    return {
        "kind": product.kind,
        "name": product.name,
        "registrant": product.registrant,
        "formulation": product.formulation,
        "actives": list(details.actives),
        "organic_permitted": product.organic_permitted,
    }
