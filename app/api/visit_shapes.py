"""Plans, visits and what a telephone needs for them, as they are written on the wire."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from app.api.problems import FieldProblem
from app.api.shapes import In, Out, Words
from app.inspection.checklist_queries import ChecklistLine
from app.inspection.plan_queries import PlanLine
from app.inspection.risk_queries import RiskLine
from app.inspection.risk_rules import Reason
from app.inspection.sheet import Sheet
from app.inspection.visit_commands import MOST_SHEETS, TakenKind
from app.inspection.visit_queries import VisitLine
from app.inspection.words import RISKS
from app.kit.i18n import Language
from app.models.catalogue import Confidence
from app.models.checklists import Severity
from app.models.visits import Outcome, PlanState, RiskKind, Signer


class ReasonOut(BaseModel):
    """One reason for a visit with its points."""

    kind: RiskKind
    words: str
    count: int
    points: int

    @classmethod
    def of(cls, reason: Reason, language: Language) -> "ReasonOut":
        return cls(
            kind=reason.kind,
            words=language.say(RISKS[reason.kind]),
            count=reason.count,
            points=reason.points,
        )


class RiskOut(BaseModel):
    """An organisation and how pressing a visit is."""

    organisation: UUID
    organisation_name: str
    score: int
    reasons: list[ReasonOut]
    last_visit: AwareDatetime | None
    planned: bool

    @classmethod
    def of(cls, line: RiskLine, language: Language) -> "RiskOut":
        return cls(
            organisation=line.organisation.uid,
            organisation_name=line.organisation.name,
            score=line.score,
            reasons=[ReasonOut.of(one, language) for one in line.reasons],
            last_visit=line.last_visit,
            planned=line.planned,
        )


class PlanIn(In):
    """A visit to plan. `checklist`: its slug; the edition of the day of the visit is used."""

    organisation: UUID
    checklist: str = Field(max_length=40, examples=["vietgap"])
    due_on: date
    area: UUID | None = None
    assigned: UUID | None = Field(default=None, description="The inspector's account.")
    note: Words = ""


class PlanOut(BaseModel):
    """A planned visit, with the reasons of the day it was planned."""

    uid: UUID
    organisation: UUID
    organisation_name: str
    area: UUID | None
    area_name: str | None
    checklist: str
    due_on: date
    assigned: UUID | None
    assigned_name: str | None
    score: int
    reasons: list[ReasonOut]
    note: str
    state: PlanState
    version: int

    @classmethod
    def of(cls, line: PlanLine, language: Language) -> "PlanOut":
        plan = line.plan
        return cls(
            uid=plan.uid,
            organisation=line.organisation.uid,
            organisation_name=line.organisation.name,
            area=line.area.uid if line.area else None,
            area_name=line.area.name if line.area else None,
            checklist=line.checklist.slug,
            due_on=plan.due_on,
            assigned=line.assigned.uid if line.assigned else None,
            assigned_name=line.assigned.display_name if line.assigned else None,
            score=plan.score,
            reasons=[ReasonOut.of(one, language) for one in line.reasons],
            note=plan.note,
            state=plan.state,
            version=plan.version,
        )


class ItemOut(Out):
    """One thing to look at. `demands`: a fault here must be a finding."""

    key: str
    clause: str
    text: str
    severity: Severity
    confidence: Confidence
    demands: bool


class ChecklistOut(BaseModel):
    """An edition of a checklist."""

    slug: str = Field(examples=["vietgap"])
    edition: int
    name: str
    legal_ref: str
    confidence: Confidence
    valid_from: date
    valid_to: date | None
    items: list[ItemOut]

    @classmethod
    def of(cls, line: ChecklistLine, tag: str) -> "ChecklistOut":
        one = line.checklist
        return cls(
            slug=one.slug,
            edition=one.edition,
            name=getattr(one, f"name_{tag}"),
            legal_ref=one.legal_ref,
            confidence=one.confidence,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            items=[
                ItemOut(
                    key=item.key,
                    clause=item.clause,
                    text=getattr(item, f"text_{tag}"),
                    severity=item.severity,
                    confidence=item.confidence,
                    demands=item.demands,
                )
                for item in line.items
            ],
        )


class ChecklistsOut(BaseModel):
    """The editions that visits of today are made by."""

    items: list[ChecklistOut]


class VisitLineOut(BaseModel):
    """A visit in a list. `finished_at` null: it goes on."""

    uid: UUID
    organisation: UUID
    organisation_name: str
    area: UUID | None
    checklist: str
    edition: int
    inspector_name: str
    started_at: AwareDatetime
    finished_at: AwareDatetime | None
    clock_doubted: bool
    revision: int
    version: int


def visit_told(line: VisitLine) -> dict[str, Any]:
    """What a list shows of a visit."""
    visit = line.visit
    return {
        "uid": visit.uid,
        "organisation": line.organisation.uid,
        "organisation_name": line.organisation.name,
        "area": line.area.uid if line.area else None,
        "checklist": line.checklist.slug,
        "edition": line.checklist.edition,
        "inspector_name": line.inspector.display_name,
        "started_at": visit.started_at,
        "finished_at": visit.finished_at,
        "clock_doubted": visit.clock_doubted,
        "revision": visit.revision,
        "version": visit.version,
    }


class AnswerOut(BaseModel):
    """What was seen at an item."""

    item: str
    outcome: Outcome
    note: str


class SignatureOut(Out):
    """A signature; `strokes` is an SVG path, empty where a typed name was affirmed."""

    signer: Signer
    name: str
    strokes: str
    signed_at: AwareDatetime


class VisitPictureOut(BaseModel):
    """A photograph of a visit, by `/pictures/{picture}`."""

    picture: UUID
    item: str | None


class VisitOut(VisitLineOut):
    """A visit. Of one that goes on, `draft` is the sheet as it stands."""

    note: str
    answers: list[AnswerOut]
    signatures: list[SignatureOut]
    pictures: list[VisitPictureOut]
    findings: list[UUID]
    samples: list[UUID]
    draft: Sheet | None


class SheetsIn(In):
    """Sheets that were written offline; one that cannot be read is refused by itself."""

    person: UUID = Field(
        description="The account whose queue this is (`/me`); another's is refused."
    )
    sent_at: AwareDatetime | None = Field(
        default=None,
        description="What the device's clock shows now; a wrong clock is noticed by it.",
    )
    items: list[Any] = Field(
        max_length=MOST_SHEETS,
        description="Each a `Sheet`.",
        json_schema_extra={"items": {"$ref": "#/components/schemas/Sheet"}},
    )


class TakenOut(BaseModel):
    """What became of a sheet: created, known (this state or a later one had arrived), or refused."""

    uid: UUID | None
    outcome: TakenKind
    why: str | None
    errors: list[FieldProblem]
    warnings: list[FieldProblem]


class SheetsOut(BaseModel):
    """The outcomes, in the order of the items."""

    items: list[TakenOut]
    now: AwareDatetime


class StartAreaOut(BaseModel):
    """An area of an organisation."""

    area: UUID
    name: str


class StartOrganisationOut(BaseModel):
    """Somebody one can visit."""

    organisation: UUID
    name: str
    areas: list[StartAreaOut]


class VisitStartOut(BaseModel):
    """Everything to make visits offline. `version` is the ETag without its quotes."""

    version: str
    day: date
    plans: list[PlanOut]
    visits: list[Sheet]
    checklists: list[ChecklistOut]
    organisations: list[StartOrganisationOut]
    days_to_mend: dict[str, int]
    unchecked: list[str] = Field(description="What is only checked when it is sent, in words.")
