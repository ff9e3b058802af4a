"""Every name a crop goes by: for lists in which people name many of them."""

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.catalogue import Crop, CropAlias


def crop_names(session: Session) -> list[tuple[str, Crop]]:
    """The crops with their names in every language and their slugs, then with their aliases."""
    crops = {
        crop.pk: crop for crop in session.execute(select(Crop).order_by(col(Crop.id))).scalars()
    }
    own = [
        (name, crop)
        for crop in crops.values()
        for name in (crop.name_vi, crop.name_en, crop.name_zh, crop.slug)
    ]
    aliases = select(col(CropAlias.name), col(CropAlias.crop_id)).order_by(col(CropAlias.id))
    return own + [(name, crops[crop_id]) for name, crop_id in session.execute(aliases)]
