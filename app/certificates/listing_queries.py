"""Lists of certificates: found by words, filtered by what they are worth, by what ends next."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, tuple_
from sqlmodel import Session, col

from app.certificates.queries import CertificateLine, Sight, lines_in
from app.kit.cursor import Page, decode, page_of
from app.kit.text import fold
from app.models.catalogue import Standard, StandardKind
from app.models.certificates import (
    Certificate,
    CertificateStatus,
    CertificateStep,
    Confirmation,
)
from app.models.registry import Organisation

# What a list can be narrowed to beside the standings of `rules.standing`.
ENDING = "ending"
UNCONFIRMED = "unconfirmed"
STANDINGS = ("active", "pending", "suspended", "disputed", "replaced", "withdrawn", "expired")
SOON_DAYS = 180
_MOST_WORDS = 6


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to. `standing`: one of STANDINGS, ENDING or UNCONFIRMED, or "".

    ENDING lists what is valid and ends within SOON_DAYS, soonest first.
    """

    q: str = ""
    standing: str = ""
    kind: StandardKind | None = None


def certificates(
    session: Session,
    *,
    sight: Sight,
    wanted: Wanted | None = None,
    today: date,
    after: str | None = None,
    limit: int = 50,
) -> Page[CertificateLine]:
    """Certificates, newest first; `q`: every word must occur in the number or the holder's name."""
    asked = wanted or Wanted()
    found = lines_in(sight).where(*_narrowed(asked, today))
    if asked.standing == ENDING:
        return _by_end(session, found, after, limit)
    if after is not None:
        found = found.where(col(Certificate.id) < decode(after, int)[0])
    newest = found.order_by(col(Certificate.id).desc()).limit(limit + 1)
    rows = [CertificateLine(*row) for row in session.execute(newest).all()]
    return page_of(rows, limit=limit, key=lambda line: (line.certificate.pk,))


def running_out(
    session: Session, *, sight: Sight, today: date, until: date, limit: int = 20
) -> list[CertificateLine]:
    """Certificates that stand and whose last day lies between two days, soonest first."""
    wanted = lines_in(sight).where(
        _active(today), col(Certificate.valid_to) >= today, col(Certificate.valid_to) <= until
    )
    soonest = wanted.order_by(col(Certificate.valid_to), col(Certificate.id)).limit(limit)
    return [CertificateLine(*row) for row in session.execute(soonest).all()]


def _by_end(session: Session, found: Any, after: str | None, limit: int) -> Page[CertificateLine]:
    place = tuple_(col(Certificate.valid_to), col(Certificate.id))
    if after is not None:
        day, number = decode(after, str, int)
        found = found.where(place > tuple_(_day(str(day)), number))
    soonest = found.order_by(col(Certificate.valid_to), col(Certificate.id)).limit(limit + 1)
    rows = [CertificateLine(*row) for row in session.execute(soonest).all()]
    return page_of(
        rows,
        limit=limit,
        key=lambda line: (line.certificate.valid_to.isoformat(), line.certificate.pk),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.max


def _narrowed(wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    clauses = [
        or_(
            col(Certificate.number_key).like(f"%{word}%"),
            col(Organisation.name_key).like(f"%{word}%"),
        )
        for word in fold(wanted.q).split()[:_MOST_WORDS]
    ]
    if wanted.kind is not None:
        clauses.append(col(Standard.kind) == wanted.kind)
    if wanted.standing:
        clauses.append(_standing(wanted.standing, today))
    return clauses


def _standing(word: str, today: date) -> ColumnElement[bool]:
    """The clause of a standing; each is what `rules.standing` answers for the same day."""
    status, ends = col(Certificate.status), col(Certificate.valid_to)
    begun = col(Certificate.valid_from) <= today
    withdrawn = status == CertificateStatus.WITHDRAWN
    stands = and_(~withdrawn, ~col(Certificate.disputed))
    running = and_(stands, begun, ends >= today)
    clauses: dict[str, ColumnElement[bool]] = {
        "withdrawn": withdrawn,
        "disputed": and_(~withdrawn, col(Certificate.disputed)),
        "pending": and_(stands, ~begun),
        "replaced": and_(stands, begun, _replaced_by(today)),
        "expired": and_(stands, begun, ends < today, ~_replaced_by(today)),
        "suspended": and_(running, status == CertificateStatus.SUSPENDED),
        "active": _active(today),
        ENDING: and_(_active(today), ends <= today + timedelta(days=SOON_DAYS)),
        UNCONFIRMED: and_(
            stands, col(Certificate.confirmation) == Confirmation.SELF_DECLARED, ends >= today
        ),
    }
    return clauses.get(word, false())


def _active(today: date) -> ColumnElement[bool]:
    status = col(Certificate.status)
    standing = or_(
        status == CertificateStatus.ACTIVE,
        and_(status == CertificateStatus.REPLACED, ~_replaced_by(today)),
    )
    return and_(
        standing,
        ~col(Certificate.disputed),
        col(Certificate.valid_from) <= today,
        col(Certificate.valid_to) >= today,
    )


def _replaced_by(today: date) -> ColumnElement[bool]:
    """Whether another took its place already: a replacement may be planned for a later day."""
    return (
        select(col(CertificateStep.id))
        .where(
            col(CertificateStep.certificate_id) == col(Certificate.id),
            col(CertificateStep.status) == CertificateStatus.REPLACED,
            col(CertificateStep.effective_on) <= today,
        )
        .exists()
    )
