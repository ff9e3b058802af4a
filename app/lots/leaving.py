"""Whether a lot may get labels, and whether it may leave the cooperative, on a day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.kit.messages import Message, say
from app.lots.balance import Weighed, reason_over
from app.lots.completeness import Completeness
from app.models.lots import LotState


@dataclass(frozen=True)
class Readiness:
    """What decides it. `sellable_from` None: the lot need not wait."""

    state: LotState
    sellable_from: date | None
    season: Weighed | None
    completeness: Completeness


# A lot in one of these states goes nowhere, whatever else is right about it.
STOPPED: dict[LotState, Message] = {
    LotState.HELD: say("The lot is held: it may not leave before an inspector releases it."),
    LotState.RECALLED: say("The lot is recalled."),
    LotState.WITHDRAWN: say("The lot was withdrawn as a mistake."),
}


def obstacles_to_leaving(ready: Readiness, today: date) -> list[Message]:
    """Why a lot may not leave on a day; empty when it may."""
    return [
        why
        for why in (STOPPED.get(ready.state), find_wait(ready.sellable_from, today))
        if why is not None
    ]


def obstacles_to_labels(ready: Readiness, today: date) -> list[Message]:
    """Why a lot gets no labels on a day; empty when it does."""
    return [*obstacles_of_goods(ready, today), *_incomplete(ready.completeness)]


def obstacles_of_goods(ready: Readiness, today: date) -> list[Message]:
    """The same without what a label lacks: what speaks against the goods themselves."""
    return [*obstacles_to_leaving(ready, today), *_over(ready.season)]


def find_wait(sellable_from: date | None, today: date) -> Message | None:
    """That a lot still has to wait; on the day itself it may be sold."""
    if sellable_from is None or today >= sellable_from:
        return None
    return say(
        "It was harvested while a waiting time ran: it may be sold from {day} on.",
        day=sellable_from,
    )


def _over(season: Weighed | None) -> Sequence[Message]:
    if season is None or season.passes:
        return ()
    return (reason_over(season),)


def _incomplete(completeness: Completeness) -> Sequence[Message]:
    return [
        say(
            "{item} is missing ({law}). {mend}",
            item=item.label,
            law=completeness.law,
            mend=item.mend,
        )
        for item in completeness.holds_back
    ]
