"""A sample's way: taken and sealed, handed on, received or refused, answered by a laboratory's report."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.errors import Refused, refuse
from app.inspection.lab_queries import lab_report_by_uid
from app.inspection.sample_queries import newest_step
from app.inspection.sample_rules import BY_HAND, faults_of_step, may_follow
from app.inspection.sheet import SheetSample
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.commands import record
from app.lots.lab_queries import stands
from app.lots.queries import lot_by_code
from app.models.inspection import Sampler
from app.models.registry import Organisation
from app.models.samples import Sample, SampleStep, SampleStepKind
from app.models.visits import InspectionVisit


@dataclass(frozen=True)
class Handing:
    """One step as somebody writes it down."""

    kind: SampleStepKind
    giver: str
    taker: str
    at: datetime
    seal_whole: bool | None = None
    note: str = ""


def seal_sample(
    session: Session,
    *,
    visit: InspectionVisit,
    taken: SheetSample,
    home: Organisation,
    caller: Caller,
    now: datetime,
) -> Sample:
    """Keep a sample that was taken and sealed on a visit, and was found without fault."""
    lot = lot_by_code(session, taken.lot, within=Reach.own(home.pk)) if taken.lot else None
    at = visit.finished_at or now
    sample = Sample(
        uid=taken.uid,
        visit_id=visit.pk,
        organisation_id=home.pk,
        office_id=caller.organisation_id,
        lot_id=lot.pk if lot else None,
        what=taken.what,
        mass_g=taken.mass_g,
        seal=taken.seal,
        place=taken.place,
        taken_at=at,
        state=SampleStepKind.SEALED,
    )
    session.add(sample)
    session.flush()  # the sample's id, for its steps
    for kind in (SampleStepKind.TAKEN, SampleStepKind.SEALED):
        step = SampleStep(
            sample_id=sample.pk,
            kind=kind,
            at=at,
            taker=caller.name,
            seal_whole=True if kind is SampleStepKind.SEALED else None,
            recorded_at=now,
        )
        session.add(step)
        _record(session, sample, step, caller, now)
    return sample


def hand_on(
    session: Session, *, sample: Sample, handing: Handing, caller: Caller, now: datetime
) -> Sample:
    """Write down the next hand a sample went through, or that a laboratory received or refused it."""
    if handing.kind not in BY_HAND or not may_follow(sample.state, handing.kind):
        raise refuse("kind", say("This step cannot follow the one before."))
    step = SampleStep(
        sample_id=sample.pk,
        kind=handing.kind,
        at=handing.at,
        giver=clean(handing.giver, longest=120),
        taker=clean(handing.taker, longest=120),
        seal_whole=handing.seal_whole,
        note=clean(handing.note, longest=300, multiline=True),
        recorded_at=now,
    )
    faults = faults_of_step(step, newest_step(session, sample), now=now)
    if faults:
        raise Refused(faults[0].why, *faults)
    session.add(step)
    sample.state = handing.kind
    _record(session, sample, step, caller, now)
    return sample


def attach_result(
    session: Session, *, sample: Sample, report: UUID, caller: Caller, now: datetime
) -> Sample:
    """Say which laboratory's report answers the sample: an official one, of the sample's lot."""
    if not may_follow(sample.state, SampleStepKind.RESULTED):
        raise refuse("report", say("No laboratory has received this sample yet."))
    answer, lot = lab_report_by_uid(session, report, within=Reach.own(sample.organisation_id))
    if answer.sampler is not Sampler.OFFICIAL or not stands(answer):
        raise refuse("report", say("Only an official report that stands answers a sample."))
    if sample.lot_id is not None and lot.pk != sample.lot_id:
        raise refuse("report", say("This report is of another lot."))
    sample.report_id = answer.pk
    sample.state = SampleStepKind.RESULTED
    before = newest_step(session, sample)
    step = SampleStep(
        sample_id=sample.pk,
        kind=SampleStepKind.RESULTED,
        at=max(now, before.at),
        giver=answer.laboratory[:120],
        note=answer.number,
        recorded_at=now,
    )
    session.add(step)
    _record(session, sample, step, caller, now)
    return sample


def _record(
    session: Session, sample: Sample, step: SampleStep, caller: Caller, now: datetime
) -> None:
    session.flush()  # a lost race must fail before the ledger is touched
    home = session.get_one(Organisation, sample.organisation_id)
    record(
        session,
        kind=f"sample.{step.kind}",
        subject=str(sample.uid),
        by=caller.actor,
        now=now,
        organisation=home.uid,
        facts={"seal": sample.seal, "at": step.at, "seal_whole": step.seal_whole},
        personal={"giver": step.giver, "taker": step.taker, "note": step.note},
    )
