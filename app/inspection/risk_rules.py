"""How pressing a visit is: each reason with its points, and their sum. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.models.visits import RiskKind


@dataclass(frozen=True)
class Reason:
    """One reason: how often it was met, and the points for it."""

    kind: RiskKind
    count: int
    points: int


def reasons_for(
    counts: Mapping[RiskKind, int], weights: Mapping[RiskKind, int], *, most: int
) -> tuple[Reason, ...]:
    """The reasons that weigh something, the heaviest first; none weighs more than `most`."""
    found = [
        Reason(kind, count, min(count * weights[kind], most))
        for kind, count in counts.items()
        if count > 0 and weights[kind] > 0
    ]
    return tuple(sorted(found, key=lambda reason: (-reason.points, reason.kind)))


def score_of(reasons: tuple[Reason, ...]) -> int:
    """The sum of the points."""
    return sum(reason.points for reason in reasons)
