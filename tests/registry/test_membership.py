"""Growers are members from day to day, leave, and come back under the same code."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.accounts.reach import Reach
from app.db import open_session
from app.errors import Conflict, Refused
from app.models.registry import GrowerMembership
from app.registry.grower_commands import (
    end_membership,
)
from app.registry.grower_queries import (
    growers,
    is_member_on,
    memberships_of,
)
from tests.registry.decisions import BY
from tests.threads import at_once


def test_a_membership_does_not_begin_in_the_future(enrol):
    with pytest.raises(Refused) as refused:
        enrol(since=1)
    assert refused.value.fields[0].field == "member_since"


def test_a_membership_counts_from_its_first_day_to_its_last(session, home, given, enrol, end):
    grower = enrol(since=-10)
    end(grower, last_day=-1)
    member = [is_member_on(session, grower, home, given.day(day)) for day in (-11, -10, -1, 0)]
    assert member == [False, True, True, False]


def test_a_membership_ends_once_and_not_before_it_began(enrol, end):
    grower = enrol(since=-10)
    with pytest.raises(Refused) as refused:
        end(grower, last_day=-11)
    assert refused.value.fields[0].field == "last_day"
    end(grower, last_day=-1)
    with pytest.raises(Conflict):
        end(grower, last_day=0)


def test_a_membership_ends_at_most_a_month_ahead(enrol, end):
    grower = enrol()
    with pytest.raises(Refused):
        end(grower, last_day=31)
    assert end(grower, last_day=30).valid_to is not None


def test_who_left_comes_back_under_the_same_code(session, home, given, enrol, end):
    grower = enrol(since=-100)
    end(grower, last_day=-50)
    again = enrol(since=-20)
    assert again is grower
    assert [m.valid_from for m in memberships_of(session, grower)] == [
        given.day(-100),
        given.day(-20),
    ]
    assert is_member_on(session, grower, home, given.day(-20))
    assert not is_member_on(session, grower, home, given.day(-30))


def test_who_comes_back_does_so_after_the_last_day(enrol, end):
    grower = enrol(since=-100)
    end(grower, last_day=-50)
    with pytest.raises(Conflict):
        enrol(since=-50)
    assert enrol(since=-49) is grower


def test_who_came_back_is_listed_once(session, home, enrol, end):
    grower = enrol(since=-100)
    end(grower, last_day=-50)
    enrol(since=-20)
    page = growers(session, within=Reach.own(home.pk))
    assert [line.grower for line in page.items] == [grower]
    assert page.items[0].membership.valid_to is None


def test_two_clerks_who_end_a_membership_at_once_end_it_once(engine, session, enrol, given, now):
    grower = enrol()
    session.commit()

    def end_on(day):
        def act():
            with open_session(engine) as own:
                membership = own.execute(
                    select(GrowerMembership).where(col(GrowerMembership.grower_id) == grower.pk)
                ).scalar_one()
                end_membership(own, membership=membership, last_day=day, by=BY, now=now)
                own.commit()

        return act

    outcomes = at_once([end_on(given.day(-day)) for day in range(1, 7)])
    assert sum(outcome is None for outcome in outcomes) == 1
    assert {type(outcome) for outcome in outcomes if outcome} == {Conflict}
