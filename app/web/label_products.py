"""What a print form offers: products with their pack and GTIN, the likely one of a lot, usual choices."""

from app.catalogue.gs1_numbers import shown_gtin
from app.catalogue.product_queries import PublicProduct, products_of
from app.deps import Call
from app.errors import DomainError
from app.kit.messages import Message
from app.kit.quantities import Grams
from app.labels.paper_names import named
from app.labels.run_content import STORAGE, WARNINGS
from app.labels.run_queries import runs, was_printed
from app.lots.queries import LotLine, lot_line
from app.web.label_words import REASONS

# What most labels are.
USUAL = {
    "layout": "l1-50x30",
    "stock": "a4-4x9-50x30",
    "output": "pdf",
    "language": "vi",
    "copies": "36",
    "start_at": "1",
    "pack_unit": "g",
    "storage": STORAGE[0]["vi"],
    "warning": WARNINGS[0]["vi"],
}
_ASKED = frozenset({"stock", "output", "copies", "start_at", "pack_unit"})


def quick_print(call: Call, line: LotLine) -> dict[str, object]:
    """What the short form on the page of a lot needs; all else is as usual."""
    crop = line.crop.pk
    return {
        "quick": {name: value for name, value in USUAL.items() if name not in _ASKED},
        "product_choices": product_choices(call, crop_id=crop),
        "printed_before": was_printed(call.session, line.lot),
        "reason_choices": reason_choices(call),
        "runs": runs(call.session, within=call.within, lot=line.lot, limit=10).items,
        "typed": {"product": likely_product(call, line.lot.code)},
    }


def name_said(call: Call, name: str) -> str:
    """The name of a paper or layout in the reader's language."""
    said = named(name)
    return call.language.say(said) if isinstance(said, Message) else said


def reason_choices(call: Call) -> list[tuple[str, str]]:
    """Why labels are printed again."""
    return [(call.language.say(why),) * 2 for why in REASONS]


def product_choices(call: Call, *, crop_id: int | None = None) -> list[tuple[str, str]]:
    """The own products on sale, each with what tells it from another of its name."""
    found = products_of(call.session, call.caller.organisation_id, crop_id=crop_id)
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
