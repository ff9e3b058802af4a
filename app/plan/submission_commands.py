"""Sending in a unit's own part of a report: a second one stands beside the first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.errors import Forbidden
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.plan_reports import PlanPartLink, PlanSubmission
from app.models.registry import Organisation
from app.plan.report_periods import Period
from app.plan.submission_queries import ASKED, Unit, our_part, part_due
from app.plan.submission_rules import PartFigures, channel_of, part_written, require_plausible
from app.registry.words import text_of

LONGEST_NOTE = 2_000


@dataclass(frozen=True)
class Entered:
    """Who enters a part: the unit itself or an office for it; with `link`, a commune by that of an office."""

    office: Organisation
    link: PlanPartLink | None = None


def submit_part(
    session: Session,
    *,
    unit: Unit,
    period: Period,
    part: PartFigures,
    note: str,
    entered: Entered,
    by: Actor,
    now: datetime,
) -> PlanSubmission:
    """Keep what a unit says, beside what the records give now.

    One unit's editions are numbered one after the other, also of two who send at once. Refused at
    the field for what cannot be; Forbidden for an organisation of a kind that is not asked.
    """
    if unit.organisation is not None and unit.organisation.kind not in ASKED:
        raise Forbidden(say("Only cooperatives, groups and enterprises send in a part."))
    require_plausible(part)
    words = text_of("note", note, longest=LONGEST_NOTE, multiline=True)
    ours = our_part(session, unit, period)
    due = part_due(session, period)
    _lock(session, unit)
    submission = PlanSubmission(
        kind=period.kind,
        year=period.year,
        quarter=period.quarter,
        organisation_id=unit.organisation.pk if unit.organisation else None,
        commune_id=unit.commune.pk if unit.commune else None,
        edition=_next_edition(session, unit, period),
        entered_by_id=entered.office.pk,
        link_id=entered.link.pk if entered.link else None,
        figures=part_written(part),
        ours=part_written(ours),
        note=words,
        due_on=due,
        late=day_of(now) > due,
        submitted_at=now,
    )
    session.add(submission)
    session.flush()
    submission.ledger_position = _recorded(
        session, submission, unit, entered.office, by=by, now=now
    )
    return submission


def _recorded(
    session: Session,
    submission: PlanSubmission,
    unit: Unit,
    office: Organisation,
    *,
    by: Actor,
    now: datetime,
) -> int:
    said = ("year", "quarter", "edition", "figures", "ours", "late")
    return record(
        session,
        kind="plan_submission.sent",
        subject=str(submission.uid),
        by=by,
        now=now,
        organisation=(unit.organisation or office).uid,
        facts={
            "unit": unit.organisation.uid if unit.organisation else unit.where,
            **{name: getattr(submission, name) for name in said},
            "channel": channel_of(submission),
        },
    )


def _lock(session: Session, unit: Unit) -> None:
    """Parts of one unit are numbered one after the other. SQLite has one writer anyway."""
    row = unit.organisation or unit.commune
    if row is not None:
        key: Any = type(row).id
        # NO KEY: rows that refer to it may be written meanwhile.
        wanted = select(key).where(key == row.pk)
        session.execute(wanted.with_for_update(key_share=True))


def _next_edition(session: Session, unit: Unit, period: Period) -> int:
    asked = select(func.max(col(PlanSubmission.edition))).where(
        unit.is_of,
        col(PlanSubmission.year) == period.year,
        col(PlanSubmission.quarter) == period.quarter,
    )
    last: int | None = session.execute(asked).scalar_one()
    return (last or 0) + 1
