"""Recording harvests: one after the other without leaving the form, or one of several plots at once."""

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.reach import Reach
from app.catalogue.queries import list_crops
from app.deps import Call, Reading, Writing
from app.kit.clock import HOME
from app.kit.quantities import Grams
from app.lots import queries
from app.lots.commands import record_lot
from app.lots.entry_queries import EntryToLot, entry_to_lot, split_rows
from app.lots.harvests import Harvest, Part
from app.models.accounts import Role
from app.models.lots import HarvestLot, LotKind
from app.registry.area_queries import area_choices, area_line
from app.registry.grower_queries import growers
from app.registry.organisation_queries import organisation_by_id
from app.web.forms import Typed
from app.web.pages import Refusal, TypedForm, show, submitted_once

router = APIRouter(prefix="/work", include_in_schema=False)

MOST_CHOICES = 200
SHOWN_TODAY = 10
NEXT = "next"
PART = "kg:"


@router.get("/lots/new")
def new_lot_page(
    request: Request, call: Reading, like: str = "", after: str = "", entry: UUID | None = None
) -> Response:
    """The form. `like`: a lot to copy, or `last`; `after`: the one just recorded; `entry`: the diary's."""
    typed = {"harvested_on": call.today.isoformat(), "unit": "kg"}
    just = queries.lot_line(call.session, after, within=call.within) if after else None
    if just is not None:
        typed |= _as_typed(just.lot, call) | {"quantity_g": ""}
    elif like:
        lot = _copied(call, like)
        typed |= _as_typed(lot, call) | {"harvested_on": call.today.isoformat()} if lot else {}
    elif entry is not None:
        typed |= _of_entry(entry_to_lot(call.session, entry, within=call.within), call)
    return _form(request, call, typed, just=just)


@router.post("/lots/new")
def record_lot_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Record, or say beside each field what cannot be; then the lot, or the form for the next."""
    answer = submitted_once(request, call, typed, lambda: _recorded(call, typed, _harvest(typed)))
    if isinstance(answer, Refusal):
        return _form(request, call, typed.fields, refusal=answer)
    return answer


@router.get("/lots/split")
def split_lot_page(
    request: Request, call: Reading, area: UUID | None = None, crop: str = ""
) -> Response:
    """Choose area and crop; then a line for every planting and plot, to write its weight into."""
    return _split(request, call, area, crop, {"harvested_on": call.today.isoformat(), "unit": "kg"})


@router.post("/lots/split")
def split_lot_form(request: Request, call: Writing, typed: TypedForm) -> Response:
    """Record a harvest of several parts."""
    answer = submitted_once(request, call, typed, lambda: _recorded(call, typed, _split_up(typed)))
    if isinstance(answer, Refusal):
        area = typed.uid("area")
        return _split(request, call, area, typed.raw("crop"), typed.fields, refusal=answer)
    return answer


def _recorded(call: Call, typed: Typed, harvest: Harvest) -> str:
    lot = record_lot(
        call.session,
        organisation=organisation_by_id(call.session, call.caller.organisation_id),
        harvest=harvest,
        by=call.actor,
        now=call.now,
    )
    if typed.raw("then") == NEXT:
        return f"/work/lots/new?after={lot.code}"
    return f"/work/lots/{lot.code}?done=recorded"


def _form(
    request: Request,
    call: Call,
    typed: dict[str, str],
    *,
    refusal: Refusal | None = None,
    just: Any = None,
) -> Response:
    mine = Reach.own(call.caller.organisation_id)
    today = datetime.combine(call.today, time.min, HOME).astimezone(UTC)
    return show(
        request,
        call,
        "work/lot_new.html",
        status=422 if refusal else 200,
        typed=typed,
        refusal=refusal,
        just=just,
        choices=area_choices(call.session, call.caller.organisation_id),
        growers=_grower_choices(call, mine),
        crops=list_crops(call.session),
        today_lots=queries.newest_lots(
            call.session, within=mine, recorded_since=today, limit=SHOWN_TODAY
        ),
    )


def _split(
    request: Request,
    call: Call,
    area: UUID | None,
    crop: str,
    typed: dict[str, str],
    *,
    refusal: Refusal | None = None,
) -> Response:
    line = area_line(call.session, area, within=call.within) if area else None
    crops = list_crops(call.session)
    chosen = next((one for one in crops if one.slug == crop), None)
    rows = split_rows(call.session, line.area, chosen, call.today) if line and chosen else []
    return show(
        request,
        call,
        "work/lot_split.html",
        status=422 if refusal else 200,
        typed=typed,
        refusal=refusal,
        line=line,
        crop=chosen,
        crops=crops,
        rows=rows,
        choices=area_choices(call.session, call.caller.organisation_id),
    )


def _grower_choices(call: Call, mine: Reach) -> list[tuple[str, str]]:
    # A grower records for the cooperative without seeing who else belongs to it.
    if call.caller.role is Role.GROWER:
        return []
    found = growers(call.session, within=mine, limit=MOST_CHOICES)
    return [(str(line.grower.uid), line.grower.name) for line in found.items]


def _harvest(typed: Typed) -> Harvest:
    """What was typed, or a refusal that names every field at once."""
    quantity = typed.mass("quantity_g", "unit")
    entry = typed.uid("entry")
    parts = (Part(quantity, entry=entry),) if entry else ()
    return _whole(typed, quantity, parts)


def _split_up(typed: Typed) -> Harvest:
    """The same of a harvest in parts; its weight is what the parts add up to, unless it is typed."""
    parts = tuple(
        _part(typed, name)
        for name in typed.fields
        if name.startswith(PART) and typed.raw(name).strip()
    )
    total = Grams(sum(part.quantity.value for part in parts))
    quantity = typed.mass("quantity_g", "unit") if typed.raw("quantity_g").strip() else total
    return _whole(typed, quantity, parts)


def _part(typed: Typed, name: str) -> Part:
    planting, _, plot = name.removeprefix(PART).partition(":")
    return Part(typed.mass(name, "unit"), _uid(planting), _uid(plot))


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _whole(typed: Typed, quantity: Grams, parts: tuple[Part, ...]) -> Harvest:
    area = typed.uid("area", required=True)
    harvested_on = typed.day("harvested_on", required=True)
    crop = typed.text("crop", longest=40, required=True)
    packed_on, best_before = typed.day("packed_on"), typed.day("best_before")
    grower, grade = typed.uid("grower"), typed.text("grade", longest=40)
    note = typed.text("note", longest=500, multiline=True)
    typed.done()
    if area is None or harvested_on is None:
        raise ValueError("required fields are there once the form is done")
    return Harvest(
        area=area,
        crop=crop,
        harvested_on=harvested_on,
        quantity=quantity,
        packed_on=packed_on,
        best_before=best_before,
        grower=grower,
        note=note,
        grade=grade,
        parts=parts,
    )


def _copied(call: Call, like: str) -> HarvestLot | None:
    if like != "last":
        return queries.lot_by_code(call.session, like, within=call.within)
    found = queries.newest_lots(
        call.session,
        within=Reach.own(call.caller.organisation_id),
        kind=LotKind.HARVEST,
        limit=1,
    ).items
    return found[0].lot if found else None


def _as_typed(lot: HarvestLot, call: Call) -> dict[str, str]:
    line = queries.line_of(call.session, lot)
    return {
        "area": str(line.area.uid) if line.area else "",
        "crop": line.crop.slug,
        "harvested_on": lot.harvested_on.isoformat(),
        "quantity_g": call.language.number(Grams(lot.quantity_g).kg),
        "unit": "kg",
        "grade": lot.grade,
        "packed_on": lot.packed_on.isoformat() if lot.packed_on else "",
        "best_before": lot.best_before.isoformat() if lot.best_before else "",
    }


def _of_entry(found: EntryToLot, call: Call) -> dict[str, str]:
    kilograms = Grams(found.entry.quantity_g).kg if found.entry.quantity_g else None
    return {
        "area": str(found.area.uid),
        "crop": found.crop.slug,
        "harvested_on": found.entry.done_on.isoformat(),
        "quantity_g": call.language.number(kilograms) if kilograms else "",
        "entry": str(found.entry.uid),
    }
