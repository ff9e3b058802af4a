"""Where the goods of a lot grew, as a label says it."""

from sqlmodel import Session

from app.lots.origin_queries import areas_among, origins_of, percent_from_outside
from app.models.lots import HarvestLot
from app.places.queries import address_of, unit_by_id

# A label has room for so many places; of more, the province is said.
MOST_PLACES = 2


def grown_in(session: Session, lot: HarvestLot, tag: str) -> str:
    """The commune, both of two communes, or what all of many lie in; the largest share first."""
    areas = areas_among(origins_of(session, lot)).values()
    communes = dict.fromkeys(area.commune_id for area in areas)
    places = [unit_by_id(session, commune) for commune in communes]
    if len(places) <= MOST_PLACES:
        return "; ".join(address_of(place, tag) for place in places)
    provinces = dict.fromkeys(place.province_name for place in places)
    return "; ".join(provinces)


def is_from_outside(session: Session, lot: HarvestLot) -> bool:
    """Whether any of a lot came from a supplier outside of the system."""
    return percent_from_outside(origins_of(session, lot)) > 0
