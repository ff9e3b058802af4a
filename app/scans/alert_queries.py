"""Alerts of unusual labels, and the pattern behind one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.lots.home_queries import Due
from app.models.catalogue import Crop
from app.models.lots import HarvestLot
from app.models.places import AdminUnit
from app.models.registry import Organisation
from app.models.scans import ScanAlert, ScanDay, SerialMark, SerialPlace, ShopLink
from app.scans.alert_commands import signs_in
from app.scans.report_queries import DayCount, PlaceCount
from app.scans.rules import Sign

MOST_DAYS = 90


@dataclass(frozen=True)
class AlertLine:
    """An alert with the names a list shows beside it."""

    alert: ScanAlert
    lot: HarvestLot
    crop: Crop
    organisation: Organisation

    @property
    def signs(self) -> tuple[Sign, ...]:
        """What was unusual."""
        return signs_in(self.alert)

    @property
    def number(self) -> int | None:
        """The label's number as people count; None where numbers were never made here."""
        return self.alert.serial + 1 if self.alert.serial >= 0 else None


@dataclass(frozen=True)
class Told:
    """A mark on the label, and the shop that made it."""

    mark: SerialMark
    shop: str


@dataclass(frozen=True)
class AlertPattern:
    """How the label was looked up, where people said they bought it, what was said of it."""

    days: tuple[DayCount, ...]
    places: tuple[PlaceCount, ...]
    marks: tuple[Told, ...]


def alerts(
    session: Session,
    *,
    within: Reach,
    open_only: bool = False,
    organisation_id: int | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[AlertLine]:
    """Alerts, newest first."""
    wanted = _lines(within)
    if open_only:
        wanted = wanted.where(col(ScanAlert.closed_at).is_(None))
    if organisation_id is not None:
        wanted = wanted.where(col(HarvestLot.organisation_id) == organisation_id)
    if after is not None:
        wanted = wanted.where(col(ScanAlert.id) < decode(after, int)[0])
    newest = wanted.order_by(col(ScanAlert.id).desc()).limit(limit + 1)
    rows = [AlertLine(*row) for row in session.execute(newest).all()]
    return page_of(rows, limit=limit, key=lambda line: (line.alert.pk,))


def open_alerts(session: Session, *, within: Reach) -> int:
    """How many alerts stand open."""
    standing = _lines(within).where(col(ScanAlert.closed_at).is_(None)).subquery()
    wanted = select(func.count()).select_from(standing)
    return int(session.execute(wanted).scalar_one())


def alerts_due(session: Session, *, within: Reach) -> Iterator[Due]:
    """What the home page of a cooperative says of alerts that stand open."""
    count = open_alerts(session, within=within)
    if count:
        told = say("Labels that are looked up in an unusual way: {count}. See why.", count=count)
        yield Due("alerts", told, "/work/scans/alerts", urgent=True)


def alert_by_uid(session: Session, uid: UUID, *, within: Reach) -> AlertLine:
    """The alert with this public id; NotFound outside the reach."""
    row = session.execute(_lines(within).where(col(ScanAlert.uid) == uid)).one_or_none()
    if row is None:
        raise NotFound(say("There is no such alert."))
    return AlertLine(*row)


def pattern_of(session: Session, alert: ScanAlert, *, smallest: int) -> AlertPattern:
    """What is known of the label of an alert; places with fewer answers are no number."""
    of_label = (col(ScanDay.lot_id) == alert.lot_id, col(ScanDay.serial) == alert.serial)
    days = select(ScanDay).where(*of_label).order_by(col(ScanDay.day).desc()).limit(MOST_DAYS)
    counted = [DayCount(row.day, row.scans, row.devices) for row in session.execute(days).scalars()]
    return AlertPattern(
        days=tuple(reversed(counted)),
        places=tuple(_places(session, alert, smallest)),
        marks=tuple(_marks(session, alert)),
    )


def _places(session: Session, alert: ScanAlert, smallest: int) -> list[PlaceCount]:
    wanted = (
        select(AdminUnit, col(SerialPlace.answers))
        .join(SerialPlace, col(SerialPlace.unit_id) == col(AdminUnit.id))
        .where(col(SerialPlace.lot_id) == alert.lot_id, col(SerialPlace.serial) == alert.serial)
        .order_by(col(AdminUnit.name_key))
    )
    return [
        PlaceCount(unit, answers if answers >= smallest else None)
        for unit, answers in session.execute(wanted)
    ]


def _marks(session: Session, alert: ScanAlert) -> list[Told]:
    wanted = (
        select(SerialMark, col(ShopLink.name))
        .outerjoin(ShopLink, col(ShopLink.id) == col(SerialMark.shop_link_id))
        .where(col(SerialMark.lot_id) == alert.lot_id, col(SerialMark.serial) == alert.serial)
        .order_by(col(SerialMark.id))
    )
    return [Told(mark, shop or "") for mark, shop in session.execute(wanted)]


def _lines(within: Reach) -> Any:
    return (
        select(ScanAlert, HarvestLot, Crop, Organisation)
        .join(HarvestLot, col(HarvestLot.id) == col(ScanAlert.lot_id))
        .join(Crop, col(Crop.id) == col(HarvestLot.crop_id))
        .join(Organisation, col(Organisation.id) == col(HarvestLot.organisation_id))
        .where(within.limits(col(HarvestLot.organisation_id)))
    )
