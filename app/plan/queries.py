"""Reading the plan: its targets for a year, and where its own figures do not add up."""

from datetime import date

from sqlalchemy import Select, select
from sqlmodel import Session, col

from app.db import once_a_reading
from app.models.plan import PlanTarget, ProvincePlan


@once_a_reading
def targets(session: Session, *, plan: str, year: int | None = None) -> list[PlanTarget]:
    """A plan's figures, of one year when it is given, by year, measure, scope and name."""
    wanted = _figures(plan)
    if year is not None:
        wanted = wanted.where(col(PlanTarget.year) == year)
    return list(session.execute(wanted).scalars())


def inconsistencies(session: Session, plan: str) -> list[PlanTarget]:
    """The figures that the plan's other figures contradict by more than rounding.

    `stated` and `recomputed` show by how much; `note` says what the contradiction is.
    """
    return [one for one in targets(session, plan=plan) if not one.consistent]


def loaded_plans(session: Session) -> list[ProvincePlan]:
    """Every plan, the newest in force first; those without a day last."""
    rows = session.execute(select(ProvincePlan).order_by(col(ProvincePlan.plan))).scalars()
    return sorted(rows, key=lambda one: one.in_force_on or date.min, reverse=True)


def act_of(session: Session, plan: str) -> str:
    """The act that a plan is; empty for one that is not there."""
    wanted = select(col(ProvincePlan.legal_ref)).where(col(ProvincePlan.plan) == plan)
    return str(session.execute(wanted).scalar_one_or_none() or "")


def _figures(plan: str) -> Select[PlanTarget]:
    return (
        select(PlanTarget)
        .where(col(PlanTarget.plan) == plan)
        .order_by(
            col(PlanTarget.year),
            col(PlanTarget.measure),
            col(PlanTarget.scope),
            col(PlanTarget.scope_name),
        )
    )
