"""Reading the plan: its targets for a year, and where its own figures do not add up."""

from sqlalchemy import Select, select
from sqlmodel import Session, col

from app.models.plan import PlanTarget


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
    wanted = _figures(plan).where(col(PlanTarget.consistent).is_(False))
    return list(session.execute(wanted).scalars())


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
