"""The registers of the province as tables: certificates that end, inspections done, recalls, complaints."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import TypeVar

from app.certificates.listing_queries import SOON_DAYS, running_out
from app.certificates.queries import Sight
from app.deps import Call
from app.inspection.visit_queries import visits
from app.kit.clock import day_of
from app.kit.cursor import Page
from app.kit.messages import say
from app.kit.quantities import Grams
from app.models.reports import ReportState
from app.plan.grounds import Narrowed
from app.recalls.queries import newest_recalls
from app.recalls.rules import KIND_WORDS, STATE_WORDS
from app.reports.queries import reports
from app.web.listed import Listed
from app.web.sheets import Cell, Column, Sheet, mass
from app.web.words import CERTIFICATE_KINDS, REPORT_KINDS, REPORT_STATES

T = TypeVar("T")

MOST = 20_000
PART = 500


def _every(read: Callable[[str | None], Page[T]]) -> Iterator[T]:
    """The items of all pages, at most 20,000."""
    after: str | None = None
    for _ in range(MOST // PART):
        page = read(after)
        yield from page.items
        after = page.next
        if after is None:
            return


def _ending(call: Call, narrowed: Narrowed) -> Sheet:
    until = call.today + timedelta(days=SOON_DAYS)
    found = running_out(
        call.session, sight=Sight(call.within), today=call.today, until=until, limit=MOST
    )
    columns = [
        Column(say("Certificate")),
        Column(say("Kind")),
        Column(say("Holder")),
        Column(say("Issued by")),
        Column(say("Valid until")),
        Column(say("Days left"), number=True),
    ]
    rows = [
        [
            Cell(one.certificate.number, f"/work/certificates/{one.certificate.uid}"),
            Cell(CERTIFICATE_KINDS[one.standard.kind.value]),
            Cell(one.holder.name),
            Cell(one.certificate.body_name),
            Cell(one.certificate.valid_to),
            Cell((one.certificate.valid_to - call.today).days),
        ]
        for one in found
        if _named(narrowed, one.holder.name)
    ]
    return Sheet("chung-nhan-sap-het-han", ENDING.title, columns, rows)


def _visits(call: Call, narrowed: Narrowed) -> Sheet:
    found = _every(
        lambda after: visits(
            call.session, within=call.within, finished=True, after=after, limit=PART
        )
    )
    columns = [
        Column(say("Day")),
        Column(say("Organisation")),
        Column(say("Area")),
        Column(say("Checklist")),
        Column(say("Inspector")),
    ]
    rows = [
        [
            Cell(day_of(one.visit.started_at), f"/desk/visits/{one.visit.uid}"),
            Cell(one.organisation.name),
            Cell(one.area.name if one.area else None),
            Cell(getattr(one.checklist, f"name_{call.language.tag}")),
            Cell(one.inspector.display_name),
        ]
        for one in found
        if _named(narrowed, one.organisation.name)
    ]
    return Sheet("kiem-tra-da-lam", VISITS.title, columns, rows)


def _recalls(call: Call, narrowed: Narrowed) -> Sheet:
    found = _every(
        lambda after: newest_recalls(call.session, within=call.within, after=after, limit=PART)
    )
    columns = [
        Column(say("Opened")),
        Column(say("Organisation")),
        Column(say("Kind")),
        Column(say("State")),
        Column(say("Why")),
        Column(say("Lots"), number=True),
        mass(say("Recalled")),
        mass(say("Recovered")),
        Column(say("Ended")),
    ]
    rows = [
        [
            Cell(day_of(one.recall.opened_at), f"/work/recalls/{one.recall.uid}"),
            Cell(one.organisation.name),
            Cell(KIND_WORDS[one.recall.kind]),
            Cell(STATE_WORDS[one.recall.state]),
            Cell(one.recall.reason),
            Cell(one.lots),
            Cell(Grams(one.progress.total_g)),
            Cell(Grams(one.progress.recovered_g)),
            Cell(day_of(one.recall.ended_at) if one.recall.ended_at else None),
        ]
        for one in found
        if _named(narrowed, one.organisation.name)
    ]
    return Sheet("thu-hoi", RECALLS.title, columns, rows)


def _complaints(call: Call, narrowed: Narrowed) -> Sheet:
    found = _every(
        lambda after: reports(
            call.session,
            within=call.within,
            today=call.today,
            states=tuple(ReportState),
            after=after,
            limit=PART,
        )
    )
    columns = [
        Column(say("Came on")),
        Column(say("Ticket")),
        Column(say("About")),
        Column(say("Lot")),
        Column(say("Organisation")),
        Column(say("State")),
        Column(say("To be answered by")),
    ]
    rows = [
        [
            Cell(day_of(one.report.opened_at)),
            Cell(one.report.ticket, f"/desk/reports/{one.report.uid}"),
            Cell(REPORT_KINDS[one.report.kind.value]),
            Cell(
                one.lot.code if one.lot else None, f"/desk/lots/{one.lot.code}" if one.lot else ""
            ),
            Cell(one.organisation.name if one.organisation else None),
            Cell(REPORT_STATES[one.report.state.value]),
            Cell(one.report.answer_by, tone="bad" if one.late_on(call.today) else ""),
        ]
        for one in found
        if _named(narrowed, one.organisation.name if one.organisation else "")
    ]
    return Sheet("phan-anh", COMPLAINTS.title, columns, rows)


def _named(narrowed: Narrowed, name: str) -> bool:
    return all(word in name.casefold() for word in narrowed.q.casefold().split())


ENDING = Listed(
    say("Certificates that end soon"),
    say("Certificates that stand and end within half a year, soonest first."),
    _ending,
    say("No certificate ends soon."),
    by_district=False,
)
VISITS = Listed(
    say("Inspections done"),
    say("Visits that inspectors have finished, newest first."),
    _visits,
    say("No visit was finished yet."),
    by_district=False,
)
RECALLS = Listed(
    say("Recalls"),
    say("Every recall of goods, newest first."),
    _recalls,
    say("Nothing was recalled."),
    by_district=False,
)
COMPLAINTS = Listed(
    say("Reports of shoppers"),
    say("What shoppers reported, urgent ones first. Nothing here says who they are."),
    _complaints,
    say("No shopper reported anything."),
    by_district=False,
)
REGISTERS: Mapping[str, Listed] = {
    "certificates-ending": ENDING,
    "inspections": VISITS,
    "recalls": RECALLS,
    "complaints": COMPLAINTS,
}
