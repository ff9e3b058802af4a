"""What a refusal names, for tests that ask only which fields were meant."""

from collections.abc import Callable

import pytest

from app.errors import DomainError, Refused


def refused(act: Callable[[], object], kind: type[DomainError] = Refused) -> list[str]:
    """The fields that the refusal of an act names."""
    with pytest.raises(kind) as refusal:
        act()
    return [fault.field for fault in refusal.value.fields]


def refused_fields(act: Callable[[], object]) -> set[str]:
    """The same as a set."""
    return set(refused(act))
