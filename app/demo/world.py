"""The demonstration's memory and calendar: what has been made, and what is to happen when."""

import heapq
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from sqlmodel import Session

from app.accounts.caller import Caller
from app.kit.clock import HOME as VIET_NAM
from app.ledger.actors import Actor
from app.models.registry import Grower, Organisation, PlantingArea


@dataclass
class World:
    """What has been made so far, by short names the cases use."""

    session: Session
    now: datetime
    chance: random.Random
    base_url: str
    organisations: dict[str, Organisation] = field(default_factory=dict)
    growers: dict[str, list[Grower]] = field(default_factory=dict)
    areas: dict[str, list[PlantingArea]] = field(default_factory=dict)
    crops: dict[int, tuple[str, ...]] = field(default_factory=dict)
    callers: dict[str, Caller] = field(default_factory=dict)
    plans: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    @property
    def today(self) -> date:
        return self.now.astimezone(VIET_NAM).date()

    def clerk(self, key: str) -> Actor:
        """Who keeps a cooperative's books: the seated clerk at home, elsewhere somebody unnamed."""
        seated, home = self.callers["staff"], self.organisations[key]
        if seated.organisation_uid == home.uid:
            return seated.actor
        return Actor(None, seated.role.value, home.uid)

    def at(self, days_ago: int, hour: int = 10) -> datetime:
        """An hour of a day before today, as an instant; never later than now."""
        day = self.today - timedelta(days=days_ago)
        instant = datetime(day.year, day.month, day.day, hour, 15, tzinfo=VIET_NAM)
        return min(instant, self.now)

    def plan(self, when: datetime, what: Callable[[datetime], object]) -> None:
        """Something that is to happen at an instant; also from within what happens earlier."""
        heapq.heappush(self.plans, (when, next(self._order), what))

    def happen(self) -> None:
        """Let everything planned happen in order, so that the ledger reads like a diary."""
        while self.plans:
            when, _, what = heapq.heappop(self.plans)
            what(when)
            self.session.flush()
