"""Following lots: one box that takes any code; the answer drawn, as a table and as files."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.deps import Call, Config, Reading
from app.errors import DomainError, refuse
from app.exchange.workbook_writing import csv_text, sheet
from app.kit.messages import say
from app.labels.keys import KeyRing
from app.labels.run_files import keys_in
from app.models.accounts import Role
from app.models.lots import LotState
from app.recalls.leading import OFFICIALS
from app.tracing.place_queries import placed
from app.tracing.start_queries import Asked
from app.tracing.traces import Trace, Way, trace
from app.tracing.whereabouts import accounted, percent_accounted
from app.web.movement_words import DELIVERIES
from app.web.pages import refusal_of, show
from app.web.trace_drawing import drawn
from app.web.trace_files import headings, rows
from app.web.trace_map import map_of
from app.web.trace_pdf import trace_pdf
from app.web.trace_words import CUTS, HOLDING_STATES, STARTS_CUT, WAYS, label_said

router = APIRouter(include_in_schema=False)

MOST_ROWS = 300
MOST_HOMES = 8
MOST_DELIVERIES = 100
_STOPPED = (LotState.RECALLED, LotState.WITHDRAWN)
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
    PDF = "pdf"


@router.get("/desk/trace")
def desk_trace_page(
    request: Request,
    call: Reading,
    question: Question,
    config: Config,
) -> Response:
    """Any lot of the province, all the way."""
    return _page(request, call, question, keys_in(config.data_dir))


@router.get("/work/trace")
def trace_page(
    request: Request,
    call: Reading,
    question: Question,
    config: Config,
) -> Response:
    """Own lots, and one step to partners."""
    return _page(request, call, question, keys_in(config.data_dir))


@router.get("/desk/trace/file.{kind}")
def desk_trace_file(
    call: Reading,
    kind: FileKind,
    question: Question,
    config: Config,
) -> Response:
    """The whole table of a trace."""
    return _file(call, kind, _told(call, question, keys_in(config.data_dir)), question)


@router.get("/work/trace/file.{kind}")
def trace_file(
    call: Reading,
    kind: FileKind,
    question: Question,
    config: Config,
) -> Response:
    """The same of what an organisation sees."""
    return _file(call, kind, _told(call, question, keys_in(config.data_dir)), question)


def _page(request: Request, call: Call, question: TypedQuestion, keys: KeyRing) -> Response:
    home = "/desk" if request.url.path.startswith("/desk") else "/work"
    context: dict[str, Any] = {
        "told": None,
        "home": home,
        "typed": question.model_dump(),
        "way_words": [(way, call.language.say(said)) for way, said in WAYS.items()],
    }
    status = 200
    if question.q.strip() or question.since or question.until:
        try:
            told = _told(call, question, keys)
            context |= _shown(call, told) | {"recallable": _recallable(call, told)}
        except DomainError as refused:
            context["refusal"], status = refusal_of(refused), 422
    return show(request, call, "work/trace.html", status=status, **context)


def _shown(call: Call, told: Trace) -> dict[str, Any]:
    known, whole = accounted(told.places)
    places: dict[int, list[Any]] = {}
    for place in told.places:
        places.setdefault(place.lot_id, []).append(place)
    where = placed(call.session, told.found, told.places)
    cuts = [CUTS[told.found.cut.value]] if told.found.cut else []
    return {
        "told": told,
        "drawing": drawn(told.found),
        "where": where,
        "deliveries": told.deliveries[:MOST_DELIVERIES],
        "more": max(0, len(told.deliveries) - MOST_DELIVERIES),
        "delivery_words": DELIVERIES,
        "map": map_of(where),
        "lots": list(told.found.lots.values())[:MOST_ROWS],
        "places": places,
        "holding_words": HOLDING_STATES,
        "known": known,
        "whole": whole,
        "percent": percent_accounted(told.places),
        "label_said": label_said(told.label) if told.label else [],
        "cuts": [*([STARTS_CUT] if told.begun.more else []), *cuts],
    }


def _recallable(call: Call, told: Trace) -> list[tuple[str, str]]:
    """Whose lots it begins with, and one of them: a recall is of the goods of one organisation."""
    if call.caller.role not in (*OFFICIALS, Role.COOP_ADMIN):
        return []
    first: dict[int, str] = {}
    for key in told.begun.lots:
        lot = told.found.lots.get(key)
        if lot and lot.state not in _STOPPED and call.within.sees(lot.organisation_id):
            first.setdefault(lot.organisation_id, lot.code)
    found = [(told.names.organisations[home], code) for home, code in first.items()]
    return sorted(found)[:MOST_HOMES]


def _told(call: Call, question: TypedQuestion, keys: KeyRing) -> Trace:
    since, until = _day("since", question.since), _day("until", question.until)
    asked = Asked(question.q, since=since, until=until)
    chosen = Way(question.way) if question.way in set(Way) else Way.BOTH
    told = trace(call.session, asked, chosen, reach=call.within, keys=keys)
    for organisation in told.shown_buyers_of():
        call.saw(organisation, "buyers")
    return told


def _day(name: str, text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise refuse(name, say("This is not a day: {text}.", text=text)) from None


def _file(call: Call, kind: FileKind, told: Trace, question: TypedQuestion) -> Response:
    names, table = headings(call.language), rows(told, call.language)
    match kind:
        case FileKind.CSV:
            content, media = csv_text(names, table).encode(), "text/csv; charset=utf-8"
        case FileKind.PDF:
            days = " – ".join(day for day in (question.since, question.until) if day)
            asked = f"{question.q} {days}".strip()
            content = trace_pdf(told, asked, language=call.language, now=call.now)
            media = "application/pdf"
        case FileKind.XLSX:
            content, media = sheet(call.language.say(say("Trace")), names, table), XLSX
    headers = {
        "Content-Disposition": f'attachment; filename="truy-vet-{call.today:%Y-%m-%d}.{kind.value}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, media_type=media, headers=headers)
