"""What a run's product brings to its labels: weight, words, days, and the GTIN that goes with them."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import Session

from app.accounts.reach import Reach
from app.catalogue.product_queries import ProductLine, line_of_product, product_line
from app.errors import NotFound, refuse
from app.kit.messages import say
from app.kit.quantities import Grams
from app.labels.run_content import Content
from app.lots.queries import LotLine
from app.models.print_runs import PrintRun, Purpose

CARTONS = frozenset({Purpose.CARTON, Purpose.EXPORT})


def chosen_product(session: Session, uid: UUID | None, *, within: Reach) -> ProductLine | None:
    """The product somebody chose in a form; refuses what is none."""
    if uid is None:
        return None
    try:
        return product_line(session, uid, within=within)
    except NotFound as unknown:
        raise refuse("product", unknown.why) from None


def product_of_run(session: Session, run: PrintRun) -> ProductLine | None:
    """The product of a run as it stands today."""
    return line_of_product(session, run.product_id) if run.product_id else None


def require_of_lot(chosen: ProductLine, line: LotLine) -> None:
    """Refuse a product that this lot cannot be sold as."""
    product = chosen.product
    if product.withdrawn_on is not None:
        why = say("This product was withdrawn on {day}.", day=product.withdrawn_on)
        raise refuse("product", why)
    if product.organisation_id != line.lot.organisation_id:
        why = say(
            "Lot {code} is of {organisation}: choose one of its products.",
            code=line.lot.code,
            organisation=line.organisation.name,
        )
        raise refuse("product", why)
    if product.crop_id != line.lot.crop_id:
        why = say(
            "Lot {code} is {crop}: {product} is another crop.",
            code=line.lot.code,
            crop=line.crop.name_vi,
            product=product.name_vi,
        )
        raise refuse("product", why)


def require_agreeing(content: Content, chosen: ProductLine) -> None:
    """Refuse a weight or number of packs that contradicts what the GTIN stands for."""
    known = filled(Content(), chosen)
    if known.packs and content.packs not in {0, known.packs}:
        why = say("This carton holds {count} packs: leave this empty.", count=known.packs)
        raise refuse("packs", why)
    if known.pack is not None and content.pack not in {None, known.pack}:
        why = say("A pack of it weighs {pack}: leave this empty.", pack=known.pack)
        raise refuse("pack_g", why)


def filled(content: Content, chosen: ProductLine | None) -> Content:
    """The content with what the product knows, which goes before what was typed."""
    if chosen is None:
        return content
    product, held = chosen.product, chosen.held
    pack, packs = product.pack_g, content.packs
    if held is not None and held.pack_g is not None:
        pack, packs = held.pack_g, product.holds_count or 0
    return replace(
        content,
        pack=Grams(pack) if pack else content.pack,
        packs=packs,
        storage=product.storage or content.storage,
        warning=product.warning or content.warning,
    )


def gtin_of(chosen: ProductLine | None, content: Content, purpose: Purpose) -> str | None:
    """The GTIN of what bears the label: none of a crate, nor of a carton that is no product itself."""
    if chosen is None or purpose is Purpose.CRATE:
        return None
    if purpose in CARTONS and chosen.held is None and content.packs > 1:
        return None
    return chosen.product.gtin


def best_before_of(line: LotLine, chosen: ProductLine | None) -> date | None:
    """The lot's own day, else so many days after packing as the product keeps."""
    if line.lot.best_before or chosen is None or chosen.product.best_before_days is None:
        return line.lot.best_before
    packed = line.lot.packed_on or line.lot.harvested_on
    return packed + timedelta(days=chosen.product.best_before_days)


def names_of(line: LotLine, chosen: ProductLine | None) -> dict[str, str]:
    """The name of the goods in each language: the product's, where it has none the crop's."""
    names = {"vi": line.crop.name_vi, "en": line.crop.name_en, "zh": line.crop.name_zh}
    if chosen is not None:
        product = chosen.product
        own = {"vi": product.name_vi, "en": product.name_en, "zh": product.name_zh}
        names |= {tag: name for tag, name in own.items() if name}
    return names
