"""The first administrator of an installation that has nobody yet: a one-time link, no password."""

from datetime import datetime

from sqlmodel import Session

from app.accounts.commands import Invitation, invite_account, new_link
from app.accounts.queries import find_account
from app.kit.text import fold
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.registry import Organisation, OrganisationKind

DEPARTMENT = "Sở Nông nghiệp và Môi trường tỉnh Lào Cai"
LOGIN = "quan-tri"


def open_first_door(session: Session, *, now: datetime) -> str:
    """Create the department and its administrator `quan-tri`; returns the link's token.

    Called again before the link was used, it gives a new one and the old one stops working.
    """
    waiting = find_account(session, LOGIN)
    if waiting is not None:
        return new_link(session, account=waiting, now=now)
    department = Organisation(
        kind=OrganisationKind.AUTHORITY,
        name=DEPARTMENT,
        name_key=fold(DEPARTMENT),
        created_at=now,
    )
    session.add(department)
    session.flush()  # the department's id, for the membership
    _, token = invite_account(
        session,
        who=Invitation(LOGIN, "Quản trị tỉnh", Role.PROVINCE_ADMIN),
        organisation=department,
        giver=Role.PROVINCE_ADMIN,
        by=Actor.system(),
        now=now,
    )
    return token
