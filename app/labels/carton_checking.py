"""What a carton's label lacks: a GTIN of its own, a place for its SSCC; and what GS1 does not allow on it."""

from collections.abc import Iterator

from sqlmodel import Session

from app.accounts.reach import Reach
from app.catalogue.product_queries import ProductLine, cartons_of
from app.errors import refuse
from app.kit.messages import say
from app.labels.carton import require_sound
from app.labels.checking import Lack
from app.labels.label_rules import LabelRules
from app.labels.layout import LayoutBody
from app.labels.paper_names import listed
from app.labels.run_labels import Edition
from app.labels.run_product import CARTONS
from app.labels.stock_queries import body_of, layouts
from app.models.print_runs import Purpose


def require_place_for_units(
    session: Session, body: LayoutBody, purpose: Purpose, within: Reach, rules: LabelRules
) -> None:
    """Refuse SSCCs on labels that are no carton's, or that have no place for them."""
    if purpose in CARTONS and any(place.holds_units for place in body.symbols):
        return
    found = layouts(session, within=within, on=rules.today)
    wanted = [one for one in found if one.purpose in (CARTONS & {purpose} or CARTONS)]
    with_place = [
        one.name for one in wanted if any(place.holds_units for place in body_of(one).symbols)
    ]
    why = say(
        "This layout has no place for an SSCC. These have one: {layouts}.",
        layouts=listed(with_place),
    )
    raise refuse("sscc", why)


def carton_lacks(
    session: Session,
    body: LayoutBody,
    purpose: Purpose,
    chosen: ProductLine | None,
    edition: Edition,
) -> Iterator[Lack]:
    """What a carton's symbols leave out. Raises Refused for elements GS1 does not allow together."""
    yield from _another_pack(session, purpose, chosen, edition)
    if purpose not in CARTONS:
        return
    require_sound(edition.elements_at(0))
    if edition.units is None and any(place.kind == "sscc" for place in body.symbols):
        why = say("The layout leaves room for an SSCC: number the cartons to fill it.")
        yield Lack("sscc", why, refuses=False)
    if edition.elements:
        return
    if chosen is None or chosen.product.gtin is None:
        why = say("Without a product that has a GTIN the bar code of the goods is left out.")
        yield Lack("product", why, refuses=False)
    else:
        why = say(
            "The carton has no GTIN of its own, so its bar code is left out: register a carton of"
            " the product, or number the cartons."
        )
        yield Lack("product", why, refuses=False)


def _another_pack(
    session: Session, purpose: Purpose, chosen: ProductLine | None, edition: Edition
) -> Iterator[Lack]:
    """A carton's GTIN on a pack, or a pack's on a carton, when there is the other one."""
    if chosen is None or chosen.product.gtin is None or purpose is Purpose.CRATE:
        return
    if purpose not in CARTONS and chosen.held is not None:
        why = say(
            "This product is a carton: choose {name} for its packs.", name=chosen.held.name_vi
        )
        yield Lack("product", why, refuses=False)
    named = dict(edition.elements).get("01") == chosen.product.gtin
    cartons = cartons_of(session, chosen.product) if purpose in CARTONS and named else []
    if cartons:
        why = say(
            "The bar code names one pack: choose {name} for cartons.", name=cartons[0].name_vi
        )
        yield Lack("product", why, refuses=False)
