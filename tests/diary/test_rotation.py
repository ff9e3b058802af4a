"""Rotation advice: not one family again on the same land, legumes in between (the plan, part IV.3)."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session

from app.catalogue.queries import crop_by_slug
from app.diary.planting_queries import advice_of_planting
from app.diary.rotation import Grown, rotation_advice
from tests.diary.growing import Growing

SOWN = date(2026, 9, 1)
YEAR = timedelta(days=365)


def grown(
    crop: Any, *, sown: date = date(2026, 3, 1), ended: date | None = date(2026, 6, 1)
) -> Grown:
    return Grown(uuid4(), crop.pk, crop.name_vi, crop.family, sown, ended)


@pytest.mark.parametrize(
    ("new", "before", "says"),
    [
        ("BAP_CAI", [], []),
        ("BAP_CAI", ["CA_CHUA"], []),
        ("BAP_CAI", ["DAU_CO_VE"], []),
        ("BAP_CAI", ["BAP_CAI"], ["stood on this land already"]),
        ("BAP_CAI", ["SU_HAO"], ["same family as Bắp cải (Brassicaceae)"]),
        ("BAP_CAI", ["SU_HAO", "CA_CHUA"], ["same family", "A legume in between"]),
        ("BAP_CAI", ["SU_HAO", "DAU_CO_VE"], ["same family"]),
        ("DAU_HA_LAN", ["DAU_CO_VE", "DAU_BEO"], ["same family as Đậu Hà Lan"]),
        # families nobody knows: only the very same crop repeats
        ("PHA_PHI", ["PAC_NAM"], []),
        ("PHA_PHI", ["PHA_PHI"], ["stood on this land already"]),
    ],
)
def test_what_may_follow_what(facts: Session, new: str, before: list[str], says: list[str]) -> None:
    advice = rotation_advice(
        crop_by_slug(facts, new),
        SOWN,
        [grown(crop_by_slug(facts, slug)) for slug in before],
        look_back=YEAR,
    )
    assert len(advice) == len(says)
    assert all(expected in str(one) for expected, one in zip(says, advice, strict=True))


@pytest.mark.parametrize(
    ("sown", "ended", "counts"),
    [
        (date(2025, 6, 1), SOWN - YEAR, True),
        (date(2025, 6, 1), SOWN - YEAR - timedelta(days=1), False),
        (date(2020, 6, 1), None, True),
        (SOWN, None, True),
        (SOWN + timedelta(days=1), None, False),
    ],
)
def test_only_what_stood_within_the_look_back_counts(
    facts: Session, sown: date, ended: date | None, counts: bool
) -> None:
    cabbage = crop_by_slug(facts, "BAP_CAI")
    advice = rotation_advice(
        cabbage, SOWN, [grown(cabbage, sown=sown, ended=ended)], look_back=YEAR
    )
    assert bool(advice) is counts


def test_the_latest_of_the_family_is_named(facts: Session) -> None:
    cabbage, kohlrabi = crop_by_slug(facts, "BAP_CAI"), crop_by_slug(facts, "SU_HAO")
    older = grown(cabbage, sown=date(2025, 10, 1), ended=date(2026, 1, 1))
    newer = grown(kohlrabi, sown=date(2026, 2, 1), ended=date(2026, 5, 1))
    advice = rotation_advice(cabbage, SOWN, [older, newer], look_back=YEAR)
    assert "Su hào, sown here on 2026-02-01" in str(advice[0])


def test_plots_apart_are_land_apart(growing: Growing, session: Session) -> None:
    area = growing.given.area()
    one, other = growing.plot(area), growing.plot(area)
    growing.planting(area, sown=-200, plots=(one.uid,))
    beside = growing.planting(area, sown=-30, plots=(other.uid,))
    again = growing.planting(area, sown=-30, plots=(one.uid, other.uid))
    whole = growing.planting(area, sown=-20)
    assert advice_of_planting(session, growing.line(beside))  # the later ones share its land
    assert len(advice_of_planting(session, growing.line(again))) == 2
    assert advice_of_planting(session, growing.line(whole))


def test_a_first_planting_has_nothing_to_be_said_against_it(
    growing: Growing, session: Session
) -> None:
    area = growing.given.area()
    one, other = growing.plot(area), growing.plot(area)
    growing.planting(area, sown=-200, plots=(one.uid,))
    beside = growing.planting(area, sown=-201, plots=(other.uid,))
    assert advice_of_planting(session, growing.line(beside)) == []
