"""An organisation's own company prefix and location number, for the walk along the policy table."""

from itertools import count

from app.catalogue.gs1_key_commands import (
    number_location,
    register_prefix,
    remove_location_number,
)
from app.catalogue.gs1_key_queries import find_number_of
from app.kit.gs1_checks import check_digit
from app.ledger.actors import Actor
from app.models.registry import Organisation, PlantingArea
from tests.given import Given

BY = Actor.system()
_numbers = count(1)


def numbered_things(given: Given, area: PlantingArea) -> dict[str, str]:
    """A company prefix of the area's organisation, and the GLN of the area: fresh ones."""
    home = given.session.get_one(Organisation, area.organisation_id)
    known = find_number_of(given.session, home.pk, area.pk)
    if known is not None:
        remove_location_number(given.session, number=known, by=BY, now=given.now)
    prefix = f"9520{next(_numbers):04}"
    register_prefix(given.session, organisation=home, prefix=prefix, by=BY, now=given.now)
    gln = f"{prefix}0000{check_digit(f'{prefix}0000')}"
    number_location(given.session, organisation=home, area=area, gln=gln, by=BY, now=given.now)
    given.session.commit()
    return {"prefix": prefix, "gln": gln}
