"""What a rule of law may do, by how sure we are of it; and how names of actives compare. Pure."""

from enum import StrEnum

from app.kit.text import fold
from app.models.catalogue import Confidence


class Severity(StrEnum):
    """What breaking a rule leads to."""

    REFUSE = "refuse"
    WARN = "warn"


def severity(confidence: Confidence, enforced: bool) -> Severity:
    """Whether a rule may refuse (product decision 2).

    V, the text of the act seen, refuses. S, a secondary source, refuses only when an
    administrator switched it on. I and U, inferred and unverified, only ever warn.
    """
    match confidence:
        case Confidence.VERIFIED:
            return Severity.REFUSE
        case Confidence.SECONDARY:
            return Severity.REFUSE if enforced else Severity.WARN
        case Confidence.INFERRED | Confidence.UNVERIFIED:
            return Severity.WARN


def active_key(name: str) -> str:
    """What two writings of one active have in common: "2,4-D", "2.4 D" and "2,4d" are the same.

    Whole names are compared: chlorpyrifos-methyl is not chlorpyrifos-ethyl.
    """
    return fold(name).replace(" ", "")


def same_kind(one: object, other: object) -> bool:
    """Whether two JSON values are of one kind, so that one can stand where the other was read.

    Objects must have the same names. A whole number is not a truth value.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_kind(one[key], other[key]) for key in one)
    return type(one) is type(other)
