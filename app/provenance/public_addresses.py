"""The addresses of all public pages that search engines may show: products, organisations, areas."""

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.models.products import Product
from app.models.registry import AreaCode, Organisation, OrganisationKind, PlantingArea

# The most that one sitemap may hold (sitemaps.org).
MOST = 50_000


def addresses(session: Session) -> Iterator[str]:
    """Paths, the newest of each kind first. Lots are found by whoever holds the goods, not here."""
    products = select(col(Product.gtin), col(Product.uid)).where(
        col(Product.withdrawn_on).is_(None)
    )
    for gtin, uid in session.execute(products.order_by(col(Product.id).desc()).limit(MOST)):
        yield f"/p/{gtin or uid}"
    named = or_(col(Organisation.name_public), col(Organisation.kind) != OrganisationKind.HOUSEHOLD)
    organisations = select(col(Organisation.uid)).where(named)
    newest = organisations.order_by(col(Organisation.id).desc()).limit(MOST)
    for uid in session.execute(newest).scalars():
        yield f"/o/{uid}"
    codes = (
        select(col(AreaCode.code_key))
        .join(PlantingArea, col(PlantingArea.id) == col(AreaCode.area_id))
        .join(Organisation, col(Organisation.id) == col(PlantingArea.organisation_id))
        .where(named)
    )
    for key in session.execute(codes.order_by(col(AreaCode.id).desc()).limit(MOST)).scalars():
        yield f"/register/{key}"
