"""The clerk's grid: one work of one day for fifty households in one go, a result a row."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, Writing
from app.diary.entry_queries import entry_line, writing_of
from app.diary.grid_queries import DayGroup, GridRow, grid_rows, groups_on, last_day_before
from app.diary.start_queries import USUAL, usual_products
from app.diary.sync_commands import Outcome, OutcomeKind, take_in
from app.diary.work_words import WORKS
from app.diary.writing import Writing as Entry
from app.errors import FieldError, Refused
from app.kit.quantities import Grams
from app.models.base import new_uid
from app.models.diary import Work
from app.registry.organisation_queries import organisation_by_id
from app.web.diary_forms import THOUSANDTHS, as_typed, entry_typed, unit_choices, work_choices
from app.web.forms import GRAMS, Typed
from app.web.pages import Refusal, TypedForm, go_to, refusal_of, show
from app.web.work_diary import pen_of

router = APIRouter(prefix="/work/diary/grid", include_in_schema=False)

WRITTEN = frozenset({OutcomeKind.CREATED, OutcomeKind.KNOWN})


@router.get("")
def grid_page(request: Request, call: Reading, like: UUID | None = None) -> Response:
    """The rows of what stands; `like`: an entry of the last day, to be done again like it."""
    rows = grid_rows(call.session, call.caller.organisation_id, today=call.today)
    typed: dict[str, Any] = {"done_on": call.today.isoformat(), "work": "watering"}
    if like is not None:
        typed = _like(call, like, rows)
    return _page(request, call, rows, typed)


@router.post("")
def write_grid_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Write every ticked row that can be; the others stay ticked with the reason beside them."""
    rows = grid_rows(call.session, call.caller.organisation_id, today=call.today)
    again = {**typed.fields}
    try:
        common = _common(typed)
    except Refused as refused:
        return _page(request, call, rows, again, refusal=refusal_of(refused))
    writings, faults = _writings(typed, common, len(rows))
    outcomes = take_in(
        call.session,
        organisation=organisation_by_id(call.session, call.caller.organisation_id),
        items=list(writings.values()),
        pen=pen_of(call, new_uid()),
    )
    results = {**dict(zip(writings, outcomes, strict=True)), **faults}
    if results and all(one.kind in WRITTEN for one in results.values()):
        return go_to("/work/diary?done=grid_written")
    kept = {name: value for name, value in again.items() if not _is_written(name, results)}
    return _page(request, call, rows, kept, results=results)


def _common(typed: Typed) -> Entry:
    """What all rows have in common; the planting is each row's own."""
    shared = Typed({**typed.fields, "planting": str(new_uid())}, {})
    return entry_typed(shared)


def _writings(
    typed: Typed, common: Entry, rows: int
) -> tuple[dict[int, Entry], dict[int, Outcome]]:
    writings: dict[int, Entry] = {}
    faults: dict[int, Outcome] = {}
    for number in range(rows):
        if not typed.ticked(f"on-{number}"):
            continue
        own = Typed(typed.fields, {})
        written = _row(own, common, number)
        if own.faults or written is None:
            faults[number] = _faulty(own.faults)
        else:
            writings[number] = written
    return writings, faults


def _row(typed: Typed, common: Entry, number: int) -> Entry | None:
    planting = typed.uid(f"planting-{number}", required=True)
    plot, uid = typed.uid(f"plot-{number}"), typed.uid(f"uid-{number}")
    quantity = typed.amount(f"quantity-{number}", factor=GRAMS["kg"])
    amount = typed.amount(f"own-{number}", factor=THOUSANDTHS)
    note = typed.text(f"note-{number}", longest=1000)
    if planting is None:
        return None
    inputs = common.inputs
    if amount is not None and inputs:
        inputs = (replace(inputs[0], amount=amount), *inputs[1:])
    return replace(
        common,
        planting=planting,
        uid=uid,
        plots=() if plot is None else (plot,),
        quantity=common.quantity if quantity is None else Grams(quantity),
        inputs=inputs,
        note=note or common.note,
    )


def _faulty(faults: list[FieldError]) -> Outcome:
    return Outcome(
        OutcomeKind.REFUSED, None, why=faults[0].why if faults else None, fields=tuple(faults)
    )


def _is_written(name: str, results: dict[int, Outcome]) -> bool:
    start, _, number = name.rpartition("-")
    return (
        start in {"on", "quantity", "note", "uid", "own"}
        and number.isdigit()
        and int(number) in results
        and results[int(number)].kind in WRITTEN
    )


def _like(call: Call, uid: UUID, rows: list[GridRow]) -> dict[str, Any]:
    line = entry_line(call.session, uid, within=call.within)
    typed = as_typed(writing_of(call.session, line.entry))
    for left_out in ("quantity_g", "quantity_unit", "note", "weather", "planting", "grower"):
        typed.pop(left_out, None)
    groups = groups_on(call.session, call.caller.organisation_id, line.entry.done_on)
    group = next((one for one in groups if _is_of(one, line.entry.pk)), None)
    done = group.rows if group else frozenset()
    whole = {planting for planting, plot in done if plot is None}
    ticked = {
        f"on-{number}": "yes"
        for number, row in enumerate(rows)
        if row.key in done or row.line.planting.uid in whole
    }
    return {**typed, **ticked, "done_on": call.today.isoformat()}


def _is_of(group: DayGroup, entry_id: int) -> bool:
    return group.first.entry.pk == entry_id


def _page(
    request: Request,
    call: Call,
    rows: list[GridRow],
    typed: dict[str, Any],
    *,
    results: dict[int, Outcome] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    home = call.caller.organisation_id
    day = last_day_before(call.session, home, call.today)
    ids = {number: typed.get(f"uid-{number}") or str(new_uid()) for number in range(len(rows))}
    return show(
        request,
        call,
        "work/diary_grid.html",
        status=422 if refusal else 200,
        typed=typed,
        refusal=refusal,
        rows=rows,
        ids=ids,
        results=results or {},
        refused=[one for one in (results or {}).values() if one.kind not in WRITTEN],
        written=sum(one.kind in WRITTEN for one in (results or {}).values()),
        groups=groups_on(call.session, home, day) if day else [],
        last_day=day,
        works=work_choices(call),
        work_words={work.value: WORKS[work] for work in Work},
        units=unit_choices(),
        products=usual_products(call.session, home, since=call.today - USUAL),
    )
