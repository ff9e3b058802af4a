"""Growers: registered once, amended, found; nothing personal outside the erasable part."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.accounts.reach import Reach
from app.db import open_session
from app.errors import Conflict, NotFound, Refused
from app.models.ledger import LedgerEntry, LedgerPersonal
from app.models.registry import Grower, Organisation
from app.registry.grower_commands import (
    amend_grower,
    register_grower,
)
from app.registry.grower_queries import (
    grower_by_uid,
    grower_line,
    growers,
)
from tests.registry.conftest import PAO
from tests.registry.decisions import BY
from tests.threads import at_once


@pytest.fixture
def amend(session, home, now):
    def act(grower, **changed):
        line = grower_line(session, grower.uid, within=Reach.own(home.pk))
        return amend_grower(session, line=line, person=replace(PAO, **changed), by=BY, now=now)

    return act


def test_a_grower_gets_a_code_that_tells_nothing_about_them(enrol):
    one, other = enrol(), enrol(phone="0912345679")
    assert one.code.startswith("NH-")
    assert len(one.code) == 11
    assert one.code != other.code


def test_name_phone_and_hamlet_are_only_in_the_erasable_part_of_the_ledger(session, enrol):
    grower = enrol()
    entry = session.execute(
        select(LedgerEntry).where(col(LedgerEntry.subject) == str(grower.uid))
    ).scalar_one()
    for personal in ("Páo", "0912345678", "Bản Phố 2"):
        assert personal not in entry.body
    kept = json.loads(session.get_one(LedgerPersonal, entry.position).body)
    assert kept == {"name": "Giàng A Páo", "phone": "0912345678", "hamlet": "Thôn Bản Phố 2"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Páo\ud800"}, "name"),
        ({"phone": "12"}, "phone"),
        ({"commune": "00000"}, "commune"),
        ({"hamlet": "x" * 121}, "hamlet"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(session, enrol, changed, field):
    with pytest.raises(Refused) as refused:
        enrol(**changed)
    assert refused.value.fields[0].field == field
    assert session.execute(select(Grower)).first() is None


def test_the_same_name_and_telephone_is_the_same_person(enrol):
    grower = enrol()
    with pytest.raises(Conflict, match=grower.code):
        enrol(name="GIANG A PAO", phone="+84912345678", hamlet="Thôn khác")


def test_the_same_name_with_another_telephone_is_somebody_else(enrol):
    assert enrol().pk != enrol(phone="0912345679").pk


def test_without_a_telephone_the_same_name_in_the_same_hamlet_is_the_same_person(enrol):
    enrol(phone="")
    assert enrol(phone="", hamlet="Thôn khác")
    with pytest.raises(Conflict):
        enrol(phone="")


def test_one_person_may_belong_to_two_organisations(given, enrol):
    assert enrol().pk != enrol(given.cooperative("HTX khác")).pk


def test_growers_are_found_by_name_and_by_code(session, home, enrol):
    pao, may = enrol(), enrol(name="Lý Thị Mẩy", phone="0987654321")

    def found(q):
        return {line.grower.pk for line in growers(session, within=Reach.own(home.pk), q=q).items}

    assert found("giang pao") == {pao.pk}
    assert found("MAY") == {may.pk}
    assert found(may.code.lower()) == {may.pk}
    assert found("") == {pao.pk, may.pk}


def test_a_grower_of_another_organisation_is_not_found(session, given, enrol):
    grower = enrol()
    other = given.cooperative("HTX khác")
    with pytest.raises(NotFound):
        grower_by_uid(session, grower.uid, within=Reach.own(other.pk))
    assert growers(session, within=Reach.own(other.pk)).items == ()


def test_an_amendment_is_another_version(session, enrol, amend):
    grower = enrol()
    session.commit()
    assert amend(grower, name="Giàng A Páo Con").version == 2
    assert grower.name_key == "giang a pao con"


def test_an_amendment_does_not_make_two_growers_one(enrol, amend):
    enrol()
    other = enrol(phone="0987654321")
    with pytest.raises(Conflict):
        amend(other)
    assert amend(other, phone="0987654321", hamlet="Thôn 3").hamlet == "Thôn 3"


def test_who_left_is_no_longer_amended(enrol, end, amend):
    grower = enrol()
    end(grower, last_day=-1)
    with pytest.raises(Conflict, match="ended"):
        amend(grower, hamlet="Thôn 3")


def test_two_clerks_who_register_the_same_person_make_one_grower(engine, session, home, given, now):
    session.commit()

    def register_once():
        with open_session(engine) as own:
            register_grower(
                own,
                organisation=own.get_one(Organisation, home.pk),
                person=PAO,
                member_since=given.day(-1),
                by=BY,
                now=now,
            )
            own.commit()

    outcomes = at_once([register_once] * 6)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [Conflict] * 5
    assert len(session.execute(select(Grower)).all()) == 1
