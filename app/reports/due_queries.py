"""What a cooperative still owes shoppers today, for its home page."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.kit.messages import say
from app.lots.home_queries import Due
from app.models.reports import ReportState, ShopperReport
from app.reports.rules import UNANSWERED, is_late

ADDRESS = "/work/reports"


def reports_due(session: Session, *, within: Reach, today: date) -> Iterator[Due]:
    """Reports that wait for longer than they should, then the others that nobody looked at yet."""
    wanted = select(
        col(ShopperReport.state), col(ShopperReport.look_by), col(ShopperReport.answer_by)
    ).where(
        within.limits(col(ShopperReport.organisation_id)),
        col(ShopperReport.state).in_(tuple(UNANSWERED)),
    )
    waiting = [(row[0], is_late(row[0], row[1], row[2], today)) for row in session.execute(wanted)]
    late = sum(overdue for _, overdue in waiting)
    if late:
        told = say("Shoppers' reports that are overdue: {count}. Answer them first.", count=late)
        yield Due("reports_late", told, ADDRESS, urgent=True)
    fresh = sum(state is ReportState.RECEIVED and not overdue for state, overdue in waiting)
    if fresh:
        told = say("Shoppers' reports that nobody has looked at yet: {count}.", count=fresh)
        yield Due("reports_new", told, ADDRESS)
