"""What a lot may claim, as the rule reads: planting-area code and certificates on the harvest day."""

from datetime import date, datetime, timedelta

from sqlmodel import Session

from app.certificates.commands import Change, change_status
from app.ledger.actors import Actor
from app.lots.evidence import claims_of, claims_recorded
from app.models.accounts import Role
from app.models.certificates import CertificateStatus
from app.models.lots import HarvestLot
from app.registry.code_commands import Change as CodeChange
from app.registry.code_commands import restore_code, suspend_code
from tests.given import Given


def claim(session: Session, lot: HarvestLot, kind: str, today: date) -> bool | None:
    session.flush()
    found = {one.kind: one.granted for one in claims_of(session, lot, today=today)}
    return found.get(kind)


def suspend(session: Session, code, day: date, given: Given) -> None:
    suspend_code(
        session,
        code=code,
        change=CodeChange(day, "không có nhật ký"),
        by=Actor.system(),
        now=given.now,
    )


def test_a_lot_from_an_area_with_a_code_claims_it(session: Session, given: Given) -> None:
    area = given.area()
    given.code(area)
    assert claim(session, given.lot(area), "area_code", given.day(0)) is True


def test_a_lot_from_an_area_without_a_code_does_not(session: Session, given: Given) -> None:
    assert claim(session, given.lot(), "area_code", given.day(0)) is False


def test_a_code_issued_after_the_harvest_does_not_count(session: Session, given: Given) -> None:
    area = given.area()
    given.code(area, decided_on=given.day(-2))
    assert (
        claim(session, given.lot(area, harvested_on=given.day(-3)), "area_code", given.day(0))
        is False
    )
    assert (
        claim(session, given.lot(area, harvested_on=given.day(-2)), "area_code", given.day(0))
        is True
    )


def test_a_code_for_another_market_does_not_count_at_home(session: Session, given: Given) -> None:
    area = given.area()
    given.code(area, market="CHN")
    assert claim(session, given.lot(area), "area_code", given.day(0)) is False


def test_a_harvest_while_the_code_is_suspended_cannot_claim_it(
    session: Session, given: Given
) -> None:
    area = given.area()
    code = given.code(area)
    suspend(session, code, given.day(-10), given)
    restore_code(
        session,
        code=code,
        change=CodeChange(given.day(-5), "đã khắc phục"),
        by=Actor.system(),
        now=given.now,
    )
    days = {-11: True, -10: False, -6: False, -5: True}
    told = {
        back: claim(
            session, given.lot(area, harvested_on=given.day(back)), "area_code", given.day(0)
        )
        for back in days
    }
    assert told == days


def test_vietgap_is_claimed_inside_the_scope_only(session: Session, given: Given) -> None:
    area = given.area(crops=("BAP_CAI", "SU_HAO"))
    given.certificate(area, crops=("BAP_CAI",))
    assert claim(session, given.lot(area), "vietgap", given.day(0)) is True
    assert claim(session, given.lot(area, crop="SU_HAO"), "vietgap", given.day(0)) is False


def test_a_kind_nobody_certified_is_no_claim(session: Session, given: Given) -> None:
    assert claim(session, given.lot(), "vietgap", given.day(0)) is None


def test_the_last_day_of_a_certificate_counts_and_the_next_does_not(
    session: Session, given: Given
) -> None:
    area = given.area()
    given.certificate(
        area, valid_from=given.day(-100), issued_on=given.day(-100), valid_to=given.day(-3)
    )
    assert (
        claim(session, given.lot(area, harvested_on=given.day(-3)), "vietgap", given.day(0)) is True
    )
    assert (
        claim(session, given.lot(area, harvested_on=given.day(-2)), "vietgap", given.day(0))
        is False
    )


def test_a_member_list_covers_named_members_only(session: Session, given: Given) -> None:
    area = given.area()
    holder = session.get_one(type(given.cooperative()), area.organisation_id)
    named, other = given.grower(holder), given.grower(holder)
    given.certificate(area, members=(named.uid,))
    today = given.day(0)
    assert claim(session, given.lot(area, grower=named.uid), "vietgap", today) is True
    assert claim(session, given.lot(area, grower=other.uid), "vietgap", today) is False
    assert claim(session, given.lot(area), "vietgap", today) is False


def test_land_in_conversion_says_so_and_never_organic(session: Session, given: Given) -> None:
    area = given.area()
    given.certificate(area, standard="ORGANIC_2017", number="HC-1", in_conversion=True)
    lot = given.lot(area)
    assert claim(session, lot, "organic_conversion", given.day(0)) is True
    assert claim(session, lot, "organic", given.day(0)) is None


def test_a_certificate_withdrawn_later_changes_today_and_not_what_was_recorded(
    session: Session, given: Given, now: datetime
) -> None:
    area = given.area()
    certificate = given.certificate(area)
    lot = given.lot(area)
    session.flush()
    change_status(
        session,
        certificate=certificate,
        change=Change(CertificateStatus.WITHDRAWN, given.day(0), "không khắc phục lỗi"),
        by=given.caller(Role.INSPECTOR).actor,
        now=now,
    )
    assert claim(session, lot, "vietgap", given.day(0)) is False
    assert claims_recorded(session, lot)["vietgap"][0] is True


def test_a_certificate_that_runs_out_after_the_harvest_still_covers_it(
    session: Session, given: Given
) -> None:
    area = given.area()
    given.certificate(area, valid_to=given.day(10))
    lot = given.lot(area)
    assert claim(session, lot, "vietgap", given.day(0) + timedelta(days=60)) is True
