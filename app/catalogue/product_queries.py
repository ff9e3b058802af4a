"""Finding products: within reach for who keeps them, by GTIN for whoever holds the goods."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, literal, select
from sqlmodel import Session, col

from app.catalogue.gs1_numbers import (
    DEMONSTRATION,
    GTIN_DIGITS,
    begins_with,
    free_carton_gtin,
    free_gtin,
)
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import Message, say
from app.kit.text import fold
from app.models.catalogue import Crop
from app.models.pictures import Picture
from app.models.print_runs import PrintRun
from app.models.products import CompanyPrefix, Product
from app.models.registry import Organisation

MOST_WORDS = 6


class Within(Protocol):
    """Whose products may be seen: `app.accounts.reach.Reach`, which stands above the catalogue."""

    def limits(self, column: Any) -> ColumnElement[bool]:
        """The WHERE clause."""


@dataclass(frozen=True)
class ProductLine:
    """A product with its crop, organisation, picture, and what it holds."""

    product: Product
    crop: Crop
    organisation: Organisation
    picture: UUID | None
    held: Product | None


@dataclass(frozen=True)
class PublicProduct:
    """What everybody may know of a product. `producer` is empty where it would be a person's name."""

    product: Product
    crop: Crop
    organisation_id: int
    organisation: UUID
    producer: str
    picture: UUID | None
    held: Product | None


def products(
    session: Session,
    *,
    within: Within,
    q: str = "",
    withdrawn: bool | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[ProductLine]:
    """Products by name; `q`: every word begins one of name or brand, or stands in the GTIN."""
    wanted = _lines().where(within.limits(col(Product.organisation_id)))
    for word in fold(q).split()[:MOST_WORDS]:
        spaced = literal(" ") + col(Product.name_key)
        named = spaced.contains(f" {word}", autoescape=True)
        wanted = wanted.where(named | col(Product.gtin).contains(word, autoescape=True))
    if withdrawn is not None:
        wanted = wanted.where(col(Product.withdrawn_on).is_not(None) == withdrawn)
    if after is not None:
        key, last = decode(after, str, int)
        later = (col(Product.name_key) == key) & (col(Product.id) > last)
        wanted = wanted.where((col(Product.name_key) > key) | later)
    ordered = wanted.order_by(col(Product.name_key), col(Product.id)).limit(limit + 1)
    rows = _with_held(session, session.execute(ordered).all())
    return page_of(rows, limit=limit, key=lambda line: (line.product.name_key, line.product.pk))


def product_line(session: Session, uid: UUID, *, within: Within) -> ProductLine:
    """The product with this public id; NotFound outside the reach."""
    wanted = _lines().where(col(Product.uid) == uid, within.limits(col(Product.organisation_id)))
    found = _with_held(session, session.execute(wanted).all())
    if not found:
        raise NotFound(say("There is no such product."))
    return found[0]


def line_of_product(session: Session, product_id: int) -> ProductLine:
    """The product with this internal key, which must exist."""
    rows = session.execute(_lines().where(col(Product.id) == product_id)).all()
    return _with_held(session, rows)[0]


def product_by_gtin(session: Session, gtin: str) -> PublicProduct | None:
    """The product a GTIN names, withdrawn or not, for everybody; shorter GTINs are filled up."""
    wanted = _lines().where(col(Product.gtin) == gtin.zfill(GTIN_DIGITS))
    lines = _with_held(session, session.execute(wanted).all())
    return _public(lines[0]) if lines else None


def products_of(
    session: Session, organisation_id: int, *, crop_id: int | None = None, withdrawn: bool = False
) -> list[PublicProduct]:
    """The products of an organisation by name, for everybody; those withdrawn only when asked for."""
    wanted = _lines().where(col(Product.organisation_id) == organisation_id)
    if crop_id is not None:
        wanted = wanted.where(col(Product.crop_id) == crop_id)
    if not withdrawn:
        wanted = wanted.where(col(Product.withdrawn_on).is_(None))
    ordered = wanted.order_by(col(Product.name_key), col(Product.id))
    return [_public(line) for line in _with_held(session, session.execute(ordered).all())]


def find_product(session: Session, uid: UUID) -> Product | None:
    """The product with this public id."""
    return _one(session, col(Product.uid) == uid)


def find_product_of_gtin(session: Session, gtin: str) -> Product | None:
    """The product that has a GTIN, or had it when it was withdrawn."""
    return _one(session, col(Product.gtin) == gtin)


def find_product_named(session: Session, organisation_id: int, name_key: str) -> Product | None:
    """The product on sale that has this name and pack."""
    return _one(
        session,
        col(Product.organisation_id) == organisation_id,
        col(Product.name_key) == name_key,
        col(Product.withdrawn_on).is_(None),
    )


def cartons_of(session: Session, product: Product) -> list[Product]:
    """The cartons on sale that hold a product."""
    wanted = select(Product).where(
        col(Product.holds_id) == product.pk, col(Product.withdrawn_on).is_(None)
    )
    return list(session.execute(wanted.order_by(col(Product.id))).scalars())


def has_labels(session: Session, product: Product) -> bool:
    """Whether labels of a product were printed."""
    wanted = select(col(PrintRun.id)).where(col(PrintRun.product_id) == product.pk).limit(1)
    return session.execute(wanted).first() is not None


def proposed_gtin(
    session: Session, prefix: CompanyPrefix, *, held: Product | None = None
) -> str | None:
    """The next GTIN of a prefix that nothing has; of a carton of a product, from that one's digits."""
    mine = col(Product.gtin).like(f"_{prefix.prefix}%")
    taken = set(session.execute(select(col(Product.gtin)).where(mine)).scalars())
    if held is not None and held.gtin is not None and begins_with(held.gtin, [prefix.prefix]):
        return free_carton_gtin(held.gtin, taken)
    return free_gtin(prefix.prefix, taken)


def gtin_warnings(session: Session, product: Product) -> list[Message]:
    """What is odd about a product's GTIN and yet may be."""
    if product.gtin is None:
        return []
    found: list[Message] = []
    wanted = select(col(CompanyPrefix.prefix)).where(
        col(CompanyPrefix.organisation_id) == product.organisation_id
    )
    prefixes = list(session.execute(wanted).scalars())
    if not begins_with(product.gtin, prefixes):
        found.append(say("This GTIN does not begin with a company prefix of the organisation."))
    organisation = session.get_one(Organisation, product.organisation_id)
    if begins_with(product.gtin, [DEMONSTRATION]) and not organisation.demonstration:
        found.append(say("GTINs that begin with 952 are for demonstrations, not for goods."))
    return found


def _lines() -> Any:
    return (
        select(Product, Crop, Organisation, col(Picture.uid))
        .join(Crop, col(Crop.id) == col(Product.crop_id))
        .join(Organisation, col(Organisation.id) == col(Product.organisation_id))
        .outerjoin(Picture, col(Picture.id) == col(Product.picture_id))
    )


def _with_held(session: Session, rows: Any) -> list[ProductLine]:
    ids = {row[0].holds_id for row in rows if row[0].holds_id}
    wanted = select(Product).where(col(Product.id).in_(ids))
    held = {one.pk: one for one in session.execute(wanted).scalars()} if ids else {}
    return [
        ProductLine(product, crop, organisation, picture, held.get(product.holds_id))
        for product, crop, organisation, picture in rows
    ]


def _public(line: ProductLine) -> PublicProduct:
    organisation = line.organisation
    return PublicProduct(
        product=line.product,
        crop=line.crop,
        organisation_id=organisation.pk,
        organisation=organisation.uid,
        producer=organisation.name if organisation.name_public else "",
        picture=line.picture,
        held=line.held,
    )


def _one(session: Session, *conditions: ColumnElement[bool]) -> Product | None:
    found: Product | None = session.execute(select(Product).where(*conditions)).scalars().first()
    return found
