"""What tests of imports share: a cooperative with a member and an area, and who sends lists for it."""

import pytest

from tests.exchange.sending import Sender


@pytest.fixture
def home(session, given):
    made = given.cooperative("Hợp tác xã Bản Phố")
    session.commit()
    return made


@pytest.fixture
def sender(engine, clock, home):
    return Sender(engine, clock, home)
