"""Company prefixes and location numbers: whose they are, each once."""

import pytest
from sqlmodel import Session

from app.accounts.reach import Reach
from app.catalogue.gs1_key_commands import (
    number_location,
    register_prefix,
    remove_location_number,
    remove_prefix,
)
from app.catalogue.gs1_key_queries import (
    company_prefix,
    company_prefixes,
    location_by_gln,
    location_number,
    location_numbers,
    organisation_by_gln,
)
from app.errors import Conflict, NotFound, Refused
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.models.registry import Organisation, PlantingArea
from tests.given import Given

BY = Actor.system()
PARTY, FIELD = "9521234000013", "9521234000020"


def prefix(given: Given, home: Organisation, digits: str) -> None:
    register_prefix(given.session, organisation=home, prefix=digits, by=BY, now=given.now)


def number(given: Given, home: Organisation, area: PlantingArea | None, gln: str):
    return number_location(
        given.session, organisation=home, area=area, gln=gln, by=BY, now=given.now
    )


def test_a_prefix_is_one_organisation_s(given: Given, session: Session) -> None:
    home, other = given.cooperative(), given.cooperative()
    prefix(given, home, "952 1234")
    for digits in ("9521234", "952123", "95212345"):
        with pytest.raises(Conflict, match="Another organisation"):
            prefix(given, other, digits)
        with pytest.raises(Conflict, match="covers"):
            prefix(given, home, digits)
    prefix(given, other, "9521235")
    assert [
        line.prefix.prefix for line in company_prefixes(session, within=Reach.own(home.pk))
    ] == ["9521234"]
    assert len(company_prefixes(session, within=Reach.all())) == 2


def test_a_prefix_is_struck_out_by_its_owner(given: Given, session: Session) -> None:
    home = given.cooperative()
    prefix(given, home, "9521234")
    with pytest.raises(NotFound):
        company_prefix(session, "9521234", within=Reach.own(home.pk + 1))
    held = company_prefix(session, "9521234", within=Reach.own(home.pk))
    remove_prefix(session, held=held, by=BY, now=given.now)
    assert company_prefixes(session, within=Reach.all()) == []
    assert [fact.kind for fact in history_of(session, "9521234")] == [
        "company_prefix.registered",
        "company_prefix.removed",
    ]


def test_a_gln_tells_everybody_who_and_where(given: Given, session: Session) -> None:
    area = given.area()
    home = session.get_one(Organisation, area.organisation_id)
    number(given, home, None, PARTY)
    number(given, home, area, "GLN 952 1234 00002 0")
    party = organisation_by_gln(session, PARTY)
    assert party is not None
    assert (party.organisation, party.name, party.area) == (home.uid, home.name, None)
    field = location_by_gln(session, FIELD)
    assert field is not None
    assert (field.area, field.commune_id) == (area.uid, area.commune_id)
    assert organisation_by_gln(session, FIELD) is None
    assert location_by_gln(session, "9521234000037") is None
    home.name_public = False
    hidden = location_by_gln(session, FIELD)
    assert hidden is not None
    assert hidden.name == ""


def test_a_gln_is_one_place_s_and_a_place_has_one(given: Given, session: Session) -> None:
    area = given.area()
    home = session.get_one(Organisation, area.organisation_id)
    first = number(given, home, area, FIELD)
    with pytest.raises(Conflict, match="has a location number"):
        number(given, home, area, PARTY)
    with pytest.raises(Conflict, match="in use"):
        number(given, home, None, FIELD)
    with pytest.raises(Refused):
        number(given, home, None, "9521234000019")
    with pytest.raises(NotFound):
        location_number(session, FIELD, within=Reach.own(home.pk + 1))
    remove_location_number(session, number=first, by=BY, now=given.now)
    assert location_numbers(session, within=Reach.all()) == []
    number(given, home, area, PARTY)
    assert [line.number.gln for line in location_numbers(session, within=Reach.all())] == [PARTY]
