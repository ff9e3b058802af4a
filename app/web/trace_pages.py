"""Following lots: one box that takes any code; the answer drawn, as a table and as files."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.deps import Call, Reading
from app.errors import DomainError, refuse
from app.exchange.workbook_writing import csv_text, sheet
from app.kit.messages import say
from app.tracing.start_queries import Asked
from app.tracing.traces import Trace, Way, trace
from app.tracing.whereabouts import accounted, percent_accounted, whose_buyers
from app.web.pages import refusal_of, show
from app.web.trace_drawing import drawn
from app.web.trace_files import headings, rows
from app.web.trace_words import CUTS, HOLDING_STATES, STARTS_CUT, WAYS

router = APIRouter(include_in_schema=False)

MOST_ROWS = 300
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TypedQuestion(BaseModel):
    """What was typed into the form of a trace: any code or name, which way, and days."""

    q: str = Field(default="", max_length=400)
    way: str = Field(default="", max_length=400)
    since: str = Field(default="", max_length=20)
    until: str = Field(default="", max_length=20)


Question = Annotated[TypedQuestion, Query()]


class FileKind(StrEnum):
    """As what a trace is downloaded."""

    XLSX = "xlsx"
    CSV = "csv"


@router.get("/desk/trace")
def desk_trace_page(
    request: Request,
    call: Reading,
    question: Question,
) -> Response:
    """Any lot of the province, all the way."""
    return _page(request, call, question)


@router.get("/work/trace")
def trace_page(
    request: Request,
    call: Reading,
    question: Question,
) -> Response:
    """Own lots, and one step to partners."""
    return _page(request, call, question)


@router.get("/desk/trace/file.{kind}")
def desk_trace_file(
    call: Reading,
    kind: FileKind,
    question: Question,
) -> Response:
    """The whole table of a trace."""
    return _file(call, kind, _told(call, question))


@router.get("/work/trace/file.{kind}")
def trace_file(
    call: Reading,
    kind: FileKind,
    question: Question,
) -> Response:
    """The same of what an organisation sees."""
    return _file(call, kind, _told(call, question))


def _page(request: Request, call: Call, question: TypedQuestion) -> Response:
    home = "/desk" if request.url.path.startswith("/desk") else "/work"
    context: dict[str, Any] = {
        "told": None,
        "home": home,
        "typed": question.model_dump(),
        "way_words": WAYS,
    }
    status = 200
    if question.q.strip() or question.since or question.until:
        try:
            context |= _shown(_told(call, question))
        except DomainError as refused:
            context["refusal"], status = refusal_of(refused), 422
    return show(request, call, "work/trace.html", status=status, **context)


def _shown(told: Trace) -> dict[str, Any]:
    known, whole = accounted(told.places)
    places: dict[int, list[Any]] = {}
    for place in told.places:
        places.setdefault(place.lot_id, []).append(place)
    cuts = [CUTS[told.found.cut.value]] if told.found.cut else []
    return {
        "told": told,
        "drawing": drawn(told.found),
        "lots": list(told.found.lots.values())[:MOST_ROWS],
        "places": places,
        "holding_words": HOLDING_STATES,
        "known": known,
        "whole": whole,
        "percent": percent_accounted(told.places),
        "cuts": [*([STARTS_CUT] if told.begun.more else []), *cuts],
    }


def _told(call: Call, question: TypedQuestion) -> Trace:
    since, until = _day("since", question.since), _day("until", question.until)
    asked = Asked(question.q, since=since, until=until)
    chosen = Way(question.way) if question.way in set(Way) else Way.BOTH
    told = trace(call.session, asked, chosen, reach=call.within)
    for organisation in whose_buyers(told.places):
        call.saw(organisation, "buyers")
    return told


def _day(name: str, text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise refuse(name, say("This is not a day: {text}.", text=text)) from None


def _file(call: Call, kind: FileKind, told: Trace) -> Response:
    names, table = headings(call.language), rows(told, call.language)
    if kind is FileKind.CSV:
        content, media = csv_text(names, table).encode(), "text/csv; charset=utf-8"
    else:
        content, media = sheet(call.language.say(say("Trace")), names, table), XLSX
    headers = {
        "Content-Disposition": f'attachment; filename="truy-vet-{call.today:%Y-%m-%d}.{kind.value}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=media, headers=headers)
