"""The diary, as growers and clerks keep it: what was done, written in three taps, mended in the open."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, PageArgs, Reading, Writing
from app.diary import entry_commands as commands
from app.diary import entry_queries as queries
from app.diary.conflict_queries import open_conflicts
from app.diary.entry_queries import EntryFilter, EntryLine
from app.diary.photo_commands import add_photo
from app.diary.queries import PlantingLine, planting_by_uid
from app.diary.second_looks import looks_at_written
from app.diary.work_words import WORKS
from app.models.diary import DiaryEntry, Work
from app.registry.organisation_queries import organisation_by_id
from app.web.diary_forms import (
    INPUT_ROWS,
    WRITERS,
    clean_photos,
    copied,
    entry_typed,
    offered,
    picked,
    planting_names,
    unit_choices,
    work_choices,
)
from app.web.forms import Typed
from app.web.pages import Refusal, SentPhotos, TypedForm, show, submitted_once

router = APIRouter(prefix="/work/diary", include_in_schema=False)

LAST = 3


@router.get("")
def diary_page(
    request: Request,
    call: Reading,
    page: PageArgs,
    *,
    planting: UUID | None = None,
    work: str = "",
    late: bool = False,
) -> Response:
    """The last entries to repeat, the kinds of work, and what was written."""
    chosen = planting_by_uid(call.session, planting, within=call.within) if planting else None
    kind = Work(work) if work in set(Work) else None
    wanted = EntryFilter(planting=chosen, work=kind, back_dated=late, whole=chosen is not None)
    found = queries.entries(
        call.session, within=call.within, wanted=wanted, after=page.after, limit=20
    )
    return show(
        request,
        call,
        "work/diary.html",
        entries=found,
        **beside(call, found.items),
        last=_last(call),
        work=work if kind else "",
        late=late,
        planting=chosen,
        conflicts=open_conflicts(call.session, call.caller.organisation_id),
        may_write=call.caller.role in WRITERS,
    )


@router.get("/new")
def new_entry_page(
    request: Request,
    call: Reading,
    *,
    planting: UUID | None = None,
    work: str = "",
    like: UUID | None = None,
) -> Response:
    """The form, for today; `like` is an entry to repeat."""
    typed: dict[str, Any] = {"done_on": call.today.isoformat(), "work": work}
    if planting is not None:
        typed["planting"] = str(planting)
    if like is not None:
        typed = copied(call, queries.entry_line(call.session, like, within=call.within))
    return entry_form(request, call, typed)


@router.post("/new")
def write_entry_form(
    request: Request, call: Writing, typed: TypedForm, photos: SentPhotos
) -> Response:
    """Write, or say beside each field what cannot be."""

    def effect() -> str:
        pictures = clean_photos(photos)
        organisation = organisation_by_id(call.session, call.caller.organisation_id)
        entry = commands.write_entry(
            call.session, organisation=organisation, writing=entry_typed(typed), pen=pen_of(call)
        )
        for picture in pictures:
            add_photo(
                call.session,
                organisation=organisation,
                entry=entry.uid,
                photo=picture,
                pen=pen_of(call),
            )
        return _after(call, entry)

    answer = submitted_once(request, call, typed, effect)
    if isinstance(answer, Refusal):
        return entry_form(request, call, typed_again(typed), refusal=answer)
    return answer


def beside(call: Call, lines: tuple[EntryLine, ...]) -> dict[str, Any]:
    """What a list of entries shows beside them: inputs, photographs, second looks, words."""
    written = [line.entry for line in lines]
    return {
        "details": queries.details_of(call.session, [one.pk for one in written]),
        "looks": looks_at_written(call.session, written, today=call.today),
        "work_words": {work.value: words for work, words in WORKS.items()},
        "desk": call.within.everything,
    }


def pen_of(call: Call, batch: UUID | None = None) -> commands.Pen:
    """Who writes."""
    return commands.Pen(call.actor, call.now, call.caller.account_id, batch)


def _after(call: Call, entry: DiaryEntry) -> str:
    looks = looks_at_written(call.session, [entry], today=call.today).get(entry.pk)
    if looks:
        return f"/work/diary/entries/{entry.uid}?done=entry_written"
    return "/work/diary?done=entry_written"


def _last(call: Call) -> list[EntryLine]:
    """The last few things that can be repeated, each kind once."""
    if call.caller.role not in WRITERS:
        return []
    found = queries.entries(call.session, within=call.within, wanted=EntryFilter(), limit=30)
    standing = [line for line in found.items if line.planting.ended_on is None]
    kinds = {(line.entry.work, line.planting.pk): line for line in reversed(standing)}
    newest = sorted(kinds.values(), key=lambda line: line.entry.pk, reverse=True)
    return newest[:LAST]


def typed_again(typed: Typed) -> dict[str, Any]:
    """What was typed, ticked plots too, to be shown again."""
    return {**typed.fields, "plots": typed.several.get("plots", [])}


def entry_form(
    request: Request,
    call: Call,
    typed: dict[str, Any],
    *,
    refusal: Refusal | None = None,
    correcting: EntryLine | None = None,
) -> Response:
    """The form of an entry, with what was typed into it."""
    offers = offered(call, today=call.today)
    lines = offers.plantings
    if correcting is not None and correcting.planting.ended_on is not None:
        kept = PlantingLine(
            correcting.planting, correcting.area, correcting.crop, correcting.organisation
        )
        lines = (kept, *lines)
    wanted = str(typed.get("planting", ""))
    chosen = picked(lines, wanted)
    return show(
        request,
        call,
        "work/entry_form.html",
        status=422 if refusal else 200,
        typed=typed,
        refusal=refusal,
        correcting=correcting,
        lines=lines,
        planting_names=planting_names(lines, call.language.tag),
        chosen=chosen,
        plots=offers.plots.get(chosen.planting.pk, ()) if chosen else (),
        products=offers.products,
        growers=offers.growers,
        works=work_choices(call),
        units=unit_choices(),
        rows=INPUT_ROWS,
    )
