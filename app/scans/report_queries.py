"""How often goods were looked up: by day, lot, product and place; counts only, and no small ones of places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.kit.cursor import Page, UnreadableCursor, decode, page_of
from app.models.catalogue import Crop
from app.models.lots import HarvestLot
from app.models.places import AdminUnit
from app.models.print_runs import PrintRun, PrintRunLot
from app.models.products import Product
from app.models.registry import Organisation
from app.models.scans import WHOLE_LOT, ScanDay, ScanPlace

LONGEST = timedelta(days=400)


@dataclass(frozen=True)
class Question:
    """What is asked: Viet Nam days, both inclusive; how far the asker sees; one organisation, or all."""

    first: date
    last: date
    within: Reach
    organisation_id: int | None = None

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=at) for at in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class DayCount:
    """One day's look-ups. A telephone counts once for each lot it looked up that day."""

    day: date
    scans: int = 0
    devices: int = 0


@dataclass(frozen=True)
class LotDay:
    """One lot on one day."""

    day: date
    lot: HarvestLot
    crop: Crop
    organisation: Organisation
    scans: int
    devices: int


@dataclass(frozen=True)
class LotCount:
    """One lot in a period; `days` on which anybody looked it up."""

    lot: HarvestLot
    crop: Crop
    organisation: Organisation
    scans: int
    devices: int
    days: int


@dataclass(frozen=True)
class GoodsCount:
    """A product, or a crop where the lot's labels name none or several."""

    product: Product | None
    crop: Crop
    scans: int
    devices: int

    def name(self, language: str) -> str:
        """What the goods are called in `vi`, `en` or `zh`."""
        named = getattr(self.product, f"name_{language}", "") if self.product else ""
        return str(named or (self.product.name_vi if self.product else self.crop_name(language)))

    def crop_name(self, language: str) -> str:
        return str(getattr(self.crop, f"name_{language}"))


@dataclass(frozen=True)
class PlaceCount:
    """A province or commune that people named; `answers` None: fewer than may be shown."""

    unit: AdminUnit
    answers: int | None


def scans_by_day(session: Session, asked: Question) -> list[DayCount]:
    """Every day that was asked for, also those on which nobody looked."""
    wanted = (
        select(col(ScanDay.day), func.sum(col(ScanDay.scans)), func.sum(col(ScanDay.devices)))
        .join(HarvestLot, col(HarvestLot.id) == col(ScanDay.lot_id))
        .where(*_whole(asked))
        .group_by(col(ScanDay.day))
    )
    found = {day: DayCount(day, int(scans), int(n)) for day, scans, n in session.execute(wanted)}
    return [found.get(day, DayCount(day)) for day in asked.days]


def scans_by_lot(session: Session, asked: Question, *, limit: int | None = None) -> list[LotCount]:
    """Lots that were looked up, most often first."""
    scans = func.sum(col(ScanDay.scans))
    wanted = (
        _named(scans, func.sum(col(ScanDay.devices)), func.count())
        .where(*_whole(asked))
        .group_by(col(HarvestLot.id), col(Crop.id), col(Organisation.id))
        .order_by(scans.desc(), col(HarvestLot.id).desc())
        .limit(limit)
    )
    return [
        LotCount(lot, crop, organisation, int(scans), int(devices), int(days))
        for lot, crop, organisation, scans, devices, days in session.execute(wanted)
    ]


def scans_by_goods(session: Session, asked: Question) -> list[GoodsCount]:
    """Products, and crops of lots whose labels do not say one product; most often first."""
    only = (
        select(
            col(PrintRunLot.lot_id).label("lot_id"),
            func.min(col(PrintRun.product_id)).label("product_id"),
        )
        .join(PrintRun, col(PrintRun.id) == col(PrintRunLot.run_id))
        .where(col(PrintRun.product_id).is_not(None))
        .group_by(col(PrintRunLot.lot_id))
        .having(func.count(func.distinct(col(PrintRun.product_id))) == 1)
        .subquery()
    )
    scans = func.sum(col(ScanDay.scans))
    wanted = (
        select(Product, Crop, scans, func.sum(col(ScanDay.devices)))
        .select_from(ScanDay)
        .join(HarvestLot, col(HarvestLot.id) == col(ScanDay.lot_id))
        .join(Crop, col(Crop.id) == col(HarvestLot.crop_id))
        .outerjoin(only, only.c.lot_id == col(HarvestLot.id))
        .outerjoin(Product, col(Product.id) == only.c.product_id)
        .where(*_whole(asked))
        .group_by(col(Product.id), col(Crop.id))
        .order_by(scans.desc(), col(Crop.id))
    )
    return [
        GoodsCount(product, crop, int(scans), int(devices))
        for product, crop, scans, devices in session.execute(wanted)
    ]


def answers_by_place(session: Session, asked: Question, *, smallest: int) -> list[PlaceCount]:
    """Where people said they bought, most often first; fewer than `smallest` answers are no number."""
    answers = func.sum(col(ScanPlace.answers))
    wanted = (
        select(AdminUnit, answers)
        .join(ScanPlace, col(ScanPlace.unit_id) == col(AdminUnit.id))
        .join(HarvestLot, col(HarvestLot.id) == col(ScanPlace.lot_id))
        .where(
            col(ScanPlace.day).between(asked.first, asked.last),
            *_of(asked),
        )
        .group_by(col(AdminUnit.id))
    )
    found = [(unit, int(count)) for unit, count in session.execute(wanted)]
    shown = sorted((one for one in found if one[1] >= smallest), key=_most)
    # In the order of their names: their order by number would tell what is kept back.
    few = sorted((one for one in found if one[1] < smallest), key=lambda one: one[0].name_key)
    return [
        *(PlaceCount(unit, count) for unit, count in shown),
        *(PlaceCount(unit, None) for unit, _ in few),
    ]


def lot_days(
    session: Session, asked: Question, *, after: str | None = None, limit: int = 50
) -> Page[LotDay]:
    """Lots by day, newest day first."""
    wanted = _named(col(ScanDay.day), col(ScanDay.scans), col(ScanDay.devices)).where(
        *_whole(asked)
    )
    if after is not None:
        day, lot_id = decode(after, str, int)
        before = _day_in(str(day))
        wanted = wanted.where(
            or_(
                col(ScanDay.day) < before,
                and_(col(ScanDay.day) == before, col(ScanDay.lot_id) < lot_id),
            )
        )
    newest = wanted.order_by(col(ScanDay.day).desc(), col(ScanDay.lot_id).desc()).limit(limit + 1)
    rows = [
        LotDay(day, lot, crop, organisation, scans, devices)
        for lot, crop, organisation, day, scans, devices in session.execute(newest)
    ]
    return page_of(rows, limit=limit, key=lambda one: (one.day.isoformat(), one.lot.pk))


def _named(*counts: Any) -> Any:
    return (
        select(HarvestLot, Crop, Organisation, *counts)
        .select_from(ScanDay)
        .join(HarvestLot, col(HarvestLot.id) == col(ScanDay.lot_id))
        .join(Crop, col(Crop.id) == col(HarvestLot.crop_id))
        .join(Organisation, col(Organisation.id) == col(HarvestLot.organisation_id))
    )


def _whole(asked: Question) -> Sequence[Any]:
    return (
        col(ScanDay.serial) == WHOLE_LOT,
        col(ScanDay.day).between(asked.first, asked.last),
        *_of(asked),
    )


def _of(asked: Question) -> Sequence[Any]:
    owner = col(HarvestLot.organisation_id)
    seen = asked.within.limits(owner)
    return (seen,) if asked.organisation_id is None else (seen, owner == asked.organisation_id)


def _most(one: tuple[AdminUnit, int]) -> tuple[int, str]:
    return -one[1], one[0].name_key


def _day_in(cursor: str) -> date:
    try:
        return date.fromisoformat(cursor)
    except ValueError as error:
        raise UnreadableCursor("the cursor does not belong to this list") from error
