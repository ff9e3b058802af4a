"""Finding lots: by code, newest first, by a few letters of what they are."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.db import once_a_reading
from app.errors import NotFound
from app.kit.codes import MistypedLotCode, read_lot_code
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.kit.text import fold
from app.models.catalogue import Crop
from app.models.lots import HarvestLot, LotKind, LotState
from app.models.registry import AreaCode, Organisation, PlantingArea


@dataclass(frozen=True)
class LotLine:
    """A lot with the names a list shows beside it. `area` None: it was made of other lots."""

    lot: HarvestLot
    area: PlantingArea | None
    crop: Crop
    organisation: Organisation


def lot_by_code(session: Session, code: str, *, within: Reach) -> HarvestLot:
    """The lot with this trace code, however it was typed."""
    return lot_line(session, code, within=within).lot


@once_a_reading
def lot_line(session: Session, code: str, *, within: Reach) -> LotLine:
    """The same with its names."""
    unknown = NotFound(say("There is no lot {code}.", code=code))
    try:
        exact = read_lot_code(code)
    except MistypedLotCode:
        raise unknown from None
    row = session.execute(_line(within), {"code": exact}).one_or_none()
    if row is None:
        raise unknown
    return LotLine(*row)


@lru_cache(maxsize=256)
def _line(within: Reach) -> Any:
    """The statement of one lot, put together once for everybody who sees the same."""
    seen = within.limits(col(HarvestLot.organisation_id))
    return lines().where(col(HarvestLot.code) == bindparam("code"), seen)


def line_of(session: Session, lot: HarvestLot) -> LotLine:
    """A lot that is at hand, with its names."""
    return LotLine(*session.execute(lines().where(col(HarvestLot.id) == lot.pk)).one())


def newest_lots(
    session: Session,
    *,
    within: Reach,
    state: LotState | None = None,
    kind: LotKind | None = None,
    recorded_since: datetime | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[LotLine]:
    """Lots, newest first."""
    wanted = lines().where(within.limits(col(HarvestLot.organisation_id)))
    if state is not None:
        wanted = wanted.where(col(HarvestLot.state) == state)
    if kind is not None:
        wanted = wanted.where(col(HarvestLot.kind) == kind)
    if recorded_since is not None:
        wanted = wanted.where(col(HarvestLot.recorded_at) >= recorded_since)
    return _page(session, wanted, after=after, limit=limit)


def lots_like(
    session: Session, text: str, *, within: Reach, after: str | None = None, limit: int = 50
) -> Page[LotLine]:
    """Lots whose code, crop, area, planting-area code or organisation holds these letters.

    Letters are compared without case or diacritics, đ as d; every word must occur somewhere.
    """
    wanted = lines().where(within.limits(col(HarvestLot.organisation_id)))
    for word in fold(text).split()[:6]:
        wanted = wanted.where(_holds(word))
    return _page(session, wanted, after=after, limit=limit)


def _holds(word: str) -> Any:
    pattern = f"%{word}%"
    coded = select(col(AreaCode.area_id)).where(
        col(AreaCode.code_key).like(pattern), col(AreaCode.area_id) == col(HarvestLot.area_id)
    )
    return or_(
        func.lower(col(HarvestLot.code)).like(pattern),
        col(Crop.name_key).like(pattern),
        col(PlantingArea.name_key).like(pattern),
        col(Organisation.name_key).like(pattern),
        coded.exists(),
    )


def _page(session: Session, wanted: Any, *, after: str | None, limit: int) -> Page[LotLine]:
    if after is not None:
        wanted = wanted.where(col(HarvestLot.id) < decode(after, int)[0])
    newest = wanted.order_by(col(HarvestLot.id).desc()).limit(limit + 1)
    rows = [LotLine(*row) for row in session.execute(newest).all()]
    return page_of(rows, limit=limit, key=lambda line: (line.lot.pk,))


def lines() -> Any:
    """The statement that finds lots with their names, to be narrowed."""
    return (
        select(HarvestLot, PlantingArea, Crop, Organisation)
        .outerjoin(PlantingArea, col(PlantingArea.id) == col(HarvestLot.area_id))
        .join(Crop, col(Crop.id) == col(HarvestLot.crop_id))
        .join(Organisation, col(Organisation.id) == col(HarvestLot.organisation_id))
    )
