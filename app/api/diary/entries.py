"""Entries on the wire: write, correct, note a mistake, read, many at once."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from app.api.diary.shapes import EntryIn, EntryOut, EntryToldOut, entry_out, entry_told
from app.api.diary.sync import ItemOut, items_out
from app.api.paging import PageOut
from app.api.problems import may_fail
from app.api.shapes import In, Words
from app.deps import Call, OnceDep, PageArgs, Reading, Writing, etag
from app.diary import entry_commands as commands
from app.diary import entry_queries as queries
from app.diary.queries import PlantingLine, planting_by_uid
from app.diary.second_looks import second_looks
from app.diary.sync_commands import MOST_ITEMS, take_in
from app.errors import Conflict, Malformed, NotFound, Refused
from app.models.base import new_uid
from app.models.diary import DiaryEntry, Work
from app.registry.organisation_queries import organisation_by_id

router = APIRouter(prefix="/diary/entries")

WRITING = may_fail(Malformed, NotFound, Conflict, Refused)


class VoidingIn(In):
    """Why an entry is a mistake."""

    reason: Words = Field(examples=["Ghi nhầm thửa."])


class ManyIn(In):
    """Entries of many plantings, as a clerk enters them at once."""

    items: list[EntryIn] = Field(min_length=1, max_length=MOST_ITEMS)


class ManyOut(BaseModel):
    """What became of each, in the order sent; those that were refused can be sent again."""

    batch: UUID
    items: list[ItemOut]


@router.get("", responses=may_fail(Malformed, NotFound))
def list_entries(
    call: Reading,
    page: PageArgs,
    *,
    planting: UUID | None = None,
    work: Work | None = None,
    since: date | None = None,
    until: date | None = None,
    back_dated: bool = False,
    whole: Annotated[bool, Query(description="Corrected and void ones too.")] = False,
) -> PageOut[EntryOut]:
    """Entries by the day they were done on, newest first."""
    chosen = planting_by_uid(call.session, planting, within=call.within) if planting else None
    wanted = queries.EntryFilter(chosen, None, work, since, until, back_dated, whole)
    found = queries.entries(
        call.session, within=call.within, wanted=wanted, after=page.after, limit=page.limit
    )
    details = queries.details_of(call.session, [line.entry.pk for line in found.items])
    items = [entry_out(line, details[line.entry.pk]) for line in found.items]
    for line in found.items:
        call.saw(line.entry.organisation_id, "diary")
    return PageOut(items=items, next=found.next)


@router.post("", status_code=201, response_model=EntryToldOut, responses=WRITING)
def write_entry(body: EntryIn, call: Writing, once: OnceDep) -> Response:
    """Write one entry. What is odd is written all the same, and said; what cannot be is refused."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        entry = commands.write_entry(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            writing=body.writing(),
            pen=pen_of(call),
        )
        return _told(call, entry), {"Location": f"/api/v1/diary/entries/{entry.uid}"}

    return once(effect)


@router.post("/many", response_model=ManyOut, responses=may_fail(Malformed))
def write_many(body: ManyIn, call: Writing, once: OnceDep) -> Response:
    """Write for many plantings at once; each item has its own outcome."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        batch = new_uid()
        outcomes = take_in(
            call.session,
            organisation=organisation_by_id(call.session, call.caller.organisation_id),
            items=[item.writing() for item in body.items],
            pen=pen_of(call, batch),
        )
        return ManyOut(batch=batch, items=items_out(call, outcomes)), {}

    return once(effect, status=200)


@router.get("/{entry}", responses=may_fail(NotFound))
def read_entry(entry: UUID, call: Reading, response: Response) -> EntryToldOut:
    """One entry, with what deserves a second look."""
    line = queries.entry_line(call.session, entry, within=call.within)
    call.saw(line.entry.organisation_id, "entry", entry)
    response.headers["ETag"] = etag(line.entry.version)
    return _told(call, line.entry)


@router.get("/{entry}/versions", responses=may_fail(NotFound))
def list_entry_versions(entry: UUID, call: Reading) -> list[EntryOut]:
    """Every version of what an entry says, the first one first."""
    line = queries.entry_line(call.session, entry, within=call.within)
    call.saw(line.entry.organisation_id, "entry", entry)
    versions = queries.versions_of(call.session, line.entry)
    details = queries.details_of(call.session, [one.pk for one in versions])
    lines = [queries.entry_line(call.session, one.uid, within=call.within) for one in versions]
    return [entry_out(one, details[one.entry.pk]) for one in lines]


@router.post("/{entry}/correct", status_code=201, response_model=EntryToldOut, responses=WRITING)
def correct_entry(entry: UUID, body: EntryIn, call: Writing, once: OnceDep) -> Response:
    """Let another entry take the place of one. The original is kept; a lost race is a conflict (409)."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        line = queries.entry_line(call.session, entry, within=call.within)
        made = commands.correct_entry(
            call.session, entry=line.entry, writing=body.writing(), pen=pen_of(call)
        )
        return _told(call, made), {"Location": f"/api/v1/diary/entries/{made.uid}"}

    return once(effect)


@router.post("/{entry}/void", status_code=201, response_model=EntryToldOut, responses=WRITING)
def void_entry(entry: UUID, body: VoidingIn, call: Writing, once: OnceDep) -> Response:
    """Note that an entry is a mistake: what it says never happened. It is kept."""

    def effect() -> tuple[BaseModel, dict[str, str]]:
        line = queries.entry_line(call.session, entry, within=call.within)
        made = commands.void_entry(
            call.session, entry=line.entry, reason=body.reason, pen=pen_of(call)
        )
        return _told(call, made), {"Location": f"/api/v1/diary/entries/{made.uid}"}

    return once(effect)


def pen_of(call: Call, batch: UUID | None = None) -> commands.Pen:
    """Who writes."""
    return commands.Pen(call.actor, call.now, call.caller.account_id, batch)


def _told(call: Call, entry: DiaryEntry) -> EntryToldOut:
    line = queries.entry_line(call.session, entry.uid, within=call.within)
    details = queries.details_of(call.session, [entry.pk])[entry.pk]
    planting = PlantingLine(line.planting, line.area, line.crop, line.organisation)
    looks = second_looks(call.session, planting, [entry], today=call.today)[entry.pk]
    return entry_told(line, details, looks, call.language)
