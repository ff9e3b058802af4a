"""What a rule may do by its confidence, and how names of actives compare."""

import pytest

from app.catalogue.rules import Severity, active_key, same_kind, severity
from app.models.catalogue import Confidence


@pytest.mark.parametrize(
    ("confidence", "enforced", "expected"),
    [
        (Confidence.VERIFIED, False, Severity.REFUSE),
        (Confidence.VERIFIED, True, Severity.REFUSE),
        (Confidence.SECONDARY, False, Severity.WARN),
        (Confidence.SECONDARY, True, Severity.REFUSE),
        (Confidence.INFERRED, False, Severity.WARN),
        (Confidence.INFERRED, True, Severity.WARN),
        (Confidence.UNVERIFIED, False, Severity.WARN),
        (Confidence.UNVERIFIED, True, Severity.WARN),
    ],
)
def test_only_what_was_seen_or_switched_on_may_refuse(
    confidence: Confidence, enforced: bool, expected: Severity
) -> None:
    assert severity(confidence, enforced) is expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2,4-D", "2.4 d"),
        ("2,4-D", "2,4D"),
        ("Chlorpyrifos-ethyl", "CHLORPYRIFOS ETHYL"),
        ("Thiophanate-methyl", "thiophanate methyl"),
    ],
)
def test_two_writings_of_an_active_are_one(one: str, other: str) -> None:
    assert active_key(one) == active_key(other)


def test_methyl_is_not_ethyl() -> None:
    assert active_key("chlorpyrifos-methyl") != active_key("chlorpyrifos-ethyl")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (24, 36, True),
        (24, "24", False),
        (24, True, False),
        (24, None, False),
        ({"a": 1}, {"a": 2}, True),
        ({"a": 1}, {"b": 2}, False),
        ({"a": 1}, {"a": "1"}, False),
        (["A"], ["pass"], True),
        (["A"], {"A": 1}, False),
    ],
)
def test_a_value_can_stand_for_one_of_its_kind(one: object, other: object, same: bool) -> None:
    assert same_kind(one, other) is same
