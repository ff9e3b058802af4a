"""Scans of goods on the wire: counts by lot and day, places, labels looked up in an unusual way."""

from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from app.api.paging import PageOut, page_out
from app.api.problems import may_fail
from app.api.shapes import In, Out, Words
from app.deps import (
    Call,
    ExpectedVersion,
    PageArgs,
    Reading,
    Writing,
    etag,
    require_version,
)
from app.errors import Conflict, Malformed, NotFound, Refused, StaleVersion, VersionRequired, refuse
from app.kit.i18n import Language
from app.kit.messages import say
from app.models.scans import AlertOutcome, LabelEvent
from app.places.queries import address_of
from app.scans import alert_commands
from app.scans.alert_queries import AlertLine, AlertPattern, alert_by_uid, alerts, pattern_of
from app.scans.limit_queries import limits_on
from app.scans.report_queries import (
    LONGEST,
    DayCount,
    LotDay,
    PlaceCount,
    Question,
    answers_by_place,
    lot_days,
)
from app.scans.rules import Sign
from app.scans.words import SIGNS

router = APIRouter(tags=["scans"])

USUAL_DAYS = 30
First = Annotated[date | None, Query(description="First day; 30 days back unless given.")]
Last = Annotated[date | None, Query(description="Last day, inclusive; today unless given.")]


class LotDayOut(Out):
    """How often a lot was looked up on a day. A telephone counts once a day and lot."""

    day: date
    lot: str = Field(examples=["LCJ6VNGGH6BCFNM"])
    crop: str = Field(examples=["BAP_CAI"])
    organisation: str
    scans: int
    devices: int

    @classmethod
    def of(cls, one: LotDay) -> "LotDayOut":
        return cls(
            day=one.day,
            lot=one.lot.code,
            crop=one.crop.slug,
            organisation=one.organisation.name,
            scans=one.scans,
            devices=one.devices,
        )


class PlaceOut(Out):
    """Where people said they bought; `answers` null: fewer than `fewer_than`."""

    code: str = Field(examples=["01"])
    level: str = Field(examples=["province"])
    name: str = Field(examples=["Thành phố Hà Nội"])
    answers: int | None
    fewer_than: int | None

    @classmethod
    def of(cls, place: PlaceCount, smallest: int) -> "PlaceOut":
        return cls(
            code=place.unit.code,
            level=place.unit.level.value,
            name=address_of(place.unit),
            answers=place.answers,
            fewer_than=smallest if place.answers is None else None,
        )


class AlertOut(Out):
    """A label that was looked up in an unusual way; `number` null: numbers that were never made here."""

    id: UUID
    lot: str
    number: int | None
    organisation: str
    signs: list[Sign]
    words: list[str]
    opened_at: datetime
    closed_at: datetime | None
    outcome: AlertOutcome | None
    reason: str

    @classmethod
    def of(cls, line: AlertLine, reader: Language) -> "AlertOut":
        return cls(**_plain(line, reader))


class DayOut(Out):
    """One day of one label."""

    day: date
    scans: int
    devices: int

    @classmethod
    def of(cls, one: DayCount) -> "DayOut":
        return cls(day=one.day, scans=one.scans, devices=one.devices)


class LabelMarkOut(Out):
    """That a shop sold, or somebody opened, the goods with the label."""

    event: LabelEvent
    shop: str | None
    marked_at: datetime


class AlertWholeOut(AlertOut):
    """The same with the pattern behind it."""

    days: list[DayOut]
    places: list[PlaceOut]
    marks: list[LabelMarkOut]

    @classmethod
    def of_whole(
        cls, line: AlertLine, pattern: AlertPattern, smallest: int, reader: Language
    ) -> "AlertWholeOut":
        return cls(
            **_plain(line, reader),
            days=[DayOut.of(one) for one in pattern.days],
            places=[PlaceOut.of(one, smallest) for one in pattern.places],
            marks=[
                LabelMarkOut(
                    event=told.mark.event, shop=told.shop or None, marked_at=told.mark.marked_at
                )
                for told in pattern.marks
            ],
        )


class CloseIn(In):
    """What an alert turned out to be. After `copied` the page of the label goes on warning."""

    outcome: AlertOutcome
    reason: Words = Field(examples=["Lớp học đi xem ruộng, cả lớp cùng quét một tem."])


@router.get("/scans", responses=may_fail(Malformed, Refused))
def list_scans(
    call: Reading, page: PageArgs, first: First = None, last: Last = None
) -> PageOut[LotDayOut]:
    """How often lots were looked up, by day and lot, newest day first."""
    asked = _asked(call, first, last)
    found = lot_days(call.session, asked, after=page.after, limit=page.limit)
    return page_out(found, LotDayOut.of)


@router.get("/scans/places", responses=may_fail(Refused))
def list_scan_places(call: Reading, first: First = None, last: Last = None) -> PageOut[PlaceOut]:
    """Where people said they bought, most answers first; small numbers are not told. One page holds all."""
    smallest = limits_on(call.session, call.today).smallest_cell
    found = answers_by_place(call.session, _asked(call, first, last), smallest=smallest)
    return PageOut(items=[PlaceOut.of(one, smallest) for one in found], next=None)


@router.get("/scan-alerts", responses=may_fail(Malformed))
def list_scan_alerts(
    call: Reading,
    page: PageArgs,
    open_only: Annotated[bool, Query(description="Leave out what was closed.")] = False,
) -> PageOut[AlertOut]:
    """Labels that were looked up in an unusual way, newest first."""
    found = alerts(
        call.session,
        within=call.within,
        open_only=open_only,
        after=page.after,
        limit=page.limit,
    )
    return page_out(found, lambda line: AlertOut.of(line, call.language))


@router.get("/scan-alerts/{alert}", responses=may_fail(NotFound))
def read_scan_alert(alert: UUID, call: Reading, response: Response) -> AlertWholeOut:
    """One of them with its days, places and marks."""
    return _whole(call, alert_by_uid(call.session, alert, within=call.within), response)


@router.post(
    "/scan-alerts/{alert}/close",
    responses=may_fail(Conflict, NotFound, Refused, StaleVersion, VersionRequired),
)
def close_scan_alert(
    alert: UUID, body: CloseIn, call: Writing, expected: ExpectedVersion, response: Response
) -> AlertWholeOut:
    """Say what it turned out to be."""
    line = alert_by_uid(call.session, alert, within=call.within)
    require_version(line.alert.version, expected)
    alert_commands.close_alert(
        call.session,
        alert=line.alert,
        outcome=body.outcome,
        reason=body.reason,
        by=call.actor,
        now=call.now,
    )
    call.session.flush()
    return _whole(call, line, response)


def _whole(call: Call, line: AlertLine, response: Response) -> AlertWholeOut:
    smallest = limits_on(call.session, call.today).smallest_cell
    response.headers["ETag"] = etag(line.alert.version)
    pattern = pattern_of(call.session, line.alert, smallest=smallest)
    return AlertWholeOut.of_whole(line, pattern, smallest, call.language)


def _plain(line: AlertLine, reader: Language) -> dict[str, object]:
    alert = line.alert
    return {
        "id": alert.uid,
        "lot": line.lot.code,
        "number": line.number,
        "organisation": line.organisation.name,
        "signs": list(line.signs),
        "words": [reader.say(SIGNS[sign]) for sign in line.signs],
        "opened_at": alert.opened_at,
        "closed_at": alert.closed_at,
        "outcome": alert.outcome,
        "reason": alert.close_reason,
    }


def _asked(call: Call, first: date | None, last: date | None) -> Question:
    end = last or call.today
    start = first or end - timedelta(days=USUAL_DAYS - 1)
    if end < start:
        raise refuse("last", say("The last day is before the first."))
    if end - start >= LONGEST:
        raise refuse("first", say("At most {days} days at once.", days=LONGEST.days))
    return Question(start, end, call.within)
