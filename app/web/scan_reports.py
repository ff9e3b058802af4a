"""The pages about scans, for the cooperative and for the desk: how often, what, where; what is unusual."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import QueryParams

from app.deps import Call
from app.errors import FieldError
from app.kit.messages import Message, say
from app.models.registry import Organisation
from app.models.scans import AlertOutcome
from app.places.queries import address_of
from app.registry.downloads import Cell, write_csv
from app.registry.organisation_queries import organisation_by_uid
from app.scans import alert_commands
from app.scans.alert_queries import AlertLine, alert_by_uid, alerts, pattern_of
from app.scans.limit_queries import limits_on
from app.scans.report_queries import (
    LONGEST,
    PlaceCount,
    Question,
    answers_by_place,
    scans_by_day,
    scans_by_goods,
    scans_by_lot,
)
from app.scans.words import OUTCOMES, SIGNS
from app.web.charts import day_chart, filled
from app.web.forms import Typed
from app.web.pages import Refusal, go_to, show, tried

USUAL_DAYS = 30
MOST_LOTS = 20
MOST_ALERTS = 20
LEAST_DAYS = 14
WHOLE = {
    "day": (say("Day"), say("Look-ups"), say("Telephones")),
    "lot": (say("Lot"), say("Goods"), say("Organisation"), say("Look-ups"), say("Telephones")),
    "product": (say("Goods"), say("Look-ups"), say("Telephones")),
    "place": (say("Place"), say("Code"), say("Answers")),
}


@dataclass(frozen=True)
class Wanted:
    """What a page is asked to show, of which organisation (None: all in reach)."""

    asked: Question
    organisation: Organisation | None = None
    fault: FieldError | None = None


def wanted_of(call: Call, query: QueryParams) -> Wanted:
    """The days of the address, else the last 30; what makes no sense is said, not obeyed."""
    usual = call.today - timedelta(days=USUAL_DAYS - 1), call.today
    typed = Typed({name: query.get(name, "") for name in ("first", "last")}, {})
    last = typed.day("last") or usual[1]
    first = typed.day("first") or min(usual[0], last)
    fault = typed.faults[0] if typed.faults else _fault(first, last)
    first, last = usual if fault else (first, last)
    organisation = _organisation(call, query.get("organisation", ""))
    key = organisation.pk if organisation else None
    return Wanted(Question(first, last, call.within, key), organisation, fault)


def report_page(request: Request, call: Call, *, home: str) -> Response:
    """Everything of a period on one page, with what is unusual before it."""
    wanted = wanted_of(call, request.query_params)
    days = scans_by_day(call.session, wanted.asked)
    return show(
        request,
        call,
        "work/scans.html",
        status=422 if wanted.fault else 200,
        home=home,
        wanted=wanted,
        query=_query(wanted),
        chart=day_chart(days),
        days=days,
        goods=scans_by_goods(call.session, wanted.asked),
        lots=scans_by_lot(call.session, wanted.asked, limit=MOST_LOTS),
        places=answers_by_place(call.session, wanted.asked, smallest=_smallest(call)),
        smallest=_smallest(call),
        place_name=place_name,
        alerts=alerts(
            call.session,
            within=call.within,
            open_only=True,
            organisation_id=wanted.asked.organisation_id,
            limit=MOST_ALERTS,
        ),
        signs=SIGNS,
    )


def report_csv(request: Request, call: Call) -> Response:
    """One of the tables as a file; no cell begins as a formula does."""
    wanted = wanted_of(call, request.query_params)
    kind = request.query_params.get("by", "day")
    kind = kind if kind in WHOLE else "day"
    out = io.BytesIO()
    headings = [call.language.say(heading) for heading in WHOLE[kind]]
    write_csv(out, headings, _rows(call, wanted, kind))
    period = f"{wanted.asked.first:%Y%m%d}-{wanted.asked.last:%Y%m%d}"
    headers = {
        "Content-Disposition": f'attachment; filename="scans-{kind}-{period}.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(out.getvalue(), headers=headers, media_type="text/csv; charset=utf-8")


def alerts_page(request: Request, call: Call, after: str | None, *, home: str) -> Response:
    """Every alert, newest first, closed ones too."""
    return show(
        request,
        call,
        "work/scan_alerts.html",
        home=home,
        alerts=alerts(call.session, within=call.within, after=after, limit=MOST_ALERTS),
        signs=SIGNS,
        outcomes=OUTCOMES,
    )


def alert_page(
    request: Request,
    call: Call,
    uid: UUID,
    *,
    home: str,
    typed: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """One alert with the pattern behind it."""
    line = alert_by_uid(call.session, uid, within=call.within)
    pattern = pattern_of(call.session, line.alert, smallest=_smallest(call))
    return show(
        request,
        call,
        "work/scan_alert.html",
        status=422 if refusal else 200,
        home=home,
        line=line,
        pattern=pattern,
        chart=day_chart(filled(pattern.days, least=LEAST_DAYS)),
        smallest=_smallest(call),
        place_name=place_name,
        signs=SIGNS,
        outcomes=OUTCOMES,
        typed=typed or {},
        refusal=refusal,
    )


def close_alert(request: Request, call: Call, uid: UUID, typed: Typed, *, home: str) -> Response:
    """Say what it turned out to be."""

    def effect() -> None:
        line: AlertLine = alert_by_uid(call.session, uid, within=call.within)
        said = typed.raw("outcome")
        alert_commands.close_alert(
            call.session,
            alert=line.alert,
            outcome=AlertOutcome(said) if said in set(AlertOutcome) else AlertOutcome.UNCLEAR,
            reason=typed.raw("reason"),
            by=call.actor,
            now=call.now,
        )

    outcome = tried(call, effect)
    if isinstance(outcome, Refusal):
        return alert_page(request, call, uid, home=home, typed=typed.fields, refusal=outcome)
    return go_to(f"{home}/alerts/{uid}?done=alert_closed")


def place_name(place: PlaceCount) -> str:
    """A place as people call it: a province alone, a commune with its province."""
    return address_of(place.unit)


def _rows(call: Call, wanted: Wanted, kind: str) -> Iterable[Sequence[Cell]]:
    tag, few = call.language.tag, call.language.say(fewer_than(_smallest(call)))
    if kind == "lot":
        for lot in scans_by_lot(call.session, wanted.asked):
            goods = getattr(lot.crop, f"name_{tag}")
            yield lot.lot.code, goods, lot.organisation.name, lot.scans, lot.devices
    elif kind == "product":
        for goods in scans_by_goods(call.session, wanted.asked):
            yield goods.name(tag), goods.scans, goods.devices
    elif kind == "place":
        smallest = _smallest(call)
        for place in answers_by_place(call.session, wanted.asked, smallest=smallest):
            yield (
                place_name(place),
                place.unit.code,
                few if place.answers is None else place.answers,
            )
    else:
        for day in scans_by_day(call.session, wanted.asked):
            yield day.day.isoformat(), day.scans, day.devices


def fewer_than(smallest: int) -> Message:
    """What stands in the place of a number too small to be shown."""
    return say("fewer than {smallest}", smallest=smallest)


def _smallest(call: Call) -> int:
    return limits_on(call.session, call.today).smallest_cell


def _fault(first: date, last: date) -> FieldError | None:
    if last < first:
        return FieldError("last", say("The last day is before the first."))
    if last - first >= LONGEST:
        return FieldError("first", say("At most {days} days at once.", days=LONGEST.days))
    return None


def _organisation(call: Call, uid: str) -> Organisation | None:
    try:
        wanted = UUID(uid)
    except ValueError:
        return None
    return organisation_by_uid(call.session, wanted, within=call.within)


def _query(wanted: Wanted) -> str:
    chosen = f"&organisation={wanted.organisation.uid}" if wanted.organisation else ""
    return f"first={wanted.asked.first.isoformat()}&last={wanted.asked.last.isoformat()}{chosen}"
