"""What a lot may be and become: states, plausible figures, days that fit. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.errors import FieldError
from app.kit.messages import Message, say
from app.kit.quantities import Grams, SquareMetres
from app.models.lots import LotState

NEXT_STATES: dict[LotState, frozenset[LotState]] = {
    LotState.OPEN: frozenset(
        {LotState.SEALED, LotState.HELD, LotState.RECALLED, LotState.WITHDRAWN}
    ),
    LotState.SEALED: frozenset(
        {LotState.HELD, LotState.CLOSED, LotState.RECALLED, LotState.WITHDRAWN}
    ),
    LotState.HELD: frozenset(
        {LotState.OPEN, LotState.SEALED, LotState.RECALLED, LotState.WITHDRAWN}
    ),
    LotState.CLOSED: frozenset({LotState.RECALLED}),
    LotState.RECALLED: frozenset(),
    LotState.WITHDRAWN: frozenset(),
}

# Guards against a slip of the unit, not agronomy: one lot is at most a few lorries, and no
# vegetable gives 200 tonnes a hectare in one picking. What is plausible is judged elsewhere.
LARGEST_LOT = Grams(100_000_000)
MOST_GRAMS_PER_M2 = 20_000
LONGEST_KEEPING = timedelta(days=730)
MOST_PARTS = 200


@dataclass(frozen=True)
class PartPlan:
    """A part of a lot as it is to be recorded, with the days its planting stood, where one is named.

    `says`: what the diary's entry weighed, where the part is made from one, and the day it says.
    """

    quantity: Grams
    sown_on: date | None = None
    ended_on: date | None = None
    member: bool = True
    says: Grams | None = None
    done_on: date | None = None


def may_become(state: LotState, target: LotState) -> bool:
    """Whether a lot in one state may go to another."""
    return target in NEXT_STATES[state]


def faults_of_quantity(quantity: Grams, area: SquareMetres) -> list[FieldError]:
    """What is wrong with a harvested mass from an area."""
    if quantity.value <= 0:
        return [FieldError("quantity_g", say("A harvest weighs more than nothing."))]
    if quantity > LARGEST_LOT:
        return [
            FieldError(
                "quantity_g",
                say("One lot weighs at most {largest}. Check the unit.", largest=LARGEST_LOT),
            )
        ]
    if quantity.value > area.value * MOST_GRAMS_PER_M2:
        return [
            FieldError(
                "quantity_g",
                say(
                    "{quantity} cannot come from {area}. Check the unit.",
                    quantity=quantity,
                    area=area,
                ),
            )
        ]
    return []


def faults_of_harvest_day(
    day: date, *, today: date, established_on: date, closed_on: date | None
) -> list[FieldError]:
    """What is wrong with the day of a harvest from an area that existed from one day to another."""
    if day > today:
        return [FieldError("harvested_on", say("The harvest day {day} is in the future.", day=day))]
    if day < established_on:
        return [
            FieldError(
                "harvested_on",
                say(
                    "The planting area exists only since {since}; it had no harvest on {day}.",
                    since=established_on,
                    day=day,
                ),
            )
        ]
    if closed_on is not None and day > closed_on:
        return [
            FieldError(
                "harvested_on",
                say("The planting area was closed on {closed}.", closed=closed_on),
            )
        ]
    return []


def faults_of_later_days(
    harvested_on: date, *, packed_on: date | None, best_before: date | None, today: date
) -> list[FieldError]:
    """What is wrong with the packing and best-before days of a harvest."""
    faults = []
    if packed_on is not None and packed_on < harvested_on:
        faults.append(FieldError("packed_on", say("It cannot be packed before it is harvested.")))
    if packed_on is not None and packed_on > today:
        faults.append(
            FieldError("packed_on", say("The packing day {day} is in the future.", day=packed_on))
        )
    faults += _faults_of_best_before(best_before, start=packed_on or harvested_on)
    return faults


def _faults_of_best_before(best_before: date | None, *, start: date) -> list[FieldError]:
    if best_before is None:
        return []
    if best_before < start:
        return [
            FieldError(
                "best_before",
                say("The best-before day lies before the harvest or packing day."),
            )
        ]
    if best_before > start + LONGEST_KEEPING:
        return [FieldError("best_before", say("The best-before day is more than two years away."))]
    return []


def faults_of_parts(
    parts: Sequence[PartPlan], *, whole: Grams, harvested_on: date
) -> list[FieldError]:
    """What is wrong with the split of a lot: no gram may be lost, none counted twice."""
    if not parts:
        return []
    if len(parts) > MOST_PARTS:
        return [_of_parts(say("One lot has at most {most} parts.", most=MOST_PARTS))]
    faults = [
        _of_parts(say("Part {number}: {why}", number=number, why=why))
        for number, part in enumerate(parts, start=1)
        if (why := _find_fault(part, harvested_on)) is not None
    ]
    if faults:
        return faults
    total = Grams(sum(part.quantity.value for part in parts))
    if total != whole:
        why = say("The parts weigh {total}, the lot {whole}.", total=total, whole=whole)
        return [_of_parts(why)]
    return []


def _of_parts(why: Message) -> FieldError:
    return FieldError("parts", why)


def _find_fault(part: PartPlan, harvested_on: date) -> Message | None:
    if part.quantity.value <= 0:
        return say("A harvest weighs more than nothing.")
    if part.sown_on is not None and harvested_on < part.sown_on:
        return say("Nothing is harvested before it is sown, on {day}.", day=part.sown_on)
    if part.ended_on is not None and harvested_on > part.ended_on:
        return say("The planting ended on {day}.", day=part.ended_on)
    if not part.member:
        return say("This grower was not a member on {day}.", day=harvested_on)
    return _find_difference(part, harvested_on)


def _find_difference(part: PartPlan, harvested_on: date) -> Message | None:
    if part.says is not None and part.says != part.quantity:
        return say("The diary says {quantity}.", quantity=part.says)
    if part.done_on is not None and part.done_on != harvested_on:
        return say("The diary says that it was harvested on {day}.", day=part.done_on)
    return None
