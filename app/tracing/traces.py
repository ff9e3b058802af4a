"""A whole trace: what it began with, the lots it found, where their kilograms are."""

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from app.accounts.reach import Reach
from app.labels.keys import KeyRing
from app.tracing.closure_queries import Bounds, Closure, Direction, around, closure
from app.tracing.delivery_queries import TracedDelivery, deliveries_of, whose_receivers
from app.tracing.label_queries import TracedLabel, label_in
from app.tracing.start_queries import Asked, Begun, starts_of
from app.tracing.supply_queries import TracedSupply, supplies_of, whose_suppliers
from app.tracing.whereabouts import Names, Whereabouts, names_of, whereabouts, whose_buyers


class Way(StrEnum):
    """Which way a trace goes."""

    BOTH = "both"
    BACK = "back"
    FORWARD = "forward"


@dataclass(frozen=True)
class Trace:
    """A trace with everything a page, a file or a machine says of it.

    `label` None: it was not asked for by a numbered label.
    """

    begun: Begun
    found: Closure
    places: list[Whereabouts]
    names: Names
    deliveries: list[TracedDelivery]
    supplies: list[TracedSupply]
    label: TracedLabel | None = None

    def shown_buyers_of(self) -> list[int]:
        """The organisations whose outside parties are shown: theirs to know who looked."""
        return sorted(
            {
                *whose_buyers(self.places),
                *whose_receivers(self.deliveries),
                *whose_suppliers(self.supplies),
            }
        )


# More than anybody reads on a page or in a file; a recall walks further.
SHOWN = Bounds(lots=10_000, steps=200)


def trace(
    session: Session, asked: Asked, way: Way, *, reach: Reach, keys: KeyRing | None = None
) -> Trace:
    """Follow what was asked for. NotFound when nothing within reach is meant.

    With `keys` it is said whether the number of a label that was asked for was made here.
    """
    begun = starts_of(session, asked, reach=reach)
    if way is Way.BOTH:
        found = around(session, begun.lots, reach=reach, bounds=SHOWN)
    else:
        found = closure(session, begun.lots, Direction(way.value), reach=reach, bounds=SHOWN)
    return Trace(
        begun,
        found,
        whereabouts(session, found, reach=reach),
        names_of(session, found),
        deliveries_of(session, found, reach=reach),
        supplies_of(session, found, reach=reach),
        label_in(session, asked.text, keys) if keys else None,
    )
