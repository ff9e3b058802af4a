"""Taking in what an inspector writes on a visit: each state of the sheet once, none lost, until it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Session

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.diary.terms_queries import terms_on as clock_terms_on
from app.errors import Conflict, DomainError, FieldError, NotFound, Refused, refuse
from app.inspection.checklist_queries import ChecklistLine, edition_of
from app.inspection.plan_queries import plan_by_uid
from app.inspection.risk_queries import GROWING
from app.inspection.sheet import Sheet
from app.inspection.visit_ending import end_visit, faults_of_samples
from app.inspection.visit_queries import find_visit
from app.inspection.visit_rules import (
    VisitTimes,
    faults_of_content,
    faults_of_finish,
    settled_times,
)
from app.kit.clock import day_of
from app.kit.messages import Message, say
from app.ledger.commands import record
from app.models.accounts import Account
from app.models.registry import Organisation, PlantingArea
from app.models.visits import InspectionPlan, InspectionVisit, PlanState
from app.registry.area_queries import area_by_uid
from app.registry.organisation_queries import organisation_by_uid

MOST_SHEETS = 20


class TakenKind(StrEnum):
    """What became of a sheet: written, known already, or not accepted."""

    CREATED = "created"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True)
class Taken:
    """What became of one sheet; `fields` say what was wrong with a refused one."""

    kind: TakenKind
    uid: UUID | None
    visit: InspectionVisit | None = None
    why: Message | None = None
    fields: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class Bearer:
    """Who brings sheets in, when, and what the device's clock showed then."""

    caller: Caller
    now: datetime
    sent_at: datetime | None = None


@dataclass(frozen=True)
class _Scene:
    """What a sheet is about, looked up."""

    organisation: Organisation
    area: PlantingArea | None
    plan: InspectionPlan | None
    checklist: ChecklistLine
    times: VisitTimes


def take_in_sheets(session: Session, *, sheets: Sequence[Sheet], bearer: Bearer) -> list[Taken]:
    """The outcome of each sheet, in the order given. What is refused leaves nothing half-written."""
    return [_taken(session, sheet, bearer) for sheet in sheets]


def save_sheet(session: Session, *, sheet: Sheet, bearer: Bearer) -> InspectionVisit:
    """The same for one sheet, refused aloud: a page's form is at hand to mend it."""
    visit = find_visit(session, sheet.uid)
    if visit is not None and _is_known(session, visit, sheet, bearer):
        return visit
    return _written(session, visit, sheet, bearer)


def take_over(
    session: Session, *, visit: InspectionVisit, caller: Caller, now: datetime
) -> InspectionVisit:
    """Go on with a visit that a colleague cannot end; what they wrote stays."""
    if visit.finished_at is not None:
        raise Refused(say("This visit is finished."))
    former = session.get_one(Account, visit.inspector_id)
    if former.pk == caller.account_id:
        return visit
    visit.inspector_id = caller.account_id
    visit.office_id = caller.organisation_id
    visit.carried_for = former.uid
    _record(session, visit, "visit.taken_over", {"from": former.uid}, caller, now)
    return visit


def _taken(session: Session, sheet: Sheet, bearer: Bearer) -> Taken:
    try:
        visit = find_visit(session, sheet.uid)
        if visit is not None and _is_known(session, visit, sheet, bearer):
            return Taken(TakenKind.KNOWN, sheet.uid, visit)
        written = _written(session, visit, sheet, bearer)
        return Taken(TakenKind.CREATED, sheet.uid, written)
    except DomainError as refused:
        return Taken(TakenKind.REFUSED, sheet.uid, why=refused.why, fields=refused.fields)


def _is_known(session: Session, visit: InspectionVisit, sheet: Sheet, bearer: Bearer) -> bool:
    """Whether this state of the visit, or a later one, arrived before; refused where it cannot follow."""
    inspector = session.get_one(Account, visit.inspector_id)
    carried = sheet.written_for is not None and sheet.written_for == inspector.uid
    if inspector.pk != bearer.caller.account_id and not carried:
        raise Refused(
            say("{name} goes on with this visit. Nothing you wrote is lost.",
                name=inspector.display_name)
        )  # fmt: skip
    if sheet.revision <= visit.revision:
        return True
    if visit.finished_at is not None:
        raise Conflict(say("This visit is finished: what is written later is not added to it."))
    return False


def _written(
    session: Session, visit: InspectionVisit | None, sheet: Sheet, bearer: Bearer
) -> InspectionVisit:
    scene = _scene(session, visit, sheet, bearer)
    faults = faults_of_content(sheet, scene.checklist.items)
    if sheet.finished_at is not None:
        today = day_of(scene.times.finished_at or bearer.now)
        faults += faults_of_finish(sheet, scene.checklist.items, today=today)
        office = bearer.caller.organisation_id
        faults += faults_of_samples(session, scene.organisation, sheet, office)
    if faults:
        raise Refused(faults[0].why, *faults)
    opened = visit is None
    kept = _opened(session, sheet, scene, bearer) if visit is None else visit
    _keep(kept, sheet, scene, bearer)
    kind = "visit.started" if opened else "visit.saved"
    facts = {
        "revision": sheet.revision,
        "checklist": f"{sheet.checklist} {sheet.edition}",
        "answers": len(sheet.answers),
        "clock_doubted": kept.clock_doubted,
    }
    if opened or sheet.finished_at is None:
        _record(session, kept, kind, facts, bearer.caller, bearer.now)
    if sheet.finished_at is not None:
        end_visit(
            session, visit=kept, sheet=sheet, checklist=scene.checklist,
            caller=bearer.caller, now=bearer.now,
        )  # fmt: skip
    return kept


def _opened(session: Session, sheet: Sheet, scene: _Scene, bearer: Bearer) -> InspectionVisit:
    visit = InspectionVisit(
        uid=sheet.uid,
        plan_id=scene.plan.pk if scene.plan else None,
        organisation_id=scene.organisation.pk,
        area_id=scene.area.pk if scene.area else None,
        checklist_id=scene.checklist.checklist.pk,
        inspector_id=bearer.caller.account_id,
        office_id=bearer.caller.organisation_id,
        started_at=scene.times.started_at,
        received_at=bearer.now,
        revision=sheet.revision,
        carried_for=sheet.written_for,
    )
    session.add(visit)
    session.flush()  # two that bring one visit at once: the second meets the first
    return visit


def _keep(visit: InspectionVisit, sheet: Sheet, scene: _Scene, bearer: Bearer) -> None:
    visit.revision = sheet.revision
    visit.received_at = bearer.now
    visit.clock_doubted = visit.clock_doubted or scene.times.doubted
    visit.note = sheet.note
    visit.area_id = scene.area.pk if scene.area else None
    visit.draft = sheet.model_dump_json()
    if scene.times.finished_at is not None:
        visit.finished_at = max(visit.started_at, scene.times.finished_at)


def _scene(session: Session, visit: InspectionVisit | None, sheet: Sheet, bearer: Bearer) -> _Scene:
    organisation = _home(session, sheet.organisation)
    if visit is not None and visit.organisation_id != organisation.pk:
        raise refuse("organisation", say("This visit is of another organisation."))
    checklist = edition_of(session, sheet.checklist, sheet.edition)
    if visit is not None and visit.checklist_id != checklist.checklist.pk:
        raise refuse("checklist", say("This visit was begun with another checklist."))
    skew = clock_terms_on(session, day_of(bearer.now)).clock_skew
    return _Scene(
        organisation,
        _area(session, organisation, sheet.area),
        None if visit else _plan(session, organisation, sheet.plan),
        checklist,
        settled_times(sheet, sent_at=bearer.sent_at, now=bearer.now, skew=skew),
    )


def _home(session: Session, uid: UUID) -> Organisation:
    try:
        found = organisation_by_uid(session, uid, within=Reach.all())
    except NotFound as unknown:
        raise refuse("organisation", unknown.why) from None
    if found.kind not in GROWING:
        raise refuse("organisation", say("Only those who grow are visited."))
    return found


def _area(session: Session, organisation: Organisation, uid: UUID | None) -> PlantingArea | None:
    if uid is None:
        return None
    try:
        return area_by_uid(session, uid, within=Reach.own(organisation.pk))
    except NotFound as unknown:
        raise refuse("area", unknown.why) from None


def _plan(session: Session, organisation: Organisation, uid: UUID | None) -> InspectionPlan | None:
    """The plan a visit follows. One that was dropped meanwhile makes the visit none the worse."""
    if uid is None:
        return None
    try:
        plan = plan_by_uid(session, uid)
    except NotFound as unknown:
        raise refuse("plan", unknown.why) from None
    if plan.organisation_id != organisation.pk:
        raise refuse("plan", say("This visit is planned of another organisation."))
    return plan if plan.state is PlanState.OPEN else None


def _record(
    session: Session,
    visit: InspectionVisit,
    kind: str,
    facts: dict[str, object],
    caller: Caller,
    now: datetime,
) -> None:
    session.flush()  # a lost race must fail before the ledger is touched
    home = session.get_one(Organisation, visit.organisation_id)
    record(
        session,
        kind=kind,
        subject=str(visit.uid),
        by=caller.actor,
        now=now,
        organisation=home.uid,
        facts=facts,
    )
