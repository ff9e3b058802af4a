"""Links with which communes, which have no account, send in their part: made, let work on, ended, used."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.queries import token_digest
from app.errors import Conflict, TooMany
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.places import AdminUnit
from app.models.plan_reports import PlanPartLink, PlanSubmission
from app.models.registry import Organisation
from app.plan.part_link_queries import LinkTold, link_days, sent_by, standing_links
from app.plan.report_periods import Period
from app.plan.submission_commands import Entered, submit_part
from app.plan.submission_queries import Unit
from app.plan.submission_rules import PartFigures

# 192 random bits: nobody guesses a link.
TOKEN_BYTES = 24
HOUR = 3600
# By one link: a part, and corrections of it.
MOST_AN_HOUR, MOST_IN_ALL = 5, 20


@dataclass(frozen=True)
class Made:
    """A new link with its secret, which is known only now."""

    link: PlanPartLink
    commune: AdminUnit
    token: str


def make_part_links(
    session: Session,
    communes: Sequence[AdminUnit],
    period: Period,
    *,
    office: Organisation,
    by: Actor,
    now: datetime,
) -> list[Made]:
    """A link for each commune of `communes_asked`; one that was made before works no more."""
    standing = {one.commune_id: one for one in standing_links(session, period)}
    made = []
    for commune in communes:
        former = standing.get(commune.pk)
        if former is not None:
            former.ended_at = now
            session.flush()  # one link stands for a commune and a period
        token = secrets.token_urlsafe(TOKEN_BYTES)
        link = PlanPartLink(
            commune_id=commune.pk,
            office_id=office.pk,
            year=period.year,
            quarter=period.quarter,
            token_hash=token_digest(token).hex(),
            made_at=now,
            expires_at=now + timedelta(days=link_days(session, period)),
        )
        session.add(link)
        session.flush()
        _record(session, link, commune, office, "made", by=by, now=now)
        made.append(Made(link, commune, token))
    return made


def end_part_link(session: Session, told: LinkTold, *, by: Actor, now: datetime) -> PlanPartLink:
    """It works no more; what came by it stays."""
    if told.link.ended_at is not None:
        raise Conflict(say("This was ended already."))
    told.link.ended_at = now
    session.flush()
    _record(session, told.link, told.commune, told.office, "ended", by=by, now=now)
    return told.link


def let_work_on(session: Session, told: LinkTold, *, now: datetime) -> PlanPartLink:
    """A reminder lets the same link work for as long again."""
    until = now + timedelta(days=link_days(session, told.period))
    told.link.expires_at, told.link.renewed_at = max(until, told.link.expires_at), now
    session.flush()
    _record(session, told.link, told.commune, told.office, "renewed", by=Actor.system(), now=now)
    return told.link


def submit_by_link(
    session: Session, told: LinkTold, *, part: PartFigures, note: str, now: datetime
) -> PlanSubmission:
    """Keep what a commune says by its link; the same once more is no other part.

    TooMany for what no person does by hand.
    """
    sent = sent_by(session, told)
    if sent and (sent[0].said, sent[0].submission.note) == (part, note.strip()):
        return sent[0].submission
    _require_few(session, told.link, now)
    return submit_part(
        session,
        unit=Unit(commune=told.commune),
        period=told.period,
        part=part,
        note=note,
        entered=Entered(told.office, told.link),
        by=Actor.public(),
        now=now,
    )


def _require_few(session: Session, link: PlanPartLink, now: datetime) -> None:
    lately = col(PlanSubmission.submitted_at) > now - timedelta(seconds=HOUR)
    counted = select(func.count(), func.count().filter(lately)).where(
        col(PlanSubmission.link_id) == link.pk
    )
    every, hour = session.execute(counted).one()
    if hour >= MOST_AN_HOUR or every >= MOST_IN_ALL:
        why = say("So many parts came by this link. Try again later, or telephone the office.")
        raise TooMany(why, retry_after=HOUR)


def _record(
    session: Session,
    link: PlanPartLink,
    commune: AdminUnit,
    office: Organisation,
    what: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    facts = {
        "commune": commune.code,
        "year": link.year,
        "quarter": link.quarter,
        "expires_at": link.expires_at,
    }
    record(
        session,
        kind=f"plan_part_link.{what}",
        subject=str(link.uid),
        by=by,
        now=now,
        organisation=office.uid,
        facts=facts,
    )
