"""Pages of printers and paper: what lies in which printer, how far off it prints, new kinds of paper."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.reach import Reach
from app.deps import Call, Reading, Writing, require_version
from app.files import file_answer
from app.labels import stock_commands
from app.labels.paper import paper_of
from app.labels.ruler import line_of, ruler_of
from app.labels.stock_commands import DPIS, RULER_MM
from app.labels.stock_queries import (
    ProfileLine,
    chosen_stock,
    profile_by_uid,
    profiles,
    stock_by_slug,
    stocks,
)
from app.models.accounts import Role
from app.models.print_runs import Output
from app.registry.organisation_queries import organisation_by_id
from app.web.label_forms import millimetres, profile_of, stock_of
from app.web.label_words import KINDS, OUTPUTS
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried

router = APIRouter(prefix="/work/labels", include_in_schema=False)

NEW_PRINTER = {"dpi": "203", "output": "pdf", "ruler": "100", "offset_x": "0", "offset_y": "0"}
NEW_STOCK = {"kind": "roll", "columns": "1", "rows": "1"}
MAY_ADD = {Role.COOP_ADMIN, Role.PROVINCE_ADMIN}


@router.get("/printers")
def printers_page(request: Request, call: Reading) -> Response:
    """The printers of the house, and the form for one more."""
    return _printers(request, call, NEW_PRINTER)


@router.post("/printers")
def add_printer_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Add a printer; leads to its page."""

    def effect() -> str:
        details = profile_of(typed)
        typed.done()
        profile = stock_commands.add_profile(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            stock=chosen_stock(call.session, typed.raw("stock"), within=call.within),
            details=details,
            by=call.actor,
            now=call.now,
        )
        return f"/work/labels/printers/{profile.uid}?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _printers(request, call, typed.fields, answer)
    return answer


@router.get("/printers/{printer}")
def printer_page(request: Request, call: Reading, printer: UUID) -> Response:
    """One printer: its figures, its ruler page."""
    line = profile_by_uid(call.session, printer, within=_own(call))
    return _printer(request, call, line, _typed_of(line))


@router.post("/printers/{printer}")
def change_printer_form(
    request: Request, call: Writing, printer: UUID, typed: TypedForm
) -> Response:
    """Set a printer anew."""

    def effect() -> None:
        line = profile_by_uid(call.session, printer, within=_own(call))
        require_version(line.profile.version, typed.whole("version", default=0))
        details = profile_of(typed, _line_on(line))
        typed.done()
        stock_commands.change_profile(
            call.session,
            profile=line.profile,
            stock=chosen_stock(call.session, typed.raw("stock"), within=call.within),
            details=details,
            by=call.actor,
            now=call.now,
        )

    profile_by_uid(call.session, printer, within=_own(call))
    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        line = profile_by_uid(call.session, printer, within=_own(call))
        return _printer(request, call, line, typed.fields, outcome)
    return go_to(f"/work/labels/printers/{printer}?done=saved")


@router.get("/printers/{printer}/ruler")
def ruler_file(call: Reading, printer: UUID) -> Response:
    """The page to measure a printer with."""
    line = profile_by_uid(call.session, printer, within=_own(call))
    made = ruler_of(line, call.now)
    return file_answer(made.content, media_type=made.media_type, name=f"thuoc.{made.ending}")


@router.get("/stocks")
def stocks_page(request: Request, call: Reading) -> Response:
    """Every kind of paper, and the form for one more."""
    return _stocks(request, call, NEW_STOCK)


@router.post("/stocks")
def add_stock_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Add paper."""

    def effect() -> str:
        details = stock_of(typed)
        typed.done()
        home = organisation_by_id(call.session, call.caller.organisation_id)
        stock_commands.add_stock(
            call.session,
            organisation=None if call.within.everything else home,
            details=details,
            by=call.actor,
            now=call.now,
        )
        return "/work/labels/stocks?done=saved"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _stocks(request, call, typed.fields, answer)
    return answer


@router.get("/stocks/{stock}")
def stock_page(request: Request, call: Reading, stock: str) -> Response:
    """One kind of paper with its figures."""
    found = stock_by_slug(call.session, stock, within=call.within)
    paper = paper_of(found)
    boxes = [paper.corner(place) for place in range(paper.places)]
    return show(
        request,
        call,
        "work/label_stock.html",
        stock=found,
        paper=paper,
        boxes=boxes,
        kinds=KINDS,
        mm=millimetres,
    )


def _printers(
    request: Request, call: Call, typed: dict[str, str], refusal: Refusal | None = None
) -> Response:
    return show(
        request,
        call,
        "work/label_printers.html",
        status=422 if refusal else 200,
        printers=profiles(call.session, within=_own(call)),
        typed=typed,
        refusal=refusal,
        **_choices(call),
    )


def _printer(
    request: Request,
    call: Call,
    line: ProfileLine,
    typed: dict[str, str],
    refusal: Refusal | None = None,
) -> Response:
    return show(
        request,
        call,
        "work/label_printer.html",
        status=422 if refusal else 200,
        line=line,
        measured=_line_on(line),
        typed=typed,
        refusal=refusal,
        **_choices(call),
    )


def _stocks(
    request: Request, call: Call, typed: dict[str, str], refusal: Refusal | None = None
) -> Response:
    return show(
        request,
        call,
        "work/label_stocks.html",
        status=422 if refusal else 200,
        stocks=stocks(call.session, within=call.within),
        may_add=call.caller.role in MAY_ADD,
        kinds=KINDS,
        mm=millimetres,
        typed=typed,
        refusal=refusal,
    )


def _choices(call: Call) -> dict[str, object]:
    return {
        "stocks": stocks(call.session, within=call.within),
        "outputs": [(output.value, OUTPUTS[output.value]) for output in Output],
        "dpis": DPIS,
    }


def _typed_of(line: ProfileLine) -> dict[str, str]:
    profile = line.profile
    lengths = {
        name: millimetres(getattr(profile, f"{name}_um"))
        for name in ("offset_x", "offset_y", "pitch_x", "pitch_y")
    }
    ruler = millimetres(round(_line_on(line) * 1_000 * 1_000_000 / profile.scale_ppm))
    plain = {
        "name": profile.name,
        "stock": line.stock.slug,
        "output": profile.output.value,
        "dpi": str(profile.dpi),
        "crop_marks": "yes" if profile.crop_marks else "",
    }
    return {**plain, **lengths, "ruler": ruler}


def _line_on(line: ProfileLine) -> int:
    """How long the line is on a printer's ruler page, in mm; as if whole where there is none."""
    return line_of(paper_of(line.stock, line.profile)) or RULER_MM


def _own(call: Call) -> Reach:
    return Reach.own(call.caller.organisation_id)
