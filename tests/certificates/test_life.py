"""Extension, replacement, changes of the scope, reminders and bodies; on both engines."""

from datetime import date, datetime
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.certificates.body_commands import register_body_period
from app.certificates.commands import Change, change_status
from app.certificates.extending_commands import extend_certificate
from app.certificates.holder_queries import goods_of, holders
from app.certificates.listing_queries import STANDINGS, Wanted, certificates
from app.certificates.queries import Sight, certificates_of, line_of, scope_of, steps_of
from app.certificates.reminder_commands import send_certificate_reminders
from app.certificates.reminder_queries import due
from app.certificates.rules import Listed
from app.certificates.scope import Named
from app.certificates.scope_commands import ScopeChange, change_scope
from app.errors import Conflict, Refused
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.catalogue import Confidence
from app.models.certificates import Certificate, CertificateStatus
from app.models.notices import Notice
from app.models.registry import Organisation, OrganisationKind, PlantingArea
from tests.certificates.examples import warned
from tests.given import Given
from tests.refusals import refused

SUSPENDED, WITHDRAWN = CertificateStatus.SUSPENDED, CertificateStatus.WITHDRAWN


@pytest.fixture
def body(given: Given) -> Caller:
    return given.caller(Role.CERTIFIER)


@pytest.fixture
def holder(session: Session, area: PlantingArea) -> Organisation:
    return session.get_one(Organisation, area.organisation_id)


def changed(given: Given, certificate: Certificate, status: CertificateStatus, days: int) -> None:
    change_status(
        given.session,
        certificate=certificate,
        change=Change(status, given.day(days), "Kết quả giám sát"),
        by=Actor.system(),
        now=given.now,
    )


def extended(given: Given, certificate: Certificate, to: date) -> Certificate:
    return extend_certificate(
        given.session,
        certificate=certificate,
        valid_to=to,
        reason="Chờ đánh giá lại.",
        caller=given.caller(Role.INSPECTOR),
        now=given.now,
    )


OLD = {"issued_on": date(2018, 3, 1), "valid_from": date(2018, 3, 1), "valid_to": date(2020, 3, 1)}


def test_an_old_vietgap_certificate_is_extended_by_three_months(
    given: Given, session: Session, area: PlantingArea
) -> None:
    """TT 48/2012/TT-BNNPTNT art. 17, at second hand: longer warns."""
    certificate = given.certificate(area, **OLD)
    extended(given, certificate, date(2020, 6, 1))
    assert certificate.valid_to == date(2020, 6, 1)
    assert warned(session, certificate) == []
    extended(given, certificate, date(2020, 6, 2))
    assert (
        "Such a certificate can be extended by at most 3 months" in warned(session, certificate)[1]
    )


def test_once_the_rule_is_enforced_longer_is_refused(
    given: Given, session: Session, area: PlantingArea, now: datetime
) -> None:
    strict = RuleAmendment(date(2013, 1, 1), 3, "TT 48/2012/TT-BNNPTNT", Confidence.SECONDARY, True)
    key = "certificate.vietgap.extension_months"
    set_legal_rule(session, key=key, amendment=strict, by=Actor.system(), now=now)
    certificate = given.certificate(area, **OLD)
    assert refused(lambda: extended(given, certificate, date(2020, 6, 2))) == ["valid_to"]
    extended(given, certificate, date(2020, 4, 1))
    # Counted from the end before any extension, not from the last one.
    assert refused(lambda: extended(given, certificate, date(2020, 6, 2))) == ["valid_to"]


def test_a_kind_without_a_rule_of_extension_warns_and_stays(
    given: Given, session: Session, area: PlantingArea
) -> None:
    certificate = given.certificate(area)
    extended(given, certificate, given.day(330))
    expected = "No rule is known by which such a certificate can be extended."
    assert warned(session, certificate) == [expected]


def test_an_organic_certificate_is_not_extended_beyond_its_two_years(
    given: Given, area: PlantingArea
) -> None:
    """NĐ 109/2018/NĐ-CP art. 8(2), text seen."""
    start = given.day(-100)
    end = start + relativedelta(months=24)
    organic = given.certificate(
        area, standard="ORGANIC_2017", number="HC-1", issued_on=start, valid_from=start,
        valid_to=end - relativedelta(days=10),
    )  # fmt: skip
    later = end + relativedelta(days=1)
    assert refused(lambda: extended(given, organic, later)) == ["valid_to"]
    assert extended(given, organic, end).valid_to == end


def test_an_extension_is_longer_has_a_reason_and_a_certificate_that_stands(
    given: Given, area: PlantingArea
) -> None:
    certificate = given.certificate(area)
    assert refused(lambda: extended(given, certificate, certificate.valid_to)) == ["valid_to"]
    assert refused(lambda: extended(given, certificate, date(9999, 1, 1))) == ["valid_to"]
    changed(given, certificate, WITHDRAWN, 0)
    with pytest.raises(Refused):
        extended(given, certificate, given.day(301))


def renewed(given: Given, area: PlantingArea, former: Certificate, days: int, **more: Any) -> Any:
    start = given.day(days)
    chosen: dict[str, Any] = {
        "issued_on": min(start, given.day(0)),
        "valid_from": start,
        "valid_to": start + relativedelta(months=24),
        "predecessor": former.uid,
        **more,
    }
    return given.certificate(area, **chosen)


def test_a_certificate_that_takes_its_place_ends_the_former_on_its_first_day(
    given: Given, session: Session, area: PlantingArea
) -> None:
    former = given.certificate(area)
    successor = renewed(given, area, former, -10)
    assert successor.predecessor_id == former.pk
    assert former.status is CertificateStatus.REPLACED
    (step,) = steps_of(session, [former.pk])[former.pk]
    assert step.effective_on == given.day(-10)
    assert not any("covers the same" in words for words in warned(session, successor))
    assert warned(session, former) == []


def test_without_the_link_both_are_shown_as_overlapping(
    given: Given, session: Session, area: PlantingArea
) -> None:
    former = given.certificate(area)
    other = given.certificate(area, valid_from=given.day(-10))
    assert any(former.number in words for words in warned(session, other))
    assert any(other.number in words for words in warned(session, former))


def test_until_the_day_it_is_replaced_it_stands_and_can_be_suspended(
    given: Given, session: Session, area: PlantingArea
) -> None:
    former = given.certificate(area)
    renewed(given, area, former, 20)

    def standing(days: int) -> str:
        steps = steps_of(session, [former.pk])[former.pk]
        return line_of(session, former).standing_on(given.day(days), steps)

    assert [standing(0), standing(19), standing(20)] == ["active", "active", "replaced"]
    changed(given, former, SUSPENDED, 0)
    assert [standing(-1), standing(0), standing(20)] == ["active", "suspended", "replaced"]
    changed(given, former, WITHDRAWN, 0)
    assert [standing(0), standing(20)] == ["withdrawn", "withdrawn"]
    assert former.status is WITHDRAWN


def test_only_an_earlier_certificate_of_the_same_holder_and_kind_is_replaced(
    given: Given, area: PlantingArea
) -> None:
    former = given.certificate(area)
    elsewhere = given.certificate(given.area())
    gone = given.certificate(area, number="VG-gone")
    changed(given, gone, WITHDRAWN, 0)
    organic = {"standard": "ORGANIC_2017", "number": "HC-7"}
    for wrong, more in ((elsewhere, {}), (former, organic)):
        told = refused(lambda wrong=wrong, more=more: renewed(given, area, wrong, -9, **more))
        assert told == ["predecessor"]
    assert refused(lambda: renewed(given, area, former, -300)) == ["predecessor"]
    with pytest.raises(Refused):
        renewed(given, area, gone, -9)
    renewed(given, area, former, -9)
    assert refused(lambda: renewed(given, area, former, -8)) == ["predecessor"]


def test_a_body_does_not_replace_the_certificate_of_another_body(
    given: Given, area: PlantingArea, body: Caller
) -> None:
    former = given.certificate(area, by=given.caller(Role.CERTIFIER))
    assert refused(lambda: renewed(given, area, former, -9, by=body)) == ["predecessor"]


def scoped(given: Given, certificate: Certificate, day: int, **lists: Any) -> Certificate:
    joins, leaves = lists.get("joins", {}), lists.get("leaves", {})
    none = {"crops": (), "areas": (), "members": ()}
    change = ScopeChange(
        given.day(day), "Đánh giá giám sát.", Named(**none | joins), Named(**none | leaves)
    )
    return change_scope(
        given.session,
        certificate=certificate,
        change=change,
        caller=given.caller(Role.INSPECTOR),
        now=given.now,
    )


def test_who_joins_a_member_list_is_covered_from_that_day_on(
    given: Given, session: Session, area: PlantingArea, holder: Organisation
) -> None:
    may, din = given.grower(holder), given.grower(holder)
    certificate = given.certificate(area, members=(may.uid,))
    scoped(given, certificate, -30, joins={"members": (din.uid,)})
    scoped(given, certificate, -10, leaves={"members": (may.uid,)})
    scoped(given, certificate, -5, joins={"members": (may.uid,)})
    session.commit()
    (facts,) = certificates_of(session, holder.pk)

    def listed(who: int, days: int) -> bool:
        return facts.lists_on(Listed.MEMBERS, who, given.day(days))

    assert [listed(din.pk, days) for days in (-31, -30, 0)] == [False, True, True]
    assert [listed(may.pk, days) for days in (-31, -11, -10, -6, -5)] == [
        True,
        True,
        False,
        False,
        True,
    ]
    assert certificate.version == 4


def test_an_area_and_a_crop_join_and_leave_too(
    given: Given, session: Session, area: PlantingArea, holder: Organisation
) -> None:
    lower = given.area(holder, name="Ruộng dưới", crop="CA_CHUA")
    certificate = given.certificate(area)
    joins = {"areas": (lower.uid,), "crops": ("CA_CHUA",)}
    scoped(given, certificate, -30, joins=joins)
    scoped(given, certificate, -10, leaves={"areas": (area.uid,)})
    scope = scope_of(session, certificate)
    today = [one.name for one in scope.areas if scope.lists_on("areas", one, given.day(0))]
    assert today == ["Ruộng dưới"]


@pytest.mark.parametrize("day", [-301, 301])
def test_a_change_lies_in_the_time_of_the_certificate(
    given: Given, area: PlantingArea, holder: Organisation, day: int
) -> None:
    lower = given.area(holder)
    certificate = given.certificate(area)
    joins = {"areas": (lower.uid,)}
    told = refused(lambda: scoped(given, certificate, day, joins=joins))
    assert told == ["effective_on"]


def test_a_change_that_changes_nothing_or_contradicts_itself_is_refused(
    given: Given, session: Session, area: PlantingArea, holder: Organisation
) -> None:
    lower, stranger = given.area(holder), given.area()
    may = given.grower(holder)
    certificate = given.certificate(area)
    wrong: list[tuple[dict[str, Any], list[str]]] = [
        ({}, []),
        ({"joins": {"areas": (area.uid,)}}, ["areas_join"]),
        ({"leaves": {"areas": (lower.uid,)}}, ["areas_leave"]),
        ({"leaves": {"areas": (area.uid,)}}, ["areas_leave"]),
        ({"joins": {"areas": (stranger.uid,)}}, ["areas"]),
        ({"joins": {"members": (may.uid,)}}, ["members_join"]),
    ]
    for lists, fields in wrong:
        told = refused(lambda lists=lists: scoped(given, certificate, -5, **lists))
        assert told == fields, lists
    scoped(given, certificate, -5, joins={"areas": (lower.uid,)})
    leaves = {"areas": (lower.uid,)}
    assert refused(lambda: scoped(given, certificate, -5, leaves=leaves)) == ["areas_leave"]


def test_a_facility_has_no_lists(given: Given, area: PlantingArea) -> None:
    facility = given.certificate(
        area, standard="FOOD_SAFETY_2024", number="ATTP-2", crops=(), areas=()
    )
    with pytest.raises(Refused):
        scoped(given, facility, -5, joins={"areas": (area.uid,)})


def reminders(session: Session, organisation_id: int) -> int:
    session.flush()
    wanted = select(Notice).where(
        col(Notice.organisation_id) == organisation_id, col(Notice.kind) == "certificate.ending"
    )
    return len(list(session.execute(wanted).scalars()))


@pytest.mark.parametrize(
    ("standard", "months"),
    [
        ("FOOD_SAFETY_2024", 6),
        ("FOOD_SAFETY_PLEDGE", 2),
        ("VIETGAP_2017", 3),
        ("ORGANIC_2017", 3),
        ("OCOP_2023", 6),
        ("PGS", 2),
    ],
)
def test_holder_and_body_are_reminded_once_when_the_lead_time_of_the_kind_has_come(
    given: Given, session: Session, area: PlantingArea, body: Caller, standard: str, months: int
) -> None:
    """Luật 55/2010/QH12 art. 37: six months for a facility; the others only remind."""
    begun = given.day(0) + relativedelta(months=months)
    facility = standard.startswith("FOOD")
    scope: dict[str, Any] = {"crops": (), "areas": ()} if facility else {}
    for number, end in (("A", begun), ("B", begun + relativedelta(days=3))):
        given.certificate(
            area, standard=standard, number=f"{standard} {number}", valid_to=end, by=body, **scope
        )
    assert send_certificate_reminders(session, now=given.now) == 2
    assert send_certificate_reminders(session, now=given.now) == 0
    assert reminders(session, area.organisation_id) == 1
    assert reminders(session, body.organisation_id) == 1


def test_an_extension_is_reminded_of_anew_and_what_is_over_or_renewed_is_not(
    given: Given, session: Session, area: PlantingArea
) -> None:
    certificate = given.certificate(area, valid_to=given.day(30))
    gone = given.certificate(area, number="VG-gone", valid_to=given.day(30))
    changed(given, gone, WITHDRAWN, 0)
    former = given.certificate(area, number="VG-former", valid_to=given.day(30))
    renewed(given, area, former, 25)
    assert send_certificate_reminders(session, now=given.now) == 1
    extended(given, certificate, given.day(60))
    assert send_certificate_reminders(session, now=given.now) == 1


def test_the_lead_time_ends_with_its_month() -> None:
    assert due(date(2027, 5, 31), 6, date(2026, 11, 30))
    assert not due(date(2027, 5, 31), 6, date(2026, 11, 29))


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
