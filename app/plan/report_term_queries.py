"""The dated terms of reports as they stand on a day."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlmodel import Session

from app.catalogue.queries import rule_on, value_of
from app.plan.report_periods import Period, ReportTerms

REPORT_DAY = "plan.report_day"
QUARTER_DAYS = "plan.quarter_report_days"
PART_DAYS = "plan.part_days"
REMIND_DAYS = "plan.part_remind_days"
LONGEST_DAYS = 366
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


def report_terms(session: Session, day: date) -> ReportTerms:
    """What the rules of a day say; where one is missing or says nothing usable, the product's own."""
    usual = ReportTerms()

    def told(key: str, fitting: Callable[[Any], bool], otherwise: Any) -> Any:
        rule = rule_on(session, key, day)
        value = None if rule is None else value_of(rule)
        return value if fitting(value) else otherwise

    written = told(REPORT_DAY, _is_month_day, f"{usual.month:02}-{usual.day:02}")
    month, month_day = map(int, written.split("-"))
    return ReportTerms(
        month,
        month_day,
        told(QUARTER_DAYS, _is_count, usual.quarter_days),
        told(PART_DAYS, _is_count, usual.part_days),
        tuple(told(REMIND_DAYS, _are_counts, usual.remind_days)),
    )


def terms_for(session: Session, period: Period) -> ReportTerms:
    """The terms of a period's end: what is late does not change with later rules."""
    return report_terms(session, period.last)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST_DAYS


def _are_counts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_count, value))


def _is_month_day(value: object) -> bool:
    return isinstance(value, str) and _MONTH_DAY.fullmatch(value) is not None
