"""A recall that is cut off anywhere leaves nothing; decided again, it leaves all of it, once."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event, func, select
from sqlmodel import Session, col

from app.db import open_session
from app.ledger.actors import Actor
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot, LotState
from app.models.notices import Notice
from app.models.recalls import Recall, RecallConsignee, RecallState
from app.recalls.commands import decide_recall
from tests.given import Given
from tests.recalls.recalling import opened, world_of


class CutError(Exception):
    """The process is gone."""


def stands(engine: Engine) -> tuple[int, int, int]:
    """Lots that are stopped, facts that say so, buyers who are asked."""
    with open_session(engine) as fresh:
        stopped = select(func.count()).where(col(HarvestLot.state) == LotState.RECALLED)
        kinds = select(func.count()).where(col(LedgerEntry.kind) == "lot.recalled")
        asked = select(func.count()).select_from(RecallConsignee)
        return tuple(fresh.execute(one).scalar_one() for one in (stopped, kinds, asked))


def cut_at(number: int) -> Callable[..., None]:
    """A listener that cuts before the write of this number."""
    written = 0

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal written
        if statement.lstrip().startswith(("INSERT", "UPDATE")):
            written += 1
            if written == number:
                raise CutError

    return before


def test_cut_before_every_write(engine: Engine, session: Session, given: Given) -> None:
    world = world_of(session, given)
    key = opened(session, given, world).pk
    session.commit()

    def decided(before: Callable[..., None]) -> bool:
        """Whether the decision was made although `before` looked at every statement."""
        event.listen(engine, "before_cursor_execute", before)
        try:
            with open_session(engine) as fresh:
                recall = fresh.get_one(Recall, key)
                decide_recall(fresh, recall, by=Actor.system(), now=given.now)
                fresh.commit()
        except CutError:
            return False
        finally:
            event.remove(engine, "before_cursor_execute", before)
        return True

    cuts = 0
    while not decided(cut_at(cuts + 1)):
        cuts += 1
        assert stands(engine) == (0, 0, 0)
        with open_session(engine) as fresh:
            assert fresh.get_one(Recall, key).state is RecallState.CONSIDERED
    assert cuts >= 8
    # The control: the one that was not cut stopped both lots, and asked both buyers, once.
    assert stands(engine) == (2, 2, 2)
    with open_session(engine) as fresh:
        told = select(col(Notice.kind)).where(col(Notice.kind) == "recall.asked")
        assert len(fresh.execute(told).all()) == 1
