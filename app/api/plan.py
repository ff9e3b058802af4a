"""The plan on the wire: its targets as stated, what is, where it disagrees with itself; a newer one."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from pydantic import BaseModel, Field

from app.api.paging import PageOut
from app.api.plan_shapes import MeasureOut, Year
from app.api.problems import may_fail
from app.api.shapes import Code, Name, Out
from app.catalogue.plan_queries import plan_of_year
from app.deps import Call, OnceDep, Reading, StepsDep, Writing
from app.errors import Conflict, FieldError, Malformed, Refused
from app.kit.i18n import Language
from app.kit.messages import say
from app.models.plan import SAFE_VEGETABLES_2030, TargetScope
from app.plan import queries
from app.plan.axes import AxisTold, axes_of, plan_with_axes
from app.plan.axis_files import axis_rows
from app.plan.comparing import Compared, plan_vs_actual
from app.plan.inconsistencies import Gravity, Inconsistency, inconsistencies
from app.plan.plan_commands import PlanLoaded, load_plan
from app.plan.plan_files import read_plan
from app.plan.rollup import freshen

router = APIRouter(prefix="/plan", tags=["plan"])

Asked = Annotated[
    Code | None,
    Query(description="The plan in force, unless given.", examples=[SAFE_VEGETABLES_2030]),
]

SentFigures = Annotated[
    UploadFile, File(description="XLSX, ODS or CSV, one figure a row: see docs/plan-files.md.")
]
SentAxes = Annotated[
    UploadFile | None,
    File(
        description="Its axes, one place or one leading crop a row; without it, the sheet Truc of"
        " the workbook; without that, the axes of the plan before count on."
    ),
]
InForceOn = Annotated[
    date | None,
    Form(
        description="From this day on the desk and the reports follow it; without one it is"
        " only kept beside the others.",
        examples=["2031-01-02"],
    ),
]


class TargetOut(Out):
    """One figure of a plan, a whole number of `unit`. `recomputed`: what its other figures give."""

    plan: str = Field(examples=[SAFE_VEGETABLES_2030])
    measure: str = Field(examples=["area"])
    scope: TargetScope
    scope_name: str = Field(examples=["085"])
    year: int = Field(examples=[2030])
    unit: str = Field(examples=["m2"])
    stated: int = Field(examples=[4000000])
    recomputed: int | None
    consistent: bool = Field(description="Whether the plan's other figures agree.")
    legal_ref: str
    note: str


class ComparedOut(Out):
    """A target with what is; `reached` in permille of what is stated."""

    target: TargetOut
    actual: MeasureOut | None
    reached: int | None = Field(examples=[412])

    @classmethod
    def of(cls, one: Compared) -> "ComparedOut":
        return cls(
            target=TargetOut.model_validate(one.target),
            actual=MeasureOut.of(one.actual) if one.actual else None,
            reached=one.reached,
        )


class InconsistencyOut(Out):
    """Where a plan disagrees with itself; figures in `unit`, where it is about figures."""

    gravity: Gravity
    year: int = Field(examples=[2030])
    sentence: str = Field(
        examples=[
            "Huyện Si Ma Cai, 2030: 220 ha at 220 quintals/ha give 4,840 t; the plan states 5,500 t."
        ]
    )
    stated: int | None = Field(examples=[5500000])
    recomputed: int | None = Field(examples=[4840000])
    unit: str = Field(examples=["kg"])
    legal_ref: str

    @classmethod
    def of(cls, one: Inconsistency, language: Language) -> "InconsistencyOut":
        return cls(
            gravity=one.gravity,
            year=one.year,
            sentence=language.say(one.sentence),
            stated=one.stated,
            recomputed=one.recomputed,
            unit=one.unit,
            legal_ref=one.legal_ref,
        )


class AxisOut(Out):
    """An axis of a plan: former districts (or communes of one, where some lie elsewhere), leading crops."""

    axis: str = Field(examples=["west"])
    name: str = Field(examples=["Western axis"])
    districts: list[str] = Field(examples=[["088"]])
    communes: list[str] = Field(examples=[["02701"]])
    crops: list[str] = Field(examples=[["BAP_CAI", "SU_SU"]])

    @classmethod
    def of(cls, one: AxisTold, language: Language) -> "AxisOut":
        name = one.name if isinstance(one.name, str) else language.say(one.name)
        return cls(
            axis=one.axis,
            name=name,
            districts=list(one.districts),
            communes=list(one.communes),
            crops=list(one.crops),
        )


class PlanLoadedOut(Out):
    """How many figures a plan has, and how many of them its other figures contradict."""

    plan: str = Field(examples=["RAU_2035"])
    figures: int = Field(examples=[120])
    flagged: int = Field(examples=[2])
    axes: int = Field(examples=[3], description="How many axes it names.")


@router.get("/targets", responses=may_fail())
def list_plan_targets(
    call: Reading,
    year: Annotated[
        int | None, Query(ge=2000, le=2100, description="Every year unless given.", examples=[2030])
    ] = None,
    plan: Asked = None,
) -> PageOut[TargetOut]:
    """A plan's figures by year, measure, scope and name."""
    found = queries.targets(call.session, plan=asked_plan(call, plan), year=year)
    return PageOut(items=[TargetOut.model_validate(target) for target in found], next=None)


@router.post(
    "/targets",
    status_code=201,
    response_model=PlanLoadedOut,
    responses=may_fail(Malformed, Conflict, Refused),
)
def load_plan_targets(
    *,
    file: SentFigures,
    plan: Annotated[Name, Form(examples=["RAU_2035"])],
    legal_ref: Annotated[Name, Form(examples=["Quyết định 01/QĐ-UBND ngày 02/01/2031"])],
    call: Writing,
    once: OnceDep,
    in_force_on: InForceOn = None,
    axes: SentAxes = None,
) -> Response:
    """Load a newer plan beside the old ones: every figure, or none and what is wrong with each cell."""
    sent = (file.file.read(), file.filename or "")
    beside = (axes.file.read(), axes.filename or "") if axes else None
    rows, lying = read_plan(sent[0], filename=sent[1]), axis_rows(sent, beside)

    def effect() -> tuple[BaseModel, dict[str, str]]:
        loaded = load_plan(
            call.session,
            rows,
            plan=plan,
            legal_ref=legal_ref,
            in_force_on=in_force_on,
            by=call.actor,
            now=call.now,
            axes=lying,
        )
        _refuse_cells(loaded)
        where = f"/api/v1/plan/targets?plan={loaded.plan}"
        return PlanLoadedOut.model_validate(loaded), {"Location": where}

    return once(effect)


@router.get("/inconsistencies", responses=may_fail())
def list_plan_inconsistencies(call: Reading, plan: Asked = None) -> PageOut[InconsistencyOut]:
    """Where a plan disagrees with itself, worked out from its own rows: always one page."""
    found = inconsistencies(call.session, asked_plan(call, plan))
    return PageOut(items=[InconsistencyOut.of(one, call.language) for one in found], next=None)


@router.get("/axes", responses=may_fail())
def list_plan_axes(call: Reading, plan: Asked = None) -> PageOut[AxisOut]:
    """The axes of a plan, or those that count today, with their places before 1 July 2025 and crops."""
    counting = plan_with_axes(call.session, asked_plan(call, plan), call.today)
    found = axes_of(call.session, plan or counting)
    return PageOut(items=[AxisOut.of(one, call.language) for one in found], next=None)


@router.get("/compared", responses=may_fail())
def compare_plan(
    call: Reading, steps: StepsDep, year: Year, plan: Asked = None
) -> PageOut[ComparedOut]:
    """Every target against the figures of a year: of the year itself, else of the plan's next one."""
    freshen(call.session, steps, call.now)
    found = plan_vs_actual(call.session, asked_plan(call, plan, year), year)
    return PageOut(items=[ComparedOut.of(one) for one in found], next=None)


def asked_plan(call: Call, plan: str | None, year: int | None = None) -> str:
    """The plan that is meant: the named one, else the one in force at the end of the year, or today."""
    return plan or plan_of_year(call.session, year or call.today.year, call.today)


def _refuse_cells(loaded: PlanLoaded) -> None:
    if loaded.errors:
        faults = [FieldError(one.place, one.why) for one in loaded.errors]
        why = say("{count} cells cannot be read; nothing was loaded.", count=len(faults))
        raise Refused(why, *faults)
