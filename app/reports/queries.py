"""Finding reports: by ticket for whoever sent one, by list and id for those who answer them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.catalogue.queries import rule_on, value_of
from app.errors import NotFound
from app.kit.clock import day_of, start_of
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.kit.tickets import read_ticket
from app.models.accounts import Account
from app.models.catalogue import Crop
from app.models.lots import HarvestLot, LotState
from app.models.registry import Organisation
from app.models.reports import (
    MessageKind,
    ReportContact,
    ReportMessage,
    ReportPhoto,
    ReportState,
    ShopperReport,
)
from app.reports.rules import OPEN, UNANSWERED, is_late

COUNT_RULE = "reports.urgent_count"
DAYS_RULE = "reports.urgent_days"


@dataclass(frozen=True)
class ReportLine:
    """A report with what a list shows beside it. `alike`: reports of its lot within the rule's days."""

    report: ShopperReport
    lot: HarvestLot | None
    crop: Crop | None
    organisation: Organisation | None
    assigned: Account | None
    alike: int
    urgent: bool

    def late_on(self, today: date) -> bool:
        """Whether somebody should have done something about it before today."""
        report = self.report
        return is_late(report.state, report.look_by, report.answer_by, today)

    @property
    def recalled(self) -> bool:
        return self.lot is not None and self.lot.state is LotState.RECALLED


@dataclass(frozen=True)
class MessageLine:
    """Something that was said; `organisation` None: by the shopper."""

    message: ReportMessage
    organisation: Organisation | None


def report_by_ticket(session: Session, typed: str) -> ShopperReport:
    """The report with this ticket, however it was typed."""
    ticket = read_ticket(typed)
    wanted = select(ShopperReport).where(col(ShopperReport.ticket) == ticket)
    found: ShopperReport | None = (
        session.execute(wanted).scalar_one_or_none() if ticket is not None else None
    )
    if found is None:
        raise NotFound(say("There is no report with this ticket number."))
    return found


def report_by_uid(session: Session, uid: UUID, *, within: Reach) -> ShopperReport:
    """The report with this public id."""
    wanted = select(ShopperReport).where(
        col(ShopperReport.uid) == uid, within.limits(col(ShopperReport.organisation_id))
    )
    found: ShopperReport | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such report."))
    return found


def report_line(session: Session, uid: UUID, *, within: Reach, today: date) -> ReportLine:
    """The same with what is shown beside it."""
    report = report_by_uid(session, uid, within=within)
    wanted = _lines(session, today).where(col(ShopperReport.id) == report.pk)
    return ReportLine(*session.execute(wanted).one())


def reports(
    session: Session,
    *,
    within: Reach,
    today: date,
    states: Sequence[ReportState] = tuple(OPEN),
    assigned_id: int | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[ReportLine]:
    """Reports in some states, urgent ones first, then the newest."""
    urgent = _urgent(session, today)
    wanted = _lines(session, today).where(
        within.limits(col(ShopperReport.organisation_id)), col(ShopperReport.state).in_(states)
    )
    if assigned_id is not None:
        wanted = wanted.where(col(ShopperReport.assigned_id) == assigned_id)
    if after is not None:
        was_urgent, last = decode(after, int, int)
        earlier = (urgent == was_urgent) & (col(ShopperReport.id) < last)
        wanted = wanted.where(or_(urgent < was_urgent, earlier))
    wanted = wanted.order_by(urgent.desc(), col(ShopperReport.id).desc()).limit(limit + 1)
    rows = [ReportLine(*row) for row in session.execute(wanted)]
    return page_of(rows, limit=limit, key=lambda line: (int(line.urgent), line.report.pk))


def count_open(session: Session, *, within: Reach) -> dict[ReportState, int]:
    """How many reports are in each state."""
    wanted = (
        select(col(ShopperReport.state), func.count())
        .where(within.limits(col(ShopperReport.organisation_id)))
        .group_by(col(ShopperReport.state))
    )
    return {state: int(count) for state, count in session.execute(wanted)}


def reports_of_lot(session: Session, lot: HarvestLot) -> list[ShopperReport]:
    """The reports of a lot, newest first."""
    wanted = select(ShopperReport).where(col(ShopperReport.lot_id) == lot.pk)
    return list(session.execute(wanted.order_by(col(ShopperReport.id).desc())).scalars())


def messages_of(session: Session, report: ShopperReport, *kinds: MessageKind) -> list[MessageLine]:
    """What was said of a report, oldest first; of some kinds only where they are named."""
    wanted = (
        select(ReportMessage, Organisation)
        .outerjoin(Organisation, col(Organisation.id) == col(ReportMessage.organisation_id))
        .where(col(ReportMessage.report_id) == report.pk)
        .order_by(col(ReportMessage.id))
    )
    if kinds:
        wanted = wanted.where(col(ReportMessage.kind).in_(kinds))
    return [MessageLine(*row) for row in session.execute(wanted)]


def find_contact(session: Session, report: ShopperReport) -> str | None:
    """How the shopper may be reached: for the eyes of an inspector only."""
    found = session.get(ReportContact, report.pk)
    return None if found is None else found.contact


def find_photo(session: Session, report: ShopperReport) -> ReportPhoto | None:
    """The photograph that was sent with a report."""
    return session.get(ReportPhoto, report.pk)


def has_photo(session: Session, report: ShopperReport) -> bool:
    """The same without its bytes."""
    wanted = select(col(ReportPhoto.report_id)).where(col(ReportPhoto.report_id) == report.pk)
    return session.execute(wanted).first() is not None


def has_contact(session: Session, report: ShopperReport) -> bool:
    """Whether the shopper said how they may be reached."""
    return session.get(ReportContact, report.pk) is not None


def late_reports(session: Session, today: date) -> list[ReportLine]:
    """Every report that somebody should have looked at or answered before today, oldest first."""
    wanted = _lines(session, today).where(_late(today))
    rows = session.execute(wanted.order_by(col(ShopperReport.id)))
    return [ReportLine(*row) for row in rows]


def count_late(session: Session, *, within: Reach, today: date) -> int:
    """How many reports wait for longer than they should."""
    mine = within.limits(col(ShopperReport.organisation_id))
    wanted = select(func.count()).select_from(ShopperReport).where(mine, _late(today))
    return int(session.execute(wanted).scalar_one())


def number_on(session: Session, key: str, day: date) -> int | None:
    """What a rule of a day says in figures; None where there is no such rule."""
    rule = rule_on(session, key, day)
    return None if rule is None else int(value_of(rule))


_other = aliased(ShopperReport)


def _lines(session: Session, today: date) -> Any:
    return (
        select(
            ShopperReport,
            HarvestLot,
            Crop,
            Organisation,
            Account,
            _alike(session, today).label("alike"),
            _urgent(session, today).label("urgent"),
        )
        .outerjoin(HarvestLot, col(HarvestLot.id) == col(ShopperReport.lot_id))
        .outerjoin(Crop, col(Crop.id) == col(HarvestLot.crop_id))
        .outerjoin(Organisation, col(Organisation.id) == col(ShopperReport.organisation_id))
        .outerjoin(Account, col(Account.id) == col(ShopperReport.assigned_id))
    )


def _late(today: date) -> Any:
    """What `rules.is_late` says, for the database."""
    unlooked = (col(ShopperReport.state) == ReportState.RECEIVED) & (
        col(ShopperReport.look_by) < today
    )
    unanswered = col(ShopperReport.state).in_(tuple(UNANSWERED)) & (
        col(ShopperReport.answer_by) < today
    )
    return or_(unlooked, unanswered)


def _alike(session: Session, today: date) -> Any:
    """How many reports of the same lot came within the rule's days, this one among them."""
    days = number_on(session, DAYS_RULE, today) or 0
    since: datetime = start_of(today - timedelta(days=days))
    return (
        select(func.count())
        .where(col(_other.lot_id) == col(ShopperReport.lot_id), col(_other.opened_at) >= since)
        .correlate(ShopperReport)
        .scalar_subquery()
    )


def _urgent(session: Session, today: date) -> Any:
    """1 for a report of a recalled lot, or one of several of a lot; else 0. Closed ones are not."""
    recalled = (
        select(col(HarvestLot.id))
        .where(
            col(HarvestLot.id) == col(ShopperReport.lot_id),
            col(HarvestLot.state) == LotState.RECALLED,
        )
        .correlate(ShopperReport)
        .exists()
    )
    count = number_on(session, COUNT_RULE, today)
    several = recalled if count is None else or_(recalled, _alike(session, today) >= count)
    open_ = col(ShopperReport.state) != ReportState.CLOSED
    return case((open_ & several, 1), else_=0)


def opened_on(report: ShopperReport) -> date:
    """The day a report came, in Viet Nam."""
    return day_of(report.opened_at)
