"""What tests of imports share: a cooperative with a member and an area, and who sends lists for it."""

import json

import pytest

from app.exchange.reading_process import _thawed
from app.exchange.sheet_child import read
from app.exchange.sheet_limits import Refusal
from tests.exchange.sending import Sender


@pytest.fixture
def home(session, given):
    made = given.cooperative("Hợp tác xã Bản Phố")
    session.commit()
    return made


@pytest.fixture
def sender(engine, clock, home):
    return Sender(engine, clock, home)


@pytest.fixture
def read_here(monkeypatch):
    """Files are read without a process of their own, which takes longer than the reading.

    For tests of what the rows mean; that process has its own.
    """

    def lines(content, preferred):
        written = []
        try:
            read(content, preferred, lambda line: written.append(json.dumps(line)))
        except Refusal as refusal:
            written.append(json.dumps({"refused": [refusal.code, refusal.values]}))
        for line in written:
            yield json.loads(line, object_hook=_thawed)

    monkeypatch.setattr("app.exchange.workbook_reading.lines_of", lines)
