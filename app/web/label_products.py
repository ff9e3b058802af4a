"""The products a print form offers: with their pack and GTIN, the likely one of a lot chosen."""

from app.catalogue.gs1_numbers import shown_gtin
from app.catalogue.product_queries import PublicProduct, products_of
from app.deps import Call
from app.errors import DomainError
from app.kit.quantities import Grams
from app.lots.queries import lot_line


def product_choices(call: Call) -> list[tuple[str, str]]:
    """The own products on sale, each with what tells it from another of its name."""
    found = products_of(call.session, call.caller.organisation_id)
    return [(str(one.product.uid), _told(call, one)) for one in found]


def likely_product(call: Call, lot: str) -> str:
    """The product a lot is sold as when there is but one pack of its crop; "" otherwise."""
    if not lot:
        return ""
    try:
        crop = lot_line(call.session, lot, within=call.within).crop
    except DomainError:
        return ""
    found = products_of(call.session, call.caller.organisation_id, crop_id=crop.pk)
    packs = [one for one in found if one.held is None]
    return str(packs[0].product.uid) if len(packs) == 1 else ""


def _told(call: Call, one: PublicProduct) -> str:
    product, tell = one.product, call.language
    told = [product.name_vi]
    if one.held is not None and product.holds_count:
        told.append(f"{product.holds_count} × {one.held.name_vi}")
    elif product.pack_g:
        told.append(tell.quantity(Grams(product.pack_g)))
    if product.gtin:
        told.append(shown_gtin(product.gtin))
    return " – ".join(told)
