"""How many kilograms a drill found again, and what may be said of goods. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.errors import FieldError
from app.kit.messages import say
from app.kit.quantities import Grams, percent_down
from app.lots.rules import LARGEST_LOT

MOST = Grams(LARGEST_LOT.value * 10)
LONGEST_LESSONS = 1_000
_WHOLE = 100


@dataclass(frozen=True)
class Held:
    """What somebody has by the records, and how much of it it said it knows of; None: no answer yet."""

    expected: Grams
    found: Grams | None

    @property
    def confirmed(self) -> int:
        """More than was expected proves nothing about the rest: it counts for no more than that."""
        return 0 if self.found is None else min(self.expected.value, self.found.value)


@dataclass(frozen=True)
class Mass:
    """Every gram of a drill in one column: at home, confirmed by others, not confirmed, missing."""

    total: Grams
    home: Grams
    confirmed: Grams
    open: Grams
    missing: Grams

    @property
    def accounted(self) -> Grams:
        """What is known to be somewhere: by our own records, or by others' word."""
        return Grams(self.home.value + self.confirmed.value)

    @property
    def percent(self) -> float:
        """Of a hundred kilograms, how many were found again; 100 where there were none."""
        whole = self.total.value
        return percent_down(self.accounted.value, whole) if whole else float(_WHOLE)


def mass_of(total: Grams, missing: Grams, others: Iterable[Held]) -> Mass:
    """The columns. What others do not confirm is open until they answer, and after that as well."""
    given = confirmed = 0
    for one in others:
        given += one.expected.value
        confirmed += one.confirmed
    home = max(0, total.value - missing.value - given)
    return Mass(total, Grams(home), Grams(confirmed), Grams(given - confirmed), missing)


def faults_of_answer(remaining: Grams, passed_on: Grams) -> list[FieldError]:
    """What is wrong with what somebody says of goods."""
    wrong = [
        ("remaining_g", remaining, say("Say how many kilograms are left, 0 if none.")),
        ("passed_on_g", passed_on, say("Say how many kilograms were sold on, 0 if none.")),
    ]
    return [
        FieldError(field, why) for field, grams, why in wrong if not 0 <= grams.value <= MOST.value
    ]
