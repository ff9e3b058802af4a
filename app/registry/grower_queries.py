"""Finding growers, whether they were members on a day, and whether their name may be told."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.places import AdminUnit
from app.models.registry import (
    ConsentPurpose,
    Grower,
    GrowerConsent,
    GrowerMembership,
    Organisation,
)
from app.registry.words import words_of


@dataclass(frozen=True)
class Identity:
    """What is known of a person, as it is kept: what tells one grower from another."""

    name: str
    name_key: str
    phone: str | None
    hamlet: str
    commune_id: int


@dataclass(frozen=True)
class GrowerLine:
    """A grower with the newest membership in one organisation within reach, and their commune."""

    grower: Grower
    membership: GrowerMembership
    organisation: Organisation
    commune: AdminUnit


def grower_by_uid(session: Session, uid: UUID, *, within: Reach) -> Grower:
    """A grower who is, or was, a member of an organisation within reach."""
    return grower_line(session, uid, within=within).grower


def grower_line(session: Session, uid: UUID, *, within: Reach) -> GrowerLine:
    """The same with the newest membership within reach; of a merged record, the one that stays."""
    wanted = _lines(within).where(col(Grower.uid) == uid)
    newest = wanted.order_by(col(GrowerMembership.id).desc()).limit(1)
    row = session.execute(newest).first()
    if row is not None:
        return GrowerLine(*row)
    stays = _find_stays(session, uid)
    if stays is None:
        raise NotFound(say("There is no such grower."))
    return grower_line(session, stays, within=within)


def growers(
    session: Session, *, within: Reach, q: str = "", after: str | None = None, limit: int = 50
) -> Page[GrowerLine]:
    """Growers of the organisations within reach, former members too, newest first.

    `q`: every word must occur in the name or the code.
    """
    wanted = _lines(within)
    for word in words_of(q):
        name, code = col(Grower.name_key), col(Grower.code)
        wanted = wanted.where(or_(name.like(f"%{word}%"), code.like(f"%{word.upper()}%")))
    if after is not None:
        wanted = wanted.where(col(GrowerMembership.id) < decode(after, int)[0])
    newest = wanted.order_by(col(GrowerMembership.id).desc()).limit(limit + 1)
    rows = [GrowerLine(*row) for row in session.execute(newest).all()]
    return page_of(rows, limit=limit, key=lambda line: (line.membership.pk,))


def is_member_on(session: Session, grower: Grower, organisation: Organisation, day: date) -> bool:
    """Whether a grower was a member of an organisation on a day (both ends inclusive)."""
    wanted = select(col(GrowerMembership.id)).where(
        col(GrowerMembership.grower_id) == grower.pk,
        col(GrowerMembership.organisation_id) == organisation.pk,
        col(GrowerMembership.valid_from) <= day,
        or_(col(GrowerMembership.valid_to).is_(None), col(GrowerMembership.valid_to) >= day),
    )
    return session.execute(wanted.limit(1)).first() is not None


def memberships_of(session: Session, grower: Grower) -> list[GrowerMembership]:
    """Every membership a grower has or had, oldest first."""
    wanted = (
        select(GrowerMembership)
        .where(col(GrowerMembership.grower_id) == grower.pk)
        .order_by(col(GrowerMembership.valid_from), col(GrowerMembership.id))
    )
    return list(session.execute(wanted).scalars())


def find_namesake(
    session: Session, organisation: Organisation, identity: Identity, *, besides: Grower | None
) -> GrowerLine | None:
    """A grower of the organisation, present or former, who must be the same person.

    The same name and telephone; without a telephone the same name, commune and hamlet.
    """
    wanted = _lines(Reach.own(organisation.pk)).where(
        col(Grower.name_key) == identity.name_key, *_same_contact(identity)
    )
    if besides is not None:
        wanted = wanted.where(col(Grower.id) != besides.pk)
    row = session.execute(wanted.order_by(col(GrowerMembership.id).desc()).limit(1)).first()
    return None if row is None else GrowerLine(*row)


_CONSENT: Any = (
    select(GrowerConsent)
    .where(
        col(GrowerConsent.grower_id) == bindparam("grower"),
        col(GrowerConsent.purpose) == bindparam("purpose"),
        col(GrowerConsent.withdrawn_at).is_(None),
    )
    .limit(1)
)


def find_consent(
    session: Session, grower_id: int, purpose: ConsentPurpose = ConsentPurpose.PUBLIC_NAME
) -> GrowerConsent | None:
    """The consent that stands for a purpose, if any."""
    asked = {"grower": grower_id, "purpose": purpose}
    found: GrowerConsent | None = session.execute(_CONSENT, asked).scalars().first()
    return found


def public_name_of(session: Session, grower_id: int) -> str | None:
    """A grower's name while consent to tell it stands, else None (Luật 91/2025/QH15)."""
    if find_consent(session, grower_id) is None:
        return None
    return session.get_one(Grower, grower_id).name


def _find_stays(session: Session, uid: UUID) -> UUID | None:
    stays = aliased(Grower)
    wanted = (
        select(col(stays.uid))
        .join(Grower, col(Grower.merged_into_id) == col(stays.id))
        .where(col(Grower.uid) == uid)
    )
    return session.execute(wanted).scalar_one_or_none()


def _same_contact(identity: Identity) -> tuple[ColumnElement[bool], ...]:
    if identity.phone is not None:
        return (col(Grower.phone) == identity.phone,)
    return (
        col(Grower.phone).is_(None),
        col(Grower.commune_id) == identity.commune_id,
        col(Grower.hamlet) == identity.hamlet,
    )


def _lines(within: Reach) -> Any:
    later = aliased(GrowerMembership)
    renewed = select(col(later.id)).where(
        col(later.grower_id) == col(GrowerMembership.grower_id),
        col(later.organisation_id) == col(GrowerMembership.organisation_id),
        col(later.id) > col(GrowerMembership.id),
    )
    return (
        select(Grower, GrowerMembership, Organisation, AdminUnit)
        .join(GrowerMembership, col(GrowerMembership.grower_id) == col(Grower.id))
        .join(Organisation, col(Organisation.id) == col(GrowerMembership.organisation_id))
        .join(AdminUnit, col(AdminUnit.id) == col(Grower.commune_id))
        .where(within.limits(col(GrowerMembership.organisation_id)), ~renewed.exists())
    )
