"""What a movement may be: how many lots in and out, kilograms that add up, shares of what was made. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import FieldError
from app.kit.messages import Message, say
from app.kit.quantities import Grams
from app.models.lots import LotKind
from app.models.movements import MovementKind

# Guards against a slip, not law: a page of a lot asks of each harvest in it what it may claim.
MOST_LINES = 200
MOST_ORIGINS = 500
WHOLE = 100
SEVERAL = 2

MAKES: dict[MovementKind, LotKind] = {
    MovementKind.PACKING: LotKind.PACKED,
    MovementKind.SPLITTING: LotKind.SPLIT,
    MovementKind.MERGING: LotKind.MERGED,
    MovementKind.PROCESSING: LotKind.PROCESSED,
}
# What each kind is called in the ledger, in the past tense.
VERBS: dict[MovementKind, str] = {
    MovementKind.PACKING: "packed",
    MovementKind.SPLITTING: "split",
    MovementKind.MERGING: "merged",
    MovementKind.PROCESSING: "processed",
    MovementKind.STORING: "stored",
    MovementKind.SHIPPING: "shipped",
    MovementKind.RECEIVING: "received",
    MovementKind.SELLING: "sold",
    MovementKind.RETURNING: "returned",
    MovementKind.DESTROYING: "destroyed",
}


@dataclass(frozen=True)
class Balance:
    """The kilograms of a movement; `difference` is what neither came out nor was said to be lost."""

    into: Grams
    out: Grams
    loss: Grams
    tolerance_percent: int

    @property
    def difference(self) -> int:
        """In grams; negative when more came out than went in."""
        return self.into.value - self.out.value - self.loss.value

    @property
    def adds_up(self) -> bool:
        """Whether the difference is within the tolerance; exactly as much still is."""
        return abs(self.difference) * WHOLE <= self.into.value * self.tolerance_percent


def find_gap(balance: Balance) -> Message | None:
    """The sentence that says by how much kilograms do not add up; None when they do."""
    if balance.adds_up:
        return None
    values = {
        "into": balance.into,
        "out": balance.out,
        "loss": balance.loss,
        "difference": Grams(abs(balance.difference)),
        "percent": balance.tolerance_percent,
    }
    if balance.difference > 0:
        return say(
            "{difference} are not accounted for: {into} went in, {out} came out and {loss} was lost."
            " Up to {percent} % may differ.",
            **values,
        )
    return say(
        "{difference} more came out than went in: {into} went in, {out} came out and {loss} was"
        " lost. Up to {percent} % may differ.",
        **values,
    )


def faults_of_shape(kind: MovementKind, *, inputs: int, outputs: int) -> list[FieldError]:
    """What is wrong with how many lots go into a movement and come out of it."""
    wrong = [
        ("inputs", not inputs, say("Choose at least one lot.")),
        (
            "inputs",
            max(inputs, outputs) > MOST_LINES,
            say("At most {most} lots at once.", most=MOST_LINES),
        ),
        (
            "inputs",
            kind is MovementKind.MERGING and inputs < SEVERAL,
            say("Merging takes two lots or more."),
        ),
        (
            "outputs",
            kind is MovementKind.MERGING and outputs != 1,
            say("Merging makes one lot."),
        ),
        (
            "inputs",
            kind is MovementKind.SPLITTING and inputs != 1,
            say("Splitting takes one lot."),
        ),
        (
            "outputs",
            kind is MovementKind.SPLITTING and outputs < SEVERAL,
            say("Splitting makes two lots or more."),
        ),
        ("outputs", not outputs, say("Say what came out of it.")),
    ]
    return [FieldError(field, why) for field, holds, why in wrong if holds][:1]


def shares(into: Sequence[int], out: Sequence[int]) -> list[list[int]]:
    """How many grams of each input went into each output: rows add up to the inputs exactly.

    Losses are borne by all alike. Every output gets something, as long as there are grams enough.
    """
    whole = sum(out)
    table = [_apportioned(grams, out, whole) for grams in into]
    for column in range(len(out)):
        if any(row[column] for row in table):
            continue
        # A few grams beside tonnes would round to nothing: no lot comes from nothing.
        giver = max(table, key=max)
        giver[giver.index(max(giver))] -= 1
        giver[column] += 1
    return table


def _apportioned(grams: int, out: Sequence[int], whole: int) -> list[int]:
    row = [grams * one // whole for one in out]
    by_rest = sorted(range(len(out)), key=lambda at: (-(grams * out[at] % whole), at))
    for at in by_rest[: grams - sum(row)]:
        row[at] += 1
    return row
