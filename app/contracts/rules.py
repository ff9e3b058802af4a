"""What a contract may say and become, and how far it is fulfilled. Pure."""

from dataclasses import dataclass
from datetime import date

from app.errors import FieldError
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.models.contracts import ContractState

# Guards against a slip of the pen, not law.
LARGEST_CONTRACT = Grams(100_000_000_000)
DEAREST_KILOGRAM = 100_000_000
LONGEST_DAYS = 3_660
WHOLE = 100

NEXT_STATES: dict[ContractState, frozenset[ContractState]] = {
    ContractState.DRAFT: frozenset({ContractState.SIGNED, ContractState.CANCELLED}),
    ContractState.SIGNED: frozenset({ContractState.ENDED, ContractState.CANCELLED}),
    ContractState.ENDED: frozenset(),
    ContractState.CANCELLED: frozenset(),
}


@dataclass(frozen=True)
class Period:
    """From which day until which day goods are delivered, both included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class ContractProgress:
    """Kilograms of a contract: agreed, arrived, on their way; `late`: left after the last day."""

    agreed: Grams
    delivered: Grams
    on_the_way: Grams
    overdue: bool

    @property
    def left(self) -> Grams:
        """What is still to be delivered."""
        return Grams(max(0, self.agreed.value - self.delivered.value))

    @property
    def late(self) -> Grams:
        """What should have been delivered by now and was not."""
        return self.left if self.overdue else Grams(0)

    @property
    def percent(self) -> int:
        """Of a hundred kilograms, how many arrived; more than a hundred where more was delivered."""
        return self.delivered.value * WHOLE // self.agreed.value


def faults_of_terms(quantity: Grams, price_dong: int | None, period: Period) -> list[FieldError]:
    """What is wrong with how much, for how much, and when."""
    days = (period.ends_on - period.starts_on).days
    wrong: list[tuple[str, bool, Message]] = [
        (
            "quantity_g",
            not 0 < quantity.value <= LARGEST_CONTRACT.value,
            say("A contract is about more than nothing and at most {most}.", most=LARGEST_CONTRACT),
        ),
        (
            "price_dong",
            price_dong is not None and not 0 < price_dong <= DEAREST_KILOGRAM,
            say(
                "A kilogram costs more than nothing and at most {most} đồng.", most=DEAREST_KILOGRAM
            ),
        ),
        ("ends_on", days < 0, say("The last day lies before the first.")),
        ("ends_on", days > LONGEST_DAYS, say("A contract is for ten years at most.")),
    ]
    return [FieldError(field, why) for field, holds, why in wrong if holds]


def find_step_fault(state: ContractState, wanted: ContractState) -> Message | None:
    """Why a contract cannot become what is wanted; None when it can."""
    if wanted in NEXT_STATES[state]:
        return None
    if state is ContractState.DRAFT:
        return say("This contract was not signed yet.")
    if state is ContractState.SIGNED:
        return say("This contract was signed already.")
    return say("This contract is over.")
