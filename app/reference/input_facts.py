"""The shipped facts of inputs as table rows: products, what they hold, since when and for what."""

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.input_matching import group_of
from app.catalogue.rules import active_key
from app.kit.text import fold
from app.models.catalogue import Crop
from app.models.inputs import (
    InputKind,
    InputProduct,
    ProductActive,
    ProductPermission,
    ProductUse,
)
from app.reference.files import Values, cells_of, typed


def products() -> list[Values]:
    """Products, with the key they are searched by."""
    return [
        typed(InputProduct, cells) | {"name_key": fold(cells["name"])}
        for cells in cells_of("input_products")
    ]


def actives(session: Session) -> list[Values]:
    """What products hold, by the keys the database gave the products."""
    ids = _products(session)
    return [
        typed(ProductActive, cells)
        | {"product_id": ids[fold(cells["product"])], "name_key": active_key(cells["name"])}
        for cells in cells_of("product_actives")
    ]


def permissions(session: Session) -> list[Values]:
    """Since when products are on the list, or off it."""
    ids = _products(session)
    return [
        typed(ProductPermission, cells) | {"product_id": ids[fold(cells["product"])]}
        for cells in cells_of("product_permissions")
    ]


def uses(session: Session) -> list[Values]:
    """What products are registered for. The interval is on the label only, and is left alone."""
    ids = _products(session)
    crops = dict(session.execute(select(col(Crop.slug), col(Crop.id))).all())
    return [
        typed(ProductUse, {name: cells[name] for name in ("crop_words", "pest")})
        | {
            "product_id": ids[fold(cells["product"])],
            "crop_words_key": fold(cells["crop_words"]),
            "crop_id": crops[cells["crop"]] if cells["crop"] else None,
            "crop_group": "" if cells["crop"] else group_of(cells["crop_words"]),
        }
        for cells in cells_of("product_uses")
    ]


def _products(session: Session) -> dict[str, int]:
    wanted = select(col(InputProduct.name_key), col(InputProduct.id)).where(
        col(InputProduct.kind) == InputKind.PESTICIDE, col(InputProduct.registrant) == ""
    )
    return dict(session.execute(wanted).all())
