"""The desk of the inspector: find a lot, read its history, recall it; areas and their codes."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.deps import Call, PageArgs, Reading, Writing, require_version
from app.errors import NotFound
from app.inspection.queries import history_of_lot
from app.kit.messages import Message, say
from app.labels.payload import lot_code_in, sscc_in
from app.labels.sscc_queries import unit_of
from app.ledger.queries import history_of
from app.lots.queries import LotLine, lot_line, lots_like, newest_lots
from app.recalls.commands import recall_at_once
from app.registry.area_queries import area_line
from app.scans.alert_queries import open_alerts
from app.web.lot_pages import show_lot
from app.web.pages import Refusal, TypedForm, Uploaded, go_to, show, tried
from app.web.reading import text_in_photo
from app.web.work_areas import list_page, one_page

router = APIRouter(prefix="/desk", include_in_schema=False)


@router.get("")
def desk_page(request: Request, call: Reading, page: PageArgs, q: str = "") -> Response:
    """Search; an exact code leads straight to its lot."""
    wanted = lot_code_in(q[:300]).strip()[:80]
    if wanted:
        try:
            exact = _meant(call, q[:300])
        except NotFound:
            pass
        else:
            return RedirectResponse(f"/desk/lots/{exact}", status_code=303)
    return _search(request, call, wanted, page.after)


@router.post("/scan")
def desk_scan(request: Request, call: Reading, photo: Uploaded) -> Response:
    """A photograph of a label, read here."""
    text = text_in_photo(photo) if photo else None
    if text is None:
        why = say("No QR code was found in the picture. Hold the phone closer and straight.")
        return _search(request, call, "", None, scan_failed=why)
    try:
        code = _meant(call, text)
    except NotFound as unknown:
        return _search(request, call, "", None, scan_failed=unknown.why)
    return go_to(f"/desk/lots/{code}")


def _meant(call: Call, text: str) -> str:
    """The lot that a label, or the SSCC of a carton, leads to; NotFound for anything else."""
    sscc = sscc_in(text)
    if sscc and lot_code_in(text) == text:
        return unit_of(call.session, sscc, within=call.within).lot.code
    return lot_line(call.session, lot_code_in(text).strip()[:80], within=call.within).lot.code


@router.get("/lots/{code}")
def desk_lot_page(request: Request, call: Reading, code: str) -> Response:
    """One lot with its history."""
    line = lot_line(call.session, code, within=call.within)
    call.saw(line.organisation.pk, "lot", line.lot.code)
    return _lot(request, call, line)


@router.post("/lots/{code}/recall")
def desk_recall(request: Request, call: Writing, code: str, typed: TypedForm) -> Response:
    """Recall a lot: its public page warns from this moment."""

    def effect() -> None:
        line = lot_line(call.session, code, within=call.within)
        require_version(line.lot.version, typed.whole("version", default=0))
        recall_at_once(
            call.session,
            line.lot,
            reason=typed.raw("reason"),
            caller=call.caller,
            within=call.within,
            now=call.now,
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        line = lot_line(call.session, code, within=call.within)
        return _lot(request, call, line, typed=typed.fields, refusal=outcome)
    return go_to(f"/desk/lots/{code}?done=recalled")


@router.get("/areas")
def desk_areas_page(request: Request, call: Reading, page: PageArgs, q: str = "") -> Response:
    """Every area."""
    return list_page(request, call, page.after, q, home="/desk")


@router.get("/areas/{uid}")
def desk_area_page(request: Request, call: Reading, uid: UUID) -> Response:
    """One area with its history."""
    line = area_line(call.session, uid, within=call.within)
    call.saw(line.area.organisation_id, "area", uid)
    return one_page(request, call, line, home="/desk", facts=history_of(call.session, str(uid)))


def _search(
    request: Request,
    call: Call,
    q: str,
    after: str | None,
    *,
    scan_failed: Message | None = None,
) -> Response:
    found = (
        lots_like(call.session, q, within=call.within, after=after, limit=20)
        if q
        else newest_lots(call.session, within=call.within, after=after, limit=20)
    )
    status = 422 if scan_failed else 200
    return show(
        request,
        call,
        "desk/home.html",
        status=status,
        q=q,
        lots=found,
        scan_failed=scan_failed,
        unusual=open_alerts(call.session, within=call.within),
    )


def _lot(
    request: Request,
    call: Call,
    line: LotLine,
    *,
    typed: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    return show_lot(
        request,
        call,
        line,
        facts=history_of_lot(call.session, line),
        typed=typed or {},
        refusal=refusal,
    )
