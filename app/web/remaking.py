"""Pages that a fact made stale are made anew before their next reader comes; nobody waits for it.

What a process drops from its memory is what people read, so that is what it makes again, a page in
all its languages at one go, half of the time at most, and no page twice in half a minute. It is
made as for a first reader, by the same functions: what is recorded meanwhile makes it stale again.
Nothing of this is written down: what a process did not come to is made for its first reader.
"""

import random
import time
from collections import defaultdict
from collections.abc import Mapping
from threading import Event, Thread
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.db import open_read_session
from app.errors import NotFound
from app.provenance.page_store import MadePage, PageKey, ledger_end
from app.web.kept_pages import MOST_STALE, Memory, memory_of
from app.web.making_pages import Drafter, drawn_up, keep, pressed
from app.web.page_drafts import DRAFTERS

log = structlog.get_logger()

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_MAKINGS = 30.0
SECONDS_TO_STOP = 5.0
PAGES_AT_ONCE = 16


class Remaker:
    """A thread beside the requests of one process, for the pages in its memory."""

    def __init__(self, state: Any, drafters: Mapping[Any, Drafter] = DRAFTERS) -> None:
        self._state = state
        self._drafters = drafters
        self._waiting: defaultdict[PageKey, set[str]] = defaultdict(set)
        self._made: dict[PageKey, float] = {}
        self._stopped = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Work in the background until `stop`."""
        self._stopped.clear()
        self._thread = Thread(target=self._work, name="pages", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the present page."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(SECONDS_TO_STOP)

    def look(self) -> int:
        """Make what went stale and is due; returns how many pages were made."""
        memory = memory_of(self._state)
        if memory.grew:
            memory.refresh()
        self._note(memory)
        due, made = self._due(), 0
        for start in range(0, len(due), PAGES_AT_ONCE):
            pages = self._make_all(memory, due[start : start + PAGES_AT_ONCE])
            if pages:
                keep(memory.engine, pages)
            made += len(pages)
        return made

    def _note(self, memory: Memory) -> None:
        for key, language in memory.gone_stale(self._now):
            if key in self._waiting or len(self._waiting) < MOST_STALE:
                self._waiting[key].add(language)

    def _due(self) -> list[PageKey]:
        """What was not made a moment ago; in no order, so that two processes seldom meet at a page."""
        latest = time.monotonic() - SECONDS_BETWEEN_MAKINGS
        self._made = {key: at for key, at in self._made.items() if at > latest}
        due = [key for key in self._waiting if key not in self._made]
        return random.sample(due, len(due))

    def _make_all(self, memory: Memory, keys: list[PageKey]) -> list[MadePage]:
        """Pages that share a reading: what all of them ask for is asked once."""
        pages: list[MadePage] = []
        with open_read_session(memory.engine) as session:
            position = ledger_end(session)
            for key in keys:
                if self._stopped.is_set():
                    break
                began = time.thread_time()
                pages += self._make(memory, session, position, key)
                self._stopped.wait(time.thread_time() - began)
        return pages

    def _make(
        self, memory: Memory, session: Session, position: int, key: PageKey
    ) -> list[MadePage]:
        """The page in those languages in which nobody has made it since."""
        languages, now = self._waiting.pop(key), self._now
        wanted = sorted(tag for tag in languages if memory.get(key, tag, now) is None)
        if not wanted:
            return []
        self._made[key] = time.monotonic()
        state = self._state
        try:
            drawn = drawn_up(
                session,
                key,
                position=position,
                draft=self._drafters[key.kind],
                base_url=state.settings.base_url,
                now=state.clock(),
            )
        except NotFound:  # what it told of is not told of any more
            return []
        made = [pressed(drawn.made(language)) for language in wanted]
        for page in made:
            memory.put(page)
        return made

    @property
    def _now(self) -> float:
        instant: float = self._state.clock().timestamp()
        return instant

    def _work(self) -> None:
        while not self._stopped.wait(SECONDS_BETWEEN_LOOKS):
            try:
                self.look()
            except DBAPIError:  # a database that is away comes back
                log.warning("pages_not_remade", waiting=len(self._waiting))
            except Exception:  # a page that cannot be made fails before its reader, not here
                log.exception("page_not_remade")
