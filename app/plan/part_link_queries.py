"""Finding the links of communes: those of a period, and the one behind a secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.queries import token_digest
from app.catalogue.queries import rule_on, value_of
from app.errors import Gone, NotFound, refuse
from app.kit.messages import say
from app.models.places import AdminUnit
from app.models.plan_reports import PlanPartLink, PlanSubmission
from app.models.registry import Organisation
from app.plan.report_periods import Period
from app.plan.submission_queries import PartTold, awaited, expected_units, part_told

LINK_DAYS = "plan.part_link_days"
USUAL_DAYS, LONGEST_DAYS = 21, 180


@dataclass(frozen=True)
class LinkTold:
    """A link, the commune it is for, and the office that made it."""

    link: PlanPartLink
    commune: AdminUnit
    office: Organisation

    @property
    def period(self) -> Period:
        return Period(self.link.year, self.link.quarter)

    def works(self, now: datetime) -> bool:
        """Whether a part can be sent by it."""
        return self.link.ended_at is None and self.link.expires_at > now


def link_days(session: Session, period: Period) -> int:
    """For how many days a link works, by the dated rule."""
    rule = rule_on(session, LINK_DAYS, period.last)
    value = None if rule is None else value_of(rule)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LONGEST_DAYS:
        return value
    return USUAL_DAYS


def link_by_uid(session: Session, uid: UUID) -> LinkTold:
    """The link with this public id."""
    row = session.execute(_links().where(col(PlanPartLink.uid) == uid)).one_or_none()
    if row is None:
        raise NotFound(say("There is no such link."))
    return LinkTold(*row)


def part_of_secret(session: Session, token: str, *, now: datetime) -> LinkTold:
    """The link with this secret; NotFound for a guess, Gone once it was ended or has run out."""
    digest = token_digest(token).hex()
    row = session.execute(_links().where(col(PlanPartLink.token_hash) == digest)).one_or_none()
    if row is None:
        raise NotFound(say("There is no such link. Copy the whole of it from the message."))
    told = LinkTold(*row)
    if not told.works(now):
        raise Gone(say("This link does not work any more. Ask the office for a new one."))
    return told


def standing_links(session: Session, period: Period) -> list[PlanPartLink]:
    """The links of a period that were not ended; those that ran out too: a reminder lets them work on."""
    wanted = select(PlanPartLink).where(
        col(PlanPartLink.year) == period.year,
        col(PlanPartLink.quarter) == period.quarter,
        col(PlanPartLink.ended_at).is_(None),
    )
    return list(session.execute(wanted.order_by(col(PlanPartLink.id))).scalars())


def links_told(session: Session, period: Period) -> list[LinkTold]:
    """The same with their communes and offices."""
    wanted = _links().where(
        col(PlanPartLink.year) == period.year,
        col(PlanPartLink.quarter) == period.quarter,
        col(PlanPartLink.ended_at).is_(None),
    )
    return [LinkTold(*row) for row in session.execute(wanted)]


def sent_by(session: Session, told: LinkTold) -> list[PartTold]:
    """What came by a link, the newest first."""
    wanted = select(PlanSubmission).where(col(PlanSubmission.link_id) == told.link.pk)
    rows = session.execute(wanted.order_by(col(PlanSubmission.edition).desc())).scalars()
    return [part_told(session, one) for one in rows]


def communes_asked(session: Session, period: Period, codes: Sequence[str]) -> list[AdminUnit]:
    """The communes that are named, else every one whose part is missing; Refused for another one."""
    units = expected_units(session, period) if codes else awaited(session, period)
    communes = {one.commune.code: one.commune for one in units if one.commune is not None}
    if any(code not in communes for code in codes):
        raise refuse("commune", say("This is not one of the choices."))
    if not communes:
        raise refuse("commune", say("Every commune has sent its part of this period."))
    return [communes[code] for code in dict.fromkeys(codes or communes)]


def _links() -> Any:
    return (
        select(PlanPartLink, AdminUnit, Organisation)
        .join(AdminUnit, col(AdminUnit.id) == col(PlanPartLink.commune_id))
        .join(Organisation, col(Organisation.id) == col(PlanPartLink.office_id))
        .order_by(col(AdminUnit.name_key), col(PlanPartLink.id))
    )
