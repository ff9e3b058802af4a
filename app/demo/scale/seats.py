"""Whom one can sign in as in the synthetic province: the offices, and the largest cooperative."""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.commands import Invitation, invite_account, use_link
from app.accounts.passwords import new_password
from app.demo.cast import SEATS, Seat
from app.demo.scale.people import AUTHORITY_ID, BODY_ID
from app.demo.story import DemoPerson
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.registry import Organisation, OrganisationKind, PlantingArea

OFFICES = {"certifier": BODY_ID, "inspector": AUTHORITY_ID, "province_admin": AUTHORITY_ID}


def seat_people(session: Session, *, now: datetime) -> list[DemoPerson]:
    """An account of every role; passwords are generated, and shown once."""
    home = largest_cooperative(session)
    return [_seated(session, seat, OFFICES.get(seat.role, home), now) for seat in SEATS]


def largest_cooperative(session: Session) -> int:
    """The key of the cooperative with most planting areas."""
    wanted = (
        select(col(Organisation.id))
        .join(PlantingArea, col(PlantingArea.organisation_id) == col(Organisation.id))
        .where(col(Organisation.kind) == OrganisationKind.COOPERATIVE)
        .group_by(col(Organisation.id))
        .order_by(func.count().desc(), col(Organisation.id))
        .limit(1)
    )
    return int(session.execute(wanted).scalar_one())


def _seated(session: Session, seat: Seat, home: int, now: datetime) -> DemoPerson:
    _, token = invite_account(
        session,
        who=Invitation(seat.login, seat.name, Role(seat.role)),
        organisation=session.get_one(Organisation, home),
        giver=Role.PROVINCE_ADMIN,
        by=Actor.system(),
        now=now,
    )
    password = new_password()
    use_link(session, token=token, password=password, now=now)
    return DemoPerson(seat.role, seat.login, seat.name, password)
