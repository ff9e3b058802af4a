"""A cooperative and its members, an area that may get a code, an officer who issues one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import Session

from app.accounts.reach import Reach
from app.models.registry import (
    AreaCode,
    CodeApplication,
    Grower,
    GrowerMembership,
    Organisation,
    PlantingArea,
)
from app.registry.grower_commands import Person, end_membership, register_grower
from app.registry.grower_queries import grower_line
from app.registry.issue_commands import issue_code
from tests.given import Given
from tests.registry.decisions import BY, ND38

PAO = Person(name="Giàng A Páo", commune="02839", phone="0912 345 678", hamlet="Thôn Bản Phố 2")


@pytest.fixture
def home(given: Given) -> Organisation:
    """The cooperative most tests are about."""
    return given.cooperative("HTX Rau Bản Phố")


@pytest.fixture
def enrol(
    session: Session, home: Organisation, given: Given, now: datetime
) -> Callable[..., Grower]:
    """Register Páo, or somebody a little different, as a member since some days ago."""

    def act(organisation: Organisation | None = None, since: int = -400, **changed: Any) -> Grower:
        return register_grower(
            session,
            organisation=organisation or home,
            person=replace(PAO, **changed),
            member_since=given.day(since),
            by=BY,
            now=now,
        )

    return act


@pytest.fixture
def end(
    session: Session, home: Organisation, given: Given, now: datetime
) -> Callable[..., GrowerMembership]:
    """End a membership on a day relative to today."""

    def act(grower: Grower, last_day: int = -1) -> GrowerMembership:
        membership = grower_line(session, grower.uid, within=Reach.own(home.pk)).membership
        return end_membership(
            session, membership=membership, last_day=given.day(last_day), by=BY, now=now
        )

    return act


@pytest.fixture
def area(given: Given) -> PlantingArea:
    """Two crops, both communes known, there since 2023."""
    return given.area(
        commune="02839",
        former_commune="02866",
        crops=("BAP_CAI", "SU_HAO"),
        established_on=date(2023, 1, 1),
    )


@pytest.fixture
def issue(session: Session, now: datetime) -> Callable[..., AreaCode]:
    """Issue a code: `issue(application, QD3156, number="7")`."""

    def act(application: CodeApplication, decision: Any = ND38, **changed: Any) -> AreaCode:
        return issue_code(
            session,
            application=application,
            decision=replace(decision, **changed),
            by=BY,
            now=now,
        )

    return act
