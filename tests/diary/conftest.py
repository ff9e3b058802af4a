"""Who grows in these tests."""

import pytest

from tests.diary.growing import Growing
from tests.given import Given


@pytest.fixture
def growing(given: Given) -> Growing:
    """A diary in sentences."""
    return Growing(given)
