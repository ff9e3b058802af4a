"""The lists of a report's annex: codes, certificates, visits, recalls, complaints; no private name."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.certificates.listing_queries import running_out
from app.certificates.queries import Sight
from app.kit.clock import day_of, start_of
from app.kit.i18n import language
from app.models.catalogue import Standard
from app.models.certificates import Certificate, CertificateStatus
from app.models.checklists import Checklist
from app.models.recalls import Recall, RecallLot
from app.models.registry import CodeStatus, Organisation, OrganisationKind
from app.models.reports import ReportState, ShopperReport
from app.models.visit_findings import FindingState, VisitFinding
from app.models.visits import InspectionVisit
from app.plan.frozen import Counted, Listing, Registers
from app.plan.report_numbers import hectares
from app.plan.report_periods import Period
from app.recalls.rules import KIND_WORDS as RECALL_KINDS
from app.recalls.rules import STATE_WORDS as RECALL_STATES
from app.registry.register_queries import Wanted, every_line
from app.reports.rules import KIND_WORDS as REPORT_KINDS

MOST_ROWS = 2_000
SOON = timedelta(days=180)
_VI = language("vi")
_UNNAMED = "Hộ sản xuất (không nêu tên)"
CODE_WORDS = {
    CodeStatus.ACTIVE: "Còn hiệu lực",
    CodeStatus.WARNED: "Bị cảnh báo",
    CodeStatus.SUSPENDED: "Bị đình chỉ",
    CodeStatus.REVOKED: "Bị thu hồi",
    CodeStatus.CANCELLED: "Đã hủy bỏ",
    CodeStatus.SUPERSEDED: "Được thay bằng mã khác",
}
REPORT_WORDS = {
    ReportState.RECEIVED: "Đã nhận",
    ReportState.LOOKING: "Đang xem xét",
    ReportState.ANSWERED: "Đã trả lời",
    ReportState.CLOSED: "Đã kết thúc",
}


def registers(session: Session, period: Period, *, today: date) -> Registers:
    """The lists as they stand on a day, and what happened in a period."""
    last = min(period.last, today)
    codes, code_counts = _codes(session, last)
    return Registers(
        codes=codes,
        code_counts=code_counts,
        certificate_counts=_certificates(session, last),
        expiring=_expiring(session, last),
        visits=_visits(session, period),
        findings=_findings(session, period),
        recalls=_recalls(session, period),
        complaints=_complaints(session, period),
        complaint_counts=_complaint_counts(session, period),
    )


def _codes(session: Session, day: date) -> tuple[Listing, tuple[Counted, ...]]:
    total, rows = 0, list[tuple[str, ...]]()
    counts: dict[CodeStatus, list[int]] = {}
    for line in every_line(session, Wanted(), day=day):
        total += 1
        count = counts.setdefault(line.status, [0, 0])
        count[0], count[1] = count[0] + 1, count[1] + line.holder.area_m2
        if len(rows) < MOST_ROWS:
            rows.append(
                (
                    line.code.code,
                    ", ".join(crop.name_vi for crop in line.holder.crops),
                    line.holder.name or _UNNAMED,
                    line.holder.commune.name,
                    hectares(line.holder.area_m2),
                    CODE_WORDS[line.status],
                )
            )
    told = tuple(
        Counted(CODE_WORDS[status].lower(), *counts[status])
        for status in CodeStatus
        if status in counts
    )
    return Listing(total, tuple(rows)), told


def _certificates(session: Session, day: date) -> tuple[Counted, ...]:
    asked = (
        select(col(Standard.title_vi), func.count(), func.sum(col(Certificate.area_m2)))
        .join(Standard, col(Standard.id) == col(Certificate.standard_id))
        .where(
            col(Certificate.status) == CertificateStatus.ACTIVE,
            col(Certificate.valid_from) <= day,
            col(Certificate.valid_to) >= day,
        )
        .group_by(col(Standard.title_vi))
        .order_by(func.count().desc(), col(Standard.title_vi))
    )
    return tuple(Counted(name, int(n), int(m2 or 0)) for name, n, m2 in session.execute(asked))


def _expiring(session: Session, day: date) -> Listing:
    until = day + SOON
    sight = Sight(Reach.all())
    lines = running_out(session, sight=sight, today=day, until=until, limit=MOST_ROWS)
    rows = tuple(
        (
            line.certificate.number,
            line.standard.title_vi,
            named(line.holder),
            line.certificate.body_name,
            f"{line.certificate.valid_to:%d/%m/%Y}",
        )
        for line in lines
    )
    return Listing(len(rows), rows)


def _visits(session: Session, period: Period) -> Listing:
    found = col(VisitFinding.visit_id) == col(InspectionVisit.id)
    findings = select(func.count()).where(found).scalar_subquery()
    still = (
        select(func.count())
        .where(found, col(VisitFinding.state) != FindingState.CLOSED)
        .scalar_subquery()
    )
    asked = (
        select(col(InspectionVisit.finished_at), Organisation, Checklist, findings, still)
        .join(Organisation, col(Organisation.id) == col(InspectionVisit.organisation_id))
        .join(Checklist, col(Checklist.id) == col(InspectionVisit.checklist_id))
        .where(_within(col(InspectionVisit.finished_at), period))
        .order_by(col(InspectionVisit.finished_at), col(InspectionVisit.id))
    )
    rows = (
        (f"{day_of(at):%d/%m/%Y}", named(home), checklist.name_vi, str(all_), str(left))
        for at, home, checklist, all_, left in session.execute(asked)
    )
    return _kept(rows, _count(session, InspectionVisit, InspectionVisit.finished_at, period))


def _findings(session: Session, period: Period) -> tuple[Counted, ...]:
    words = {"critical": "nghiêm trọng", "major": "nặng", "minor": "nhẹ"}
    asked = (
        select(col(VisitFinding.severity), func.count())
        .join(InspectionVisit, col(InspectionVisit.id) == col(VisitFinding.visit_id))
        .where(_within(col(InspectionVisit.finished_at), period))
        .group_by(col(VisitFinding.severity))
    )
    counts = {str(severity): int(n) for severity, n in session.execute(asked)}
    return tuple(Counted(said, counts[key]) for key, said in words.items() if key in counts)


def _recalls(session: Session, period: Period) -> Listing:
    lots = select(func.count()).where(col(RecallLot.recall_id) == col(Recall.id)).scalar_subquery()
    asked = (
        select(Recall, Organisation, lots)
        .join(Organisation, col(Organisation.id) == col(Recall.organisation_id))
        .where(_within(col(Recall.opened_at), period))
        .order_by(col(Recall.id))
    )
    rows = (
        (
            f"{day_of(one.opened_at):%d/%m/%Y}",
            named(home),
            _VI.say(RECALL_KINDS[one.kind]),
            one.reason,
            str(count),
            _VI.say(RECALL_STATES[one.state]),
        )
        for one, home, count in session.execute(asked)
    )
    return _kept(rows, _count(session, Recall, Recall.opened_at, period))


def _complaints(session: Session, period: Period) -> Listing:
    asked = (
        select(ShopperReport, Organisation)
        .outerjoin(Organisation, col(Organisation.id) == col(ShopperReport.organisation_id))
        .where(_within(col(ShopperReport.opened_at), period))
        .order_by(col(ShopperReport.id))
    )
    rows = (
        (
            f"{day_of(one.opened_at):%d/%m/%Y}",
            one.ticket,
            named(home) if home else "–",
            _VI.say(REPORT_KINDS[one.kind]),
            REPORT_WORDS[one.state],
        )
        for one, home in session.execute(asked)
    )
    return _kept(rows, _count(session, ShopperReport, ShopperReport.opened_at, period))


def _complaint_counts(session: Session, period: Period) -> tuple[Counted, ...]:
    asked = (
        select(col(ShopperReport.kind), func.count())
        .where(_within(col(ShopperReport.opened_at), period))
        .group_by(col(ShopperReport.kind))
    )
    counts = {kind: int(n) for kind, n in session.execute(asked)}
    return tuple(
        Counted(_VI.say(words).lower(), counts[kind])
        for kind, words in REPORT_KINDS.items()
        if kind in counts
    )


def named(organisation: Organisation) -> str:
    """A household bears a person's name: it is named only where that may be public."""
    private = organisation.kind is OrganisationKind.HOUSEHOLD and not organisation.name_public
    return _UNNAMED if private else organisation.name


def _within(column: Any, period: Period) -> ColumnElement[bool]:
    begin, end = start_of(period.first), start_of(period.last + timedelta(days=1))
    within: ColumnElement[bool] = (column >= begin) & (column < end)
    return within


def _count(session: Session, table: Any, column: Any, period: Period) -> int:
    asked = select(func.count()).select_from(table).where(_within(col(column), period))
    return int(session.execute(asked).scalar_one())


def _kept(rows: Iterable[tuple[str, ...]], total: int) -> Listing:
    return Listing(total, tuple(islice(rows, MOST_ROWS)))
