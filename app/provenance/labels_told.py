"""What the labels of a lot say, and what it is sold as. Reads only."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.labels.public_queries import Pack, newest_labels
from app.labels.run_content import STORAGE, WARNINGS, in_all
from app.lots.claims import Claim
from app.lots.queries import LotLine
from app.provenance.product_told import product_path
from app.provenance.story import DifferenceTold, LabelTold, SoldAsTold

MOST_PACKS = 3
FACTS: dict[str, Message] = {
    "product_name": say("Name"),
    "claim": say("Certificate"),
    "brand": say("Brand"),
    "producer_name": say("Producer"),
    "producer_address": say("Address"),
    "origin": say("Origin"),
    "harvested_on": say("Harvested"),
    "packed_on": say("Packed"),
    "best_before": say("Best before"),
    "dates": say("Days"),
    "packed_or_harvested": say("Packed or harvested"),
    "quantity": say("Net weight"),
    "packing": say("Contents"),
    "area_code": say("Planting-area code"),
    "packing_house": say("Packing house"),
    "storage": say("Storage"),
    "warning": say("Note"),
    "destination": say("Destination"),
}
_OF_THE_PRODUCER = frozenset({"producer_name", "producer_address"})
# What one compares with the paper in one's hand; where it was grown and by whom stands above.
_COMPARED = (
    "product_name",
    "claim",
    "dates",
    "packed_or_harvested",
    "harvested_on",
    "packed_on",
    "best_before",
    "quantity",
    "packing",
    "area_code",
)


def label_told(
    session: Session,
    line: LotLine,
    claims: Sequence[Claim],
    *,
    base_url: str,
    now: datetime,
    named: bool,
) -> LabelTold | None:
    """The newest labels; None where none were printed. Nothing that is not in FACTS is told.

    `claims`: what the lot may claim today. `named`: the producer may be named; a household's name
    stands on its labels, and not here.
    """
    printed = newest_labels(session, line, claims, base_url=base_url, now=now)
    if printed is None:
        return None
    said, today = printed.words.said, printed.words.today
    return LabelTold(
        printed_on=day_of(printed.printed_at),
        said=tuple(dict.fromkeys(said[fact] for fact in _COMPARED if fact in said)),
        differences=tuple(
            DifferenceTold(FACTS[fact], said.get(fact, ""), today.get(fact, ""))
            for fact in printed.words.differing
            if fact in FACTS and (named or fact not in _OF_THE_PRODUCER)
        ),
    )


def sold_as(packs: Sequence[Pack]) -> tuple[SoldAsTold, ...]:
    """What packs of a lot are sold as, the newest label first, each once."""
    told: list[SoldAsTold] = []
    for pack in packs:
        one = _sold(pack)
        if one not in told:
            told.append(one)
    return tuple(told[:MOST_PACKS])


def _sold(pack: Pack) -> SoldAsTold:
    product, content = pack.product, pack.content
    names = {"vi": product.name_vi, "en": product.name_en, "zh": product.name_zh} if product else {}
    grams = Grams(product.pack_g) if product and product.pack_g else content.pack
    return SoldAsTold(
        path=product_path(product) if product else None,
        names=names,
        brand=product.brand if product else "",
        gtin=(product.gtin if product else None) or content.gtin or None,
        pack=grams,
        storage=in_all((product and product.storage) or content.storage, STORAGE),
        warning=in_all((product and product.warning) or content.warning, WARNINGS),
    )
