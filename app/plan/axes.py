"""The axes of a plan: which places lie in them, which crops lead."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.plan_queries import dated_plans
from app.models.plan import SAFE_VEGETABLES_2030, Axis, PlanAxisCrop, PlanAxisPlace


@dataclass(frozen=True)
class AxisTold:
    """An axis: whole former districts, single former communes, and slugs of crops."""

    axis: Axis
    districts: tuple[str, ...]
    communes: tuple[str, ...]
    crops: tuple[str, ...]


def plan_with_axes(session: Session, plan: str = "") -> str:
    """The plan whose axes count: the named one, else the newest that has any, older ones last."""
    having = select(col(PlanAxisPlace.plan)).distinct()
    there = set(session.execute(having).scalars())
    if plan in there:
        return plan
    newest = (one.plan for one in dated_plans(session) if one.plan in there)
    return next(newest, SAFE_VEGETABLES_2030)


def axes_of(session: Session, plan: str) -> list[AxisTold]:
    """The axes of a plan, in the order in which the plan names them."""
    places = select(PlanAxisPlace).where(col(PlanAxisPlace.plan) == plan)
    crops = select(PlanAxisCrop).where(col(PlanAxisCrop.plan) == plan)
    lie = session.execute(places.order_by(col(PlanAxisPlace.id))).scalars().all()
    lead = session.execute(crops.order_by(col(PlanAxisCrop.id))).scalars().all()
    return [
        AxisTold(
            axis,
            tuple(one.district for one in lie if one.axis is axis and not one.former_commune),
            tuple(one.former_commune for one in lie if one.axis is axis and one.former_commune),
            tuple(one.crop for one in lead if one.axis is axis),
        )
        for axis in Axis
        if any(one.axis is axis for one in lie)
    ]
