"""What should not be left so: areas without codes, codes without lots, certificates nobody looked at."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.kit.clock import day_of
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
from app.plan.grounds import Ground, Narrowed, grounds
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
    standard: Standard
    organisation: Organisation
    valid_from: date
    valid_to: date
    last_visit: date | None


def areas_without_codes(
    session: Session, *, within: Reach, day: date, narrowed: Narrowed | None = None
) -> list[Uncoded]:
    """The areas that stand on a day and have no code in force for any market."""
    land = grounds(session, within=within, day=day, narrowed=narrowed)
    coded: set[int] = set()
    ended: dict[int, CodeStatus] = {}
    statuses = select(col(AreaCode.area_id), status_column(day)).order_by(col(AreaCode.id))
    for area_id, status in session.execute(statuses):
        if status in HOLDING:
            coded.add(area_id)
        elif status is not None:
            ended[area_id] = status
    asked = select(
        *(col(CodeApplication.area_id), col(CodeApplication.uid)),
        *(col(CodeApplication.state), col(CodeApplication.due_on)),
    ).where(col(CodeApplication.state).in_(_WAITING))
    waiting = {row[0]: row[1:] for row in session.execute(asked)}
    return [
        Uncoded(one, ended.get(key), *waiting.get(key, (None, None, None)))
        for key, one in land.items()
        if key not in coded
    ]


def codes_without_lots(
    session: Session, *, within: Reach, day: date, narrowed: Narrowed | None = None
) -> list[IdleCode]:
    """Codes in force for long enough without a harvest from their area in that time."""
    idle = term(session, CODE_IDLE_DAYS, day)
    if idle is None:
        return []
    since = day - timedelta(days=idle)
    land = grounds(session, within=within, day=day, narrowed=narrowed)
    codes = select(
        *(col(AreaCode.area_id), col(AreaCode.uid), col(AreaCode.code)),
        *(col(AreaCode.market), col(AreaCode.issued_on), _last_harvest(day)),
    ).where(status_column(day).in_(HOLDING), col(AreaCode.issued_on) < since)
    found = [
        IdleCode(land[area_id], uid, code, market, issued_on, last)
        for area_id, uid, code, market, issued_on, last in session.execute(codes)
        if area_id in land and (last or date.min) < since
    ]
    return sorted(found, key=lambda one: (one.last_harvest or date.min, one.issued_on, one.code))


def certificates_without_visits(
    session: Session, *, within: Reach, day: date, narrowed: Narrowed | None = None
) -> list[Unvisited]:
    """Certificates that stand, where neither their beginning nor a visit is recent enough."""
    longest = term(session, VISIT_DAYS, day)
    if longest is None:
        return []
    since = day - timedelta(days=longest)
    ended = func.max(col(InspectionVisit.finished_at))
    last = select(col(InspectionVisit.organisation_id), ended).group_by(
        col(InspectionVisit.organisation_id)
    )
    visited = {key: day_of(when) for key, when in session.execute(last) if when is not None}
    wanted = (
        select(Certificate, Standard, Organisation)
        .join(Standard, col(Standard.id) == col(Certificate.standard_id))
        .join(Organisation, col(Organisation.id) == col(Certificate.organisation_id))
        .where(
            within.limits(col(Certificate.organisation_id)),
            col(Certificate.status) == CertificateStatus.ACTIVE,
            col(Certificate.disputed).is_(False),
            col(Certificate.valid_from) < since,
            col(Certificate.valid_to) >= day,
        )
    )
    words = fold(narrowed.q if narrowed else "").split()
    found = [
        Unvisited(
            *(one.uid, one.number, standard, owner),
            *(one.valid_from, one.valid_to, visited.get(owner.pk)),
        )
        for one, standard, owner in session.execute(wanted)
        if visited.get(owner.pk, date.min) < since and all(w in owner.name_key for w in words)
    ]
    return sorted(found, key=lambda one: (one.last_visit or date.min, one.valid_to, one.number))


def _last_harvest(day: date) -> Any:
    """The newest harvest from a code's area until a day: one step into the index, however many there were."""
    harvested = col(HarvestLot.harvested_on)
    return (
        select(harvested)
        .where(
            col(HarvestLot.area_id) == col(AreaCode.area_id),
            col(HarvestLot.state) != LotState.WITHDRAWN,
            harvested <= day,
        )
        .order_by(harvested.desc())
        .limit(1)
        .correlate(AreaCode)
        .scalar_subquery()
    )
