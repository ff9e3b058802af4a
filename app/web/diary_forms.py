"""The form of a diary entry: what it offers, what was typed into it, an entry as if typed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.accounts.reach import Reach
from app.deps import Call
from app.diary.entry_queries import EntryLine, writing_of
from app.diary.planting_queries import PlotChoice
from app.diary.queries import PlantingLine, plantings
from app.diary.start_queries import USUAL, UsualProduct, plots_with_growers, usual_products
from app.diary.work_words import UNITS, WORKS
from app.diary.writing import Using, Writing
from app.kit.quantities import SquareMetres
from app.models.accounts import Role
from app.models.diary import Work
from app.pictures.cleaning import CleanPicture, cleaned_picture
from app.registry.grower_queries import growers
from app.web.forms import GRAMS, Typed
from app.web.season_forms import land_typed

INPUT_ROWS = (1, 2, 3)
MOST_CHOICES = 200
WRITERS = frozenset({Role.GROWER, Role.STAFF, Role.COOP_ADMIN})
THOUSANDTHS = 1_000
ML_A_LITRE = 1_000


@dataclass(frozen=True)
class Offered:
    """What the form of an entry offers."""

    plantings: tuple[PlantingLine, ...]
    plots: dict[int, tuple[PlotChoice, ...]]
    products: list[UsualProduct]
    growers: list[tuple[str, str]]


def offered(call: Call, *, today: date) -> Offered:
    """The plantings one can write about, products usual here, and members."""
    reach = Reach.own(call.caller.organisation_id)
    found = plantings(call.session, within=reach, limit=MOST_CHOICES).items
    open_ones = tuple(line for line in found if line.planting.ended_on is None)
    keys = {line.planting.pk for line in open_ones}
    return Offered(
        plantings=open_ones,
        plots=plots_with_growers(call.session, keys),
        products=usual_products(call.session, call.caller.organisation_id, since=today - USUAL),
        growers=_grower_choices(call, reach),
    )


def entry_typed(typed: Typed) -> Writing:
    """What was typed, or a refusal that names every field at once."""
    planting = typed.uid("planting", required=True)
    work = typed.raw("work")
    done_on = typed.day("done_on", required=True)
    if work not in set(Work):
        typed.text("work", longest=0, required=True)
    unit = typed.raw("quantity_unit")
    values: dict[str, Any] = {
        "plots": tuple(typed.uids("plots")),
        "area": _area(typed),
        "quantity": typed.mass("quantity_g", "quantity_unit")
        if typed.raw("quantity_g").strip() and (unit in GRAMS or not unit)
        else None,
        "grower": typed.uid("grower"),
        "inputs": tuple(_inputs(typed)),
        "note": typed.text("note", longest=1000, multiline=True),
    }
    lengths = {"operator": 120, "weather": 60, "pest": 160, "reason": 300}
    values |= {name: typed.text(name, longest=longest) for name, longest in lengths.items()}
    typed.done()
    if planting is None or done_on is None:
        raise ValueError("required fields are there once the form is done")
    return Writing(planting=planting, work=Work(work), done_on=done_on, **values)


def _area(typed: Typed) -> SquareMetres | None:
    return typed.land("area_m2", "area_unit") if typed.raw("area_m2").strip() else None


def _inputs(typed: Typed) -> list[Using]:
    water = typed.amount("water", factor=ML_A_LITRE)
    used = []
    for row in INPUT_ROWS:
        name = typed.text(f"input-{row}", longest=160)
        if not name:
            continue
        wait = typed.whole(f"wait-{row}", default=-1)
        used.append(
            Using(
                name=name,
                amount=typed.amount(f"amount-{row}", factor=THOUSANDTHS),
                unit=typed.text(f"unit-{row}", longest=20),
                water_ml=water,
                interval_days=None if wait < 0 else wait,
                batch_number=typed.text(f"batch-{row}", longest=60),
            )
        )
    return used


def as_typed(writing: Writing) -> dict[str, str]:
    """An entry as somebody would have typed it."""
    typed = {
        "planting": str(writing.planting),
        "work": writing.work.value,
        "done_on": writing.done_on.isoformat(),
        "grower": "" if writing.grower is None else str(writing.grower),
        "operator": writing.operator,
        "weather": writing.weather,
        "pest": writing.pest,
        "reason": writing.reason,
        "note": writing.note,
    }
    if writing.area is not None:
        typed["area_m2"], typed["area_unit"] = land_typed(writing.area.value)
    if writing.quantity is not None:
        typed |= {"quantity_g": _written(writing.quantity.value, 1_000), "quantity_unit": "kg"}
    for row, used in zip(INPUT_ROWS, writing.inputs, strict=False):
        typed |= _input_typed(row, used)
    return typed


def copied(call: Call, line: EntryLine) -> dict[str, Any]:
    """What is repeated of an entry today: all but its day, its weight and its note."""
    writing = writing_of(call.session, line.entry)
    left_out = ("quantity_g", "quantity_unit", "note", "weather")
    typed = {name: said for name, said in as_typed(writing).items() if name not in left_out}
    return {**typed, "done_on": call.today.isoformat(), "plots": plots_typed(writing)}


def plots_typed(writing: Writing) -> list[str]:
    """The plots of an entry as ticked."""
    return [str(plot) for plot in writing.plots]


def planting_names(lines: tuple[PlantingLine, ...], tag: str) -> list[tuple[str, str]]:
    """Plantings to choose from, by crop and area."""
    return [
        (str(line.planting.uid), f"{getattr(line.crop, f'name_{tag}')} – {line.area.name}")
        for line in lines
    ]


def work_choices(call: Call) -> list[tuple[str, str]]:
    """Kinds of work in the reader's language, the usual ones first."""
    return [(work.value, call.language.say(words)) for work, words in WORKS.items()]


def unit_choices() -> list[tuple[str, str]]:
    """Units of an input's amount."""
    return [(unit, unit) for unit in UNITS]


def clean_photos(photos: list[bytes]) -> list[CleanPicture]:
    """The same made small and clean. Raises Refused for `file`."""
    return [cleaned_picture(content) for content in photos]


def _input_typed(row: int, used: Using) -> dict[str, str]:
    typed = {
        f"input-{row}": used.name,
        f"unit-{row}": used.unit,
        f"batch-{row}": used.batch_number,
        f"wait-{row}": "" if used.interval_days is None else str(used.interval_days),
    }
    if used.amount is not None:
        typed[f"amount-{row}"] = _written(used.amount, THOUSANDTHS)
    if used.water_ml is not None:
        typed["water"] = _written(used.water_ml, ML_A_LITRE)
    return typed


def _written(amount: int, factor: int) -> str:
    return f"{(Decimal(amount) / factor).normalize():f}".replace(".", ",")


def _grower_choices(call: Call, reach: Reach) -> list[tuple[str, str]]:
    # A grower writes for the cooperative without seeing who else belongs to it.
    if call.caller.role is Role.GROWER:
        return []
    found = growers(call.session, within=reach, limit=MOST_CHOICES)
    return [(str(line.grower.uid), line.grower.name) for line in found.items]


def picked(lines: tuple[PlantingLine, ...], uid: str) -> PlantingLine | None:
    """The planting that was chosen, or the only one there is."""
    chosen = [line for line in lines if str(line.planting.uid) == uid]
    if chosen:
        return chosen[0]
    return lines[0] if len(lines) == 1 else None
