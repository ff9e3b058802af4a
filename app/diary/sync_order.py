"""The order in which a batch is taken in: what is corrected before what corrects it. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from app.diary.writing import Writing

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_NO_UID = UUID(int=0)


def in_causal_order(items: Sequence[Writing]) -> list[int]:
    """The places of the items, each after the one it corrects; otherwise as they were written down.

    Items that correct each other in a ring come last, as they were written down.
    """
    waiting = sorted(range(len(items)), key=lambda place: _when(items[place]))
    unknown = {item.uid for item in items if item.uid is not None}
    order: list[int] = []
    while waiting:
        ready = [place for place in waiting if items[place].corrects not in unknown]
        if not ready:
            return [*order, *waiting]
        order += ready
        unknown -= {items[place].uid for place in ready}
        waiting = [place for place in waiting if place not in set(ready)]
    return order


def _when(item: Writing) -> tuple[datetime, UUID]:
    return item.written_at or _EARLIEST, item.uid or _NO_UID
