"""What happens to reports by itself: reminders of what is late, and forgetting what is personal."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from app.kit.clock import day_of, start_of
from app.kit.codes import grouped
from app.kit.messages import say
from app.ledger.actors import Actor
from app.models.reports import ReportContact, ReportPhoto, ReportState, ShopperReport
from app.notices.commands import tell_once
from app.registry.organisation_queries import authorities
from app.reports.commands import forget_contact, forget_photo
from app.reports.queries import ReportLine, late_reports, number_on
from app.reports.sending_limits import forget_salts

CONTACT_RULE = "reports.contact_days"
PHOTO_RULE = "reports.photo_days"


def remind_of_reports(session: Session, *, now: datetime) -> int:
    """Tell who should have looked or answered, once for each deadline; how many were told."""
    offices = authorities(session)
    told = 0
    for line in late_reports(session, day_of(now)):
        receivers = [(one, f"/desk/reports/{line.report.uid}") for one in offices]
        if line.organisation is not None:
            receivers.insert(0, (line.organisation, f"/work/reports/{line.report.uid}"))
        for organisation, address in receivers:
            notice = tell_once(
                session,
                organisation=organisation,
                kind="report.late",
                about=f"report.late {_missed(line, day_of(now))} {line.report.uid}",
                sentence=say(
                    "A shopper's report of {day} on lot {code} waits for longer than it should.",
                    day=day_of(line.report.opened_at),
                    code=grouped(line.lot.code) if line.lot else line.report.typed_code or "–",
                ),
                address=address,
                now=now,
            )
            told += notice is not None
    return told


def forget_what_is_personal(session: Session, *, now: datetime) -> int:
    """Erase contacts and photographs of reports closed long enough, and old salts; how many rows."""
    today, gone = day_of(now), 0
    for report in _closed_with(session, ReportContact, CONTACT_RULE, today):
        forget_contact(session, report=report, by=Actor.system(), now=now)
        gone += 1
    for report in _closed_with(session, ReportPhoto, PHOTO_RULE, today):
        forget_photo(session, report=report, by=Actor.system(), now=now)
        gone += 1
    forget_salts(session, now=now)
    return gone


def _missed(line: ReportLine, today: date) -> str:
    answer_by = line.report.answer_by
    return "answer" if answer_by is not None and answer_by < today else "look"


def _closed_with(
    session: Session, table: type[ReportContact | ReportPhoto], key: str, today: date
) -> list[ShopperReport]:
    days = number_on(session, key, today)
    if days is None:
        return []
    wanted = (
        select(ShopperReport)
        .join(table, col(table.report_id) == col(ShopperReport.id))
        .where(
            col(ShopperReport.state) == ReportState.CLOSED,
            col(ShopperReport.closed_at) < start_of(today - timedelta(days=days)),
        )
    )
    return list(session.execute(wanted).scalars())
