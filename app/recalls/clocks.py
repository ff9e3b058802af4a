"""The deadlines of a recall: until when, whether kept, late or still running. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.kit.clock import day_of, start_of
from app.kit.messages import Message, say
from app.models.recalls import Recall, RecallKind, RecallState

DECIDE, ANSWER, HANDLE, REPORT = "decide", "answer", "handle", "report"
CLOCK_WORDS: dict[str, Message] = {
    DECIDE: say("Decide on the recall"),
    ANSWER: say("All who have goods say how many are left"),
    HANDLE: say("Handle what was recovered"),
    REPORT: say("Report after the end"),
}
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RecallClock:
    """One deadline. `due` None: not counting yet; `done_at` None: not done yet.

    `whole_day`: the deadline is a day, and all of that day is left.
    """

    name: str
    due: datetime | None
    done_at: datetime | None
    whole_day: bool = False

    def late(self, now: datetime) -> bool:
        """Whether it was done after the deadline, or is not done and the deadline is over."""
        return self.due is not None and (self.done_at or now) > self.due

    def running(self) -> bool:
        """Whether somebody still has to do it."""
        return self.due is not None and self.done_at is None

    @property
    def due_day(self) -> date | None:
        """The last day for it."""
        if self.due is None:
            return None
        return day_of(self.due - timedelta(seconds=1)) if self.whole_day else day_of(self.due)

    def hours_left(self, now: datetime) -> int | None:
        """Whole hours until the deadline, negative after it; None where nothing runs."""
        if self.due is None or self.done_at is not None:
            return None
        return int((self.due - now) // timedelta(hours=1))


def clocks_of(
    recall: Recall, *, answered_at: datetime | None, handled_at: datetime | None
) -> tuple[RecallClock, ...]:
    """The four deadlines. `answered_at`, `handled_at`: when the last of it was done; None: is not."""
    if recall.state is RecallState.MISTAKEN:
        return ()
    # The law asks an authority for its written decision, a facility for acting.
    written = recall.decision_at if recall.kind is RecallKind.COMPULSORY else recall.decided_at
    return (
        RecallClock(DECIDE, recall.decide_by, written),
        RecallClock(ANSWER, recall.answer_by, answered_at),
        RecallClock(HANDLE, _end_of(recall.handle_by), handled_at, whole_day=True),
        RecallClock(REPORT, _end_of(recall.report_by), recall.reported_at, whole_day=True),
    )


def late_ones(clocks: Sequence[RecallClock], now: datetime) -> tuple[RecallClock, ...]:
    """Those that run and are over: what escalates."""
    return tuple(clock for clock in clocks if clock.running() and clock.late(now))


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month (Bộ luật Dân sự Đ.148)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - _ONE_DAY)


def _end_of(day: date | None) -> datetime | None:
    return None if day is None else start_of(day + _ONE_DAY)
