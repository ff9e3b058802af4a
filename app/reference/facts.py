"""The shipped facts of the catalogue and the plan as table rows."""

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from app.catalogue.rules import active_key
from app.kit.text import fold
from app.models.catalogue import Crop, CropAlias, RegulatedActive
from app.reference.files import Values, cells_of, typed


def plain(name: str, table: type[SQLModel]) -> list[Values]:
    """A file whose columns are the table's own."""
    return [typed(table, cells) for cells in cells_of(name)]


def crops() -> list[Values]:
    """Crops, with the key they are searched by."""
    return [crop | {"name_key": fold(crop["name_vi"])} for crop in plain("crops", Crop)]


def crop_aliases(session: Session) -> list[Values]:
    """Other names of crops, by the keys the database gave the crops."""
    ids = dict(session.execute(select(col(Crop.slug), col(Crop.id))).all())
    return [
        typed(CropAlias, cells) | {"crop_id": ids[cells["crop"]], "name_key": fold(cells["name"])}
        for cells in cells_of("crop_aliases")
    ]


def actives() -> list[Values]:
    """Banned and removed actives, with the key they are compared by."""
    rows = plain("regulated_actives", RegulatedActive)
    return [active | {"name_key": active_key(active["name"])} for active in rows]
