"""Finding company prefixes and location numbers; who and where a GLN is, for everybody."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.gs1_numbers import overlap
from app.catalogue.product_queries import Within
from app.errors import NotFound
from app.kit.messages import say
from app.models.products import CompanyPrefix, LocationNumber
from app.models.registry import Organisation, PlantingArea


@dataclass(frozen=True)
class PrefixLine:
    """A company prefix with whose it is."""

    prefix: CompanyPrefix
    organisation: Organisation


@dataclass(frozen=True)
class LocationLine:
    """A GLN with the organisation it is of, and the area where it is one's."""

    number: LocationNumber
    organisation: Organisation
    area: PlantingArea | None


@dataclass(frozen=True)
class PublicLocation:
    """Who or where a GLN is, for everybody. `name` is empty where it would be a person's.

    `area` and `commune_id` tell the place: the area's, else the organisation's seat.
    """

    gln: str
    organisation_id: int
    organisation: UUID
    name: str
    area_id: int | None
    area: UUID | None
    area_name: str
    commune_id: int | None


def company_prefixes(session: Session, *, within: Within) -> list[PrefixLine]:
    """The company prefixes of the organisations within reach."""
    wanted = (
        select(CompanyPrefix, Organisation)
        .join(Organisation, col(Organisation.id) == col(CompanyPrefix.organisation_id))
        .where(within.limits(col(CompanyPrefix.organisation_id)))
        .order_by(col(CompanyPrefix.prefix))
    )
    return [PrefixLine(*row) for row in session.execute(wanted).all()]


def company_prefix(session: Session, prefix: str, *, within: Within) -> CompanyPrefix:
    """The company prefix with these digits; NotFound outside the reach."""
    wanted = select(CompanyPrefix).where(
        col(CompanyPrefix.prefix) == prefix, within.limits(col(CompanyPrefix.organisation_id))
    )
    found: CompanyPrefix | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such company prefix."))
    return found


def find_overlapping(session: Session, prefix: str) -> CompanyPrefix | None:
    """A company prefix, anybody's, that would give out the same numbers."""
    every = session.execute(select(CompanyPrefix)).scalars()
    return next((one for one in every if overlap(one.prefix, prefix)), None)


def location_numbers(session: Session, *, within: Within) -> list[LocationLine]:
    """The GLNs of the organisations within reach and of their areas."""
    wanted = _locations().where(within.limits(col(LocationNumber.organisation_id)))
    rows = session.execute(wanted.order_by(col(LocationNumber.gln))).all()
    return [LocationLine(*row) for row in rows]


def location_number(session: Session, gln: str, *, within: Within) -> LocationNumber:
    """The GLN with these digits; NotFound outside the reach."""
    limits = within.limits(col(LocationNumber.organisation_id))
    row = session.execute(_locations().where(col(LocationNumber.gln) == gln, limits)).first()
    if row is None:
        raise NotFound(say("There is no such location number."))
    number: LocationNumber = row[0]
    return number


def find_number_of(
    session: Session, organisation_id: int, area_id: int | None
) -> LocationNumber | None:
    """The GLN of an area, or of an organisation as a party."""
    wanted = select(LocationNumber).where(
        col(LocationNumber.organisation_id) == organisation_id,
        col(LocationNumber.area_id) == area_id
        if area_id is not None
        else col(LocationNumber.area_id).is_(None),
    )
    return session.execute(wanted).scalars().first()


def location_by_gln(session: Session, gln: str) -> PublicLocation | None:
    """Who or where a GLN is."""
    row = session.execute(_locations().where(col(LocationNumber.gln) == gln)).first()
    if row is None:
        return None
    number, organisation, area = row
    return PublicLocation(
        gln=number.gln,
        organisation_id=organisation.pk,
        organisation=organisation.uid,
        name=organisation.name if organisation.name_public else "",
        area_id=area.pk if area else None,
        area=area.uid if area else None,
        area_name=area.name if area else "",
        commune_id=area.commune_id if area else organisation.commune_id,
    )


def organisation_by_gln(session: Session, gln: str) -> PublicLocation | None:
    """The organisation a GLN names as a party (AI 417); None for one of an area."""
    found = location_by_gln(session, gln)
    return found if found is not None and found.area_id is None else None


def _locations() -> Any:
    return (
        select(LocationNumber, Organisation, PlantingArea)
        .join(Organisation, col(Organisation.id) == col(LocationNumber.organisation_id))
        .outerjoin(PlantingArea, col(PlantingArea.id) == col(LocationNumber.area_id))
    )
