"""What a telephone sends in and asks for: batches of entries, photographs, all it needs offline."""

import hashlib
import json
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Form, Header, Response, UploadFile
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from app.api.diary.shapes import EntryIn, LookOut, looks_out
from app.api.diary.start import START_VERSION, StartOut, start_out
from app.api.problems import FieldProblem, may_fail
from app.api.shapes import In, Out
from app.deps import Call, Reading, Writing
from app.diary.entry_commands import Pen
from app.diary.photo_commands import add_photo
from app.diary.second_looks import looks_at_written
from app.diary.start_queries import start_for
from app.diary.sync_commands import MOST_ITEMS, Outcome, OutcomeKind, take_in
from app.errors import Conflict, Forbidden, Malformed, Refused
from app.kit.messages import say
from app.models.accounts import Role
from app.pictures.cleaning import cleaned_picture
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(prefix="/diary")


class SyncBatchIn(In):
    """A batch of what was written down offline, each item an `EntryIn` with `uid` and `written_at`.

    An item that cannot be read is refused by itself, and the others are taken in.
    """

    person: UUID = Field(
        description="The account whose queue this is (`/me`); another's is refused."
    )
    sent_at: AwareDatetime | None = Field(
        default=None,
        description="What the device's clock shows now; a wrong clock is noticed by it.",
    )
    items: list[Any] = Field(
        max_length=MOST_ITEMS,
        description="Each an `EntryIn`, with `uid` and `written_at`.",
        json_schema_extra={"items": {"$ref": "#/components/schemas/EntryIn"}},
    )


class ItemOut(Out):
    """What became of one item.

    created: written; known: it had arrived before; conflict: another version stands, both are kept;
    refused: it cannot be, `why` and `errors` say why, and it stays with the device to be mended;
    waiting: it corrects an entry that has not arrived yet, and is to be sent again after it.
    """

    uid: UUID | None
    outcome: OutcomeKind
    why: str | None
    errors: list[FieldProblem]
    conflict: UUID | None
    standing: UUID | None = Field(
        description="The entry that stands: of a conflict, the other one."
    )
    warnings: list[LookOut]


class SyncOut(BaseModel):
    """The outcomes, in the order of the items; `version` tells whether `/diary/start` changed."""

    items: list[ItemOut]
    now: AwareDatetime
    version: str


class PhotoOut(BaseModel):
    """A photograph that arrived. `sent_sha256` is of the bytes as they were sent."""

    picture: UUID
    sha256: str
    sent_sha256: str


@router.post("/sync", responses=may_fail(Malformed))
def sync_diary(body: SyncBatchIn, call: Writing) -> SyncOut:
    """Take in what was written offline: each item once, in any order and repetition."""
    if body.person != call.caller.account_uid:
        raise Forbidden(say("This queue belongs to somebody else, who must sign in to send it."))
    read = [_read(item) for item in body.items]
    writings = [one for one in read if isinstance(one, EntryIn)]
    outcomes = iter(
        take_in(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            items=[one.writing(sent_at=body.sent_at) for one in writings],
            pen=Pen(call.actor, call.now, call.caller.account_id),
        )
    )
    ordered = [one if isinstance(one, Outcome) else next(outcomes) for one in read]
    return SyncOut(items=items_out(call, ordered), now=call.now, version=_tag(_start(call)))


@router.post("/photos", status_code=201, responses=may_fail(Conflict, Refused))
def add_diary_photo(
    entry: Annotated[UUID, Form(description="The `uid` of the entry it shows.")],
    file: Annotated[UploadFile, File(description="JPEG, PNG or WebP.")],
    call: Writing,
    response: Response,
) -> PhotoOut:
    """Add a photograph to an entry that arrived. Sent again it changes nothing and answers 200.

    409 while the entry has not arrived: send it again after the entry.
    """
    kept = add_photo(
        call.session,
        organisation=organisation_by_id(call.session, call.caller.organisation_id),
        entry=entry,
        photo=cleaned_picture(file.file.read()),
        pen=Pen(call.actor, call.now, call.caller.account_id),
    )
    if not kept.added:
        response.status_code = 200
    return PhotoOut(
        picture=kept.picture.uid,
        sha256=kept.picture.sha256,
        sent_sha256=kept.picture.sent_sha256,
    )


@router.get("/start", response_model=StartOut, responses=may_fail() | {304: {}})
def read_diary_start(
    call: Reading, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """All that a telephone needs to work offline for whoever is signed in; 304 while it is the same."""
    started = _start(call)
    tag = f'"{_tag(started)}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if if_none_match is not None and tag in if_none_match:
        return Response(status_code=304, headers=headers)
    body = started.model_copy(update={"version": _tag(started)}).model_dump_json()
    return Response(body, headers=headers, media_type="application/json")


def items_out(call: Call, outcomes: Sequence[Outcome]) -> list[ItemOut]:
    """Outcomes in the reader's language, with what deserves a second look."""
    made = [one.entry for one in outcomes if one.kind is OutcomeKind.CREATED and one.entry]
    looks = looks_at_written(call.session, made, today=call.today)
    return [
        ItemOut(
            uid=one.uid,
            outcome=one.kind,
            why=None if one.why is None else call.language.say(one.why),
            errors=[
                FieldProblem(at=fault.field, why=call.language.say(fault.why))
                for fault in one.fields
            ],
            conflict=None if one.conflict is None else one.conflict.uid,
            standing=None if one.entry is None else one.entry.uid,
            warnings=looks_out(looks.get(one.entry.pk, ()) if one.entry else (), call.language),
        )
        for one in outcomes
    ]


def _read(item: Any) -> EntryIn | Outcome:
    try:
        read = EntryIn.model_validate(item)
    except ValidationError as fault:
        field = str(next((name for one in fault.errors() for name in one["loc"]), ""))
        return _unreadable(item, field.encode("ascii", "replace").decode()[:40])
    if read.uid is None or read.written_at is None:
        return _unreadable(item, "uid" if read.uid is None else "written_at")
    return read


def _unreadable(item: Any, field: str) -> Outcome:
    try:
        uid = UUID(str(item["uid"]))
    except (ValueError, KeyError, TypeError):
        uid = None
    why = say("This cannot be read as an entry. See {field}.", field=field)
    return Outcome(OutcomeKind.REFUSED, uid, why=why)


def _start(call: Call) -> StartOut:
    started = start_for(
        call.session,
        organisation_id=call.caller.organisation_id,
        account_id=call.caller.account_id,
        own_only=call.caller.role is Role.GROWER,
        today=call.today,
    )
    return start_out(call, started)


def _tag(started: StartOut) -> str:
    said = json.dumps(started.model_dump(mode="json", exclude={"version"}), sort_keys=True)
    return hashlib.sha256(f"{START_VERSION} {said}".encode()).hexdigest()[:20]
