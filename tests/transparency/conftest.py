"""A log of its own for every test, without a delay before publishing."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.transparency.log_keys import LogKeys
from app.transparency.the_log import TheLog


@pytest.fixture
def log(tmp_path: Path) -> TheLog:
    return TheLog(
        name="truyxuat.test/log",
        keys=LogKeys(tmp_path / "log-keys"),
        published=tmp_path / "elsewhere" / "published.jsonl",
        merge_delay=timedelta(0),
        every=timedelta(minutes=5),
    )
