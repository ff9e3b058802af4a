"""What anybody may know of a certificate number: what it is worth today, for what, whose it is."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.certificates.queries import CertificateLine as Line
from app.certificates.queries import Scope, Sight, lines_in, scope_of
from app.certificates.rules import Listed
from app.certificates.validity import is_ggn
from app.kit.text import fold
from app.models.catalogue import Crop
from app.models.certificates import Certificate, CertificateStatus
from app.models.registry import OrganisationKind, PlantingArea

MOST = 20


class State(StrEnum):
    """What a number is worth on a day."""

    UNKNOWN = "unknown"
    VALID = "valid"
    SUSPENDED = "suspended"
    PENDING = "pending"
    REPLACED = "replaced"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DISPUTED = "disputed"


# What a number is worth when several records bear it: the best of those that stand counts.
_ORDER = list(State)


@dataclass(frozen=True)
class Told:
    """One certificate as everybody may read it. `holder` None: a household that is not named."""

    line: Line
    state: State
    since: date | None
    holder: str | None
    crops: list[Crop]
    areas: list[PlantingArea]
    members: int
    successor: str | None


@dataclass(frozen=True)
class Answer:
    """What is known of a number on a day."""

    number: str
    state: State
    certificates: list[Told]


def certificates_numbered(session: Session, number: str, *, day: date) -> Answer:
    """Every record of a number, the one that counts first; punctuation and case do not matter."""
    key = number_key(number)
    if not key:
        return Answer(number, State.UNKNOWN, [])
    wanted = lines_in(Sight(Reach.all())).where(col(Certificate.number_key) == key)
    newest = wanted.order_by(col(Certificate.valid_to).desc(), col(Certificate.id).desc())
    told = [_told(session, Line(*row), day) for row in session.execute(newest.limit(MOST)).all()]
    ranked = sorted(told, key=lambda one: _ORDER.index(one.state))
    return Answer(number, ranked[0].state if ranked else State.UNKNOWN, ranked)


def certificates_held(session: Session, organisation_id: int, *, day: date) -> list[Told]:
    """Every certificate of a holder, those that stand first, then the one that runs longest."""
    wanted = lines_in(Sight(Reach.own(organisation_id)))
    newest = wanted.order_by(col(Certificate.valid_to).desc(), col(Certificate.id).desc())
    told = [_told(session, Line(*row), day) for row in session.execute(newest).all()]
    return sorted(told, key=lambda one: _ORDER.index(one.state))


def number_key(number: str) -> str:
    """What every way of typing one certificate number has in common."""
    key = fold(number)[:80]
    closed = key.replace(" ", "")
    return closed if is_ggn(closed) else key


def _told(session: Session, line: Line, day: date) -> Told:
    scope, held = scope_of(session, line.certificate), line.certificate
    state = _state(line.standing_on(day, scope.steps))
    named = line.holder.name_public or line.holder.kind is not OrganisationKind.HOUSEHOLD
    return Told(
        line=line,
        state=state,
        since=_since(scope, state, day),
        holder=line.holder.name if named else None,
        crops=[crop for crop in scope.crops if scope.lists_on(Listed.CROPS, crop, day)]
        or scope.crops,
        areas=_areas(scope, day) if named else [],
        members=sum(scope.lists_on(Listed.MEMBERS, one, day) for one in scope.members),
        successor=_successor(session, held) if state is State.REPLACED else None,
    )


def _areas(scope: Scope, day: date) -> list[PlantingArea]:
    # Before its first day, and where nothing is listed any more, what it is about is still told.
    then = [area for area in scope.areas if scope.lists_on(Listed.AREAS, area, day)]
    return then or scope.areas


def _state(standing: str) -> State:
    return State.VALID if standing == "active" else State(standing)


def _since(scope: Scope, state: State, day: date) -> date | None:
    """From when a state holds that a step brought about."""
    changed: dict[State, CertificateStatus] = {
        State.SUSPENDED: CertificateStatus.SUSPENDED,
        State.WITHDRAWN: CertificateStatus.WITHDRAWN,
        State.REPLACED: CertificateStatus.REPLACED,
    }
    status = changed.get(state)
    days = [
        step.effective_on
        for step in scope.steps
        if step.status is status and step.effective_on <= day
    ]
    return max(days, default=None)


def _successor(session: Session, certificate: Certificate) -> str | None:
    wanted = select(col(Certificate.number)).where(
        col(Certificate.predecessor_id) == certificate.pk
    )
    return session.execute(wanted).scalar_one_or_none()
