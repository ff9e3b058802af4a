"""The clerk's pages of lots: today, the list, recording a harvest, one lot, its labels."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.reach import Reach
from app.catalogue.queries import list_crops
from app.deps import Call, Config, PageArgs, Reading, Writing, require_version
from app.kit.quantities import Grams
from app.labels import commands as label_commands
from app.labels.queries import print_by_uid, prints_of
from app.labels.snapshot import file_of
from app.lots import commands, queries
from app.lots.evidence import claims_of
from app.lots.queries import LotLine
from app.models.accounts import Role
from app.models.labels import LabelForm
from app.models.lots import HarvestLot
from app.registry.area_queries import area_choices
from app.registry.grower_queries import growers
from app.registry.organisation_queries import organisation_by_id
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried

router = APIRouter(prefix="/work", include_in_schema=False)

MOST_CHOICES = 200


@router.get("")
def work_page(request: Request, call: Reading) -> Response:
    """What the cooperative did today and what waits."""
    mine = Reach.own(call.caller.organisation_id)
    return show(
        request,
        call,
        "work/home.html",
        day=queries.day_at_work(
            call.session, organisation_id=call.caller.organisation_id, recorded=call.today
        ),
        lots=queries.newest_lots(call.session, within=mine, limit=5),
    )


@router.get("/lots")
def lots_page(request: Request, call: Reading, page: PageArgs, q: str = "") -> Response:
    """The newest lots, or those that match a few letters."""
    found = (
        queries.lots_like(call.session, q[:80], within=call.within, after=page.after, limit=20)
        if q.strip()
        else queries.newest_lots(call.session, within=call.within, after=page.after, limit=20)
    )
    return show(request, call, "work/lots.html", lots=found, q=q[:80])


@router.get("/lots/new")
def new_lot_page(request: Request, call: Reading, like: str = "") -> Response:
    """The form; `like` is a lot to copy."""
    typed = _like(queries.lot_by_code(call.session, like, within=call.within), call) if like else {}
    return _form(request, call, {"harvested_on": call.today.isoformat(), "unit": "kg", **typed})


@router.post("/lots/new")
def record_lot_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Record, or say beside each field what cannot be."""

    def effect() -> str:
        lot = commands.record_lot(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            harvest=_harvest(typed),
            by=call.actor,
            now=call.now,
        )
        return f"/work/lots/{lot.code}?done=recorded"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _form(request, call, typed.fields, refusal=answer)
    return answer


@router.get("/lots/{code}")
def lot_page(request: Request, call: Reading, code: str) -> Response:
    """One lot: what it is, what it may claim, its labels."""
    line = queries.lot_line(call.session, code, within=call.within)
    return _lot(request, call, line)


@router.post("/lots/{code}/amend")
def amend_lot_form(request: Request, call: Writing, code: str, typed: TypedForm) -> Response:
    """Correct an open lot."""

    def effect(lot: HarvestLot) -> None:
        correction = commands.Correction(
            quantity=typed.mass("quantity_g", "unit"),
            packed_on=typed.day("packed_on"),
            best_before=typed.day("best_before"),
            note=typed.text("note", longest=500, multiline=True),
        )
        typed.done()
        commands.amend_lot(
            call.session, lot=lot, correction=correction, by=call.actor, now=call.now
        )

    return _change(request, call, code, typed, effect, done="amended")


@router.post("/lots/{code}/seal")
def seal_lot_form(request: Request, call: Writing, code: str, typed: TypedForm) -> Response:
    """Close a lot for good."""
    return _change(
        request,
        call,
        code,
        typed,
        lambda lot: commands.seal_lot(call.session, lot=lot, by=call.actor, now=call.now),
        done="sealed",
    )


@router.post("/lots/{code}/withdraw")
def withdraw_lot_form(request: Request, call: Writing, code: str, typed: TypedForm) -> Response:
    """Take back a lot that was recorded by mistake."""
    reason = typed.raw("reason")
    return _change(
        request,
        call,
        code,
        typed,
        lambda lot: commands.withdraw_lot(
            call.session, lot=lot, reason=reason, by=call.actor, now=call.now
        ),
        done="withdrawn",
    )


@router.post("/lots/{code}/recall")
def recall_lot_form(request: Request, call: Writing, code: str, typed: TypedForm) -> Response:
    """Recall a lot: its public page warns from this moment."""
    reason = typed.raw("reason")
    return _change(
        request,
        call,
        code,
        typed,
        lambda lot: commands.recall_lot(
            call.session, lot=lot, reason=reason, by=call.actor, now=call.now
        ),
        done="recalled",
    )


@router.post("/lots/{code}/labels")
def print_labels_form(
    request: Request, call: Writing, code: str, typed: TypedForm, config: Config
) -> Response:
    """Print labels; leads to the file."""
    line = queries.lot_line(call.session, code, within=call.within)

    def effect() -> str:
        form = typed.raw("form")
        printing = label_commands.Printing(
            form=LabelForm(form) if form in set(LabelForm) else LabelForm.SHEET_A4,
            copies=typed.whole("copies", default=1),
            start_at=typed.whole("start_at", default=1),
        )
        typed.done()
        printed = label_commands.print_labels(
            call.session,
            line=line,
            printing=printing,
            base_url=config.base_url,
            by=call.actor,
            now=call.now,
        )
        return f"/work/label-prints/{printed.uid}"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return _lot(request, call, line, typed=typed.fields, refusal=answer)
    return answer


@router.get("/label-prints/{printing}")
def label_file(call: Reading, printing: UUID) -> Response:
    """The picture or PDF of a printing."""
    content, media_type, name = file_of(print_by_uid(call.session, printing, within=call.within))
    headers = {
        "Content-Disposition": f'inline; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=media_type, headers=headers)


def _change(
    request: Request, call: Call, code: str, typed: Typed, effect: Any, *, done: str
) -> Response:
    """Apply a change to a lot of the version the form was made from, and show it again."""

    def changing() -> None:
        lot = queries.lot_by_code(call.session, code, within=call.within)
        require_version(lot.version, typed.whole("version", default=0))
        effect(lot)

    outcome = tried(call, changing)
    if isinstance(outcome, Refusal):
        line = queries.lot_line(call.session, code, within=call.within)
        return _lot(request, call, line, typed=typed.fields, refusal=outcome)
    return go_to(f"{_home(call)}/lots/{code}?done={done}")


def _home(call: Call) -> str:
    return "/desk" if call.within.everything else "/work"


def _lot(request: Request, call: Call, line: LotLine, **again: Any) -> Response:
    return show(
        request,
        call,
        "work/lot.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        claims=claims_of(call.session, line.lot, today=call.today),
        prints=prints_of(call.session, line.lot),
        facts=None,
        **again,
    )


def _form(
    request: Request, call: Call, typed: dict[str, str], *, refusal: Refusal | None = None
) -> Response:
    mine = Reach.own(call.caller.organisation_id)
    return show(
        request,
        call,
        "work/lot_new.html",
        status=422 if refusal else 200,
        typed=typed,
        refusal=refusal,
        choices=area_choices(call.session, call.caller.organisation_id),
        growers=_grower_choices(call, mine),
        crops=list_crops(call.session),
    )


def _grower_choices(call: Call, mine: Reach) -> list[tuple[str, str]]:
    # A grower records for the cooperative without seeing who else belongs to it.
    if call.caller.role is Role.GROWER:
        return []
    found = growers(call.session, within=mine, limit=MOST_CHOICES)
    return [(str(line.grower.uid), line.grower.name) for line in found.items]


def _harvest(typed: Typed) -> commands.Harvest:
    """What was typed, or a refusal that names every field at once."""
    area = typed.uid("area", required=True)
    harvested_on = typed.day("harvested_on", required=True)
    crop = typed.text("crop", longest=40, required=True)
    quantity = typed.mass("quantity_g", "unit")
    packed_on, best_before = typed.day("packed_on"), typed.day("best_before")
    grower, note = typed.uid("grower"), typed.text("note", longest=500, multiline=True)
    typed.done()
    if area is None or harvested_on is None:
        raise ValueError("required fields are there once the form is done")
    return commands.Harvest(
        area=area,
        crop=crop,
        harvested_on=harvested_on,
        quantity=quantity,
        packed_on=packed_on,
        best_before=best_before,
        grower=grower,
        note=note,
    )


def _like(lot: HarvestLot, call: Call) -> dict[str, str]:
    line = queries.line_of(call.session, lot)
    return {
        "area": str(line.area.uid),
        "crop": line.crop.slug,
        "quantity_g": call.language.number(Grams(lot.quantity_g).kg),
        "unit": "kg",
    }
