"""The end of a visit: the sheet becomes rows, findings open, samples begin their way, the visited is told."""

from collections import Counter
from datetime import datetime

from sqlmodel import Session

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.errors import FieldError, NotFound
from app.inspection.checklist_queries import ChecklistLine
from app.inspection.sample_commands import seal_sample
from app.inspection.sample_queries import find_seal
from app.inspection.sheet import Sheet
from app.inspection.terms_queries import terms_on
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.commands import Fact, record_all
from app.lots.queries import lot_by_code
from app.models.registry import Organisation
from app.models.visit_findings import VisitFinding
from app.models.visits import (
    InspectionPlan,
    InspectionVisit,
    PlanState,
    VisitAnswer,
    VisitSignature,
)
from app.notices.commands import tell


def end_visit(
    session: Session,
    *,
    visit: InspectionVisit,
    sheet: Sheet,
    checklist: ChecklistLine,
    caller: Caller,
    now: datetime,
) -> None:
    """Write a finished sheet down for good. The sheet was found without fault."""
    home = session.get_one(Organisation, visit.organisation_id)
    ended = visit.finished_at or now
    items = {item.key: item.pk for item in checklist.items}
    session.add_all(
        VisitAnswer(visit_id=visit.pk, item_id=items[one.item], outcome=one.outcome, note=one.note)
        for one in sheet.answers
    )
    session.add_all(
        VisitSignature(
            visit_id=visit.pk,
            signer=one.signer,
            name=one.name,
            strokes=one.strokes,
            signed_at=min(one.signed_at or ended, now),
        )
        for one in sheet.signatures
        if one.name and (one.strokes or one.affirmed)
    )
    findings = _findings(session, visit, sheet, items, ended)
    visit.draft = ""
    _close_plan(session, visit)
    _record(session, visit, sheet, findings, home=home, caller=caller, now=now)
    for sample in sheet.samples:
        seal_sample(session, visit=visit, taken=sample, home=home, caller=caller, now=now)
    _tell(session, visit, findings, home, now)


def faults_of_samples(
    session: Session, home: Organisation, sheet: Sheet, office_id: int
) -> list[FieldError]:
    """Lots that are not of who was visited, and seals that are on another sample already."""
    faults = []
    for number, sample in enumerate(sheet.samples, start=1):
        if sample.lot:
            try:
                lot_by_code(session, sample.lot, within=Reach.own(home.pk))
            except NotFound as unknown:
                faults.append(FieldError(f"sample_lot_{number}", unknown.why))
        if find_seal(session, office_id, sample.seal) is not None:
            why = say("The seal {seal} is on another sample.", seal=sample.seal)
            faults.append(FieldError(f"sample_seal_{number}", why))
    return faults


def _findings(
    session: Session,
    visit: InspectionVisit,
    sheet: Sheet,
    items: dict[str, int],
    ended: datetime,
) -> list[VisitFinding]:
    day = day_of(ended)
    terms = terms_on(session, day)
    made = [
        VisitFinding(
            uid=one.uid,
            visit_id=visit.pk,
            organisation_id=visit.organisation_id,
            area_id=visit.area_id,
            item_id=items[one.item] if one.item else None,
            severity=one.severity,
            words=one.words,
            due_on=one.due_on or terms.due_on(one.severity, day),
            opened_at=ended,
        )
        for one in sheet.findings
    ]
    session.add_all(made)
    return made


def _close_plan(session: Session, visit: InspectionVisit) -> None:
    plan = session.get(InspectionPlan, visit.plan_id) if visit.plan_id else None
    if plan is not None and plan.state is PlanState.OPEN:
        plan.state = PlanState.VISITED


def _record(
    session: Session,
    visit: InspectionVisit,
    sheet: Sheet,
    findings: list[VisitFinding],
    *,
    home: Organisation,
    caller: Caller,
    now: datetime,
) -> None:
    session.flush()  # a lost race must fail before the ledger is touched
    facts: dict[str, object] = {
        "revision": sheet.revision,
        "checklist": f"{sheet.checklist} {sheet.edition}",
        "started_at": visit.started_at,
        "finished_at": visit.finished_at,
        "clock_doubted": visit.clock_doubted,
        "outcomes": dict(Counter(str(answer.outcome) for answer in sheet.answers)),
        "findings": [one.uid for one in findings],
        "samples": [one.uid for one in sheet.samples],
        "signers": sorted({str(one.signer) for one in sheet.signatures}),
    }
    finished = Fact(
        "visit.finished",
        str(visit.uid),
        facts,
        personal={"sheet": sheet.model_dump(mode="json")},
        organisation=home.uid,
    )
    opened = [
        Fact(
            "finding.opened",
            str(one.uid),
            {"visit": visit.uid, "severity": one.severity, "due_on": one.due_on},
            personal={"words": one.words},
            organisation=home.uid,
        )
        for one in findings
    ]
    record_all(session, [finished, *opened], by=caller.actor, now=now)


def _tell(
    session: Session,
    visit: InspectionVisit,
    findings: list[VisitFinding],
    home: Organisation,
    now: datetime,
) -> None:
    day = day_of(visit.finished_at or now)
    sentence = (
        say("The visit of {day} found {count} faults. See what is to be mended by when.",
            day=day, count=len(findings))
        if findings
        else say("The visit of {day} is finished; nothing was found wrong.", day=day)
    )  # fmt: skip
    tell(
        session,
        organisation=home,
        kind="visit.finished",
        about=f"visit.finished {visit.uid}",
        sentence=sentence,
        address=f"/work/visits/{visit.uid}",
        now=now,
    )
