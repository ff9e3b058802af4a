"""Banned and removed actives: found by whole names, on the lists of a day."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import Session

from app.catalogue.queries import find_actives, regulated_actives
from app.models.catalogue import ActiveStatus, Confidence, RegulatedActive

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Aldrin", "banned"),
        ("carbofuran", "banned"),
        ("Furadan", "banned"),
        ("lindane", "banned"),
        ("666", "banned"),
        ("parathion-methyl", "banned"),
        ("Parathion", "banned"),
        ("2,4,5-T", "banned"),
        ("2,4-D", "removed"),
        ("2.4 D", "removed"),
        ("Chlorpyrifos ethyl", "removed"),
        ("chlorpyrifos", "removed"),
        ("GLYPHOSATE", "removed"),
        ("paraquat", "removed"),
    ],
)
def test_a_regulated_active_by_its_whole_name(facts: Session, name: str, status: str) -> None:
    assert {found.status.value for found in find_actives(facts, name)} == {status}


@pytest.mark.parametrize(
    "name", ["Chlorpyrifos-methyl", "chlor", "thio", "Thiophanate", "dieldri", "", "spinosad"]
)
def test_a_part_of_a_name_or_another_active_is_free(facts: Session, name: str) -> None:
    assert find_actives(facts, name) == []


def test_31_banned_and_12_removed_of_lesser_confidence(facts: Session) -> None:
    actives = list(facts.execute(select(RegulatedActive)).scalars())
    banned = [active for active in actives if active.status is ActiveStatus.BANNED]
    removed = [active for active in actives if active.status is ActiveStatus.REMOVED]
    assert (len(banned), len(removed)) == (31, 12)
    assert {active.confidence for active in banned} == {Confidence.SECONDARY}
    assert {active.confidence for active in removed} == {Confidence.UNVERIFIED}


def test_the_list_is_known_from_its_first_day(facts: Session) -> None:
    assert find_actives(facts, "DDT", date(2026, 2, 9)) == []
    assert find_actives(facts, "DDT", date(2026, 2, 10))
    assert find_actives(facts, "Fipronil", date(2026, 2, 9))
    assert find_actives(facts, "DDT")


def test_the_actives_of_a_day_by_name(facts: Session) -> None:
    assert len(regulated_actives(facts, date(2026, 2, 9))) == 12
    listed = regulated_actives(facts, TODAY)
    assert len(listed) == 43
    assert listed[0].name == "2,4,5-T"


def test_a_ban_comes_before_a_removal(session: Session) -> None:
    (removed,) = find_actives(session, "Fipronil")
    values = removed.model_dump(exclude={"id"})
    session.add(RegulatedActive(**values | {"status": ActiveStatus.BANNED}))
    session.flush()
    found = find_actives(session, "fipronil")
    assert [active.status for active in found] == [ActiveStatus.BANNED, ActiveStatus.REMOVED]
