"""Parts that units sent in: who has to, what came, what the records give beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.catalogue import CropGroup
from app.models.places import AdminUnit
from app.models.plan_reports import PlanSubmission
from app.models.registry import Organisation, OrganisationKind, PlantingArea
from app.plan.dimensions import Dimension, Where
from app.plan.frozen import FiguresRow, PartLine
from app.plan.report_periods import Period
from app.plan.report_rows import rows_of, total_of
from app.plan.report_term_queries import terms_for
from app.plan.submission_rules import (
    Channel,
    Difference,
    GroupPart,
    PartFigures,
    channel_of,
    part_read,
)

# Whose part is asked for; a household is told of by its commune.
ASKED = (OrganisationKind.COOPERATIVE, OrganisationKind.GROUP, OrganisationKind.ENTERPRISE)
MOST_EDITIONS = 50


@dataclass(frozen=True)
class Unit:
    """A cooperative or a commune."""

    organisation: Organisation | None = None
    commune: AdminUnit | None = None

    @property
    def name(self) -> str:
        if self.organisation is not None:
            return self.organisation.name
        return self.commune.name if self.commune else ""

    @property
    def where(self) -> Where:
        """What of the records is this unit's."""
        if self.organisation is not None:
            return {Dimension.ORGANISATION: str(self.organisation.uid)}
        return {Dimension.COMMUNE: self.commune.code if self.commune else ""}

    @property
    def kind(self) -> str:
        return "organisation" if self.organisation is not None else "commune"

    @property
    def is_of(self) -> ColumnElement[bool]:
        """The WHERE clause of its submissions."""
        if self.organisation is not None:
            return col(PlanSubmission.organisation_id) == self.organisation.pk
        return col(PlanSubmission.commune_id) == (self.commune.pk if self.commune else None)


@dataclass(frozen=True)
class PartTold:
    """A submission with whose it is and both sides of its figures."""

    submission: PlanSubmission
    unit: Unit
    entered_by: Organisation
    said: PartFigures
    ours: PartFigures

    @property
    def period(self) -> Period:
        return Period(self.submission.year, self.submission.quarter)

    @property
    def channel(self) -> Channel:
        return channel_of(self.submission)

    @property
    def sown(self) -> Difference:
        return Difference(self.said.sown_m2, self.ours.sown_m2)

    @property
    def output(self) -> Difference:
        return Difference(self.said.output_g, self.ours.output_g)


@dataclass(frozen=True)
class Expected:
    """A unit whose part is asked for, and the last one it sent; None: nothing came yet."""

    unit: Unit
    last: PlanSubmission | None
    ours: FiguresRow | None

    def is_late(self, due: date, today: date) -> bool:
        """Whether it came late, or has not come though its day has passed."""
        return self.last.late if self.last is not None else today > due

    @property
    def channel(self) -> Channel | None:
        return None if self.last is None else channel_of(self.last)

    @property
    def said(self) -> PartFigures | None:
        return None if self.last is None else part_read(self.last.figures)

    @property
    def sown(self) -> Difference:
        ours = self.ours.sown_m2.value if self.ours else None
        return Difference(self.said.sown_m2 if self.said else None, ours)

    @property
    def output(self) -> Difference:
        ours = self.ours.output_g.value if self.ours else None
        return Difference(self.said.output_g if self.said else None, ours)


def our_part(session: Session, unit: Unit, period: Period) -> PartFigures:
    """What the records give for a unit: a form begins with it."""
    groups = {row.key: row for row in rows_of(session, period, Dimension.GROUP, unit.where)}
    land = total_of(session, period, unit.where).land_m2.value
    parts = (_group_part(group, groups) for group in CropGroup)
    known = tuple(one for one in parts if one.sown_m2 is not None or one.output_g is not None)
    return PartFigures(land, known)


def _group_part(group: CropGroup, rows: Mapping[str, FiguresRow]) -> GroupPart:
    row = rows.get(group.value)
    if row is None:
        return GroupPart(group)
    return GroupPart(group, row.sown_m2.value, row.output_g.value, row.value_dong.value)


def submissions(
    session: Session,
    *,
    within: Reach,
    period: Period | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[PartTold]:
    """Parts that came, the newest first; former editions too."""
    wanted = select(PlanSubmission).where(_seen(within))
    if period is not None:
        wanted = wanted.where(_of(period))
    if after is not None:
        wanted = wanted.where(col(PlanSubmission.id) < decode(after, int)[0])
    rows = session.execute(wanted.order_by(col(PlanSubmission.id).desc()).limit(limit + 1))
    told = [part_told(session, one) for one in rows.scalars()]
    return page_of(told, limit=limit, key=lambda one: (one.submission.pk,))


def submission_by_uid(session: Session, uid: UUID, *, within: Reach) -> PartTold:
    """The submission with this public id."""
    wanted = select(PlanSubmission).where(col(PlanSubmission.uid) == uid, _seen(within))
    found: PlanSubmission | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such part of a report."))
    return part_told(session, found)


def part_told(session: Session, submission: PlanSubmission) -> PartTold:
    """A submission as it is shown."""
    organisation, commune = submission.organisation_id, submission.commune_id
    return PartTold(
        submission,
        Unit(
            session.get_one(Organisation, organisation) if organisation else None,
            session.get_one(AdminUnit, commune) if commune else None,
        ),
        session.get_one(Organisation, submission.entered_by_id),
        part_read(submission.figures),
        part_read(submission.ours),
    )


def editions_of(session: Session, unit: Unit, period: Period) -> list[PlanSubmission]:
    """Everything a unit sent for a period, the newest first."""
    wanted = (
        select(PlanSubmission)
        .where(unit.is_of, _of(period))
        .order_by(col(PlanSubmission.edition).desc())
        .limit(MOST_EDITIONS)
    )
    return list(session.execute(wanted).scalars())


def expected_units(session: Session, period: Period) -> list[Unit]:
    """Cooperatives, groups and enterprises that had land in a period, and the communes it lies in."""
    holders = select(col(PlantingArea.organisation_id)).where(_open_in(period))
    organisations = (
        select(Organisation)
        .where(col(Organisation.kind).in_(ASKED), col(Organisation.id).in_(holders))
        .order_by(col(Organisation.name_key), col(Organisation.id))
    )
    found = [Unit(organisation=one) for one in session.execute(organisations).scalars()]
    return [*found, *(Unit(commune=one) for one in expected_communes(session, period))]


def expected_communes(session: Session, period: Period) -> list[AdminUnit]:
    """The communes among them."""
    place = AdminUnit
    places = select(col(PlantingArea.commune_id)).where(_open_in(period))
    wanted = select(place).where(col(place.id).in_(places)).order_by(col(place.name_key))
    return list(session.execute(wanted.order_by(col(place.id))).scalars())


def _open_in(period: Period) -> ColumnElement[bool]:
    begun, closed = col(PlantingArea.established_on), col(PlantingArea.closed_on)
    return and_(begun <= period.last, or_(closed.is_(None), closed >= period.first))


def expected(session: Session, period: Period) -> list[Expected]:
    """Every unit that should send its part, with what came and what the records give."""
    last = _newest_by_unit(session, period)
    ours = {
        "organisation": _by_key(session, period, Dimension.ORGANISATION),
        "commune": _by_key(session, period, Dimension.COMMUNE),
    }
    return [
        Expected(unit, last.get(_key(unit)), ours[unit.kind].get(next(iter(unit.where.values()))))
        for unit in expected_units(session, period)
    ]


def awaited(session: Session, period: Period) -> list[Unit]:
    """The units whose part has not come."""
    came = _newest_by_unit(session, period)
    return [unit for unit in expected_units(session, period) if _key(unit) not in came]


def communes_heard(session: Session, period: Period) -> set[int]:
    """The keys of the communes whose part came."""
    return {key for kind, key in _newest_by_unit(session, period) if kind == "commune"}


def part_lines(session: Session, period: Period) -> tuple[PartLine, ...]:
    """The units' parts as a report keeps them."""
    return tuple(
        PartLine(
            name=one.unit.name,
            unit=one.unit.kind,
            edition=one.last.edition if one.last else 0,
            late=bool(one.last and one.last.late),
            sown_m2=one.sown.said,
            our_sown_m2=one.sown.ours,
            output_g=one.output.said,
            our_output_g=one.output.ours,
        )
        for one in expected(session, period)
    )


def part_due(session: Session, period: Period) -> date:
    """The last day on which a part of the period is in time."""
    return terms_for(session, period).part_due(period)


def _key(unit: Unit) -> tuple[str, int]:
    row = unit.organisation or unit.commune
    return (unit.kind, row.pk if row else 0)


def _by_key(session: Session, period: Period, by: Dimension) -> dict[str, FiguresRow]:
    return {row.key: row for row in rows_of(session, period, by, {})}


def _newest_by_unit(session: Session, period: Period) -> dict[tuple[str, int], PlanSubmission]:
    newest = (
        select(func.max(col(PlanSubmission.id)))
        .where(_of(period))
        .group_by(col(PlanSubmission.organisation_id), col(PlanSubmission.commune_id))
    )
    rows = session.execute(select(PlanSubmission).where(col(PlanSubmission.id).in_(newest)))
    return {
        ("organisation", one.organisation_id)
        if one.organisation_id
        else ("commune", one.commune_id or 0): one
        for one in rows.scalars()
    }


def _of(period: Period) -> ColumnElement[bool]:
    return (col(PlanSubmission.year) == period.year) & (
        col(PlanSubmission.quarter) == period.quarter
    )


def _seen(within: Reach) -> ColumnElement[bool]:
    return within.limits(col(PlanSubmission.organisation_id))
