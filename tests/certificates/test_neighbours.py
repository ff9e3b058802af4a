"""Neighbours of organic land: told to both sides, within the distance of the day's rule."""

from datetime import date

from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.certificates.border_queries import organic_borders
from app.certificates.neighbour_queries import organic_border
from app.ledger.actors import Actor
from app.models.catalogue import Confidence


def test_both_sides_are_told_and_nobody_else(session, given):
    organic = given.area(polygon=given.boundary())
    beside = given.area(polygon=given.boundary(east=1))
    further = given.area(polygon=given.boundary(east=2))
    far = given.area(polygon=given.boundary(east=9))
    given.certificate(organic, standard="ORGANIC_2017", number="HC-01")
    session.flush()
    told = organic_border(session, organic, given.day(0))
    assert told.organic
    assert [one.area for one in told.near] == [beside]
    back = organic_border(session, beside, given.day(0))
    assert not back.organic
    assert [one.area for one in back.near] == [organic]
    for area in (further, far):
        assert organic_border(session, area, given.day(0)).near == []


def test_those_who_watch_see_every_border_once(session, given):
    organic, also = given.area(polygon=given.boundary()), given.area(polygon=given.boundary(east=1))
    beside = given.area(polygon=given.boundary(east=2))
    given.area(polygon=given.boundary(east=9))
    for number, area in enumerate((organic, also)):
        given.certificate(area, standard="ORGANIC_2017", number=f"HC-0{number}")
    session.flush()
    (border,) = organic_borders(session, given.day(0))
    assert (border.organic, border.beside.area) == (also, beside)
    assert organic_borders(session, given.day(400)) == []


def test_neighbours_without_organic_land_hear_nothing(session, given):
    here = given.area(polygon=given.boundary())
    given.area(polygon=given.boundary(east=1))
    given.certificate(here)
    assert organic_border(session, here, given.day(0)).near == []


def test_a_certificate_that_ran_out_ends_it(session, given):
    organic = given.area(polygon=given.boundary())
    beside = given.area(polygon=given.boundary(east=1))
    given.certificate(organic, standard="ORGANIC_2017", number="HC-02", valid_to=given.day(-1))
    assert organic_border(session, beside, given.day(0)).near == []
    assert len(organic_border(session, beside, given.day(-1)).near) == 1


def test_the_distance_is_the_rule_of_the_day(session, given, now):
    organic = given.area(polygon=given.boundary())
    given.area(polygon=given.boundary(east=2))
    given.certificate(organic, standard="ORGANIC_2017", number="HC-03")
    assert organic_border(session, organic, given.day(0)).near == []
    set_legal_rule(
        session,
        key="organic.neighbour_metres",
        amendment=RuleAmendment(
            valid_from=date(2027, 1, 1),
            value=500,
            legal_ref="TCVN 11041-2:2017",
            confidence=Confidence.UNVERIFIED,
        ),
        by=Actor.system(),
        now=now,
    )
    assert len(organic_border(session, organic, date(2027, 1, 1)).near) == 1
