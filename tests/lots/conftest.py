"""What tests of lots share."""

import pytest
from sqlmodel import Session

from tests.given import Given
from tests.lots.growing import Growing


@pytest.fixture
def growing(session: Session, given: Given) -> Growing:
    """Plantings and diaries."""
    return Growing(session, given)
