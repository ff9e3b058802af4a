"""Planning a visit because of the risk it answers to, giving it to somebody, dropping it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts.queries import account_by_uid, present_roles
from app.accounts.reach import Reach
from app.errors import Refused, refuse
from app.inspection.checklist_queries import checklist_on
from app.inspection.risk_queries import GROWING, risks
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.lots.commands import require_reason
from app.models.accounts import Account, Role
from app.models.registry import Organisation, PlantingArea
from app.models.visits import InspectionPlan, PlanReason, PlanState
from app.registry.area_queries import area_by_uid

OFFICIALS = frozenset({Role.INSPECTOR, Role.PROVINCE_ADMIN})


@dataclass(frozen=True)
class PlanDetails:
    """A visit as somebody plans it."""

    checklist: str
    due_on: date
    area: UUID | None = None
    assigned: UUID | None = None
    note: str = ""


def plan_visit(
    session: Session, *, organisation: Organisation, details: PlanDetails, by: Actor, now: datetime
) -> InspectionPlan:
    """Plan a visit; the reasons that speak for it today are kept with their points."""
    today = day_of(now)
    if organisation.kind not in GROWING:
        raise refuse("organisation", say("Only those who grow are visited."))
    if details.due_on < today:
        raise refuse("due_on", say("The day {day} is over.", day=details.due_on))
    checklist = checklist_on(session, details.checklist, today)
    [risk] = risks(session, today=today, organisation_id=organisation.pk)
    area = _area(session, organisation, details.area)
    assigned = _inspector(session, details.assigned, today)
    plan = InspectionPlan(
        organisation_id=organisation.pk,
        area_id=area.pk if area else None,
        checklist_id=checklist.pk,
        assigned_id=assigned.pk if assigned else None,
        due_on=details.due_on,
        score=risk.score,
        note=clean(details.note, longest=500, multiline=True),
        made_at=now,
    )
    session.add(plan)
    session.flush()  # the plan's id, for its reasons
    session.add_all(
        PlanReason(plan_id=plan.pk, kind=one.kind, count=one.count, points=one.points)
        for one in risk.reasons
    )
    facts = {
        "checklist": f"{checklist.slug} {checklist.edition}",
        "due_on": plan.due_on,
        "area": area.uid if area else None,
        "assigned": assigned.uid if assigned else None,
        "score": plan.score,
        "reasons": {one.kind: one.points for one in risk.reasons},
    }
    _record(session, plan, "plan.made", facts, by=by, now=now)
    return plan


def drop_plan(
    session: Session, *, plan: InspectionPlan, reason: str, by: Actor, now: datetime
) -> InspectionPlan:
    """Give a planned visit up, with a reason."""
    if plan.state is not PlanState.OPEN:
        raise Refused(say("This visit was made or dropped already."))
    why = require_reason(reason)
    plan.state = PlanState.DROPPED
    plan.note = why
    _record(session, plan, "plan.dropped", {"reason": why}, by=by, now=now)
    return plan


def _inspector(session: Session, uid: UUID | None, today: date) -> Account | None:
    if uid is None:
        return None
    account = account_by_uid(session, uid, within=Reach.all())
    roles = {role for role, _ in present_roles(session, account.pk, today)}
    if account.disabled_at is not None or not roles & OFFICIALS:
        raise refuse("assigned", say("Only an inspector can be sent."))
    return account


def _area(session: Session, organisation: Organisation, uid: UUID | None) -> PlantingArea | None:
    return area_by_uid(session, uid, within=Reach.own(organisation.pk)) if uid else None


def _record(
    session: Session,
    plan: InspectionPlan,
    kind: str,
    facts: dict[str, object],
    *,
    by: Actor,
    now: datetime,
) -> None:
    session.flush()  # a lost race must fail before the ledger is touched
    home = session.get_one(Organisation, plan.organisation_id)
    record(
        session,
        kind=kind,
        subject=str(plan.uid),
        by=by,
        now=now,
        organisation=home.uid,
        facts=facts,
    )
