"""Open data: aggregates as CSV and JSON at addresses that stay, a catalogue, and a page that explains them."""

import io
import json
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.deps import Call, Config, Reading
from app.errors import NotFound
from app.kit.i18n import LANGUAGES, language
from app.kit.messages import Message, say
from app.plan.open_data import (
    DATA_SETS,
    KINDS,
    DataSet,
    OpenTable,
    licence_on,
    open_table,
    open_years,
)
from app.registry.downloads import write_csv
from app.settings import Settings
from app.web.pages import show

router = APIRouter(include_in_schema=False)

CACHE = "public, max-age=3600"
KEPT_FOR = timedelta(minutes=10)
Held = dict[tuple[str, int], tuple[datetime, OpenTable]]
_MAKING = Lock()
MOST_KEPT = 60
MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
AMOUNTS = [name for pair in KINDS.values() for name in pair]
# Names in the files stay as they are whoever asks: the province's own.
NAMES_IN = "vi"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
}
PUBLISHER = say("Department of Agriculture and Environment of Lào Cai province")
TITLE = say("Open data on safe vegetables in Lào Cai")


@router.get("/open")
def open_data_page(request: Request, call: Reading, config: Config) -> Response:
    """What there is, under which licence, and what is left out."""
    years = open_years(call.session)
    newest = years[0] if years else call.today.year
    table = _kept(request, call, DATA_SETS["districts"], newest)
    page = show(
        request,
        call,
        "public/open_data.html",
        sets=DATA_SETS.values(),
        years=years,
        licence=licence_on(call.session, call.today),
        table=table,
        base_url=config.base_url,
    )
    if call.known is None:
        page.headers["Cache-Control"] = "public, max-age=0, s-maxage=60, must-revalidate"
    return page


@router.get("/open/catalog.json")
def open_data_catalogue(call: Reading, config: Config) -> Response:
    """The catalogue for machines: DCAT 3 as JSON-LD."""
    licence = licence_on(call.session, call.today)
    years = open_years(call.session)
    whole = {
        "@context": CONTEXT,
        "@id": f"{config.base_url}/open",
        "@type": "dcat:Catalog",
        "dct:title": _told(TITLE),
        "dct:publisher": {"@type": "foaf:Organization", "foaf:name": _told(PUBLISHER)},
        "dct:license": {"@id": licence},
        "dcat:dataset": [_described(data, years, licence, config) for data in DATA_SETS.values()],
    }
    body = json.dumps(whole, ensure_ascii=False, indent=1)
    return Response(body, media_type="application/ld+json", headers=_headers())


@router.get("/open/{slug}/{year}.{ending}")
def open_data_file(request: Request, call: Reading, slug: str, year: str, ending: str) -> Response:
    """One table of one year."""
    data = DATA_SETS.get(slug)
    known = {str(one): one for one in open_years(call.session)}
    if data is None or year not in known or ending not in MEDIA:
        raise NotFound(say("There is no such page."))
    table = _kept(request, call, data, known[year])
    licence = licence_on(call.session, call.today)
    body = _csv(table) if ending == "csv" else _json(table, licence)
    name = f"rau-an-toan-{slug}-{year}.{ending}"
    headers = {**_headers(), "Content-Disposition": f'inline; filename="{name}"'}
    if licence:
        headers["Link"] = f'<{licence}>; rel="license"'
    return Response(body, media_type=MEDIA[ending], headers=headers)


def _headers() -> dict[str, str]:
    return {"Cache-Control": CACHE, "Access-Control-Allow-Origin": "*"}


def _kept(request: Request, call: Call, data: DataSet, year: int) -> OpenTable:
    """A table, made anew at most every ten minutes and by one at a time: a crowd costs nothing."""
    found = _fresh(request, call, data, year)
    if found is not None:
        return found
    with _MAKING:
        found = _fresh(request, call, data, year)
        if found is None:
            found = open_table(call.session, data, year, day=call.today, language=NAMES_IN)
            held = _held(request)
            if len(held) >= MOST_KEPT:
                held.clear()
            held[data.slug, year] = call.now, found
        return found


def _fresh(request: Request, call: Call, data: DataSet, year: int) -> OpenTable | None:
    made = _held(request).get((data.slug, year))
    return made[1] if made is not None and made[0] <= call.now < made[0] + KEPT_FOR else None


def _held(request: Request) -> Held:
    state = request.app.state
    held: Held | None = getattr(state, "open_tables", None)
    if held is None:
        held = state.open_tables = {}
    return held


def _csv(table: OpenTable) -> bytes:
    out = io.BytesIO()
    total = ["", _name(say("Total")), *(_cell(table.total.get(name)) for name in _columns(table))]
    rows = [
        [row.key, _name(row.name), *(_cell(row.amounts.get(name)) for name in _columns(table))]
        for row in table.rows
    ]
    write_csv(out, ["key", "name", *_columns(table)], [*rows, total])
    return out.getvalue()


def _json(table: OpenTable, licence: str) -> bytes:
    whole = {
        "dataset": table.data.slug,
        "title": _name(table.data.title),
        "year": table.year,
        "licence": licence,
        "demonstration": table.demonstration,
        "hidden": {
            "means": "null",
            "fewer_contributors_than": table.threshold.smallest,
            "or_one_with_more_than_percent": table.threshold.dominance_percent,
        },
        "rows": [
            {
                "key": row.key,
                "name": _name(row.name),
                **{name: row.amounts.get(name) for name in _columns(table)},
            }
            for row in table.rows
        ],
        "total": {name: table.total.get(name) for name in _columns(table)},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def _columns(table: OpenTable) -> list[str]:
    """By crop there is no land: the same land bears several crops."""
    return [name for name in AMOUNTS if name in table.total]


def _cell(amount: int | None) -> int | str:
    return "" if amount is None else amount


def _name(name: str | Message) -> str:
    return language(NAMES_IN).say(name) if isinstance(name, Message) else name


def _told(message: Message) -> list[dict[str, str]]:
    return [{"@language": tag, "@value": language(tag).say(message)} for tag in LANGUAGES]


def _described(data: DataSet, years: list[int], licence: str, config: Settings) -> dict[str, Any]:
    address = f"{config.base_url}/open/{data.slug}"
    return {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": data.slug,
        "dct:title": _told(data.title),
        "dct:description": _told(data.about),
        "dct:license": {"@id": licence},
        "dct:accrualPeriodicity": {"@id": "http://purl.org/cld/freq/daily"},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": str(year),
                "dcat:downloadURL": {"@id": f"{address}/{year}.{ending}"},
                "dcat:mediaType": media.partition(";")[0],
                "dct:license": {"@id": licence},
            }
            for year in years
            for ending, media in MEDIA.items()
        ],
    }
