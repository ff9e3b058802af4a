"""Whom to visit first: every growing organisation with the reasons that speak for it, counted."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.inspection.risk_rules import Reason, reasons_for, score_of
from app.inspection.terms_queries import Terms, terms_on
from app.kit.clock import day_of, start_of
from app.lots.gauge_queries import lots_over
from app.models.certificates import Certificate, CertificateStatus
from app.models.checklists import Severity
from app.models.diary import DiaryEntry
from app.models.inspection import LabReport, Sampler, Verdict
from app.models.lots import HarvestLot
from app.models.registry import AreaCode, CodeStatus, Organisation, OrganisationKind, PlantingArea
from app.models.reports import ShopperReport
from app.models.scans import ScanAlert
from app.models.visit_findings import FindingState, VisitFinding
from app.models.visits import InspectionPlan, InspectionVisit, PlanState, RiskKind

GROWING = (
    OrganisationKind.COOPERATIVE,
    OrganisationKind.GROUP,
    OrganisationKind.ENTERPRISE,
    OrganisationKind.HOUSEHOLD,
)
A_YEAR = 365
Counts = defaultdict[int, dict[RiskKind, int]]


@dataclass(frozen=True)
class RiskLine:
    """An organisation, why it should be visited, and whether that is planned already."""

    organisation: Organisation
    reasons: tuple[Reason, ...]
    last_visit: datetime | None
    planned: bool

    @property
    def score(self) -> int:
        return score_of(self.reasons)


def risks(session: Session, *, today: date, organisation_id: int | None = None) -> list[RiskLine]:
    """The growing organisations, the most pressing first; of one alone where it is named."""
    wanted = select(Organisation).where(col(Organisation.kind).in_(GROWING))
    if organisation_id is not None:
        wanted = select(Organisation).where(col(Organisation.id) == organisation_id)
    found = list(session.execute(wanted).scalars())
    within = Reach.all() if organisation_id is None else Reach.own(organisation_id)
    terms = terms_on(session, today)
    counts = _counts(session, within, terms, today)
    visited = _last_visits(session, within)
    planned = _planned(session, within)
    lines = []
    for one in found:
        last = visited.get(one.pk)
        own = {**counts[one.pk], RiskKind.UNVISITED: _years(last, one, today)}
        reasons = reasons_for(own, terms.weights, most=terms.most)
        lines.append(RiskLine(one, reasons, last, one.pk in planned))
    return sorted(lines, key=lambda line: (-line.score, line.organisation.name_key))


def _years(last: datetime | None, one: Organisation, today: date) -> int:
    # Who was never visited counts from when it was registered, and at least once.
    if last is None:
        return max(1, (today - day_of(one.created_at)).days // A_YEAR)
    return (today - day_of(last)).days // A_YEAR


def _counts(session: Session, within: Reach, terms: Terms, today: date) -> Counts:
    since = today - terms.look_back
    found: Counts = defaultdict(dict)
    for kind, wanted in _statements(within, since, today):
        for key, count in session.execute(wanted):
            if key is not None:
                found[key][kind] = int(count)
    for over in lots_over(session, within=within, today=today):
        own = found[over.line.organisation.pk]
        own[RiskKind.OVER_CAP] = own.get(RiskKind.OVER_CAP, 0) + 1
    return found


def _statements(within: Reach, since: date, today: date) -> Iterator[tuple[RiskKind, Any]]:
    """For each reason, the statement that counts it by organisation."""
    yield from _of_goods(within, since)
    yield RiskKind.EXPIRED_PAPERS, _lost_papers(within, since, today)
    yield (
        RiskKind.CODE_STANDING,
        _counted(
            col(PlantingArea.organisation_id),
            within,
            col(AreaCode.area_id) == col(PlantingArea.id),
            col(AreaCode.status).in_((CodeStatus.WARNED, CodeStatus.SUSPENDED)),
        ),
    )
    owner, open_ones = col(VisitFinding.organisation_id), FindingState.OPEN
    late = (col(VisitFinding.state) == open_ones) & (col(VisitFinding.due_on) < today)
    yield RiskKind.OVERDUE_FINDINGS, _counted(owner, within, late)
    recent = col(VisitFinding.opened_at) >= start_of(since)
    grave = col(VisitFinding.severity) != Severity.MINOR
    yield RiskKind.PAST_FINDINGS, _counted(owner, within, grave, recent)


def _of_goods(within: Reach, since: date) -> Iterator[tuple[RiskKind, Any]]:
    began, owner = start_of(since), col(HarvestLot.organisation_id)
    reported = col(ShopperReport.opened_at) >= began
    complained = _counted(col(ShopperReport.organisation_id), within, reported)
    yield RiskKind.COMPLAINTS, complained
    alerted = col(ScanAlert.lot_id) == col(HarvestLot.id)
    yield RiskKind.SCAN_ALERTS, _counted(owner, within, alerted, col(ScanAlert.opened_at) >= began)
    failed = _counted(
        owner,
        within,
        col(LabReport.lot_id) == col(HarvestLot.id),
        col(LabReport.sampler) == Sampler.OFFICIAL,
        col(LabReport.verdict) == Verdict.FAILED,
        col(LabReport.corrected).is_(False),
        col(LabReport.withdrawn_at).is_(None),
        col(LabReport.reported_on) >= since,
    )
    yield RiskKind.FAILED_TESTS, failed
    late = _counted(
        col(DiaryEntry.organisation_id),
        within,
        col(DiaryEntry.back_dated).is_(True),
        col(DiaryEntry.void).is_(False),
        col(DiaryEntry.done_on) >= since,
    )
    yield RiskKind.LATE_ENTRIES, late


def _lost_papers(within: Reach, since: date, today: date) -> Any:
    """Certificates that ran out or were suspended, and have no successor."""
    gone = col(Certificate.valid_to).between(since, today)
    followed = select(col(Certificate.predecessor_id)).where(
        col(Certificate.predecessor_id).is_not(None)
    )
    return _counted(
        col(Certificate.organisation_id),
        within,
        or_(
            gone & (col(Certificate.status) == CertificateStatus.ACTIVE),
            col(Certificate.status) == CertificateStatus.SUSPENDED,
        ),
        col(Certificate.id).not_in(followed),
    )


def _counted(owner: Any, within: Reach, *where: Any) -> Any:
    return select(owner, func.count()).where(within.limits(owner), *where).group_by(owner)


def _last_visits(session: Session, within: Reach) -> dict[int, datetime]:
    owner = col(InspectionVisit.organisation_id)
    wanted = (
        select(owner, func.max(col(InspectionVisit.finished_at)))
        .where(within.limits(owner), col(InspectionVisit.finished_at).is_not(None))
        .group_by(owner)
    )
    return dict(session.execute(wanted).all())


def _planned(session: Session, within: Reach) -> set[int]:
    owner = col(InspectionPlan.organisation_id)
    wanted = select(owner).where(within.limits(owner), col(InspectionPlan.state) == PlanState.OPEN)
    return set(session.execute(wanted).scalars())
