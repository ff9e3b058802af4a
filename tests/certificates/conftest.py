"""What every test of certificates starts from."""

import pytest

from app.models.registry import PlantingArea
from tests.given import Given


@pytest.fixture
def area(given: Given) -> PlantingArea:
    """A cooperative's cabbage field."""
    return given.area(name="Tả Van Chư")
