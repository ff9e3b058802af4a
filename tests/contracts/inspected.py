"""A visit of an organisation with all that belongs to it, for the walk along the policy table."""

from uuid import uuid4

from sqlmodel import Session

from app.accounts.reach import Reach
from app.inspection.finding_queries import findings
from app.inspection.plan_commands import PlanDetails, plan_visit
from app.inspection.sample_queries import samples
from app.ledger.actors import Actor
from app.models.registry import Organisation
from tests.given import Given
from tests.inspection.visiting import finding_of, visited


def inspected_things(session: Session, given: Given, organisation: Organisation) -> dict[str, str]:
    """One of each."""
    details = PlanDetails("vietgap", given.day(3))
    plan = plan_visit(
        session, organisation=organisation, details=details, by=Actor.system(), now=given.now
    )
    visit = visited(
        session,
        given,
        organisation,
        findings=[finding_of()],
        samples=[{"uid": uuid4(), "what": "Bắp cải", "seal": f"NP-{uuid4().hex[:8]}"}],
    )
    [finding] = findings(session, within=Reach.all(), today=given.day(0), visit_id=visit.pk).items
    [sample] = samples(session, within=Reach.all(), visit_id=visit.pk).items
    return {
        "plan": str(plan.uid),
        "visit": str(visit.uid),
        "checklist": "vietgap",
        "finding": str(finding.finding.uid),
        "sample": str(sample.sample.uid),
    }
