"""What an inspector's telephone sends in and asks for: sheets of visits, photographs, all it needs offline."""

import hashlib
import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Header, Response, UploadFile
from pydantic import ValidationError

from app.api.diary.sync import PhotoOut
from app.api.problems import FieldProblem, may_fail
from app.api.visit_shapes import (
    ChecklistOut,
    PlanOut,
    SheetsIn,
    SheetsOut,
    StartAreaOut,
    StartOrganisationOut,
    TakenOut,
    VisitStartOut,
)
from app.deps import Call, Reading, Writing
from app.errors import Conflict, Forbidden, Malformed, Refused
from app.inspection.sheet import Sheet
from app.inspection.start_queries import start_for
from app.inspection.visit_commands import Bearer, Taken, TakenKind, take_in_sheets
from app.inspection.visit_picture_commands import add_visit_picture
from app.inspection.words import UNCHECKED
from app.kit.messages import say
from app.pictures.cleaning import cleaned_picture

router = APIRouter(prefix="/inspection", tags=["inspection"])

# Changes when the shape does, so that every telephone asks anew.
START_VERSION = "1"


@router.post("/sync", responses=may_fail(Malformed))
def sync_visits(body: SheetsIn, call: Writing) -> SheetsOut:
    """Take in sheets of visits: each state once, in any order and repetition; the newest one counts."""
    if body.person != call.caller.account_uid:
        raise Forbidden(say("This queue belongs to somebody else, who must sign in to send it."))
    read = [_read(item) for item in body.items]
    bearer = Bearer(call.caller, call.now, body.sent_at)
    sheets = [one for one in read if isinstance(one, Sheet)]
    taken = iter(take_in_sheets(call.session, sheets=sheets, bearer=bearer))
    ordered = [one if isinstance(one, Taken) else next(taken) for one in read]
    return SheetsOut(items=[_told(call, one) for one in ordered], now=call.now)


@router.post("/photos", status_code=201, responses=may_fail(Conflict, Refused))
def add_visit_photo(
    entry: Annotated[UUID, Form(description="The `uid` of the visit it was taken on.")],
    file: Annotated[UploadFile, File(description="JPEG, PNG or WebP.")],
    call: Writing,
    response: Response,
    *,
    item: Annotated[str, Form(description="The item of the checklist it shows.")] = "",
) -> PhotoOut:
    """Add a photograph to a visit that arrived. Sent again it changes nothing and answers 200.

    409 while the visit has not arrived: send it again after the sheet.
    """
    picture, added = add_visit_picture(
        call.session,
        visit=entry,
        item=item[:40] or None,
        photo=cleaned_picture(file.file.read()),
        caller=call.caller,
        now=call.now,
    )
    if not added:
        response.status_code = 200
    return PhotoOut(picture=picture.uid, sha256=picture.sha256, sent_sha256=picture.sent_sha256)


@router.get("/start", response_model=VisitStartOut, responses=may_fail() | {304: {}})
def read_visit_start(
    call: Reading, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """All that a telephone needs to make visits offline; 304 while it is the same."""
    started = _start(call)
    said = json.dumps(started.model_dump(mode="json"), sort_keys=True)
    version = hashlib.sha256(f"{START_VERSION} {said}".encode()).hexdigest()[:20]
    headers = {"ETag": f'"{version}"', "Cache-Control": "private, no-cache"}
    if if_none_match is not None and f'"{version}"' in if_none_match:
        return Response(status_code=304, headers=headers)
    body = started.model_copy(update={"version": version}).model_dump_json()
    return Response(body, headers=headers, media_type="application/json")


def _start(call: Call) -> VisitStartOut:
    found = start_for(call.session, account_id=call.caller.account_id, today=call.today)
    language = call.language
    return VisitStartOut(
        version="",
        day=call.today,
        plans=[PlanOut.of(line, language) for line in found.plans],
        visits=list(found.sheets),
        checklists=[ChecklistOut.of(line, language.tag) for line in found.checklists],
        organisations=[
            StartOrganisationOut(
                organisation=one.uid,
                name=one.name,
                areas=[StartAreaOut(area=area.uid, name=area.name) for area in areas],
            )
            for one, areas in found.organisations
        ],
        days_to_mend={str(kind): days for kind, days in found.terms.days_to_mend.items()},
        unchecked=[language.say(one) for one in UNCHECKED],
    )


def _read(item: Any) -> Sheet | Taken:
    try:
        return Sheet.model_validate(item)
    except ValidationError as fault:
        field = str(next((name for one in fault.errors() for name in one["loc"]), ""))
        return _unreadable(item, field.encode("ascii", "replace").decode()[:40])


def _unreadable(item: Any, field: str) -> Taken:
    try:
        uid = UUID(str(item["uid"]))
    except (ValueError, KeyError, TypeError):
        uid = None
    why = say("This cannot be read as a visit. See {field}.", field=field)
    return Taken(TakenKind.REFUSED, uid, why=why)


def _told(call: Call, one: Taken) -> TakenOut:
    return TakenOut(
        uid=one.uid,
        outcome=one.kind,
        why=None if one.why is None else call.language.say(one.why),
        errors=[
            FieldProblem(at=fault.field, why=call.language.say(fault.why)) for fault in one.fields
        ],
        warnings=[],
    )
