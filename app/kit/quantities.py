"""Quantities as integers with a unit: grams and square metres (product decision: no floats stored)."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, order=True)
class Grams:
    """A mass in whole grams."""

    value: int

    @property
    def kg(self) -> Decimal:
        return Decimal(self.value) / 1000

    def __str__(self) -> str:
        return f"{self.kg.normalize():f} kg"


@dataclass(frozen=True, order=True)
class SquareMetres:
    """An area in whole square metres."""

    value: int

    @property
    def ha(self) -> Decimal:
        return Decimal(self.value) / 10_000

    def __str__(self) -> str:
        return f"{self.ha.normalize():f} ha"


def percent_down(part: int, whole: int) -> float:
    """Of a hundred, to a tenth, rounded down: 100 is said only of all of it."""
    return part * 1_000 // whole / 10
