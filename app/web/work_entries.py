"""One entry of the diary: its three times, its versions; corrected, or noted as a mistake; its photographs."""

from itertools import pairwise
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Reading, Writing
from app.diary import entry_commands as commands
from app.diary import entry_queries as queries
from app.diary.entry_queries import EntryLine
from app.diary.photo_commands import add_photo
from app.diary.second_looks import looks_at_written
from app.diary.work_words import WORKS
from app.diary.writing import content_of, differing
from app.registry.organisation_queries import organisation_by_id
from app.web.diary_forms import WRITERS, as_typed, clean_photos, entry_typed, plots_typed
from app.web.diary_words import FIELDS
from app.web.forms import Typed
from app.web.pages import Refusal, SentPhotos, TypedForm, show, submitted_once
from app.web.work_diary import entry_form, pen_of, typed_again

router = APIRouter(prefix="/work/diary", include_in_schema=False)


@router.get("/entries/{uid}")
def entry_page(request: Request, call: Reading, uid: UUID) -> Response:
    """One entry: its three times, its versions, what deserves a second look."""
    line = queries.entry_line(call.session, uid, within=call.within)
    call.saw(line.entry.organisation_id, "entry", uid)
    return _page(request, call, line)


@router.get("/entries/{uid}/correct")
def correct_entry_page(request: Request, call: Reading, uid: UUID) -> Response:
    """The form with what the entry says."""
    line = queries.entry_line(call.session, uid, within=call.within)
    writing = queries.writing_of(call.session, line.entry)
    typed = {**as_typed(writing), "plots": plots_typed(writing)}
    return entry_form(request, call, typed, correcting=line)


@router.post("/entries/{uid}/correct")
def correct_entry_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Let what was typed take the place of the entry, which is kept."""
    queries.entry_line(call.session, uid, within=call.within)

    def effect() -> str:
        line = queries.entry_line(call.session, uid, within=call.within)
        made = commands.correct_entry(
            call.session, entry=line.entry, writing=entry_typed(typed), pen=pen_of(call)
        )
        return f"/work/diary/entries/{made.uid}?done=entry_corrected"

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        line = queries.entry_line(call.session, uid, within=call.within)
        return entry_form(request, call, typed_again(typed), refusal=answer, correcting=line)
    return answer


@router.post("/entries/{uid}/void")
def void_entry_form(request: Request, call: Writing, uid: UUID, typed: TypedForm) -> Response:
    """Note that the entry is a mistake."""
    queries.entry_line(call.session, uid, within=call.within)

    def effect() -> str:
        line = queries.entry_line(call.session, uid, within=call.within)
        reason = typed.text("reason", longest=300, required=True)
        typed.done()
        made = commands.void_entry(call.session, entry=line.entry, reason=reason, pen=pen_of(call))
        return f"/work/diary/entries/{made.uid}?done=entry_voided"

    return _acted(request, call, uid, typed, effect)


@router.post("/entries/{uid}/photos")
def add_entry_photos_form(
    request: Request, call: Writing, uid: UUID, typed: TypedForm, photos: SentPhotos
) -> Response:
    """Add photographs to an entry."""
    queries.entry_line(call.session, uid, within=call.within)

    def effect() -> str:
        for picture in clean_photos(photos):
            add_photo(
                call.session,
                organisation=organisation_by_id(call.session, call.caller.organisation_id),
                entry=uid,
                photo=picture,
                pen=pen_of(call),
            )
        return f"/work/diary/entries/{uid}?done=saved"

    return _acted(request, call, uid, typed, effect)


def _acted(request: Request, call: Call, uid: UUID, typed: Typed, effect: Any) -> Response:
    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        line = queries.entry_line(call.session, uid, within=call.within)
        return _page(request, call, line, typed=typed.fields, refusal=answer)
    return answer


def _page(request: Request, call: Call, line: EntryLine, **again: Any) -> Response:
    versions = queries.versions_of(call.session, line.entry)
    details = queries.details_of(call.session, [one.pk for one in versions])
    contents = {one.pk: content_of(queries.writing_of(call.session, one)) for one in versions}
    changed = {
        later.pk: differing(contents[former.pk], contents[later.pk])
        for former, later in pairwise(versions)
    }
    looks = looks_at_written(call.session, versions, today=call.today)
    return show(
        request,
        call,
        "work/entry.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        versions=versions,
        details=details,
        contents=contents,
        changed=changed,
        looks=looks,
        work_words={work.value: words for work, words in WORKS.items()},
        field_words=FIELDS,
        may_write=call.caller.role in WRITERS,
        desk=call.within.everything,
        **again,
    )
