"""Visits for tests: a whole sheet without fault, and what is made of it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.inspection.checklist_queries import checklist_on, items_of
from app.inspection.finding_queries import findings
from app.inspection.sheet import Sheet
from app.inspection.visit_commands import Bearer, save_sheet
from app.models.accounts import Role
from app.models.registry import Organisation
from app.models.visit_findings import FindingState, VisitFinding
from app.models.visits import InspectionVisit
from tests.given import Given

CHECKLIST = "planting_area"


def sheet_of(session: Session, given: Given, organisation: Organisation, **parts: Any) -> Sheet:
    """A sheet that may be finished as it is: everything conforms, two people signed."""
    slug = parts.pop("checklist", CHECKLIST)
    checklist = checklist_on(session, slug, given.day(0))
    items = items_of(session, [checklist.pk])[checklist.pk]
    fails = parts.pop("fails", ())
    chosen: dict[str, Any] = {
        "uid": uuid4(),
        "revision": 1,
        "organisation": organisation.uid,
        "checklist": slug,
        "edition": checklist.edition,
        "started_at": given.now - timedelta(hours=2),
        "finished_at": given.now - timedelta(minutes=5),
        "answers": [
            {"item": item.key, "outcome": "fails" if item.key in fails else "conforms"}
            for item in items
        ],
        "signatures": [
            {"signer": "inspector", "name": "Trần Văn Hải", "strokes": "M10 10L20 30"},
            {"signer": "host", "name": "Lý Thị Mẩy", "affirmed": True},
        ],
    }
    return Sheet.model_validate({**chosen, **parts})


def finding_of(**parts: Any) -> dict[str, Any]:
    """What is wrong, as a sheet says it."""
    return {
        "uid": str(uuid4()),
        "item": "condition",
        "severity": "critical",
        "words": "Mã số dùng cho rau mua từ nơi khác.",
        **parts,
    }


def visited(
    session: Session,
    given: Given,
    organisation: Organisation,
    caller: Caller | None = None,
    now: datetime | None = None,
    **parts: Any,
) -> InspectionVisit:
    """A visit that is finished, by an inspector."""
    sheet = sheet_of(session, given, organisation, **parts)
    bearer = Bearer(caller or given.caller(Role.INSPECTOR), now or given.now)
    return save_sheet(session, sheet=sheet, bearer=bearer)


def found_at(
    session: Session, given: Given, organisation: Organisation, **parts: Any
) -> VisitFinding:
    """One finding of a finished visit."""
    caller = parts.pop("caller", None)
    area = parts.pop("area", None)
    visit = visited(
        session,
        given,
        organisation,
        caller,
        area=area,
        fails=("condition",),
        findings=[finding_of(**parts)],
    )
    session.flush()
    [line] = findings(
        session,
        within=Reach.all(),
        today=given.day(0),
        states=tuple(FindingState),
        visit_id=visit.pk,
    ).items
    return line.finding
