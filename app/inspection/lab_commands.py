"""Writing down what a laboratory found in a sample of a lot, correcting it, taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.errors import Conflict, FieldError, Refused, refuse
from app.inspection.lab_rules import (
    Finding,
    faults_of_days,
    faults_of_findings,
    judged,
    sum_up,
    written,
)
from app.inspection.limit_queries import Limits, find_active_name, names_of_actives
from app.inspection.telling import tell_of_failure
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.commands import record
from app.lots.commands import require_reason
from app.lots.lab_queries import stands
from app.lots.queries import LotLine, line_of
from app.models.accounts import Role
from app.models.inspection import (
    AnalyteGroup,
    LabPaper,
    LabPaperContent,
    LabReport,
    LabResult,
    Sampler,
    Verdict,
)
from app.models.lots import HarvestLot, LotState
from app.registry.papers import FIELD, Paper

OFFICIALS = frozenset({Role.INSPECTOR, Role.PROVINCE_ADMIN})
MOST_PAPERS = 6


@dataclass(frozen=True)
class ReportDetails:
    """A report as somebody writes it down. `verifies`: the failed official report it tests again."""

    laboratory: str
    number: str
    sampled_on: date
    reported_on: date
    findings: tuple[Finding, ...]
    accreditation: str = ""
    designation: str = ""
    note: str = ""
    verifies: UUID | None = None


@dataclass(frozen=True)
class _Fact:
    kind: str
    facts: dict[str, object]
    personal: dict[str, object] | None = None


def sampler_of(caller: Caller) -> Sampler:
    """Whose sample it is: it follows from who writes the report down."""
    return Sampler.OFFICIAL if caller.role in OFFICIALS else Sampler.OWN


def record_report(
    session: Session, *, line: LotLine, details: ReportDetails, caller: Caller, now: datetime
) -> LabReport:
    """Keep a laboratory's report on a lot; one that fails is told to those it concerns."""
    if line.lot.state is LotState.WITHDRAWN:
        raise Refused(say("Lot {code} was withdrawn as a mistake.", code=line.lot.code))
    report, findings = _kept(session, line, details, caller, now)
    _record(session, line, _Fact("lab.recorded", _facts(report, findings)), caller, now)
    if report.verdict is Verdict.FAILED:
        tell_of_failure(session, line, report, findings, now=now)
    return report


def correct_report(
    session: Session, *, report: LabReport, details: ReportDetails, caller: Caller, now: datetime
) -> LabReport:
    """Write a report anew where it was copied wrongly; the former stays as it was."""
    _require_own(report, caller)
    line = line_of(session, session.get_one(HarvestLot, report.lot_id))
    former = report
    former.corrected = True
    corrected, findings = _kept(session, line, details, caller, now, corrects=former)
    facts = {**_facts(corrected, findings), "corrects": former.uid}
    _record(session, line, _Fact("lab.corrected", facts), caller, now)
    if corrected.verdict is Verdict.FAILED and former.verdict is not Verdict.FAILED:
        tell_of_failure(session, line, corrected, findings, now=now)
    return corrected


def withdraw_report(
    session: Session, *, report: LabReport, reason: str, caller: Caller, now: datetime
) -> LabReport:
    """Take back a report that is wrong as a whole; it stays to be read, and counts no more."""
    _require_own(report, caller)
    report.withdrawn_reason = require_reason(reason)
    report.withdrawn_at = now
    line = line_of(session, session.get_one(HarvestLot, report.lot_id))
    facts: dict[str, object] = {"report": report.uid, "reason": report.withdrawn_reason}
    _record(session, line, _Fact("lab.withdrawn", facts), caller, now)
    return report


def add_lab_paper(
    session: Session, *, report: LabReport, paper: Paper, caller: Caller, now: datetime
) -> LabPaper:
    """Keep the report as it came, cleaned. Raises Refused for too many, Conflict for the same."""
    _require_own(report, caller)
    wanted = select(LabPaper).where(col(LabPaper.report_id) == report.pk)
    standing = list(session.execute(wanted).scalars())
    if len(standing) >= MOST_PAPERS:
        raise refuse(FIELD, say("A report has at most {most} papers.", most=MOST_PAPERS))
    if any(one.sha256 == paper.sha256 for one in standing):
        why = say("The report has this paper already.")
        raise Conflict(why, FieldError(FIELD, why))
    kept = LabPaper(
        report_id=report.pk,
        filename=paper.filename,
        media_type=paper.media_type,
        size=len(paper.content),
        pages=paper.pages,
        sha256=paper.sha256,
        added_at=now,
    )
    session.add(kept)
    session.flush()  # the paper's id, for its content
    session.add(LabPaperContent(paper_id=kept.pk, content=paper.content))
    line = line_of(session, session.get_one(HarvestLot, report.lot_id))
    facts: dict[str, object] = {
        "report": report.uid,
        "paper": kept.uid,
        "media_type": kept.media_type,
        "size": kept.size,
        "sha256": kept.sha256,
    }
    personal: dict[str, object] = {"filename": kept.filename}
    _record(session, line, _Fact("lab.paper_added", facts, personal), caller, now)
    return kept


def _kept(
    session: Session,
    line: LotLine,
    details: ReportDetails,
    caller: Caller,
    now: datetime,
    corrects: LabReport | None = None,
) -> tuple[LabReport, tuple[Finding, ...]]:
    findings = _require_plausible(session, line, details, today=day_of(now))
    report = LabReport(
        lot_id=line.lot.pk,
        sampler=sampler_of(caller),
        organisation_id=caller.organisation_id,
        laboratory=clean(details.laboratory, longest=160),
        accreditation=clean(details.accreditation, longest=80),
        designation=clean(details.designation, longest=80),
        number=clean(details.number, longest=80),
        sampled_on=details.sampled_on,
        reported_on=details.reported_on,
        note=clean(details.note, longest=500, multiline=True),
        verdict=sum_up([finding.verdict for finding in findings]),
        corrects_id=corrects.pk if corrects else None,
        verifies_id=_verified(session, line, details, caller),
        recorded_at=now,
    )
    session.add(report)
    session.flush()  # the report's id, for its results
    session.add_all(_row(report, rank, one) for rank, one in enumerate(findings, start=1))
    return report, findings


def _require_plausible(
    session: Session, line: LotLine, details: ReportDetails, *, today: date
) -> tuple[Finding, ...]:
    """The findings, judged and by the catalogue's names; refused with all that is wrong."""
    faults = [
        *(
            FieldError(name, say("This is required."))
            for name in ("laboratory", "number")
            if not getattr(details, name).strip()
        ),
        *faults_of_days(details.sampled_on, details.reported_on, today),
        *faults_of_findings(details.findings),
    ]
    if faults:
        raise Refused(faults[0].why, *faults)
    limits = Limits(session, line.crop.slug, details.sampled_on)
    names = names_of_actives(session)
    return tuple(
        judged(named, limits.find(named.analyte))
        for named in (_named(finding, names) for finding in details.findings)
    )


def _named(finding: Finding, names: list[str]) -> Finding:
    # Lead or cadmium is looked for as a metal, though a banned pesticide goes by the name too.
    pesticide = finding.group is AnalyteGroup.PESTICIDE
    known = find_active_name(names, finding.analyte) if pesticide else None
    return replace(
        finding,
        analyte=known or clean(finding.analyte, longest=120),
        unit=clean(finding.unit, longest=24),
        limit_ref=clean(finding.limit_ref, longest=300),
    )


def _verified(
    session: Session, line: LotLine, details: ReportDetails, caller: Caller
) -> int | None:
    if details.verifies is None:
        return None
    wanted = select(LabReport).where(
        col(LabReport.uid) == details.verifies, col(LabReport.lot_id) == line.lot.pk
    )
    found: LabReport | None = session.execute(wanted).scalar_one_or_none()
    if sampler_of(caller) is Sampler.OWN or found is None or found.sampler is Sampler.OWN:
        raise refuse("verifies", say("Only an official test of this lot is tested again."))
    return found.pk


def _require_own(report: LabReport, caller: Caller) -> None:
    if report.sampler is not sampler_of(caller):
        raise Refused(say("Only the side that wrote a report down may change it."))
    if not stands(report):
        raise Refused(say("This report was corrected or withdrawn already."))


def _row(report: LabReport, rank: int, finding: Finding) -> LabResult:
    return LabResult(
        report_id=report.pk,
        rank=rank,
        analyte=finding.analyte,
        analyte_group=finding.group,
        amount=finding.amount,
        value=written(finding.value),
        unit=finding.unit,
        loq=written(finding.loq),
        limit_value=written(finding.limit),
        limit_ref=finding.limit_ref,
        limit_confidence=finding.limit_confidence,
        verdict=finding.verdict or Verdict.NOT_JUDGED,
    )


def _facts(report: LabReport, findings: Sequence[Finding]) -> dict[str, object]:
    return {
        "report": report.uid,
        "sampler": report.sampler,
        "laboratory": report.laboratory,
        "accreditation": report.accreditation,
        "designation": report.designation,
        "number": report.number,
        "sampled_on": report.sampled_on,
        "reported_on": report.reported_on,
        "verdict": report.verdict,
        "results": [
            {
                "analyte": one.analyte,
                "amount": one.amount,
                "value": written(one.value),
                "unit": one.unit,
                "loq": written(one.loq),
                "limit": written(one.limit),
                "limit_ref": one.limit_ref,
                "verdict": one.verdict,
            }
            for one in findings
        ],
    }


def _record(session: Session, line: LotLine, fact: _Fact, caller: Caller, now: datetime) -> None:
    session.flush()  # a lost race must fail before the ledger is touched
    record(
        session,
        kind=fact.kind,
        subject=line.lot.code,
        by=caller.actor,
        now=now,
        organisation=line.organisation.uid,
        facts=fact.facts,
        personal=fact.personal,
    )
