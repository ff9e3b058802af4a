"""What is odd about a certificate, lists of certificates, and who may hold them; on both engines."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.certificates.body_commands import register_body_period
from app.certificates.holder_queries import goods_of, holders
from app.certificates.listing_queries import STANDINGS, Wanted, certificates
from app.certificates.queries import Sight, steps_of
from app.errors import Conflict
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.certificates import CertificateStatus
from app.models.registry import Organisation, OrganisationKind, PlantingArea
from tests.certificates.examples import changed, renewed, warned
from tests.given import Given
from tests.refusals import refused

SUSPENDED, WITHDRAWN = CertificateStatus.SUSPENDED, CertificateStatus.WITHDRAWN


@pytest.fixture
def body(given: Given) -> Caller:
    return given.caller(Role.CERTIFIER)


@pytest.fixture
def holder(session: Session, area: PlantingArea) -> Organisation:
    return session.get_one(Organisation, area.organisation_id)


def test_a_body_that_was_not_registered_on_the_day_of_issue_is_odd(
    given: Given, session: Session, area: PlantingArea, body: Caller
) -> None:
    organisation = session.get_one(Organisation, body.organisation_id)
    certificate = given.certificate(area, by=body)

    def register(**days: Any) -> None:
        register_body_period(
            session, body=organisation, number="12/CN", by=Actor.system(), now=given.now, **days
        )

    assert warned(session, certificate) == []
    register(valid_from=given.day(-900), valid_to=None)
    assert warned(session, certificate) == []
    register(valid_from=given.day(-900), valid_to=given.day(-301))
    expected = f"The certification body was not registered on {given.day(-300)}."
    assert warned(session, certificate) == [expected]
    with pytest.raises(Conflict):
        register(valid_from=given.day(-900), valid_to=given.day(-301))
    assert refused(lambda: register(valid_from=given.day(0), valid_to=given.day(-1))) == [
        "valid_to"
    ]


def test_size_output_and_stars_are_held_against_register_and_rules(
    given: Given, session: Session, area: PlantingArea
) -> None:
    big = given.certificate(area, area_m2=20_001, expected_output_g=601_000_000)
    assert len(warned(session, big)) == 2
    fitting = given.certificate(given.area(), area_m2=20_000, expected_output_g=600_000_000)
    assert warned(session, fitting) == []
    ocop: dict[str, Any] = {"standard": "OCOP_2023", "areas": (), "valid_to": given.day(500)}
    starred = given.certificate(area, number="OCOP-1", grade="4", points=69, **ocop)
    assert warned(session, starred) == ["69 points make 3 stars (QĐ 148/QĐ-TTg (24/02/2023))."]


@pytest.mark.parametrize(
    ("details", "fields"),
    [
        ({"area_m2": 0}, ["area_m2"]),
        ({"area_m2": -5}, ["area_m2"]),
        ({"expected_output_g": 10**18}, ["expected_output_g"]),
        ({"points": 50}, ["points"]),
        ({"conversion_from": date(2025, 1, 1)}, ["conversion_from"]),
    ],
)
def test_amounts_that_cannot_be_are_refused(
    given: Given, area: PlantingArea, details: dict[str, Any], fields: list[str]
) -> None:
    assert refused(lambda: given.certificate(area, **details)) == fields


def test_points_go_to_a_hundred(given: Given, area: PlantingArea) -> None:
    ocop: dict[str, Any] = {"standard": "OCOP_2023", "areas": (), "number": "OCOP-2", "grade": "5"}
    assert refused(lambda: given.certificate(area, points=101, **ocop)) == ["points"]
    assert refused(lambda: given.certificate(area, points=-1, **ocop)) == ["points"]


def test_conversion_that_cannot_be_over_is_odd(
    given: Given, session: Session, area: PlantingArea
) -> None:
    """TCVN 11041-2:2017 §5.1.2: twelve months for what is sown."""
    organic: dict[str, Any] = {"standard": "ORGANIC_2017", "number": "HC-1"}
    early = given.certificate(area, conversion_from=given.day(-400), **organic)
    assert any("Conversion is over" in words for words in warned(session, early))
    fitting = given.certificate(
        given.area(), conversion_from=given.day(-900), **organic | {"number": "HC-2"}
    )
    assert warned(session, fitting) == []


def test_a_list_narrowed_to_a_standing_holds_what_stands_so(
    given: Given, session: Session, area: PlantingArea
) -> None:
    """Every standing of the rules, from SQL and from the rule, agree."""
    made = {
        "active": given.certificate(area, number="1"),
        "pending": given.certificate(area, number="2", valid_from=given.day(5)),
        "expired": given.certificate(area, number="3", valid_to=given.day(-1)),
        "suspended": given.certificate(area, number="4"),
        "withdrawn": given.certificate(area, number="5"),
        "disputed": given.certificate(area, number="6"),
        "replaced": given.certificate(area, number="7"),
    }
    changed(given, made["suspended"], SUSPENDED, 0)
    changed(given, made["withdrawn"], WITHDRAWN, 0)
    made["disputed"].disputed = True
    renewed(given, area, made["replaced"], -1, number="8", valid_to=given.day(-1))
    soon = given.certificate(area, number="9", valid_to=given.day(40))
    renewed(given, area, soon, 10, number="10")
    session.flush()
    every = Sight(Reach.all())

    def numbers(standing: str) -> set[str]:
        wanted = Wanted(standing=standing)
        page = certificates(session, sight=every, wanted=wanted, today=given.day(0))
        return {line.certificate.number for line in page.items}

    everything = certificates(session, sight=every, today=given.day(0), limit=50).items
    steps = steps_of(session, [line.certificate.pk for line in everything])
    for standing in STANDINGS:
        by_rule = {
            line.certificate.number
            for line in everything
            if line.standing_on(given.day(0), steps[line.certificate.pk]) == standing
        }
        assert numbers(standing) == by_rule, standing
    assert numbers("ending") == {"9"}
    assert numbers("nonsense") == set()


def test_what_ends_next_comes_first_page_by_page(
    given: Given, session: Session, area: PlantingArea
) -> None:
    for number, days in enumerate((90, 30, 60, 30)):
        given.certificate(area, number=f"N{number}", valid_to=given.day(days))
    seen: list[str] = []
    after = None
    for _ in range(4):
        page = certificates(
            session,
            sight=Sight(Reach.all()),
            wanted=Wanted(standing="ending"),
            today=given.day(0),
            after=after,
            limit=1,
        )
        seen += [line.certificate.number for line in page.items]
        after = page.next
    assert seen == ["N1", "N3", "N2", "N0"]
    assert after is None


def test_holders_are_those_who_grow_and_their_goods_are_names_and_codes(
    given: Given, session: Session, area: PlantingArea, holder: Organisation
) -> None:
    household = given.organisation(OrganisationKind.HOUSEHOLD, "Hộ Giàng A Páo")
    given.organisation(OrganisationKind.AUTHORITY)
    session.flush()
    found = holders(session, within=Reach.all(), q="giang")
    assert [one.pk for one in found.items] == [household.pk]
    kinds = {one.kind for one in holders(session, within=Reach.all()).items}
    assert kinds == {OrganisationKind.HOUSEHOLD, OrganisationKind.COOPERATIVE}
    for _ in range(3):
        given.grower(holder)
    goods = goods_of(session, holder, day=given.day(0), most=2)
    assert (len(goods.members), goods.more) == (2, 1)
    assert [choice.area.pk for choice in goods.areas] == [area.pk]
    assert not hasattr(goods.members[0], "phone")


def test_a_household_gives_its_pledge(given: Given, session: Session) -> None:
    home = given.organisation(OrganisationKind.HOUSEHOLD, "Hộ Giàng A Páo")
    area = given.area(home)
    pledge = given.certificate(
        area, standard="FOOD_SAFETY_PLEDGE", number="CK-1", crops=(), areas=(),
        valid_to=given.day(700), by=given.caller(Role.INSPECTOR),
    )  # fmt: skip
    assert warned(session, pledge) == []
