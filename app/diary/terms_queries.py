"""The dated terms of the diary as they stood on a day."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.catalogue.queries import value_of
from app.diary.rules import Terms
from app.models.catalogue import LegalRule

PREFIX = "diary."


def terms_on(session: Session, day: date) -> Terms:
    """The terms of a day in one statement; where a rule is missing, the product's own."""
    wanted = (
        select(LegalRule)
        .where(
            col(LegalRule.key).like(f"{PREFIX}%"),
            col(LegalRule.valid_from) <= day,
            or_(col(LegalRule.valid_to).is_(None), col(LegalRule.valid_to) >= day),
        )
        .order_by(col(LegalRule.valid_from))
    )
    found = {
        rule.key.removeprefix(PREFIX): value_of(rule) for rule in session.execute(wanted).scalars()
    }
    return _terms(found)


def _terms(found: dict[str, Any]) -> Terms:
    usual = Terms()
    skew = int(found.get("clock_skew_minutes", usual.clock_skew.total_seconds() // 60))
    night = found.get("night_hours", [usual.night_from, usual.night_to])
    return Terms(
        back_dated=timedelta(days=int(found.get("back_dated_days", usual.back_dated.days))),
        arrival=timedelta(days=int(found.get("arrival_days", usual.arrival.days))),
        clock_skew=timedelta(minutes=skew),
        dose_times_usual=int(found.get("dose_times_usual", usual.dose_times_usual)),
        night_from=int(night[0]),
        night_to=int(night[1]),
    )
