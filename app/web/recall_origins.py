"""What the form of a recall is filled with, by where it was opened: a result, a report, a finding, a trace."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from app.deps import Call
from app.errors import DomainError
from app.inspection.finding_queries import finding_line, measures_of
from app.inspection.lab_queries import lab_report_by_uid
from app.kit.messages import say
from app.lots.lab_queries import lab_reports_of
from app.lots.queries import lot_by_code
from app.models.visit_findings import MeasureKind
from app.recalls.grounds import codes_to_recall
from app.recalls.rules import LONGEST_REASON
from app.reports.queries import report_line
from app.tracing.start_queries import Asked, starts_of
from app.web.words import REPORT_KINDS

Filled = dict[str, str]


class Origin(BaseModel):
    """What somebody looked at when they chose to recall. `lot` also says whose lots of a trace are meant."""

    lot: str = Field(default="", max_length=80)
    lab_report: str = Field(default="", max_length=40)
    shopper_report: str = Field(default="", max_length=40)
    finding: str = Field(default="", max_length=40)
    trace: str = Field(default="", max_length=400)
    since: str = Field(default="", max_length=20)
    until: str = Field(default="", max_length=20)


AskedFrom = Annotated[Origin, Query()]


def filled_from(call: Call, origin: Origin) -> Filled:
    """The fields as the form begins; what is out of reach or gone fills nothing."""
    filled: Filled = {"lots": origin.lot}
    for wanted, fill in (
        (origin.lab_report, _of_result),
        (origin.shopper_report, _of_report),
        (origin.finding, _of_finding),
        (origin.trace or origin.since or origin.until, _of_trace),
    ):
        if wanted:
            try:
                filled |= fill(call, origin)
            except (DomainError, ValueError):
                continue
    return filled


def _of_result(call: Call, origin: Origin) -> Filled:
    report, lot = lab_report_by_uid(call.session, UUID(origin.lab_report), within=call.within)
    [told] = [one.told for one in lab_reports_of(call.session, lot) if one.report.pk == report.pk]
    reason = say("A laboratory found more than is allowed: {analytes}.", analytes=told.failing)
    grounds = say(
        "{laboratory}, report {number} of {day}",
        laboratory=told.laboratory,
        number=told.number,
        day=told.reported_on,
    )
    return {
        "lots": lot.code,
        "lab_report": str(report.uid),
        "reason": call.language.say(reason),
        "grounds": call.language.say(grounds),
    }


def _of_report(call: Call, origin: Origin) -> Filled:
    uid = UUID(origin.shopper_report)
    line = report_line(call.session, uid, within=call.within, today=call.today)
    kind = REPORT_KINDS[line.report.kind.value]
    return {
        "lots": line.lot.code if line.lot else origin.lot,
        "shopper_report": str(uid),
        "reason": call.language.say(say("A shopper reported: {kind}.", kind=kind)),
    }


def _of_finding(call: Call, origin: Origin) -> Filled:
    line = finding_line(call.session, UUID(origin.finding), within=call.within)
    held = [
        one.subject
        for one in measures_of(call.session, line.finding)
        if one.kind is MeasureKind.HOLD_LOT
    ]
    seen = say("Finding of the visit of {when}", when=line.visit.started_at)
    return {
        "lots": origin.lot or "\n".join(dict.fromkeys(held)),
        "reason": line.finding.words[:LONGEST_REASON],
        "grounds": call.language.say(seen),
    }


def _of_trace(call: Call, origin: Origin) -> Filled:
    asked = Asked(origin.trace, since=_day(origin.since), until=_day(origin.until))
    home = lot_by_code(call.session, origin.lot, within=call.within).organisation_id
    begun = starts_of(call.session, asked, reach=call.within).lots
    codes = codes_to_recall(call.session, begun, organisation_id=home)
    followed = say("Lots found by following {text}", text=" ".join(_asked(origin)))
    return {"lots": "\n".join(codes), "grounds": call.language.say(followed)}


def _asked(origin: Origin) -> list[str]:
    days = f"{origin.since} – {origin.until}" if origin.since or origin.until else ""
    return [part for part in (origin.trace, days) if part]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
