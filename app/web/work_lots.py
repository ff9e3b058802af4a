"""The clerk's pages of lots: today, the list, one lot, its labels, how full the seasons are."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.reach import Reach
from app.deps import PageArgs, Reading
from app.labels.queries import print_by_uid
from app.labels.snapshot import file_of
from app.lots import queries
from app.lots.gauge_queries import gauges
from app.lots.home_queries import day_at_work, due_today
from app.models.accounts import Role
from app.models.lots import LotState
from app.reports.due_queries import reports_due
from app.scans.alert_queries import alerts_due
from app.web.lot_pages import show_lot
from app.web.pages import show

router = APIRouter(prefix="/work", include_in_schema=False)

# What only the cooperative's office can do: a grower is not sent to pages that refuse.
OFFICE_KINDS = ("season_", "returned", "reports_", "alerts")


@router.get("")
def work_page(request: Request, call: Reading) -> Response:
    """What is due today, what was harvested, what waits."""
    home = call.caller.organisation_id
    within = Reach.own(home)
    due = [
        *reports_due(call.session, within=within, today=call.today),
        *alerts_due(call.session, within=within),
        *due_today(call.session, organisation_id=home, today=call.today),
    ]
    due.sort(key=lambda one: not one.urgent)
    if call.caller.role is Role.GROWER:
        due = [one for one in due if not one.kind.startswith(OFFICE_KINDS)]
    return show(
        request,
        call,
        "work/home.html",
        due=due,
        day=day_at_work(call.session, organisation_id=home, recorded=call.today),
        lots=queries.newest_lots(call.session, within=within, limit=5),
    )


@router.get("/lots")
def lots_page(
    request: Request, call: Reading, page: PageArgs, q: str = "", state: LotState | None = None
) -> Response:
    """The newest lots, those of one state, or those that match a few letters."""
    found = (
        queries.lots_like(call.session, q[:80], within=call.within, after=page.after, limit=20)
        if q.strip()
        else queries.newest_lots(
            call.session, within=call.within, state=state, after=page.after, limit=20
        )
    )
    return show(
        request, call, "work/lots.html", lots=found, q=q[:80], state=state.value if state else ""
    )


@router.get("/balance")
def balance_page(request: Request, call: Reading) -> Response:
    """How full the seasons are that are open or ended lately."""
    found = gauges(call.session, within=call.within, today=call.today)
    return show(request, call, "work/lot_balance.html", gauges=found, over=None, odd=[])


@router.get("/lots/{code}")
def lot_page(request: Request, call: Reading, code: str) -> Response:
    """One lot: what it is, what it may claim, its labels."""
    line = queries.lot_line(call.session, code, within=call.within)
    return show_lot(request, call, line, facts=None)


@router.get("/label-prints/{printing}")
def label_file(call: Reading, printing: UUID) -> Response:
    """The picture or PDF of a printing."""
    content, media_type, name = file_of(print_by_uid(call.session, printing, within=call.within))
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=media_type, headers=headers)
