"""What a carton's bar codes say: which GS1 elements stand beside one another, and the voice-pick code."""

from app.catalogue.product_queries import ProductLine
from app.kit.voice_pick import voice_pick
from app.labels.carton import Element
from app.labels.run_content import Content
from app.labels.run_product import CARTONS, gtin_of
from app.lots.queries import LotLine
from app.models.print_runs import Purpose


def elements_of(
    line: LotLine,
    chosen: ProductLine | None,
    content: Content,
    purpose: Purpose,
    *,
    numbered: bool,
) -> tuple[Element, ...]:
    """The elements of a carton beside its SSCC; without a GTIN there are none.

    A carton that is a trade item bears its own GTIN (01). One that is none, and has an SSCC, says
    what it holds (02) and how many (37), which only stand beside (00).
    """
    gtin = gtin_of(chosen, content, purpose) or (content.gtin if chosen is None else "")
    if purpose not in CARTONS:
        return ()
    packed = line.lot.packed_on or line.lot.harvested_on
    shared = (("13", f"{packed:%y%m%d}"), ("10", line.lot.code))
    if gtin:
        return (("01", gtin), *shared)
    held = chosen.product.gtin if chosen is not None else None
    if held and numbered and content.packs > 1:
        return (("02", held), ("37", str(content.packs)), *shared)
    return ()


def voice_pick_of(elements: tuple[Element, ...]) -> str:
    """The voice-pick code of a case whose label bears these elements; of no others."""
    said = dict(elements)
    return voice_pick(said["01"], said["10"], said.get("13", "")) if "01" in said else ""
