"""Shapes of what a telephone needs offline: plantings, plots, products usual here, entries to copy."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from app.api.diary.shapes import InputUsedOut
from app.api.shapes import Out
from app.deps import Call
from app.diary.planting_queries import PlotChoice
from app.diary.queries import PlantingLine
from app.diary.start_queries import Recent, Start, UsualProduct
from app.diary.work_words import UNCHECKED, UNITS, WORKS
from app.models.diary import Work
from app.models.inputs import InputKind

# Changes when the shape does, so that every telephone asks anew.
START_VERSION = "1"


class PersonOut(Out):
    """Who is signed in: the queue of a telephone belongs to `account`."""

    account: UUID
    name: str
    role: str
    organisation: UUID
    organisation_name: str
    grower: UUID | None


class StartPlotOut(Out):
    """A plot of a planting and who grows on it."""

    plot: UUID
    name: str
    area_m2: int
    grower: UUID
    grower_name: str


class StartPlantingOut(Out):
    """A planting one can write about."""

    planting: UUID
    crop: str = Field(examples=["BAP_CAI"])
    crop_name: str
    variety: str
    planting_area: UUID
    area_name: str
    area_m2: int
    sown_on: date
    harvest_from: date | None
    harvest_to: date | None
    plots: list[StartPlotOut]


class StartProductOut(Out):
    """A product that is usual here; `product` is null for one that is only named."""

    product: UUID | None
    kind: InputKind | None
    name: str
    actives: str
    unit: str
    interval_days: int | None


class StartRecentOut(Out):
    """An entry to copy."""

    uid: UUID
    planting: UUID
    work: Work
    done_on: date
    plots: list[UUID]
    area_m2: int | None
    quantity_g: int | None
    grower: UUID | None
    operator: str
    pest: str
    inputs: list[InputUsedOut]


class WordOut(Out):
    """A kind of work, in the reader's language."""

    work: Work
    words: str


class StartOut(BaseModel):
    """Everything to work offline. `version` is the ETag without its quotes."""

    version: str
    person: PersonOut
    language: str
    day: date
    plantings: list[StartPlantingOut]
    products: list[StartProductOut]
    recent: list[StartRecentOut]
    works: list[WordOut]
    units: list[str]
    unchecked: list[str] = Field(description="What is only checked when it is sent, in words.")


def start_out(call: Call, started: Start) -> StartOut:
    """What a telephone is given, in the reader's language."""
    caller, language = call.caller, call.language
    return StartOut(
        version="",
        person=PersonOut(
            account=caller.account_uid,
            name=caller.name,
            role=caller.role.value,
            organisation=caller.organisation_uid,
            organisation_name=caller.organisation_name,
            grower=None if started.grower is None else started.grower.uid,
        ),
        language=language.tag,
        day=call.today,
        plantings=[
            _planting(line, started.plots.get(line.planting.pk, ()), language.tag)
            for line in started.plantings
        ],
        products=[_product(one) for one in started.products],
        recent=[_recent(one) for one in started.recent],
        works=[WordOut(work=work, words=language.say(words)) for work, words in WORKS.items()],
        units=list(UNITS),
        unchecked=[language.say(one) for one in UNCHECKED],
    )


def _planting(line: PlantingLine, plots: tuple[PlotChoice, ...], tag: str) -> StartPlantingOut:
    planting = line.planting
    return StartPlantingOut(
        planting=planting.uid,
        crop=line.crop.slug,
        crop_name=getattr(line.crop, f"name_{tag}"),
        variety=planting.variety,
        planting_area=line.area.uid,
        area_name=line.area.name,
        area_m2=planting.area_m2,
        sown_on=planting.sown_on,
        harvest_from=planting.harvest_from,
        harvest_to=planting.harvest_to,
        plots=[
            StartPlotOut(
                plot=one.plot.uid,
                name=one.plot.name,
                area_m2=one.plot.area_m2,
                grower=one.grower.uid,
                grower_name=one.grower.name,
            )
            for one in plots
        ],
    )


def _product(one: UsualProduct) -> StartProductOut:
    return StartProductOut(
        product=None if one.product is None else one.product.uid,
        kind=None if one.product is None else one.product.kind,
        name=one.name,
        actives=one.actives,
        unit=one.unit,
        interval_days=one.interval_days,
    )


def _recent(one: Recent) -> StartRecentOut:
    entry = one.line.entry
    return StartRecentOut(
        uid=entry.uid,
        planting=one.line.planting.uid,
        work=entry.work,
        done_on=entry.done_on,
        plots=[plot.uid for plot in one.details.plots],
        area_m2=entry.area_m2,
        quantity_g=entry.quantity_g,
        grower=None if one.line.grower is None else one.line.grower.uid,
        operator=entry.operator,
        pest=entry.pest,
        inputs=[InputUsedOut.model_validate(used) for used in one.details.inputs],
    )
