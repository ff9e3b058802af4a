"""What the inputs used on a lot's land let it claim: permitted ones only, and organic ones. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from app.catalogue.input_rules import VerdictKind
from app.certificates.conversion import Periods
from app.kit.messages import Message, say
from app.lots.facts import Use

# The gravest first: of several, that one is said.
GRAVEST = (
    VerdictKind.BANNED,
    VerdictKind.REMOVED,
    VerdictKind.UNLISTED,
    VerdictKind.NOT_FOR_CROP,
    VerdictKind.NOT_JUDGED,
)
MENDS: dict[VerdictKind, Message] = {
    VerdictKind.BANNED: say("Nothing mends this. Tell the plant protection officer."),
    VerdictKind.REMOVED: say("Later harvests may claim it, once only permitted products are used."),
    VerdictKind.UNLISTED: say("Correct the product in the diary, if it was another."),
    VerdictKind.NOT_FOR_CROP: say("Ask the plant protection officer for a recorded exception."),
    VerdictKind.NOT_JUDGED: say(
        "Correct the product in the diary, or have it entered in the catalogue."
    ),
}


@dataclass(frozen=True)
class LookBack:
    """How long no substance may have been used that organic production forbids, and by what rule."""

    months: int
    law: str


@dataclass(frozen=True)
class Terms:
    """The dated terms of organic production as they stood on a day; None: no such rule."""

    look_back: LookBack | None = None
    periods: Periods | None = None


@dataclass(frozen=True)
class Obstacle:
    """Why a claim cannot be made, and what would help."""

    reason: Message
    mend: Message


def find_unfit(uses: Iterable[Use]) -> Use | None:
    """The gravest use that stands in the way of a claim; of two alike, the latest."""
    unfit = [use for use in uses if _is_unfit(use)]
    return min(
        unfit, key=lambda use: (GRAVEST.index(use.verdict), -use.on.toordinal()), default=None
    )


def obstacle_of(use: Use) -> Obstacle:
    """What an unfit use is told as."""
    reason = say("Used on {day}: {why}", day=use.on, why=use.reason)
    return Obstacle(reason, MENDS[use.verdict])


def find_not_organic(
    uses: Sequence[Use], harvested_on: date, look_back: LookBack | None
) -> Obstacle | None:
    """Why a harvest is not organic: within the look-back something was used that is not permitted.

    What nobody knows to be permitted stands in the way too, though a forbidden one is said first.
    """
    if look_back is None:
        return None
    since = harvested_on - relativedelta(months=look_back.months)
    lately = [use for use in uses if since < use.on <= harvested_on and use.organic is not True]
    worst = max(lately, key=lambda use: (use.organic is False, use.on), default=None)
    return None if worst is None else _not_organic(worst, look_back)


def _not_organic(use: Use, look_back: LookBack) -> Obstacle:
    if use.organic is None:
        reason = say(
            "{product} was used on {day}; whether organic production permits it is not known.",
            product=use.product,
            day=use.on,
        )
        return Obstacle(
            reason, say("Have the product's organic standing entered in the catalogue.")
        )
    reason = say(
        "{product} was used on {day}; organic production forbids it for {months} months ({law}).",
        product=use.product,
        day=use.on,
        months=look_back.months,
        law=look_back.law,
    )
    free = use.on + relativedelta(months=look_back.months)
    return Obstacle(reason, say("Harvests from {day} on may claim it.", day=free))


def _is_unfit(use: Use) -> bool:
    if use.verdict is VerdictKind.NOT_JUDGED:
        return use.pesticide
    return use.verdict in GRAVEST
