"""Drills worth seeing: one that is reported, one that waits for answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.demo.world import World
from app.drills.answering_commands import DrillAnswer, answer_drill
from app.drills.commands import ask_for_drill, end_drill, start_drill
from app.drills.queries import consignees_of
from app.kit.quantities import Grams
from app.models.drills import Drill
from app.models.lots import HarvestLot
from app.tracing.start_queries import Asked

ASKED, ANSWERED, ENDED = (timedelta(minutes=minutes) for minutes in (4, 37, 95))
LESSONS = "Gọi điện cho bếp ăn trước khi gửi liên kết; ghi số sọt trên phiếu giao."


@dataclass(frozen=True)
class Practice:
    """Who practises, from when on."""

    world: World
    boss: Caller
    now: datetime

    def at(self, after: timedelta) -> datetime:
        """So long after the beginning; never later than now."""
        return min(self.now + after, self.world.now)

    def begin(self, lot: HarvestLot) -> Drill:
        """A drill of a lot, up to everybody being asked."""
        drill = start_drill(
            self.world.session,
            Asked(lot.code),
            caller=self.boss,
            reach=Reach.own(self.boss.organisation_id),
            now=self.now,
        )
        return ask_for_drill(self.world.session, drill, now=self.at(ASKED))


def practise(practice: Practice, reported: HarvestLot, waiting: HarvestLot) -> None:
    """One drill to its report, all but a kilogram found; another whose answers are still to come."""
    session, drill = practice.world.session, practice.begin(reported)
    for one in consignees_of(session, drill, within=Reach.all()):
        left = Grams(max(0, one.consignee.expected_g - 1_000))
        answer = DrillAnswer(left, Grams(0), by="Người nhận (minh hoạ)")
        answer_drill(session, drill, one.consignee, answer, now=practice.at(ANSWERED))
    practice.begin(waiting)
    practice.world.plan(practice.at(ENDED), partial(_report, practice, drill))


def _report(practice: Practice, drill: Drill, now: datetime) -> None:
    end_drill(practice.world.session, drill, LESSONS, by=practice.boss.actor, now=now)
