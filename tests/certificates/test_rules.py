"""What a certificate covers: the decision table, without a database."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from app.certificates.rules import (
    CONVERSION,
    CertificateFacts,
    Covered,
    Lot,
    NotCovered,
    coverage,
    may_become,
    scope_covers,
    status_on,
)
from app.models.certificates import CertificateStatus, CertificateStep
from tests.certificates.examples import (
    CABBAGE,
    DIN,
    HARVEST,
    MAY,
    TOMATO,
    VALLEY,
    certificate,
    lot,
    step,
)

SUSPENDED, ACTIVE, WITHDRAWN = (
    CertificateStatus.SUSPENDED,
    CertificateStatus.ACTIVE,
    CertificateStatus.WITHDRAWN,
)


def reason(held: CertificateFacts, of: Lot) -> str:
    """Why the certificate does not cover the lot."""
    verdict = coverage(held, of)
    assert isinstance(verdict, NotCovered)
    assert str(verdict.mend)
    return str(verdict.reason)


def test_a_certificate_covers_its_crop_from_its_area_while_it_is_valid() -> None:
    verdict = coverage(certificate(), lot())
    assert isinstance(verdict, Covered)
    assert verdict.kind == "vietgap"
    assert str(verdict.reason) == "Certificate VG-1 covers this harvest of 2026-06-15."


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 12, 31)])
def test_its_first_and_last_day_belong_to_it(day: date) -> None:
    assert isinstance(coverage(certificate(), lot(harvested_on=day)), Covered)


def test_the_day_before_it_begins_is_not_covered_and_the_reason_says_from_when() -> None:
    why = reason(certificate(), lot(harvested_on=date(2025, 12, 31)))
    assert why == "Certificate VG-1 is valid only from 2026-01-01, after this harvest."


def test_the_day_after_it_ran_out_is_not_covered_and_the_reason_says_when_it_did() -> None:
    why = reason(certificate(), lot(harvested_on=date(2027, 1, 1)))
    assert why == "Certificate VG-1 ran out on 2026-12-31, before this harvest."


def test_a_suspended_certificate_covers_nothing_from_that_day_on() -> None:
    held = certificate(steps=(step(SUSPENDED, HARVEST),))
    expected = "Certificate VG-1 was suspended from 2026-06-15 on, the harvest day too."
    assert reason(held, lot()) == expected
    assert isinstance(coverage(held, lot(harvested_on=date(2026, 6, 14))), Covered)


def test_a_restored_certificate_covers_again_from_that_day_on() -> None:
    held = certificate(
        steps=(step(SUSPENDED, date(2026, 6, 1), 1), step(ACTIVE, HARVEST, 2)),
    )
    assert isinstance(coverage(held, lot()), Covered)
    assert "suspended" in reason(held, lot(harvested_on=date(2026, 6, 14)))


def test_a_withdrawn_certificate_covers_nothing_from_that_day_on() -> None:
    held = certificate(steps=(step(WITHDRAWN, date(2026, 6, 1)),))
    assert reason(held, lot()) == "Certificate VG-1 was withdrawn with effect from 2026-06-01."


def test_what_befell_it_after_the_harvest_does_not_touch_that_harvest() -> None:
    held = certificate(steps=(step(WITHDRAWN, date(2026, 6, 16)),))
    assert isinstance(coverage(held, lot()), Covered)


def test_another_crop_is_not_covered_and_the_reason_names_it() -> None:
    why = reason(certificate(), lot(crop_id=TOMATO, crop_name="Cà chua"))
    assert why == "Certificate VG-1 does not cover Cà chua."


def test_another_area_is_not_covered_and_the_reason_names_it() -> None:
    why = reason(certificate(), lot(area_id=VALLEY, area_name="Thung lũng"))
    assert why == "Certificate VG-1 does not cover the area Thung lũng."


def test_a_grower_who_is_not_on_the_member_list_is_not_covered() -> None:
    held = certificate(members=frozenset({MAY}))
    assert isinstance(coverage(held, lot(grower_id=MAY)), Covered)
    expected = "The grower is not on the member list of certificate VG-1."
    assert reason(held, lot(grower_id=DIN)) == expected


def test_a_harvest_without_a_grower_cannot_be_held_against_a_member_list() -> None:
    why = reason(certificate(members=frozenset({MAY})), lot(grower_id=None))
    assert why == "Certificate VG-1 has a member list and this harvest names no grower."


def test_without_a_member_list_every_grower_is_covered_and_none_too() -> None:
    assert isinstance(coverage(certificate(), lot(grower_id=DIN)), Covered)
    assert isinstance(coverage(certificate(), lot(grower_id=None)), Covered)


def test_land_in_conversion_yields_a_harvest_in_conversion_and_not_an_organic_one() -> None:
    verdict = coverage(certificate(kind="organic", in_conversion=True), lot())
    assert isinstance(verdict, Covered)
    assert verdict.kind == CONVERSION


def test_land_in_conversion_must_still_be_in_scope() -> None:
    held = certificate(kind="organic", in_conversion=True)
    assert "does not cover Cà chua" in reason(held, lot(crop_id=TOMATO, crop_name="Cà chua"))


def test_a_facility_is_certified_whatever_it_packs_and_from_wherever() -> None:
    held = certificate(kind="food_safety", crops=frozenset(), areas=frozenset())
    assert isinstance(coverage(held, lot(crop_id=TOMATO, area_id=VALLEY)), Covered)
    assert "ran out" in reason(held, lot(harvested_on=date(2027, 1, 1)))


def test_a_product_of_ocop_is_certified_from_wherever_but_not_another_product() -> None:
    held = certificate(kind="ocop", areas=frozenset())
    assert isinstance(coverage(held, lot(area_id=VALLEY)), Covered)
    assert "does not cover" in reason(held, lot(crop_id=TOMATO))


def test_the_first_reason_in_the_way_is_the_one_that_is_said() -> None:
    """Days before status, status before crop, crop before area, area before member."""
    held = certificate(
        steps=(step(WITHDRAWN, date(2026, 2, 1)),), members=frozenset({DIN}), areas=frozenset({12})
    )
    wrong = lot(crop_id=TOMATO, harvested_on=date(2027, 1, 1))
    assert "ran out" in reason(held, wrong)
    wrong = replace(wrong, harvested_on=HARVEST)
    assert "withdrawn" in reason(held, wrong)
    held = replace(held, steps=())
    assert "does not cover Bắp cải" in reason(held, wrong)
    wrong = replace(wrong, crop_id=CABBAGE)
    assert "does not cover the area" in reason(held, wrong)
    wrong = replace(wrong, area_id=12)
    assert "member list" in reason(held, wrong)


def test_before_any_step_the_status_is_active() -> None:
    assert status_on([], HARVEST) is ACTIVE
    assert status_on([step(SUSPENDED, date(2026, 6, 16))], HARVEST) is ACTIVE


def test_of_two_steps_on_one_day_the_one_recorded_later_counts() -> None:
    steps = [step(ACTIVE, HARVEST, 8), step(SUSPENDED, HARVEST, 7)]
    assert status_on(steps, HARVEST) is ACTIVE


@for_all(
    st.lists(
        st.tuples(
            st.sampled_from(list(CertificateStatus)), st.dates(date(2026, 1, 1), date(2026, 12, 31))
        ),
        max_size=6,
    ),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_steps_are_read_does_not_matter(
    told: list[tuple[CertificateStatus, date]], day: date, chance: Any
) -> None:
    steps = [step(status, on, number) for number, (status, on) in enumerate(told, 1)]
    shuffled = list(steps)
    chance.shuffle(shuffled)
    assert status_on(steps, day) is status_on(shuffled, day)


@pytest.mark.parametrize(
    ("status", "target", "allowed"),
    [
        (ACTIVE, SUSPENDED, True),
        (ACTIVE, WITHDRAWN, True),
        (SUSPENDED, ACTIVE, True),
        (SUSPENDED, WITHDRAWN, True),
        (ACTIVE, ACTIVE, False),
        (SUSPENDED, SUSPENDED, False),
        (WITHDRAWN, ACTIVE, False),
        (WITHDRAWN, SUSPENDED, False),
        (WITHDRAWN, WITHDRAWN, False),
    ],
)
def test_a_withdrawn_certificate_never_comes_back(
    status: CertificateStatus, target: CertificateStatus, *, allowed: bool
) -> None:
    assert may_become(status, target) is allowed


def test_an_empty_list_covers_nothing_unless_it_means_everybody() -> None:
    assert not scope_covers(frozenset(), CABBAGE)
    assert scope_covers(frozenset(), MAY, empty_means_all=True)
    assert not scope_covers(frozenset({DIN}), MAY, empty_means_all=True)


@pytest.mark.parametrize(
    ("day", "steps", "standing"),
    [
        (date(2025, 12, 31), (), "pending"),
        (HARVEST, (), "active"),
        (date(2027, 1, 1), (), "expired"),
        (HARVEST, (step(SUSPENDED, HARVEST),), "suspended"),
        (date(2027, 1, 1), (step(SUSPENDED, HARVEST),), "expired"),
        (date(2027, 1, 1), (step(WITHDRAWN, HARVEST),), "withdrawn"),
    ],
)
def test_what_a_certificate_is_worth_on_a_day(
    day: date, steps: tuple[CertificateStep, ...], standing: str
) -> None:
    assert certificate(steps=steps).standing_on(day) == standing
