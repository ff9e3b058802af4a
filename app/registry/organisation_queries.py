"""Finding organisations."""

from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.registry import Organisation, OrganisationKind
from app.registry.words import words_of

MOST_RECEIVERS = 300


def organisation_by_uid(session: Session, uid: UUID, *, within: Reach) -> Organisation:
    """The organisation with this public id."""
    found: Organisation | None = session.execute(
        select(Organisation).where(
            col(Organisation.uid) == uid, within.limits(col(Organisation.id))
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such organisation."))
    return found


def organisation_by_id(session: Session, organisation_id: int) -> Organisation:
    """The organisation with this internal key, which must exist."""
    return session.get_one(Organisation, organisation_id)


def authorities(session: Session) -> list[Organisation]:
    """Every authority."""
    wanted = select(Organisation).where(col(Organisation.kind) == OrganisationKind.AUTHORITY)
    return list(session.execute(wanted.order_by(col(Organisation.id))).scalars())


def find_by_registration_number(session: Session, number: str) -> Organisation | None:
    """The organisation with this registration number."""
    wanted = select(Organisation).where(col(Organisation.registration_number) == number)
    return session.execute(wanted).scalar_one_or_none()


def organisations(
    session: Session,
    *,
    within: Reach,
    q: str = "",
    kind: OrganisationKind | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Organisation]:
    """Organisations in the order they were registered; `q`: every word must occur in the name."""
    wanted = select(Organisation).where(within.limits(col(Organisation.id)))
    for word in words_of(q):
        wanted = wanted.where(col(Organisation.name_key).like(f"%{word}%"))
    if kind is not None:
        wanted = wanted.where(col(Organisation.kind) == kind)
    if after is not None:
        wanted = wanted.where(col(Organisation.id) > decode(after, int)[0])
    rows = session.execute(wanted.order_by(col(Organisation.id)).limit(limit + 1)).scalars()
    return page_of(list(rows), limit=limit, key=lambda found: (found.pk,))


def count_organisations(session: Session) -> int:
    """How many organisations there are."""
    return int(session.execute(select(func.count()).select_from(Organisation)).scalar_one())


def receivers(session: Session, *, besides: int) -> list[Organisation]:
    """Organisations that goods may be delivered to: those that trade and bear no person's name."""
    trading = (OrganisationKind.COOPERATIVE, OrganisationKind.GROUP, OrganisationKind.ENTERPRISE)
    wanted = (
        select(Organisation)
        .where(col(Organisation.kind).in_(trading), col(Organisation.id) != besides)
        .order_by(col(Organisation.name_key), col(Organisation.id))
        .limit(MOST_RECEIVERS)
    )
    return list(session.execute(wanted).scalars())
