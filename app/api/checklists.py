"""Editions of checklists on the wire: a new one is written, none is changed."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from app.api.problems import may_fail
from app.api.shapes import In, Words
from app.api.visit_shapes import ChecklistOut
from app.deps import OnceDep, Writing
from app.errors import Conflict, Malformed, NotFound, Refused
from app.inspection.checklist_commands import Edition, publish_edition
from app.inspection.checklist_queries import edition_of
from app.inspection.checklist_rules import MOST_ITEMS, Asked
from app.models.catalogue import Confidence
from app.models.checklists import Severity

router = APIRouter(prefix="/inspection/checklists", tags=["inspection"])


class AskedIn(In):
    """One thing to look at; without English or Chinese words the Vietnamese ones are shown."""

    key: str = Field(max_length=40, examples=["store_locked"])
    severity: Severity
    clause: str = Field(default="", max_length=120, examples=["TCVN 11892-1:2026, 3.2.4"])
    text_vi: Words = Field(examples=["Kho thuốc có khoá, chỉ người có trách nhiệm giữ chìa."])
    text_en: Words = ""
    text_zh: Words = ""


class EditionIn(In):
    """The next edition of a checklist, from today or a later day on."""

    valid_from: date
    legal_ref: str = Field(max_length=300, examples=["TCVN 11892-1:2026"])
    confidence: Confidence = Confidence.UNVERIFIED
    items: list[AskedIn] = Field(max_length=MOST_ITEMS)


@router.post(
    "/{checklist}/editions",
    status_code=201,
    response_model=ChecklistOut,
    responses=may_fail(Conflict, Malformed, NotFound, Refused),
)
def publish_checklist(
    checklist: Annotated[str, Path(max_length=40, examples=["vietgap"])],
    body: EditionIn,
    call: Writing,
    once: OnceDep,
) -> Response:
    """Write the next edition. Visits that were made keep the one they were made by."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        items = [Asked(**one.model_dump()) for one in body.items]
        edition = Edition(body.valid_from, body.legal_ref, body.confidence, items)
        made = publish_edition(call.session, checklist, edition, by=call.actor, now=call.now)
        line = edition_of(call.session, made.slug, made.edition)
        return ChecklistOut.of(line, call.language.tag), {}

    return once(effect)
