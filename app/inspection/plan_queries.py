"""Planned visits: the next ones first, with why, and who may be sent."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.errors import NotFound
from app.inspection.risk_rules import Reason
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.accounts import Account, Membership, Role
from app.models.checklists import Checklist
from app.models.registry import Organisation, PlantingArea
from app.models.visits import InspectionPlan, PlanReason, PlanState


@dataclass(frozen=True)
class PlanLine:
    """A planned visit with what a list shows beside it."""

    plan: InspectionPlan
    organisation: Organisation
    checklist: Checklist
    area: PlantingArea | None
    assigned: Account | None
    reasons: tuple[Reason, ...] = ()

    def late_on(self, today: date) -> bool:
        return self.plan.state is PlanState.OPEN and self.plan.due_on < today


def plan_by_uid(session: Session, uid: UUID) -> InspectionPlan:
    """The planned visit with this public id."""
    wanted = select(InspectionPlan).where(col(InspectionPlan.uid) == uid)
    found: InspectionPlan | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such planned visit."))
    return found


def plan_line(session: Session, uid: UUID) -> PlanLine:
    """The same with what is shown beside it."""
    plan = plan_by_uid(session, uid)
    wanted = _lines().where(col(InspectionPlan.id) == plan.pk)
    return _with_reasons(session, [session.execute(wanted).one()])[0]


def plans(
    session: Session,
    *,
    state: PlanState | None = PlanState.OPEN,
    assigned_id: int | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[PlanLine]:
    """Planned visits, those due first; with `assigned_id`, one's own and nobody's."""
    wanted = _lines()
    if state is not None:
        wanted = wanted.where(col(InspectionPlan.state) == state)
    if assigned_id is not None:
        mine = col(InspectionPlan.assigned_id) == assigned_id
        wanted = wanted.where(or_(mine, col(InspectionPlan.assigned_id).is_(None)))
    if after is not None:
        day, last = decode(after, str, int)
        due = col(InspectionPlan.due_on)
        reached = date.fromisoformat(str(day))
        wanted = wanted.where(
            or_(due > reached, (due == reached) & (col(InspectionPlan.id) > last))
        )
    ordered = wanted.order_by(col(InspectionPlan.due_on), col(InspectionPlan.id)).limit(limit + 1)
    rows = _with_reasons(session, list(session.execute(ordered)))
    return page_of(rows, limit=limit, key=lambda line: (line.plan.due_on.isoformat(), line.plan.pk))


def inspectors(session: Session, today: date) -> list[Account]:
    """Everybody who may be sent, by name."""
    wanted = (
        select(Account)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(
            col(Account.disabled_at).is_(None),
            col(Membership.role) == Role.INSPECTOR,
            col(Membership.valid_from) <= today,
            or_(col(Membership.valid_to).is_(None), col(Membership.valid_to) >= today),
        )
        .order_by(col(Account.display_name), col(Account.id))
        .distinct()
    )
    return list(session.execute(wanted).scalars())


def _with_reasons(session: Session, rows: list[Any]) -> list[PlanLine]:
    keys = [row[0].pk for row in rows]
    wanted = select(PlanReason).where(col(PlanReason.plan_id).in_(keys))
    found: dict[int, list[Reason]] = {key: [] for key in keys}
    for one in session.execute(wanted.order_by(col(PlanReason.points).desc())).scalars():
        found[one.plan_id].append(Reason(one.kind, one.count, one.points))
    return [replace(PlanLine(*row), reasons=tuple(found[row[0].pk])) for row in rows]


def _lines() -> Any:
    return (
        select(InspectionPlan, Organisation, Checklist, PlantingArea, Account)
        .join(Organisation, col(Organisation.id) == col(InspectionPlan.organisation_id))
        .join(Checklist, col(Checklist.id) == col(InspectionPlan.checklist_id))
        .outerjoin(PlantingArea, col(PlantingArea.id) == col(InspectionPlan.area_id))
        .outerjoin(Account, col(Account.id) == col(InspectionPlan.assigned_id))
    )
