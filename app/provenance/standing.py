"""How a lot stands today, computed from facts and never set by hand: gravest first. Pure.

A page says the gravest fact in large letters and every other bad one below it. It reassures only
where nothing bad is known; what is not known never counts as good.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.lots.waiting import Waiting
from app.models.lots import LotState


class Standing(StrEnum):
    """What may be said of a lot, the gravest first; the last two are all that is not bad."""

    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"
    HELD = "held"
    TEST_FAILED = "test_failed"
    TOO_EARLY = "too_early"
    UNFIT_INPUT = "unfit_input"
    WAITING_BROKEN = "waiting_broken"
    PAST = "past"
    NOT_ACTIVATED = "not_activated"
    CERTIFICATE_LOST = "certificate_lost"
    CODE_LOST = "code_lost"
    NO_WARNING = "no_warning"
    IN_FORCE = "in_force"


class Tone(StrEnum):
    """How loudly it is said, the loudest first: the colour of the strip, with an icon and words beside it."""

    STOP = "stop"
    CARE = "care"
    PLAIN = "plain"
    GOOD = "good"


class Inputs(StrEnum):
    """What the diary shows of the inputs: all permitted, one that was not, or not to be judged."""

    FIT = "fit"
    UNFIT = "unfit"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class StandingFacts:
    """What decides it. `certified`: a certificate covers the lot and is valid today.

    `activated`: labels of the lot are on goods, as far as the producer said so. `certificate_lost`
    and `code_lost`: what covered the harvest does not hold today.
    """

    state: LotState
    today: date
    sellable_from: date | None = None
    best_before: date | None = None
    activated: bool = True
    waiting: Waiting = Waiting.UNKNOWN
    inputs: Inputs = Inputs.UNKNOWN
    certified: bool = False
    certificate_lost: bool = False
    code_lost: bool = False
    test_failed: bool = False

    @property
    def waits(self) -> bool:
        """Whether it may not be sold yet."""
        return self.sellable_from is not None and self.today < self.sellable_from

    @property
    def past(self) -> bool:
        """Whether the best-before day is over."""
        return self.best_before is not None and self.best_before < self.today


REASSURING = frozenset({Standing.IN_FORCE, Standing.NO_WARNING})
_STOPS = frozenset(
    {Standing.WITHDRAWN, Standing.RECALLED, Standing.TEST_FAILED, Standing.UNFIT_INPUT}
)
_STATES = {
    LotState.WITHDRAWN: Standing.WITHDRAWN,
    LotState.RECALLED: Standing.RECALLED,
    LotState.HELD: Standing.HELD,
}


def standings_of(facts: StandingFacts) -> tuple[Standing, ...]:
    """Everything that is wrong with a lot, gravest first; or the one word for nothing wrong."""
    bad = tuple(_bad(facts))
    if bad:
        return bad
    proven = facts.certified and facts.waiting is Waiting.KEPT and facts.inputs is Inputs.FIT
    return (Standing.IN_FORCE if proven else Standing.NO_WARNING,)


def tone_of(standing: Standing) -> Tone:
    """How loudly a standing is said."""
    if standing in _STOPS:
        return Tone.STOP
    if standing is Standing.IN_FORCE:
        return Tone.GOOD
    return Tone.PLAIN if standing is Standing.NO_WARNING else Tone.CARE


def loudest_of(standings: Sequence[Standing]) -> Tone:
    """The tone of the strip: that of the worst to eat, though an authority's word may stand before it."""
    tones = {tone_of(standing) for standing in standings}
    return next(tone for tone in Tone if tone in tones)


def _bad(facts: StandingFacts) -> Iterator[Standing]:
    if facts.state in _STATES:
        yield _STATES[facts.state]
    wrong = {
        Standing.TEST_FAILED: facts.test_failed,
        Standing.TOO_EARLY: facts.waits,
        Standing.UNFIT_INPUT: facts.inputs is Inputs.UNFIT,
        Standing.WAITING_BROKEN: facts.waiting is Waiting.BROKEN and not facts.waits,
        Standing.PAST: facts.past,
        # Of a lot that is stopped anyway it says nothing more.
        Standing.NOT_ACTIVATED: not facts.activated and facts.state not in _STATES,
        Standing.CERTIFICATE_LOST: facts.certificate_lost,
        Standing.CODE_LOST: facts.code_lost,
    }
    yield from (standing for standing, holds in wrong.items() if holds)
