"""What a clerk does with lots: the list of movements, what is where, a new movement, taking one back."""

import io
from collections.abc import Iterable, Iterator
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.reach import Reach
from app.catalogue.queries import list_crops
from app.contracts.queries import signed_contracts
from app.deps import Call, PageArgs, Reading, Writing
from app.errors import NotFound
from app.kit.clock import local
from app.kit.codes import grouped
from app.kit.messages import say
from app.kit.quantities import Grams
from app.models.movements import HoldingState, MovementKind
from app.movements import queries
from app.movements.doing import do_movement
from app.movements.making_commands import tolerance_on
from app.movements.rules import MAKES
from app.movements.undoing_commands import undo_movement
from app.registry.downloads import Cell, write_csv, write_xlsx
from app.registry.organisation_queries import receivers
from app.web.movement_forms import (
    MOST_OUTPUTS,
    MOST_ROWS,
    MOST_SUPPLIES,
    doer_of,
    kind_typed,
    wanted_typed,
)
from app.web.movement_words import DIRECTIONS, HELD, KINDS, TO_DO, party_options
from app.web.pages import Refusal, TypedForm, go_to, show, submitted_once, tried

router = APIRouter(prefix="/work", include_in_schema=False)

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_IN_FILE = 20_000
HEADINGS = (
    say("When"),
    say("What"),
    say("Direction"),
    say("Lot"),
    say("Crop"),
    say("Weight (kg)"),
    say("With whom"),
    say("Where"),
    say("Document"),
    say("Why"),
)
STOCK_HEADINGS = (
    say("Lot"),
    say("Crop"),
    say("Weight (kg)"),
    say("Where it is"),
    say("With whom"),
    say("Harvested"),
    say("Best before"),
)


@router.get("/movements")
def movements_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """What was done with lots, newest first."""
    found = queries.newest_movements(call.session, within=call.within, after=page.after)
    _saw(call, found.items)
    return show(request, call, "work/movements.html", movements=found, kinds=KINDS, to_do=TO_DO)


@router.get("/movements/table.{form}")
def movements_file(call: Reading, form: str) -> Response:
    """The same as a file: one row a lot in a movement."""
    headings = [call.language.say(heading) for heading in HEADINGS]
    return _file(form, "movements", headings, list(_rows(call)))


@router.get("/stock")
def holdings_page(
    request: Request, call: Reading, page: PageArgs, state: str = "in_hand"
) -> Response:
    """What is where."""
    chosen = _state(state)
    found = queries.stock(call.session, within=call.within, state=chosen, after=page.after)
    _saw(call, found.items)
    return show(request, call, "work/stock.html", stock=found, state=chosen, held=HELD)


@router.get("/stock/table.{form}")
def holdings_file(call: Reading, form: str, state: str = "in_hand") -> Response:
    """The same as a file: one row a lot in one place."""
    headings = [call.language.say(heading) for heading in STOCK_HEADINGS]
    return _file(form, "stock", headings, list(_held(call, _state(state))))


@router.get("/movements/new")
def new_movement_page(request: Request, call: Reading, kind: str = "", lot: str = "") -> Response:
    """A movement about to be written down; of one lot when it is named."""
    return _form(request, call, kind_typed(kind), lot)


@router.post("/movements/new")
def record_movement_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Write it down, once, however often the button is pressed."""

    def effect() -> str:
        doer = doer_of(call)
        wanted, told = wanted_typed(typed, call, doer)
        movement, token = do_movement(call.session, doer, wanted, told)
        found = queries.movement_by_uid(call.session, movement.uid, within=call.within)
        if found.delivery is not None:
            done = "link" if token else "shipped"
            return f"/work/deliveries/{found.delivery.uid}?done={done}"
        return f"/work/movements/{movement.uid}?done=moved"

    outcome = submitted_once(request, call, typed, effect)
    if isinstance(outcome, Refusal):
        kind = kind_typed(typed.raw("kind"))
        return _form(request, call, kind, "", typed=typed.fields, refusal=outcome)
    return outcome


@router.get("/movements/{movement}")
def movement_page(request: Request, call: Reading, movement: UUID) -> Response:
    """One movement, with every lot in it."""
    return _one(request, call, movement)


@router.post("/movements/{movement}/undo")
def undo_movement_form(
    request: Request, call: Writing, movement: UUID, typed: TypedForm
) -> Response:
    """Take it back, while everything is still where it left it."""

    def effect() -> str:
        told = queries.movement_by_uid(call.session, movement, within=call.within)
        back = undo_movement(call.session, doer_of(call), told.movement, typed.raw("reason"))
        return f"/work/movements/{back.uid}?done=undone"

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return _one(request, call, movement, typed=typed.fields, refusal=outcome)
    return go_to(outcome)


def _one(request: Request, call: Call, movement: UUID, **again: object) -> Response:
    told = queries.movement_by_uid(call.session, movement, within=call.within)
    _saw(call, [told])
    status = 422 if again.get("refusal") else 200
    return show(
        request,
        call,
        "work/movement.html",
        status=status,
        told=told,
        kinds=KINDS,
        makes=told.movement.kind in MAKES,
        **again,
    )


def _saw(call: Call, shown: Iterable[queries.MovementTold | queries.StockLine]) -> None:
    """Who an outside buyer is: an official's look at it is kept."""
    for one in shown:
        if one.party is not None:
            call.saw(one.organisation.pk, "buyers")


def _form(request: Request, call: Call, kind: MovementKind, lot: str, **again: object) -> Response:
    own = Reach.own(call.caller.organisation_id)
    there = queries.stock(call.session, within=own, limit=MOST_ROWS).items
    chosen = queries.find_held(call.session, lot, call.caller.organisation_id) if lot else None
    if chosen is not None:
        others = [one for one in there if one.holding.pk != chosen.holding.pk]
        there = (chosen, *others)[:MOST_ROWS]
    return show(
        request,
        call,
        "work/movement_new.html",
        status=422 if again.get("refusal") else 200,
        kind=kind,
        kinds=KINDS,
        to_do=TO_DO,
        makes=kind in MAKES,
        lot=lot,
        there=there,
        crops=list_crops(call.session) if kind is MovementKind.RECEIVING else [],
        supplies=MOST_SUPPLIES,
        outputs=1 if kind is MovementKind.MERGING else MOST_OUTPUTS,
        parties=queries.parties(call.session, within=own, limit=200).items,
        party_options=party_options(call.language),
        receivers=receivers(call.session, besides=call.caller.organisation_id),
        contracts=signed_contracts(call.session, call.caller.organisation_id, today=call.today),
        tolerance=tolerance_on(call.session, call.today),
        **again,
    )


def _rows(call: Call) -> Iterator[list[Cell]]:
    say_it, after, count = call.language.say, None, 0
    while True:
        page = queries.newest_movements(call.session, within=call.within, after=after, limit=200)
        _saw(call, page.items)
        for told in page.items:
            row = told.movement
            other = told.party or told.counterparty
            for one in told.lines:
                count += 1
                yield [
                    local(row.happened_at).strftime("%d/%m/%Y %H:%M"),
                    say_it(KINDS[row.kind]),
                    say_it(DIRECTIONS[one.line.direction]),
                    grouped(one.lot.code),
                    getattr(one.crop, f"name_{call.language.tag}"),
                    Grams(one.line.quantity_g).kg,
                    other.name if other else "",
                    row.place,
                    row.document,
                    row.reason,
                ]
        after = page.next
        if after is None or count >= MOST_IN_FILE:
            return


def _state(typed: str) -> HoldingState:
    return HoldingState(typed) if typed in set(HoldingState) else HoldingState.IN_HAND


def _held(call: Call, state: HoldingState) -> Iterator[list[Cell]]:
    after, count = None, 0
    while True:
        page = queries.stock(call.session, within=call.within, state=state, after=after, limit=200)
        _saw(call, page.items)
        for line in page.items:
            count += 1
            yield [
                grouped(line.lot.code),
                getattr(line.crop, f"name_{call.language.tag}"),
                Grams(line.holding.quantity_g).kg,
                call.language.say(HELD[line.holding.state]),
                line.party.name if line.party else line.organisation.name,
                f"{line.lot.harvested_on:%d/%m/%Y}",
                f"{line.lot.best_before:%d/%m/%Y}" if line.lot.best_before else "",
            ]
        after = page.next
        if after is None or count >= MOST_IN_FILE:
            return


def _file(form: str, name: str, headings: list[str], rows: list[list[Cell]]) -> Response:
    if form not in MEDIA:
        raise NotFound(say("There is no such file."))
    out = io.BytesIO()
    if form == "xlsx":
        write_xlsx(out, name, headings, rows)
    else:
        write_csv(out, headings, rows)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{form}"',
        "Cache-Control": "private, no-store",
    }
    return Response(out.getvalue(), headers=headers, media_type=MEDIA[form])
