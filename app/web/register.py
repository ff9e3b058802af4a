"""The public register of planting-area codes: a list, a page a code, files; statistics for the desk."""

import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import IO, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from app.catalogue.queries import list_crops
from app.deps import Call, PageArgs, Reading
from app.errors import NotFound, refuse
from app.kit.i18n import Language
from app.kit.messages import Message, say
from app.kit.quantities import SquareMetres
from app.models.pages import PageKind
from app.models.registry import CodeStatus
from app.places.queries import address_of
from app.provenance.page_store import PageKey
from app.registry.codes import key_of
from app.registry.downloads import Cell, write_csv, write_geojson, write_xlsx
from app.registry.markets import market_said
from app.registry.register_queries import (
    MOST_ROWS,
    RegisterLine,
    Wanted,
    every_line,
    marks,
    register,
)
from app.registry.register_words import holder_said, wanted_of
from app.registry.statistics_queries import codes_by_commune, codes_by_district
from app.web.choices import commune_choices, market_choices
from app.web.kept_answer import fresh_answer, kept_answer
from app.web.page_drafts import draft_area, draft_area_on
from app.web.pages import show
from app.web.register_map import overview_of
from app.web.words import CODE_STATUS

router = APIRouter(include_in_schema=False)

PAGE = 25
CACHE = "public, max-age=0, s-maxage=60, must-revalidate"
PART = 1 << 16
LONGEST_TYPED = 120
FILTERS = ("q", "status", "market", "crop", "commune")
_CODE_LETTERS = re.compile(r"[^\w .\-/]")
HEADINGS: tuple[Message, ...] = (
    say("Code"),
    say("Market"),
    say("Status"),
    say("Issued on"),
    say("Crops"),
    say("Organisation"),
    say("Commune"),
    say("Address before 1 July 2025"),
    say("Area (ha)"),
    say("Area (m²)"),
    say("Longitude (rounded)"),
    say("Latitude (rounded)"),
)
TITLE = say("Register of planting-area codes")


@router.get("/register")
def register_page(request: Request, call: Reading, page: PageArgs) -> Response:
    """Every code that was ever given, found and filtered, with an overview of where they lie."""
    wanted = wanted_of(request.query_params)
    found = register(call.session, wanted, day=call.today, after=page.after, limit=PAGE)
    placed = marks(call.session, wanted, day=call.today)
    return _public(
        call,
        show(
            request,
            call,
            "public/register.html",
            lines=found,
            holders=[holder_said(line.holder) for line in found.items],
            overview=overview_of(placed),
            demonstration=any(line.holder.demonstration for line in found.items),
            typed={name: request.query_params.get(name, "") for name in FILTERS},
            query=_query(request),
            most=MOST_ROWS,
            **_choices(call),
        ),
    )


@router.get("/register.csv")
def register_csv(request: Request, call: Reading) -> Response:
    """The same as a table."""
    headings = [call.language.say(heading) for heading in HEADINGS]

    def write(out: IO[bytes], lines: Iterator[RegisterLine]) -> None:
        write_csv(out, headings, (_row(line, call.language) for line in lines))

    return _file(request, call, "csv", "text/csv; charset=utf-8", write)


@router.get("/register.xlsx")
def register_xlsx(request: Request, call: Reading) -> Response:
    """The same as a workbook."""
    headings = [call.language.say(heading) for heading in HEADINGS]

    def write(out: IO[bytes], lines: Iterator[RegisterLine]) -> None:
        rows = (_row(line, call.language) for line in lines)
        write_xlsx(out, call.language.say(TITLE), headings, rows)

    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(request, call, "xlsx", kind, write)


@router.get("/register.geojson")
def register_geojson(request: Request, call: Reading) -> Response:
    """The same as points of a map, rounded to 0.01°."""

    def write(out: IO[bytes], lines: Iterator[RegisterLine]) -> None:
        points = ((line.holder.position, _properties(line, call.language)) for line in lines)
        write_geojson(out, points)

    return _file(request, call, "geojson", "application/geo+json", write)


@router.get("/register/{code_key}")
def register_area_page(request: Request, call: Reading, code_key: str, on: str = "") -> Response:
    """One code: its area and every code of it, with what befell them; a helpful 404."""
    day = _day(on) or call.today
    key = PageKey(PageKind.AREA, key_of(code_key[:LONGEST_TYPED]))
    try:
        if day == call.today:
            return kept_answer(request, key, draft_area)
        return fresh_answer(request, call, key, draft_area_on(day))
    except NotFound:
        typed = _CODE_LETTERS.sub("", code_key)[:60]
        return show(request, call, "public/register_unknown.html", status=404, code=typed)


@router.get("/desk/statistics")
def statistics_page(
    request: Request, call: Reading, by: str = "district", on: str = ""
) -> Response:
    """Areas, hectares and codes: by former district for the plan, or by commune of today."""
    day = _day(on) or call.today
    by_commune = by == "commune"
    counted = codes_by_commune if by_commune else codes_by_district
    return show(
        request,
        call,
        "desk/statistics.html",
        told=counted(call.session, day),
        by="commune" if by_commune else "district",
        day=day,
        statuses=list(CodeStatus),
    )


def _choices(call: Call) -> dict[str, Any]:
    say_it, tag = call.language.say, call.language.tag
    return {
        "statuses": [(status.value, say_it(CODE_STATUS[status])) for status in CodeStatus],
        "markets": market_choices(call.language),
        "crops": [(crop.slug, getattr(crop, f"name_{tag}")) for crop in list_crops(call.session)],
        "communes": commune_choices(call.session, call.today),
    }


def _query(request: Request) -> str:
    """The filters as they go on to the next page and into the files."""
    chosen = {name: request.query_params.get(name, "") for name in FILTERS}
    return urlencode({name: value for name, value in chosen.items() if value})


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip()) if typed.strip() else None
    except ValueError:
        raise refuse("on", say("This is no day. Write it as year-month-day.")) from None


def _public(call: Call, page: Response) -> Response:
    if call.known is None:
        page.headers["Cache-Control"] = CACHE
    return page


def _file(
    request: Request,
    call: Call,
    ending: str,
    kind: str,
    write: Callable[[IO[bytes], Iterator[RegisterLine]], None],
) -> Response:
    """A file written to disk first: the database is not kept waiting for a slow reader."""
    wanted: Wanted = wanted_of(request.query_params)
    out = tempfile.TemporaryFile()  # noqa: SIM115  # closed when it has been sent
    write(out, every_line(call.session, wanted, day=call.today))
    length = out.seek(0, 2)
    out.seek(0)
    name = f"so-ma-so-vung-trong-{call.today.isoformat()}.{ending}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(length),
        "Cache-Control": CACHE if call.known is None else "private, no-store",
        "Vary": "Accept-Language, Cookie",
    }
    return StreamingResponse(_parts(out), headers=headers, media_type=kind)


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(PART):
            yield part


def _row(line: RegisterLine, language: Language) -> list[Cell]:
    holder = line.holder
    longitude, latitude = holder.position or (None, None)
    return [
        line.code.code,
        language.say(market_said(line.code.market)),
        language.say(CODE_STATUS[line.status]),
        language.date(line.code.issued_on),
        ", ".join(_crops(line, language)),
        language.say(holder_said(holder)),
        address_of(holder.commune, language.tag),
        address_of(holder.former, language.tag) if holder.former else "",
        SquareMetres(holder.area_m2).ha,
        holder.area_m2,
        _coordinate(longitude),
        _coordinate(latitude),
    ]


def _coordinate(degrees: float | None) -> Cell:
    return "" if degrees is None else Decimal(f"{degrees:.2f}")


def _crops(line: RegisterLine, language: Language) -> list[str]:
    return [str(getattr(crop, f"name_{language.tag}")) for crop in line.holder.crops]


def _properties(line: RegisterLine, language: Language) -> dict[str, Any]:
    holder = line.holder
    return {
        "code": line.code.code,
        "market": line.code.market,
        "status": line.status.value,
        "issued_on": line.code.issued_on.isoformat(),
        "crops": _crops(line, language),
        "organisation": language.say(holder_said(holder)),
        "commune": holder.commune.name,
        "commune_code": holder.commune.code,
        "former_place": address_of(holder.former, language.tag) if holder.former else None,
        "area_m2": holder.area_m2,
    }
