"""Which photographs everybody may see of a lot: its own, else that of the product it is sold as. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.labels.public_queries import Pack, packs_of
from app.lots.readiness_queries import pictures_of
from app.models.lots import HarvestLot, LotState
from app.models.pictures import Picture

OF_PRODUCT = "p"


@dataclass(frozen=True)
class PublicPicture:
    """A photograph that a public page shows: its name in the address, and the row."""

    name: str
    picture: Picture

    @property
    def of_lot(self) -> bool:
        """Whether these very goods are on it."""
        return self.name != OF_PRODUCT


def public_pictures(
    session: Session, lot: HarvestLot, packs: Sequence[Pack] | None = None
) -> list[PublicPicture]:
    """The photographs of a lot's page, the first one first; a withdrawn lot has none.

    `packs`: those of the lot, where they are known already.
    """
    if lot.state is LotState.WITHDRAWN:
        return []
    own = [
        PublicPicture(str(number), picture)
        for number, picture in enumerate(pictures_of(session, lot))
    ]
    if own:
        return own
    sold = packs_of(session, lot) if packs is None else packs
    products = [pack.product for pack in sold if pack.product and pack.product.picture_id]
    if not products:
        return []
    return [PublicPicture(OF_PRODUCT, session.get_one(Picture, products[0].picture_id))]
