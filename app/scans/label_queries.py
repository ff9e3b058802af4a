"""What is known of a numbered label when somebody looks it up."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Integer,
    ScalarSelect,
    and_,
    bindparam,
    func,
    select,
)
from sqlmodel import Session, col

from app.errors import NotFound
from app.kit.clock import day_of
from app.kit.messages import say
from app.labels.keys import KeyRing
from app.labels.serial_queries import SerialStanding, SerialState, keys_are_there, serial_state
from app.models.base import UTCDateTime
from app.models.lots import HarvestLot
from app.models.products import Product
from app.models.scans import (
    NOT_MADE_HERE,
    AlertOutcome,
    LabelEvent,
    ScanAlert,
    ScanDay,
    SerialMark,
    SerialPlace,
)
from app.scans.rules import LASTING, OF_STATE, Level, Limits, Pattern, Sign, level_of, signs_of
from app.scans.tally import Count


@dataclass(frozen=True)
class LabelRead:
    """A label as its address names it: which lot, which number, and whether it was made here.

    `serial` is the number from 0, or NOT_MADE_HERE; `checkable` False: a secret is missing, so
    nobody can say.
    """

    lot: HarvestLot
    serial: int
    standing: SerialStanding
    checkable: bool = True

    @property
    def exists(self) -> bool:
        """Whether the number was given out, as far as anybody can say."""
        unknown = {SerialState.INVENTED, SerialState.NEVER_PRINTED}
        return not self.checkable or self.standing.state not in unknown

    @property
    def number(self) -> int | None:
        """The label's number as people count."""
        return self.serial + 1 if self.serial >= 0 else None


@dataclass(frozen=True)
class LabelKnown:
    """The same with what became of it and how often it was looked up, this time not counted yet."""

    read: LabelRead
    pattern: Pattern
    first_on: date | None
    signs: tuple[Sign, ...]
    level: Level
    may_sell: bool
    may_open: bool

    @property
    def before(self) -> int:
        """How often it was looked up before."""
        return self.pattern.scans - 1

    @property
    def worrying(self) -> bool:
        """Whether whoever looks it up should look twice."""
        return self.level is Level.UNUSUAL or not self.read.exists

    @property
    def oddities(self) -> tuple[Sign, ...]:
        """What is unusual besides what the label's own state says."""
        return tuple(sign for sign in self.signs if sign not in OF_STATE)


@dataclass(frozen=True)
class _Counted:
    scans: int
    first_on: date | None
    devices: int
    provinces: int
    sold_at: datetime | None
    opened_at: datetime | None


def read_label(session: Session, code: str, serial: str, keys: KeyRing) -> LabelRead:
    """The label behind an address; the lot's code is an exact one. Raises NotFound for no lot."""
    wanted = select(HarvestLot).where(col(HarvestLot.code) == code)
    lot: HarvestLot | None = session.execute(wanted).scalar_one_or_none()
    if lot is None:
        raise NotFound(say("There is no lot {code}.", code=code))
    index = keys.read(code, serial)
    if index is None:
        standing = SerialStanding(SerialState.INVENTED)
        return LabelRead(lot, NOT_MADE_HERE, standing, keys_are_there(session, lot, keys))
    return LabelRead(lot, index, serial_state(session, lot, index))


def known_of(
    session: Session, read: LabelRead, waiting: Count, limits: Limits, *, now: datetime
) -> LabelKnown:
    """What is known of a label; `waiting` are scans of it that this process has not written yet."""
    counted = _counted(session, read, limits, now)
    pattern = Pattern(
        state=read.standing.state,
        tracked=read.standing.tracked,
        scans=counted.scans + waiting.scans + 1,
        devices=max(counted.devices, len(waiting.devices)),
        provinces=counted.provinces,
        sold_at=counted.sold_at,
        opened_at=counted.opened_at,
    )
    signs = _judged(session, read, signs_of(pattern, limits, now), limits, now)
    today = day_of(now) if waiting.scans else None
    may_sell, may_open = _may_mark(session, read)
    return LabelKnown(
        read=read,
        pattern=pattern,
        first_on=counted.first_on or today,
        signs=signs,
        level=level_of(pattern, signs, limits),
        may_sell=may_sell and counted.sold_at is None,
        may_open=may_open and counted.opened_at is None,
    )


def _counted(session: Session, read: LabelRead, limits: Limits, now: datetime) -> _Counted:
    """Everything that is counted of a label, asked for in one statement."""
    asked = {
        "lot": read.lot.pk,
        "serial": read.serial,
        "today": day_of(now),
        "since": now - timedelta(hours=limits.place_hours),
    }
    scans, first_on, devices, provinces, sold_at, opened_at = session.execute(_COUNTED, asked).one()
    return _Counted(scans or 0, first_on, devices or 0, provinces, sold_at, opened_at)


def _judged(
    session: Session, read: LabelRead, signs: tuple[Sign, ...], limits: Limits, now: datetime
) -> tuple[Sign, ...]:
    """The signs, with those of an alert that stands, without those that somebody explained.

    An explanation is of the looks so far: a label that was declared void stays so.
    """
    asked = {"lot": read.lot.pk, "serial": read.serial}
    last = session.execute(_LAST_ALERT, asked).first()
    if last is None:
        return signs
    said, closed_at, outcome = set(json.loads(last[0])), last[1], last[2]
    if closed_at is None or outcome is AlertOutcome.COPIED:
        return tuple(sign for sign in Sign if sign in said or sign in signs)
    if now < closed_at + timedelta(days=limits.quiet_days):
        return tuple(sign for sign in signs if sign not in said or sign in LASTING)
    return signs


def _may_mark(session: Session, read: LabelRead) -> tuple[bool, bool]:
    run = read.standing.run
    usable = read.standing.state in {SerialState.PRINTED, SerialState.APPLIED}
    if run is None or run.product_id is None or not usable:
        return False, False
    wanted = select(col(Product.marks_sold), col(Product.marks_opened))
    row = session.execute(wanted.where(col(Product.id) == run.product_id)).one()
    return bool(row[0]), bool(row[1])


def _marked_at(event: LabelEvent) -> ScalarSelect[datetime]:
    of_event = _of_label(SerialMark), col(SerialMark.event) == event
    return select(col(SerialMark.marked_at)).where(*of_event).scalar_subquery()


def _of_label(table: type[ScanDay | SerialPlace | SerialMark | ScanAlert]) -> ColumnElement[bool]:
    return and_(
        col(table.lot_id) == bindparam("lot", type_=Integer),
        col(table.serial) == bindparam("serial", type_=BigInteger),
    )


# Put together once: a label's page is made at every scan.
_COUNTED = select(
    select(func.sum(col(ScanDay.scans))).where(_of_label(ScanDay)).scalar_subquery(),
    select(func.min(col(ScanDay.day))).where(_of_label(ScanDay)).scalar_subquery(),
    select(col(ScanDay.devices))
    .where(_of_label(ScanDay), col(ScanDay.day) == bindparam("today", type_=Date))
    .scalar_subquery(),
    select(func.count())
    .select_from(SerialPlace)
    .where(
        _of_label(SerialPlace),
        col(SerialPlace.last_at) >= bindparam("since", type_=UTCDateTime),
    )
    .scalar_subquery(),
    _marked_at(LabelEvent.SOLD),
    _marked_at(LabelEvent.OPENED),
)
_LAST_ALERT = (
    select(col(ScanAlert.signs), col(ScanAlert.closed_at), col(ScanAlert.outcome))
    .where(_of_label(ScanAlert))
    .order_by(col(ScanAlert.id).desc())
    .limit(1)
)
