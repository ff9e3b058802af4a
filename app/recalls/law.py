"""The deadlines as the law of the day counts them; the shipped rows stand where none is known."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from app.catalogue.queries import rule_on, value_of
from app.kit.clock import day_of
from app.kit.workdays import due_day
from app.models.recalls import RecallKind
from app.recalls.clocks import months_after

_DECIDE = {
    RecallKind.VOLUNTARY: "recall.voluntary_hours",
    RecallKind.COMPULSORY: "recall.mandatory_hours",
}
_ANSWER, _HANDLE, _REPORT = "recall.answer_hours", "recall.handling_months", "recall.report_days"


def decide_by(session: Session, kind: RecallKind, determined_at: datetime) -> datetime | None:
    """Until when to decide (art. 10 and 11). None where no rule counts that day."""
    hours = _number(session, _DECIDE[kind], day_of(determined_at))
    return None if hours is None else determined_at + timedelta(hours=hours)


def answer_by(session: Session, told_at: datetime) -> datetime | None:
    """Until when those who have goods should answer."""
    hours = _number(session, _ANSWER, day_of(told_at))
    return None if hours is None else told_at + timedelta(hours=hours)


def handle_by(session: Session, agreed_on: date) -> date | None:
    """The last day for handling what was recovered (art. 14)."""
    months = _number(session, _HANDLE, agreed_on)
    return None if months is None else months_after(agreed_on, months)


def report_by(session: Session, ended_on: date) -> date | None:
    """The last working day for the report."""
    days = _number(session, _REPORT, ended_on)
    return None if days is None else due_day(ended_on, days)


def _number(session: Session, key: str, day: date) -> int | None:
    rule = rule_on(session, key, day)
    return None if rule is None else int(value_of(rule))
