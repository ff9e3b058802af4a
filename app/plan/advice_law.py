"""The dated rows that the desk's advice rests on; without its row an advice is not given."""

from datetime import date

from sqlmodel import Session

from app.catalogue.queries import rule_on, value_of

CODE_IDLE_DAYS = "plan.advice.code_idle_days"
VISIT_DAYS = "plan.advice.visit_days"
ROTATION_DAYS = "rotation.look_back_days"
OVERSUPPLY_PERCENT = "plan.oversupply.percent"
OVERSUPPLY_LEAST_KG = "plan.oversupply.least_kg"
OVERSUPPLY_YEARS = "plan.oversupply.years"


def term(session: Session, key: str, day: date) -> int | None:
    """What a rule says on a day, as a whole number; None where none holds."""
    rule = rule_on(session, key, day)
    return None if rule is None else int(value_of(rule))
