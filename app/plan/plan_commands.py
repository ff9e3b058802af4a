"""Loading a newer plan beside the old one: every figure, or none and a sentence for each cell."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.db import insert_rows
from app.errors import Conflict, FieldError, refuse
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.catalogue import RowSource
from app.models.plan import PlanTarget, ProvincePlan
from app.places.queries import former_districts
from app.plan.axis_files import MOST_ROWS, AxesRead, axes_read
from app.plan.axis_loading import keep_axes, known_names, reference
from app.plan.naming import PLAN_PROVINCE
from app.plan.plan_files import MOST_FIGURES, PlanFigure, figures_read
from app.plan.plan_rows import CellError, PlanRow
from app.plan.recomputing import agrees, recomputed

_NAME = re.compile(r"[A-Z0-9][A-Z0-9_]{2,39}")
# People write a district without the word for what it is, and the city's name in short.
_KINDS = ("Huyện ", "Thị xã ", "Thành phố ", "TP ", "TX ")


@dataclass(frozen=True)
class PlanLoaded:
    """How many figures were loaded, how many do not add up, how many axes, what was wrong with cells.

    With an error nothing was loaded.
    """

    plan: str
    figures: int
    flagged: int
    errors: tuple[CellError, ...]
    axes: int = 0


def load_plan(
    session: Session,
    rows: Sequence[PlanRow],
    *,
    plan: str,
    legal_ref: str,
    in_force_on: date | None,
    by: Actor,
    now: datetime,
    axes: Sequence[PlanRow] = (),
) -> PlanLoaded:
    """Keep the figures of a plan beside those of the others; what does not add up is kept and flagged.

    `plan` names it in capitals, digits and underscores; `legal_ref` is the act, put before what
    each row says of where it stands; from `in_force_on` on the desk and the reports follow it.
    `axes` are rows of its axes; without any those of the plan before it count on.
    Refused for a name that cannot be and for a file without figures, Conflict for a plan that is
    loaded: a plan is a document, and another is another plan.
    """
    name, act = plan.strip().upper(), clean(legal_ref, longest=200)
    _require_new(session, name, act)
    if not 0 < len(rows) <= MOST_FIGURES:
        raise refuse("file", say("A plan has between 1 and {most} figures.", most=MOST_FIGURES))
    districts = _districts(session)
    read, errors = figures_read(rows, districts, PLAN_PROVINCE)
    lying, wrong = _axes(session, axes, districts)
    if errors := errors + wrong:
        return PlanLoaded(name, 0, 0, tuple(errors))
    targets = _targets(name, act, read)
    insert_rows(session, PlanTarget, targets)
    keep_axes(session, name, act, lying)
    named = len({one.axis for one in lying.places})
    edited, flagged = RowSource.EDITED, sum(not target["consistent"] for target in targets)
    row = ProvincePlan(plan=name, in_force_on=in_force_on, legal_ref=act, source=edited)
    session.add(row)
    counts = {"figures": len(targets), "flagged": flagged, "axes": named}
    facts = {**counts, "legal_ref": act, "in_force_on": in_force_on}
    record(session, kind="plan.loaded", subject=name, by=by, now=now, facts=facts)
    return PlanLoaded(name, len(targets), flagged, (), named)


def put_in_force(
    session: Session, plan: str, in_force_on: date | None, *, by: Actor, now: datetime
) -> ProvincePlan:
    """From a day on a plan is the one that counts; with no day it is only kept beside the others.

    Refused for a plan that is not there, and where no plan would be left to follow.
    """
    found: Sequence[ProvincePlan] = session.execute(select(ProvincePlan)).scalars().all()
    rows = {one.plan: one for one in found}
    if plan not in rows:
        raise refuse("plan", say("This is not one of the choices."))
    if in_force_on is None and not any(
        one.in_force_on for name, one in rows.items() if name != plan
    ):
        raise refuse("in_force_on", say("One plan must be left that is in force."))
    before = rows[plan].in_force_on
    # What ships is read in anew with each start: what somebody decided stands.
    rows[plan].in_force_on, rows[plan].source = in_force_on, RowSource.EDITED
    facts = {"in_force_on": in_force_on, "before": before}
    record(session, kind="plan.dated", subject=plan, by=by, now=now, facts=facts)
    return rows[plan]


def _targets(name: str, act: str, read: Sequence[PlanFigure]) -> list[dict[str, object]]:
    """The rows, each with what the others of the plan make of it."""
    worked_out = recomputed({one.figure: one.stated for one in read})
    return [
        {
            "plan": name,
            "measure": one.figure.measure,
            "scope": one.figure.scope,
            "scope_name": one.figure.scope_name,
            "year": one.figure.year,
            "unit": one.unit,
            "stated": one.stated,
            "recomputed": worked_out.get(one.figure),
            "consistent": agrees(one.figure, one.stated, worked_out.get(one.figure)),
            "legal_ref": reference(act, one.legal_ref),
            "note": one.note,
        }
        for one in read
    ]


def _axes(
    session: Session, rows: Sequence[PlanRow], districts: Mapping[str, str]
) -> tuple[AxesRead, list[CellError]]:
    if not rows:
        return AxesRead(), []
    if len(rows) > MOST_ROWS:
        raise refuse("axes", say("The axes have at most {most} rows.", most=MOST_ROWS))
    return axes_read(rows, known_names(session, districts))


def _require_new(session: Session, name: str, act: str) -> None:
    if not _NAME.fullmatch(name):
        why = say("Name the plan with 3 to 40 capitals, digits or underscores, such as RAU_2035.")
        raise refuse("plan", why)
    if not act:
        raise refuse("legal_ref", say("Say which act it is: its kind, number and day."))
    there = select(col(PlanTarget.id)).where(col(PlanTarget.plan) == name).limit(1)
    if session.execute(there).first() is not None:
        why = say(
            "A plan {plan} is loaded already. Give the newer one a name of its own.", plan=name
        )
        raise Conflict(why, FieldError("plan", why))


def _districts(session: Session) -> dict[str, str]:
    """Codes by every name that people write: with the kind, without it, and the code itself."""
    names: dict[str, str] = {}
    for unit in former_districts(session, PLAN_PROVINCE):
        short = unit.short_name
        names |= {f"{kind}{short}": unit.code for kind in _KINDS}
        names |= {unit.name: unit.code, short: unit.code, unit.code: unit.code}
    return names
