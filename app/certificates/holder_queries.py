"""Whom one may choose when a certificate is written down: holders, their areas, their members.

The least a certifier needs: names and codes, never telephones or addresses of people.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.certificates.drafting import HOLDERS
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.registry import Grower, GrowerMembership, Organisation
from app.registry.area_queries import AreaChoice, area_choices
from app.registry.words import words_of


@dataclass(frozen=True)
class MemberChoice:
    """A member one can put on a list."""

    uid: UUID
    code: str
    name: str


@dataclass(frozen=True)
class HolderGoods:
    """What a holder has that a certificate can cover; `more`: members beyond those offered."""

    holder: Organisation
    areas: list[AreaChoice]
    members: list[MemberChoice]
    more: int


def holders(
    session: Session, *, within: Reach, q: str = "", after: str | None = None, limit: int = 50
) -> Page[Organisation]:
    """Organisations that can hold a certificate, in the order they were registered."""
    wanted = select(Organisation).where(
        within.limits(col(Organisation.id)), col(Organisation.kind).in_(HOLDERS)
    )
    for word in words_of(q):
        wanted = wanted.where(col(Organisation.name_key).like(f"%{word}%"))
    if after is not None:
        wanted = wanted.where(col(Organisation.id) > decode(after, int)[0])
    rows = session.execute(wanted.order_by(col(Organisation.id)).limit(limit + 1)).scalars()
    return page_of(list(rows), limit=limit, key=lambda found: (found.pk,))


def holder_by_uid(session: Session, uid: UUID, *, within: Reach) -> Organisation:
    """The possible holder with this public id."""
    wanted = select(Organisation).where(
        col(Organisation.uid) == uid,
        within.limits(col(Organisation.id)),
        col(Organisation.kind).in_(HOLDERS),
    )
    found: Organisation | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such organisation."))
    return found


def goods_of(session: Session, holder: Organisation, *, day: date, most: int) -> HolderGoods:
    """A holder's open areas and the members of a day, at most so many of them, by name."""
    members = (
        select(col(Grower.uid), col(Grower.code), col(Grower.name))
        .join(GrowerMembership, col(GrowerMembership.grower_id) == col(Grower.id))
        .where(*_belongs(holder, day))
        .order_by(col(Grower.name_key), col(Grower.id))
    )
    found = [MemberChoice(*row) for row in session.execute(members.limit(most)).all()]
    count = select(func.count()).select_from(GrowerMembership).where(*_belongs(holder, day))
    total = int(session.execute(count).scalar_one())
    areas = area_choices(session, holder.pk)
    return HolderGoods(holder, areas, found, max(0, total - len(found)))


def members_by_codes(
    session: Session, holder: Organisation, codes: list[str]
) -> tuple[list[UUID], list[str]]:
    """The members with these codes, and the codes that nobody there has."""
    belonging = select(col(GrowerMembership.grower_id)).where(
        col(GrowerMembership.organisation_id) == holder.pk
    )
    wanted = select(col(Grower.code), col(Grower.uid)).where(
        col(Grower.code).in_(set(codes)), col(Grower.id).in_(belonging)
    )
    known = dict(session.execute(wanted).all())
    return [known[code] for code in codes if code in known], [
        code for code in codes if code not in known
    ]


def _belongs(holder: Organisation, day: date) -> tuple[ColumnElement[bool], ...]:
    ends = col(GrowerMembership.valid_to)
    return (
        col(GrowerMembership.organisation_id) == holder.pk,
        col(GrowerMembership.valid_from) <= day,
        or_(ends.is_(None), ends >= day),
    )
