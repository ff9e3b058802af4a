"""The dated terms of inspections as they stood on a day: weights of risk, days to mend, reminders."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from app.catalogue.queries import rules_on, value_of
from app.models.checklists import Severity
from app.models.visits import RiskKind

PREFIX = "inspection."


@dataclass(frozen=True)
class Terms:
    """What the rules of a day say; a weight of nothing leaves its reason out."""

    weights: dict[RiskKind, int]
    most: int
    look_back: timedelta
    days_to_mend: dict[Severity, int]
    remind: timedelta
    escalate: timedelta

    def due_on(self, severity: Severity, day: date) -> date:
        """By when a finding of a day is to be mended, where nobody says another day."""
        return day + timedelta(days=self.days_to_mend[severity])


def terms_on(session: Session, day: date) -> Terms:
    """The terms of a day in one statement; where a rule is missing, the product's own."""
    said = {
        rule.key.removeprefix(PREFIX): value_of(rule)
        for rule in rules_on(session, day)
        if rule.key.startswith(PREFIX)
    }

    def number(key: str, usual: int) -> int:
        value = said.get(key, usual)
        return max(0, value) if isinstance(value, int) else usual

    usual_days = {Severity.CRITICAL: 7, Severity.MAJOR: 30, Severity.MINOR: 90}
    return Terms(
        weights={kind: number(f"risk.{kind}", 5) for kind in RiskKind},
        most=number("risk.most", 40),
        look_back=timedelta(days=number("risk.look_back_days", 365)),
        days_to_mend={
            severity: number(f"finding_days.{severity}", days)
            for severity, days in usual_days.items()
        },
        remind=timedelta(days=number("remind_days", 3)),
        escalate=timedelta(days=number("escalate_days", 7)),
    )
