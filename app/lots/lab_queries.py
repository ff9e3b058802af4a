"""What laboratories found in samples of a lot, and the failed official test that withholds its claims.

`lab_results_of(session, lot)` is a tuple of frozen `LabReportTold`, the newest report first: only
what stands (not withdrawn, not corrected), and nothing about persons. Each has `uid`, `sampler`
(`official` or `own`: to be told apart wherever it is shown), `sampled_by` (the organisation's
name), `laboratory`, `accreditation`, `designation`, `number` (all text, "" where unknown),
`sampled_on`, `reported_on`, `verdict` (`passed`, `failed`, `not_judged`), `lifted` (a verification
test passed), and `results`: a tuple of `LabResultTold` with `analyte`, `group`, `amount`
(`measured`, `below_loq`, `not_detected`), `value`, `loq`, `limit` (Decimal or None), `unit`,
`limit_ref`, `limit_confidence` (None: typed from the report) and `verdict`. `result.found` is a
sentence such as "0.05 mg/kg" or "< LOQ (0.01 mg/kg)", to be said in the reader's language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from app.db import once_a_reading
from app.kit.messages import Message, say
from app.lots.facts import FailedTest
from app.lots.presence_queries import beside
from app.models.catalogue import Confidence
from app.models.inspection import (
    Amount,
    AnalyteGroup,
    LabPaper,
    LabReport,
    LabResult,
    Sampler,
    Verdict,
)
from app.models.lots import HarvestLot
from app.models.registry import Organisation


@dataclass(frozen=True)
class LabResultTold:
    """What was found of one analyte, against what is allowed."""

    analyte: str
    group: AnalyteGroup
    amount: Amount
    value: Decimal | None
    unit: str
    loq: Decimal | None
    limit: Decimal | None
    limit_ref: str
    limit_confidence: Confidence | None
    verdict: Verdict

    @property
    def found(self) -> Message:
        """The finding in words."""
        match self.amount:
            case Amount.MEASURED:
                return say("{value} {unit}", value=self.value, unit=self.unit)
            case Amount.BELOW_LOQ if self.loq is not None:
                return say("< LOQ ({loq} {unit})", loq=self.loq, unit=self.unit)
            case Amount.BELOW_LOQ:
                return say("< LOQ")
            case Amount.NOT_DETECTED:
                return say("not detected")


@dataclass(frozen=True)
class LabReportTold:
    """A report as everybody may read it; `lifted`: it failed, and a verification test passed."""

    uid: UUID
    sampler: Sampler
    sampled_by: str
    laboratory: str
    accreditation: str
    designation: str
    number: str
    sampled_on: date
    reported_on: date
    verdict: Verdict
    results: tuple[LabResultTold, ...]
    lifted: bool = False

    @property
    def official(self) -> bool:
        return self.sampler is Sampler.OFFICIAL

    @property
    def failed(self) -> bool:
        """Whether its failing still counts."""
        return self.verdict is Verdict.FAILED and not self.lifted

    @property
    def failing(self) -> str:
        """The analytes that failed, by name."""
        return ", ".join(one.analyte for one in self.results if one.verdict is Verdict.FAILED)


@dataclass(frozen=True)
class LabReportLine:
    """A report as those see it who work with it: told, with its papers and what became of it."""

    report: LabReport
    told: LabReportTold
    papers: tuple[LabPaper, ...]
    corrects: UUID | None = None
    verifies: UUID | None = None

    @property
    def stands(self) -> bool:
        return stands(self.report)

    @property
    def withdrawn_at(self) -> datetime | None:
        return self.report.withdrawn_at


def stands(report: LabReport) -> bool:
    """Whether a report counts: nobody took it back, none took its place."""
    return report.withdrawn_at is None and not report.corrected


def lab_results_of(session: Session, lot: HarvestLot) -> tuple[LabReportTold, ...]:
    """What laboratories found in samples of a lot, newest first; empty where nobody tested it."""
    return tuple(line.told for line in lab_reports_of(session, lot) if line.stands)


_REPORTS: Any = (
    select(LabReport, col(Organisation.name))
    .join(Organisation, col(Organisation.id) == col(LabReport.organisation_id))
    .where(col(LabReport.lot_id) == bindparam("lot"))
    .order_by(col(LabReport.sampled_on).desc(), col(LabReport.id).desc())
)


@once_a_reading
def lab_reports_of(session: Session, lot: HarvestLot) -> list[LabReportLine]:
    """Every report on a lot, newest first, those that were corrected or withdrawn too."""
    if not beside(session, lot).reports:
        return []
    rows = [(report, name) for report, name in session.execute(_REPORTS, {"lot": lot.pk})]
    if not rows:
        return []
    reports = {report.pk: report for report, _ in rows}
    results = _results(session, list(reports))
    papers = _papers(session, list(reports))
    lifted = _lifted(list(reports.values()))
    return [
        LabReportLine(
            report=report,
            told=_told(report, name, results.get(report.pk, []), report.pk in lifted),
            papers=tuple(papers.get(report.pk, [])),
            corrects=reports[report.corrects_id].uid if report.corrects_id else None,
            verifies=reports[report.verifies_id].uid if report.verifies_id else None,
        )
        for report, name in rows
    ]


def failed_test_of(session: Session, lot: HarvestLot) -> FailedTest | None:
    """The newest official test that failed and was not lifted; None: none did."""
    failed = [one for one in lab_results_of(session, lot) if one.official and one.failed]
    if not failed:
        return None
    newest = failed[0]
    return FailedTest(newest.sampled_on, newest.laboratory, newest.number, newest.failing)


def _lifted(reports: Sequence[LabReport]) -> set[int]:
    """Failed reports whose finding a standing verification test did not confirm.

    A correction takes over what was said of the report whose place it takes.
    """
    passed = {
        one.verifies_id
        for one in reports
        if stands(one) and one.sampler is Sampler.OFFICIAL and one.verdict is Verdict.PASSED
    }
    for one in sorted(reports, key=lambda report: report.pk):
        if one.corrects_id in passed and one.corrects_id is not None:
            passed.add(one.pk)
    return {key for key in passed if key is not None}


def _results(session: Session, keys: Sequence[int]) -> dict[int, list[LabResultTold]]:
    wanted = (
        select(LabResult)
        .where(col(LabResult.report_id).in_(keys))
        .order_by(col(LabResult.report_id), col(LabResult.rank))
    )
    found: dict[int, list[LabResultTold]] = {}
    for row in session.execute(wanted).scalars():
        found.setdefault(row.report_id, []).append(_result(row))
    return found


def _papers(session: Session, keys: Sequence[int]) -> dict[int, list[LabPaper]]:
    wanted = select(LabPaper).where(col(LabPaper.report_id).in_(keys)).order_by(col(LabPaper.id))
    found: dict[int, list[LabPaper]] = {}
    for paper in session.execute(wanted).scalars():
        found.setdefault(paper.report_id, []).append(paper)
    return found


def _result(row: LabResult) -> LabResultTold:
    return LabResultTold(
        analyte=row.analyte,
        group=row.analyte_group,
        amount=row.amount,
        value=_decimal(row.value),
        unit=row.unit,
        loq=_decimal(row.loq),
        limit=_decimal(row.limit_value),
        limit_ref=row.limit_ref,
        limit_confidence=row.limit_confidence,
        verdict=row.verdict,
    )


def _told(
    report: LabReport, sampled_by: str, results: Sequence[LabResultTold], lifted: bool
) -> LabReportTold:
    return LabReportTold(
        uid=report.uid,
        sampler=report.sampler,
        sampled_by=sampled_by,
        laboratory=report.laboratory,
        accreditation=report.accreditation,
        designation=report.designation,
        number=report.number,
        sampled_on=report.sampled_on,
        reported_on=report.reported_on,
        verdict=report.verdict,
        results=tuple(results),
        lifted=lifted and report.verdict is Verdict.FAILED,
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
