"""What a clerk does to a lot: correct, seal, close, withdraw, recall, add a photograph."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Writing, require_version
from app.errors import refuse
from app.kit.messages import say
from app.lots import commands, hold_commands, queries
from app.lots.harvests import Correction
from app.lots.picture_commands import add_picture
from app.models.lots import HarvestLot
from app.pictures.cleaning import cleaned_picture
from app.recalls.commands import recall_at_once
from app.registry.organisation_queries import organisation_by_id
from app.web.forms import Typed
from app.web.lot_pages import show_lot
from app.web.pages import Refusal, TypedForm, Uploaded, go_to, tried

router = APIRouter(prefix="/work", include_in_schema=False)


@router.post("/lots/{code}/amend")
def amend_lot_form(request: Request, call: Writing, code: str, typed: TypedForm) -> Response:
    """Correct an open lot."""

    def effect(lot: HarvestLot) -> None:
        correction = Correction(
            quantity=typed.mass("quantity_g", "unit"),
            packed_on=typed.day("packed_on"),
            best_before=typed.day("best_before"),
            note=typed.text("note", longest=500, multiline=True),
            grade=typed.text("grade", longest=40),
        )
        typed.done()
        commands.amend_lot(
            call.session, lot=lot, correction=correction, by=call.actor, now=call.now
        )

    return _change(request, call, code, typed, effect, done="amended")


@router.post("/lots/{code}/seal")
def seal_lot_form(request: Request, call: Writing, code: str, typed: TypedForm) -> Response:
    """Close a lot's figures for good."""

    def effect(lot: HarvestLot) -> None:
        commands.seal_lot(call.session, lot=lot, by=call.actor, now=call.now)

    return _change(request, call, code, typed, effect, done="sealed")


@router.post("/lots/{code}/close")
def close_lot_form(request: Request, call: Writing, code: str, typed: TypedForm) -> Response:
    """All of it has left."""

    def effect(lot: HarvestLot) -> None:
        hold_commands.close_lot(call.session, lot=lot, by=call.actor, now=call.now)

    return _change(request, call, code, typed, effect, done="closed")


@router.post("/lots/{code}/withdraw")
def withdraw_lot_form(request: Request, call: Writing, code: str, typed: TypedForm) -> Response:
    """Take back a lot that was recorded by mistake."""
    reason = typed.raw("reason")

    def effect(lot: HarvestLot) -> None:
        commands.withdraw_lot(call.session, lot=lot, reason=reason, by=call.actor, now=call.now)

    return _change(request, call, code, typed, effect, done="withdrawn")


@router.post("/lots/{code}/recall")
def recall_lot_form(request: Request, call: Writing, code: str, typed: TypedForm) -> Response:
    """Recall a lot: its public page warns from this moment."""
    reason = typed.raw("reason")

    def effect(lot: HarvestLot) -> None:
        recall_at_once(
            call.session, lot, reason=reason, caller=call.caller, within=call.within, now=call.now
        )

    return _change(request, call, code, typed, effect, done="recalled")


@router.post("/lots/{code}/pictures")
def add_lot_picture_form(
    request: Request, call: Writing, code: str, typed: TypedForm, photo: Uploaded
) -> Response:
    """Keep a photograph of the harvest, without the place it was taken."""

    def effect(lot: HarvestLot) -> None:
        if not photo:
            raise refuse("photo", say("Choose a photograph."))
        add_picture(
            call.session,
            lot=lot,
            organisation=organisation_by_id(call.session, lot.organisation_id),
            picture=cleaned_picture(photo),
            by=call.actor,
            now=call.now,
        )

    return _change(request, call, code, typed, effect, done="pictured")


def _change(
    request: Request,
    call: Call,
    code: str,
    typed: Typed,
    effect: Callable[[HarvestLot], None],
    *,
    done: str,
) -> Response:
    """Apply a change to a lot of the version the form was made from, and show it again."""

    def changing() -> None:
        lot = queries.lot_by_code(call.session, code, within=call.within)
        require_version(lot.version, typed.whole("version", default=0))
        effect(lot)

    outcome = tried(call, changing)
    if isinstance(outcome, Refusal):
        line = queries.lot_line(call.session, code, within=call.within)
        return show_lot(request, call, line, facts=None, typed=typed.fields, refusal=outcome)
    return go_to(f"/work/lots/{code}?done={done}")
