"""What the rules of a day say about symbols."""

from datetime import date

from sqlmodel import Session

from app.catalogue.queries import rule_on, value_of

MODULE_RULE = "label.smallest_module_um"


def smallest_module_mm(session: Session, day: date) -> float:
    """The least side of a QR module on a label, in mm; 0 when no rule asks for one."""
    rule = rule_on(session, MODULE_RULE, day)
    return float(str(value_of(rule))) / 1000 if rule else 0.0
