"""Where a plan disagrees with itself: each found by working its own rows out, and said in a sentence."""

from sqlmodel import Session

from app.plan.figure_checks import FIGURE_CHECKS
from app.plan.telling import Gravity, Inconsistency, told_of
from app.plan.wording_checks import WORDING_CHECKS

__all__ = ["Gravity", "Inconsistency", "inconsistencies"]


def inconsistencies(session: Session, plan: str) -> list[Inconsistency]:
    """Everything in which a plan disagrees with itself, by year; the grave before the rounded."""
    told = told_of(session, plan)
    found = [one for check in (*FIGURE_CHECKS, *WORDING_CHECKS) for one in check(told)]
    order = list(Gravity)
    return sorted(found, key=lambda one: (order.index(one.gravity), one.year))
