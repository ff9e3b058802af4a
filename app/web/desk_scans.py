"""What inspectors see of scans: everybody's, with the labels that were looked up in an unusual way."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import PageArgs, Reading, Writing
from app.web import scan_reports
from app.web.pages import TypedForm

router = APIRouter(prefix="/desk/scans", include_in_schema=False)

HOME = "/desk/scans"


@router.get("")
def desk_scans_page(request: Request, call: Reading) -> Response:
    """How often goods of the province were looked up; of one organisation if chosen."""
    return scan_reports.report_page(request, call, home=HOME)


@router.get("/table.csv")
def desk_scans_csv(request: Request, call: Reading) -> Response:
    """One of the tables as a file."""
    return scan_reports.report_csv(request, call)


@router.get("/alerts")
def desk_scan_alerts_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """Labels that were looked up in an unusual way."""
    return scan_reports.alerts_page(request, call, page.after, home=HOME)


@router.get("/alerts/{alert}")
def desk_scan_alert_page(request: Request, call: Reading, alert: UUID) -> Response:
    """One of them, with the pattern behind it."""
    return scan_reports.alert_page(request, call, alert, home=HOME)


@router.post("/alerts/{alert}/close")
def close_desk_scan_alert_form(
    request: Request, call: Writing, alert: UUID, typed: TypedForm
) -> Response:
    """Say what it turned out to be."""
    return scan_reports.close_alert(request, call, alert, typed, home=HOME)
