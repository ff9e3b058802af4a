"""Extension, replacement, changes of the scope and reminders; on both engines."""

from datetime import date, datetime
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.certificates.extending_commands import extend_certificate
from app.certificates.queries import certificates_of, line_of, scope_of, steps_of
from app.certificates.reminder_commands import send_certificate_reminders
from app.certificates.reminder_queries import due
from app.certificates.rules import Listed
from app.certificates.scope import Named
from app.certificates.scope_commands import ScopeChange, change_scope
from app.errors import Refused
from app.ledger.actors import Actor
from app.models.accounts import Role
from app.models.catalogue import Confidence
from app.models.certificates import Certificate, CertificateStatus
from app.models.notices import Notice
from app.models.registry import Organisation, PlantingArea
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
