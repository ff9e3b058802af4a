"""What should not be left so: areas without codes, codes without lots, certificates nobody looked at."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, literal, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.kit.clock import day_of, start_of
from app.kit.text import fold
from app.models.catalogue import Standard
from app.models.certificates import Certificate, CertificateStatus
from app.models.lots import HarvestLot, LotState
from app.models.registry import (
    HOLDING,
    ApplicationState,
    AreaCode,
    CodeApplication,
    CodeStatus,
    Organisation,
)
from app.models.visits import InspectionVisit
from app.plan.advice_law import CODE_IDLE_DAYS, VISIT_DAYS, term
from app.plan.grounds import (
    EVERYTHING,
    STATEMENTS,
    Ground,
    Land,
    Narrowed,
    besides,
    ground_of,
)
from app.plan.listings import Found, Listing
from app.registry.register_queries import status_column

_WAITING = (ApplicationState.SUBMITTED, ApplicationState.INSPECTING, ApplicationState.RETURNED)


@dataclass(frozen=True)
class Uncoded:
    """An area with no code in force: what its newest code became, and the request that waits."""

    ground: Ground
    last_status: CodeStatus | None
    application: UUID | None
    state: ApplicationState | None
    due_on: date | None


@dataclass(frozen=True)
class IdleCode:
    """A code in force from whose area nothing was harvested for long, or ever."""

    ground: Ground
    uid: UUID
    code: str
    market: str
    issued_on: date
    last_harvest: date | None


@dataclass(frozen=True)
class Unvisited:
    """A certificate that stands, whose holder no inspector visited for long, or ever."""

    uid: UUID
    number: str
    valid_from: date
    valid_to: date
    organisation: str
    organisation_uid: UUID
    standard: Standard
    last_visit: date | None


def areas_without_codes(
    session: Session, *, within: Reach, day: date, narrowed: Narrowed = EVERYTHING
) -> Listing[Uncoded]:
    """The areas that stand on a day and have no code in force for any market."""
    found = _uncoded(within, day, narrowed)
    return Listing(session, found, lambda row: Uncoded(ground_of(row), *besides(row, 4)))


@lru_cache(maxsize=STATEMENTS)
def _uncoded(within: Reach, day: date, narrowed: Narrowed) -> Found:
    land = Land(within, day, narrowed)
    status, request = status_column(day), CodeApplication
    here = select(col(AreaCode.id)).where(col(AreaCode.area_id) == land.key).correlate(land.found)
    ended = (
        here.with_only_columns(status.label("status"))
        .where(status.is_not(None))
        .order_by(col(AreaCode.id).desc())
        .limit(1)
    )
    newest = (
        select(func.max(col(request.id)).label("id"))
        .where(col(request.state).in_(_WAITING))
        .group_by(col(request.area_id))
    )
    waits = and_(col(request.area_id) == land.key, col(request.id).in_(newest))
    return Found(
        select(
            *(*land.columns, ended.scalar_subquery()),
            *(col(request.uid), col(request.state), col(request.due_on)),
        )
        .select_from(land.found)
        .outerjoin(request, waits)
        .where(~here.where(status.in_(HOLDING)).exists())
        .order_by(*land.order)
    )


def codes_without_lots(
    session: Session, *, within: Reach, day: date, narrowed: Narrowed = EVERYTHING
) -> Listing[IdleCode]:
    """Codes in force for long enough without a harvest from their area in that time."""
    found = _idle(within, day, narrowed, term(session, CODE_IDLE_DAYS, day))
    return Listing(session, found, lambda row: IdleCode(ground_of(row), *besides(row, 5)))


@lru_cache(maxsize=STATEMENTS)
def _idle(within: Reach, day: date, narrowed: Narrowed, idle: int | None) -> Found:
    since = day - timedelta(days=idle or 0)
    land = Land(within, day, narrowed)
    last = _harvests(day).order_by(col(HarvestLot.harvested_on).desc()).limit(1).scalar_subquery()
    return Found(
        select(
            *(*land.columns, col(AreaCode.uid), col(AreaCode.code), col(AreaCode.market)),
            *(col(AreaCode.issued_on), last),
        )
        .join(land.found, land.key == col(AreaCode.area_id))
        .where(
            literal(idle is not None),
            status_column(day).in_(HOLDING),
            col(AreaCode.issued_on) < since,
            ~_harvests(day).where(col(HarvestLot.harvested_on) >= since).exists(),
        )
        .order_by(
            *(func.coalesce(last, date.min), col(AreaCode.issued_on)),
            *(col(AreaCode.code), col(AreaCode.id)),
        )
    )


def certificates_without_visits(
    session: Session, *, within: Reach, day: date, narrowed: Narrowed = EVERYTHING
) -> Listing[Unvisited]:
    """Certificates that stand, where neither their beginning nor a visit is recent enough."""
    longest = term(session, VISIT_DAYS, day)
    return Listing(session, _unvisited(within, day, narrowed.q, longest), _told)


@lru_cache(maxsize=STATEMENTS)
def _unvisited(within: Reach, day: date, q: str, longest: int | None) -> Found:
    since = day - timedelta(days=longest or 0)
    visit = InspectionVisit
    last = (
        select(func.max(col(visit.finished_at)))
        .where(col(visit.organisation_id) == col(Organisation.id))
        .correlate(Organisation)
        .scalar_subquery()
    )
    return Found(
        select(
            *(col(Certificate.uid), col(Certificate.number)),
            *(col(Certificate.valid_from), col(Certificate.valid_to)),
            *(col(Organisation.name), col(Organisation.uid), Standard, last),
        )
        .join(Standard, col(Standard.id) == col(Certificate.standard_id))
        .join(Organisation, col(Organisation.id) == col(Certificate.organisation_id))
        .where(
            literal(longest is not None),
            within.limits(col(Certificate.organisation_id)),
            col(Certificate.status) == CertificateStatus.ACTIVE,
            col(Certificate.disputed).is_(False),
            col(Certificate.valid_from) < since,
            col(Certificate.valid_to) >= day,
            or_(last.is_(None), last < start_of(since)),
            *(
                col(Organisation.name_key).contains(word, autoescape=True)
                for word in fold(q).split()
            ),
        )
        .order_by(
            *(last.is_not(None), last),
            *(col(Certificate.valid_to), col(Certificate.number), col(Certificate.id)),
        )
    )


def _told(row: Any) -> Unvisited:
    told = dict(zip(Unvisited.__dataclass_fields__, row, strict=False))
    last = told.pop("last_visit")
    return Unvisited(**told, last_visit=None if last is None else day_of(last))


def _harvests(day: date) -> Any:
    """The days of harvest from a code's area until a day: steps into an index, however many there were."""
    lot = HarvestLot
    return (
        select(col(lot.harvested_on))
        .where(
            col(lot.area_id) == col(AreaCode.area_id),
            col(lot.state) != LotState.WITHDRAWN,
            col(lot.harvested_on) <= day,
        )
        .correlate(AreaCode)
    )
