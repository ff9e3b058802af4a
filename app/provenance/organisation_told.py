"""An organisation as the public may know it: who it is, where it grows, what it holds and sells.

Whatever is not a field here cannot reach the public. A household bears a person's name: unless it
agreed, it is told by its commune alone, without telephone, street, number or the names of areas.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.certificates.public_queries import Told, certificates_held
from app.db import once_a_reading
from app.kit.messages import Message, say
from app.models.places import AdminUnit
from app.models.products import LocationNumber, Product
from app.models.registry import Organisation, OrganisationKind
from app.places.queries import units_by_ids
from app.registry.finding_queries import is_named
from app.registry.organisation_queries import organisation_by_uid
from app.registry.public_queries import PublicArea, public_areas_of


@dataclass(frozen=True)
class MakerTold:
    """Who answers for something: `name` as it may be said, `named` whether that is a name."""

    uid: UUID
    kind: OrganisationKind
    name: Message
    named: bool
    commune: AdminUnit | None
    former: AdminUnit | None
    street: str
    phone: str
    demonstration: bool

    @property
    def path(self) -> str:
        return f"/o/{self.uid}"


@dataclass(frozen=True)
class OrganisationTold:
    """The organisation's page as data. `gln`: its own Global Location Number (AI 417)."""

    maker: MakerTold
    registration_number: str | None
    gln: str | None
    areas: tuple[PublicArea, ...]
    products: tuple[Product, ...]
    certificates: tuple[Told, ...]
    told_on: date


def organisation_told(session: Session, uid: UUID, *, today: date) -> OrganisationTold:
    """What the public may know of an organisation today; raises NotFound."""
    organisation = organisation_by_uid(session, uid, within=Reach.all())
    named = is_named(organisation)
    return OrganisationTold(
        maker=maker_told(session, organisation),
        registration_number=organisation.registration_number if named else None,
        gln=_own_gln(session, organisation),
        areas=public_areas_of(session, organisation, day=today),
        products=_products(session, organisation, today),
        certificates=tuple(certificates_held(session, organisation.pk, day=today)),
        told_on=today,
    )


@once_a_reading
def maker_told(session: Session, organisation: Organisation) -> MakerTold:
    """An organisation in a line."""
    wanted = {organisation.commune_id, organisation.former_commune_id} - {None}
    units = units_by_ids(session, {unit for unit in wanted if unit is not None})
    commune = units.get(organisation.commune_id or 0)
    named = is_named(organisation)
    return MakerTold(
        uid=organisation.uid,
        kind=organisation.kind,
        name=_name(organisation, commune, named=named),
        named=named,
        commune=commune,
        former=units.get(organisation.former_commune_id or 0),
        street=organisation.address if named else "",
        phone=organisation.public_phone if named else "",
        demonstration=organisation.demonstration,
    )


def _name(organisation: Organisation, commune: AdminUnit | None, *, named: bool) -> Message:
    if named:
        return say("{words}", words=organisation.name)
    if commune is None:
        return say("Growing household")
    return say("Growing household, {commune}", commune=commune.name)


def _own_gln(session: Session, organisation: Organisation) -> str | None:
    wanted = select(col(LocationNumber.gln)).where(
        col(LocationNumber.organisation_id) == organisation.pk,
        col(LocationNumber.area_id).is_(None),
    )
    return session.execute(wanted.order_by(col(LocationNumber.id)).limit(1)).scalar_one_or_none()


def _products(session: Session, organisation: Organisation, today: date) -> tuple[Product, ...]:
    wanted = (
        select(Product)
        .where(col(Product.organisation_id) == organisation.pk)
        .order_by(col(Product.name_key), col(Product.id))
    )
    found = session.execute(wanted).scalars()
    return tuple(one for one in found if one.withdrawn_on is None or one.withdrawn_on > today)
