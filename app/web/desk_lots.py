"""What an inspector does to lots: hold one, release it, see which are over what was declared."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, Writing, require_version
from app.inspection.queries import history_of_lot
from app.lots import hold_commands
from app.lots.anomaly_queries import lot_anomalies
from app.lots.archive_queries import archive_by_uid, archives
from app.lots.gauge_queries import gauges, lots_over
from app.lots.queries import lot_line
from app.models.lots import HarvestLot
from app.web.forms import Typed
from app.web.lot_pages import show_lot
from app.web.pages import Refusal, TypedForm, go_to, show, tried

router = APIRouter(prefix="/desk", include_in_schema=False)

MOST_ODD = 20


@router.get("/balance")
def desk_balance_page(request: Request, call: Reading) -> Response:
    """How full the seasons of the province are, the lots that are over, and the odd ones."""
    return show(
        request,
        call,
        "work/lot_balance.html",
        gauges=gauges(call.session, within=call.within, today=call.today),
        over=lots_over(call.session, within=call.within, today=call.today),
        odd=lot_anomalies(call.session, within=call.within, today=call.today, limit=MOST_ODD),
    )


@router.get("/archives")
def archives_page(request: Request, call: Reading) -> Response:
    """What was kept long enough, in signed files."""
    return show(request, call, "desk/archives.html", archives=archives(call.session))


@router.get("/archives/{archive}")
def archive_file(call: Reading, archive: UUID) -> Response:
    """One of them, to be kept elsewhere."""
    found = archive_by_uid(call.session, archive)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.name}.jsonl.gz"',
        "Cache-Control": "private, no-store",
    }
    return Response(found.content, media_type="application/gzip", headers=headers)


@router.post("/lots/{code}/hold")
def desk_hold(request: Request, call: Writing, code: str, typed: TypedForm) -> Response:
    """Stop a lot until a question is answered."""
    reason = typed.raw("reason")

    def effect(lot: HarvestLot) -> None:
        hold_commands.hold_lot(call.session, lot=lot, reason=reason, by=call.actor, now=call.now)

    return _change(request, call, code, typed, effect, done="held")


@router.post("/lots/{code}/release")
def desk_release(request: Request, call: Writing, code: str, typed: TypedForm) -> Response:
    """Let it go on as what it was."""
    reason = typed.raw("reason")

    def effect(lot: HarvestLot) -> None:
        hold_commands.release_lot(call.session, lot=lot, reason=reason, by=call.actor, now=call.now)

    return _change(request, call, code, typed, effect, done="released")


def _change(
    request: Request,
    call: Call,
    code: str,
    typed: Typed,
    effect: Callable[[HarvestLot], None],
    *,
    done: str,
) -> Response:
    def changing() -> None:
        lot = lot_line(call.session, code, within=call.within).lot
        require_version(lot.version, typed.whole("version", default=0))
        effect(lot)

    outcome = tried(call, changing)
    if isinstance(outcome, Refusal):
        line = lot_line(call.session, code, within=call.within)
        facts = history_of_lot(call.session, line)
        return show_lot(request, call, line, facts=facts, typed=typed.fields, refusal=outcome)
    return go_to(f"/desk/lots/{code}?done={done}")
