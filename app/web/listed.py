"""A list of the desk as a page, a table to take away, and a number of things to act on."""

from collections.abc import Callable
from dataclasses import dataclass

from app.deps import Call
from app.kit.messages import Message
from app.plan.grounds import Narrowed
from app.web.sheets import Sheet

Build = Callable[[Call, Narrowed], Sheet]


@dataclass(frozen=True)
class Listed:
    """A list: what it is called, why it matters, what to do, by which dated row, how it is made.

    `pressing`: how many of it want to be acted on, where that is not all.
    """

    title: Message
    why: Message
    build: Build
    none: Message
    rule: str = ""
    by_district: bool = True
    pressing: Callable[[Call], int] | None = None

    def to_act_on(self, call: Call) -> int:
        """How many there are to act on: what the list itself would count, without being read."""
        return self.pressing(call) if self.pressing else len(self.build(call, Narrowed()).rows)
