"""Tables of scans: counts that tell of nobody, what is known of a numbered label, shops, alerts."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from app.models.base import Public, Row, UTCDateTime, Versioned, stored_as_text

# Instead of a label's number (from 0), in the tables below.
WHOLE_LOT = -1  # every scan of the lot, with or without a number
NOT_MADE_HERE = -2  # numbers that this installation never made

_OPEN = text("closed_at IS NULL")


class ScanSalt(SQLModel, table=True):
    """The random salt of one Viet Nam day's device hashes; destroyed when the day is over."""

    __tablename__ = "scan_salt"

    day: date = Field(primary_key=True)
    salt: bytes = Field(sa_type=LargeBinary)


class DeviceAct(StrEnum):
    """What a device did, so that it counts once a day."""

    SCAN = "scan"
    PLACE = "place"
    MARK = "mark"


class ScanDevice(SQLModel, table=True):
    """That some device did something today: a salted 64-bit hash, destroyed with the day's salt."""

    __tablename__ = "scan_device"

    day: date = Field(primary_key=True)
    lot_id: int = Field(primary_key=True, foreign_key="harvest_lot.id")
    serial: int = Field(primary_key=True, sa_type=BigInteger)
    act: DeviceAct = Field(primary_key=True, sa_type=stored_as_text(DeviceAct, "act"))
    device: int = Field(primary_key=True, sa_type=BigInteger)


class ScanDay(SQLModel, table=True):
    """How often a label, or a whole lot, was looked up on a day, and from how many devices."""

    __tablename__ = "scan_day"
    __table_args__ = (
        CheckConstraint("scans >= 0 AND devices >= 0 AND devices <= scans", name="counts"),
        Index("ix_scan_day_day", "day", "serial", "lot_id"),
    )

    lot_id: int = Field(primary_key=True, foreign_key="harvest_lot.id")
    serial: int = Field(primary_key=True, sa_type=BigInteger)
    day: date = Field(primary_key=True)
    scans: int
    devices: int


class ScanPlace(SQLModel, table=True):
    """How many said on a day that they bought goods of a lot in a province or commune."""

    __tablename__ = "scan_place"
    __table_args__ = (Index("ix_scan_place_day", "day", "lot_id"),)

    lot_id: int = Field(primary_key=True, foreign_key="harvest_lot.id")
    day: date = Field(primary_key=True)
    unit_id: int = Field(primary_key=True, foreign_key="admin_unit.id", index=True)
    answers: int


class SerialPlace(SQLModel, table=True):
    """In which provinces people said they bought the goods with a numbered label, and when last."""

    __tablename__ = "serial_place"

    lot_id: int = Field(primary_key=True, foreign_key="harvest_lot.id")
    serial: int = Field(primary_key=True, sa_type=BigInteger)
    unit_id: int = Field(primary_key=True, foreign_key="admin_unit.id", index=True)
    answers: int
    last_at: datetime = Field(sa_type=UTCDateTime)


class LabelEvent(StrEnum):
    """What a shop or a buyer says of a numbered label."""

    SOLD = "sold"
    OPENED = "opened"


class ShopLink(Public, Versioned, table=True):
    """A shop that may mark labels of an organisation as sold: one browser, for a time.

    The link works once; what it is exchanged for lies in that browser as a cookie.
    """

    __tablename__ = "shop_link"
    __table_args__ = (Index("ix_shop_link_organisation", "organisation_id", "id"),)

    organisation_id: int = Field(foreign_key="organisation.id")
    name: str = Field(max_length=120)
    token_hash: str = Field(max_length=64, unique=True)
    session_hash: str | None = Field(default=None, max_length=64, unique=True)
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    taken_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class SerialMark(Row, table=True):
    """That the goods with a numbered label were sold or opened. Written once, never changed."""

    __tablename__ = "serial_mark"
    __table_args__ = (UniqueConstraint("lot_id", "serial", "event"),)

    lot_id: int = Field(foreign_key="harvest_lot.id")
    serial: int = Field(sa_type=BigInteger)
    event: LabelEvent = Field(sa_type=stored_as_text(LabelEvent, "event"))
    shop_link_id: int | None = Field(default=None, foreign_key="shop_link.id", index=True)
    marked_at: datetime = Field(sa_type=UTCDateTime)


class AlertOutcome(StrEnum):
    """What an alert turned out to be."""

    EXPLAINED = "explained"
    COPIED = "copied"
    UNCLEAR = "unclear"


class ScanAlert(Public, Versioned, table=True):
    """A label that was looked up in an unusual way. `signs`: JSON list of what is unusual.

    At most one stands open for a label. `serial` NOT_MADE_HERE: numbers nobody gave out.
    """

    __tablename__ = "scan_alert"
    __table_args__ = (
        Index(
            "uq_scan_alert_open",
            "lot_id",
            "serial",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_scan_alert_lot", "lot_id", "serial", "id"),
    )

    lot_id: int = Field(foreign_key="harvest_lot.id")
    serial: int = Field(sa_type=BigInteger)
    signs: str = Field(max_length=200)
    opened_at: datetime = Field(sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    outcome: AlertOutcome | None = Field(
        default=None, sa_type=stored_as_text(AlertOutcome, "outcome")
    )
    close_reason: str = Field(default="", max_length=500)
