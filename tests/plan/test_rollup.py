"""The roll-up: whatever happens in whatever order, following the ledger equals counting anew."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, SQLModel

from app.models.plan_figures import PlanCell, PlanLand
from app.plan import due
from app.plan.rollup import as_of, is_behind, rebuild, refresh
from tests.given import Given
from tests.plan.walking import Walk

STEPS = 90
TOLD_APART = (
    "labelled_g",
    "scanned_g",
    "certified_g",
    "safe_g",
    "coded_g",
    "diary_g",
    "gap_g",
    "value_general",
    "value_contract",
    "sown_noted_m2",
)


def rows(session: Session, table: type[SQLModel]) -> list[tuple[Any, ...]]:
    columns = SQLModel.metadata.tables[str(table.__tablename__)].c
    told = [one for one in columns if one.name != "id"]
    return sorted(tuple(row) for row in session.execute(select(*told)))


def everything(session: Session) -> tuple[list[Any], list[Any]]:
    return rows(session, PlanCell), rows(session, PlanLand)


@pytest.mark.parametrize("seed", [8])
def test_following_the_ledger_equals_counting_anew(
    session: Session, given: Given, seed: int
) -> None:
    walk = Walk(session, given, seed)
    for step in range(STEPS):
        walk.step()
        if step % 13 == 0:  # followed in small pieces, as readers come by
            refresh(session, given.now, most=1)
    assert len(walk.done) > 14, walk.done
    refresh(session, given.now, most=None)
    assert not is_behind(session, given.now)
    followed = everything(session)
    rebuild(session, given.now)
    assert everything(session) == followed
    assert followed[0]
    assert followed[1]
    cells = session.execute(select(PlanCell)).scalars().all()
    counted = {name: sum(getattr(cell, name) for cell in cells) for name in TOLD_APART}
    assert sum(map(bool, counted.values())) > 7, counted


def test_a_fact_that_is_not_followed_shows(
    session: Session, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: were lots not followed, the two would differ."""
    area = given.area()
    refresh(session, given.now)
    deaf = {**due._FINDERS, "lot": lambda _session, subjects: (set(), subjects)}
    monkeypatch.setattr(due, "_FINDERS", deaf)
    given.lot(area)
    session.flush()
    refresh(session, given.now)
    followed = everything(session)
    rebuild(session, given.now)
    assert everything(session) != followed


def test_what_is_left_for_later_says_so(session: Session, given: Given) -> None:
    areas = [given.area() for _ in range(3)]
    refresh(session, given.now)
    for area in areas:
        given.lot(area)
    session.flush()
    assert refresh(session, given.now, most=2) == 1
    told = as_of(session)
    assert not told.complete
    assert refresh(session, given.now) == 0
    assert as_of(session).position > told.position
    assert not is_behind(session, given.now)
    assert is_behind(session, given.now + timedelta(days=1))
