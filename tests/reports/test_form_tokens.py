"""Tokens of forms: made here or refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.reports.form_tokens import form_secret, new_form_token, read_form_token

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)


def test_a_token_says_when_the_form_was_shown(tmp_path: Path) -> None:
    secret = form_secret(tmp_path)
    assert form_secret(tmp_path) == secret
    assert (tmp_path / "form-key").stat().st_mode & 0o077 == 0
    assert [one.name for one in tmp_path.iterdir()] == ["form-key"]
    token = new_form_token(secret, NOW)
    assert read_form_token(secret, token) == NOW
    assert token != new_form_token(secret, NOW)


def test_a_token_that_was_made_up_or_altered_says_nothing(tmp_path: Path) -> None:
    secret = form_secret(tmp_path)
    token = new_form_token(secret, NOW)
    head, _, mark = token.rpartition(".")
    earlier = f"{int(NOW.timestamp()) - 60}{head[10:]}.{mark}"
    for wrong in (earlier, token[:-1] + "x", head, "", "a.b.c", "9" * 500, "١.٢.٣", "\ud800.b.c"):
        assert read_form_token(secret, wrong) is None
    assert read_form_token(b"another secret", token) is None


@pytest.mark.parametrize("times", [3])
def test_several_servers_that_start_at_once_agree(tmp_path: Path, times: int) -> None:
    assert len({form_secret(tmp_path / "new") for _ in range(times)}) == 1
