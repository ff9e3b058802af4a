"""The page of one lot, for whoever looks at it: what it is, may claim, waits for, and became."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from app.deps import Call
from app.labels.queries import prints_of
from app.ledger.queries import Fact
from app.lots.evidence import findings_of
from app.lots.gauge_queries import gauge_of
from app.lots.lab_queries import lab_reports_of
from app.lots.leaving import obstacles_to_labels, obstacles_to_leaving
from app.lots.origin_queries import origins_of
from app.lots.part_queries import parts_of
from app.lots.queries import LotLine
from app.lots.readiness_queries import pictures_of, readiness_of
from app.lots.step_queries import steps_of
from app.models.accounts import Role
from app.models.lots import LotState
from app.movements.queries import newest_movements, whereabouts
from app.recalls.queries import recalls_of_lot
from app.reports.queries import reports_of_lot
from app.web.label_products import quick_print
from app.web.movement_words import HELD, KINDS
from app.web.pages import show

LABELLED = frozenset({LotState.OPEN, LotState.SEALED})
_PRINTING = frozenset({Role.STAFF, Role.COOP_ADMIN})
MOST_MOVED = 20


def show_lot(
    request: Request, call: Call, line: LotLine, *, facts: list[Fact] | None, **again: Any
) -> Response:
    """One lot; `facts` for who may read its history, `again` what was typed and why it was refused."""
    session, today = call.session, call.today
    findings = findings_of(session, line.lot, today=today)
    ready = readiness_of(session, line, today=today, findings=findings)
    return show(
        request,
        call,
        "work/lot.html",
        status=422 if again.get("refusal") else 200,
        line=line,
        claims=findings.claims,
        ready=ready,
        not_to_leave=obstacles_to_leaving(ready, today),
        no_labels=obstacles_to_labels(ready, today),
        gauge=gauge_of(session, line.lot),
        parts=parts_of(session, line.lot),
        pictures=pictures_of(session, line.lot),
        steps=steps_of(session, line.lot),
        reports=lab_reports_of(session, line.lot),
        shoppers=reports_of_lot(session, line.lot),
        prints=prints_of(session, line.lot),
        where=whereabouts(session, line.lot, within=call.within),
        moved=newest_movements(session, within=call.within, lot=line.lot, limit=MOST_MOVED).items,
        sources=origins_of(session, line.lot) if line.area is None else [],
        held_words=HELD,
        movement_kinds=KINDS,
        recalls=recalls_of_lot(session, line.lot),
        facts=facts,
        **{**(quick_print(call, line) if _prints(call, line) else {}), **again},
    )


def _prints(call: Call, line: LotLine) -> bool:
    """Whether the page offers labels: to its own clerks, of a lot that may still leave."""
    mine = line.organisation.pk == call.caller.organisation_id
    return mine and call.caller.role in _PRINTING and line.lot.state in LABELLED
