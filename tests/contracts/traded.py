"""An organisation's own company prefix and location number, for the walk along the policy table."""

from app.catalogue.gs1_key_commands import (
    number_location,
    register_prefix,
    remove_location_number,
)
from app.catalogue.gs1_key_queries import find_number_of
from app.catalogue.gs1_numbers import sscc_of
from app.kit.gs1_checks import check_digit
from app.labels.run_queries import parts_of
from app.labels.sscc_commands import keep_range
from app.ledger.actors import Actor
from app.models.print_runs import PrintRun
from app.models.registry import Organisation, PlantingArea
from tests.given import Given

BY = Actor.system()


def numbered_unit(given: Given, run: PrintRun, prefix: str) -> str:
    """The SSCC of a carton whose label a run printed."""
    part = parts_of(given.session, run)[0].part
    keep_range(given.session, part, prefix=prefix, first=0)
    return sscc_of(prefix, 0)


def numbered_things(given: Given, area: PlantingArea) -> dict[str, str]:
    """A company prefix of the area's organisation, and the GLN of the area: fresh ones."""
    home = given.session.get_one(Organisation, area.organisation_id)
    known = find_number_of(given.session, home.pk, area.pk)
    if known is not None:
        remove_location_number(given.session, number=known, by=BY, now=given.now)
    prefix = f"9520{given.number():04}"
    register_prefix(given.session, organisation=home, prefix=prefix, by=BY, now=given.now)
    gln = f"{prefix}0000{check_digit(f'{prefix}0000')}"
    number_location(given.session, organisation=home, area=area, gln=gln, by=BY, now=given.now)
    given.session.commit()
    return {"prefix": prefix, "gln": gln}
