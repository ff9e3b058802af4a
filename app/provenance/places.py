"""Who or where a Global Location Number is: an organisation, one of its planting areas."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.kit.gs1_links import DigitalLink
from app.kit.messages import say
from app.ledger.marks import noun_mark
from app.models.products import LocationNumber
from app.models.registry import AreaCode, Organisation, OrganisationKind, PlantingArea
from app.places.queries import address_of, units_by_ids
from app.provenance.link_levels import place_level
from app.provenance.links import Levels
from app.provenance.resolved import Resolved, Unknown, WrongWay
from app.registry.codes import key_of
from app.registry.finding_queries import is_named
from app.registry.public_queries import area_path, public_codes_of

PARTY, PLACE, EXTENSION = "417", "414", "254"


@dataclass(frozen=True)
class PlaceTold:
    """A place or party as everybody may read it: `name` None for a household that is not named.

    `page` is its address on this site, `codes` are those of the area, or of all of the organisation's.
    """

    gln: str
    page: str
    kind: OrganisationKind
    name: str | None
    area: str | None
    address: str
    phone: str
    codes: tuple[str, ...]
    demonstration: bool


@dataclass(frozen=True)
class _Line:
    number: LocationNumber
    organisation: Organisation
    area: PlantingArea | None


def place_told(session: Session, gln: str, *, day: date) -> PlaceTold:
    """What everybody may know of a GLN. Raises Unknown."""
    line = _line(session, gln)
    organisation, area = line.organisation, line.area
    named = is_named(organisation)
    place = area.commune_id if area else organisation.commune_id
    unit = units_by_ids(session, {place}).get(place) if place else None
    street = organisation.address if named and area is None else ""
    parts = [street, address_of(unit) if unit else ""]
    return PlaceTold(
        gln=gln,
        page=_page(session, line, day),
        kind=organisation.kind,
        name=organisation.name if named else None,
        area=area.name if area and named else None,
        address=", ".join(part for part in parts if part),
        phone=organisation.public_phone if named else "",
        codes=_codes(session, line),
        demonstration=organisation.demonstration,
    )


def resolve_place(session: Session, link: DigitalLink, root: str, day: date) -> Resolved:
    """The levels of a GLN, with the planting-area code behind it (254). Raises Unknown."""
    line = _line(session, link.value)
    if link.key == PARTY and line.area is not None:
        why = say("{gln} is the number of a place, not of a party.", gln=link.value)
        raise Unknown(WrongWay.PLACE, why)
    if set(link.qualifiers) - {EXTENSION}:
        why = say("Registry numbers behind a GLN are not kept here.")
        raise Unknown(WrongWay.EXTENSION, why)
    page = root + _page(session, line, day)
    twin = f"{root}/api/v1/public/places/{link.value}"
    own = place_level(link.path(qualifiers=0), page, _name(line), twin)
    subjects = {
        link.value,
        str(line.organisation.uid),
        noun_mark(line.organisation.uid, "area"),
        noun_mark(line.organisation.uid, "code"),
        *([str(line.area.uid)] if line.area else []),
    }
    if EXTENSION not in link.qualifiers:
        return Resolved(Levels((own,)), frozenset(subjects), None, gone=False)
    code = _code(session, line, link.qualifiers[EXTENSION])
    found = f"/register/{code.code_key}"
    behind = place_level(link.path(), f"{root}{found}", code.code, f"{root}/api/v1{found}")
    return Resolved(Levels((behind, own)), frozenset(subjects), None, gone=False)


def _page(session: Session, line: _Line, day: date) -> str:
    """The public page of the organisation, or of its area."""
    if line.area is None:
        return f"/o/{line.organisation.uid}"
    return area_path(line.area.uid, public_codes_of(session, line.area, day=day))


def _line(session: Session, gln: str) -> _Line:
    wanted = (
        select(LocationNumber, Organisation, PlantingArea)
        .join(Organisation, col(Organisation.id) == col(LocationNumber.organisation_id))
        .outerjoin(PlantingArea, col(PlantingArea.id) == col(LocationNumber.area_id))
        .where(col(LocationNumber.gln) == gln)
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        why = say("The location number {gln} is not in the register.", gln=gln)
        raise Unknown(WrongWay.PLACE, why)
    return _Line(*row)


def _code(session: Session, line: _Line, extension: str) -> AreaCode:
    """The planting-area code of one of the organisation's areas that an extension spells.

    Without its dashes if need be: an extension has 20 characters at most, and most codes have more.
    """
    wanted = _codes_of(line).where(col(AreaCode.code_key) == key_of(extension))
    found: AreaCode | None = session.execute(wanted.limit(1)).scalar_one_or_none()
    if found is None:
        why = say("The planting-area code {code} does not belong to this place.", code=extension)
        raise Unknown(WrongWay.EXTENSION, why)
    return found


def _codes(session: Session, line: _Line) -> tuple[str, ...]:
    wanted = _codes_of(line).order_by(col(AreaCode.id))
    return tuple(dict.fromkeys(code.code for code in session.execute(wanted).scalars()))


def _codes_of(line: _Line) -> Any:
    wanted = select(AreaCode).join(PlantingArea, col(PlantingArea.id) == col(AreaCode.area_id))
    if line.area is not None:
        return wanted.where(col(PlantingArea.id) == line.area.pk)
    return wanted.where(col(PlantingArea.organisation_id) == line.organisation.pk)


def _name(line: _Line) -> str:
    """The area's name and the organisation's; the number alone where either would name a person."""
    if not is_named(line.organisation):
        return line.number.gln
    parts = (line.area.name if line.area else "", line.organisation.name)
    return ", ".join(part for part in parts if part)
