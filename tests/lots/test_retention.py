"""How long records are kept, which months are due, and that an archive can be trusted."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.lots.archive_signing import (
    find_fault,
    packed,
    public_pem,
    sha256_of,
    signed,
    signing_key,
)
from app.lots.retention import kept_for, months_due


def test_records_are_never_kept_shorter_than_the_floor() -> None:
    assert kept_for(36, floor=24) == 36
    assert kept_for(6, floor=24) == 24
    assert kept_for(24, floor=24) == 24


def due(oldest: date | None, today: date, until: date | None = None) -> list[str]:
    found = months_due(oldest, archived_until=until, months=36, today=today)
    return [month.name for month in found]


def test_a_month_is_due_when_all_of_it_was_kept_long_enough() -> None:
    october = date(2023, 10, 5)
    assert due(october, date(2026, 10, 30)) == []
    assert due(october, date(2026, 10, 31)) == ["2023-10"]
    assert due(october, date(2026, 12, 31)) == ["2023-10", "2023-11", "2023-12"]


def test_what_is_archived_is_not_due_again() -> None:
    assert due(date(2023, 10, 5), date(2026, 12, 31), date(2023, 11, 30)) == ["2023-12"]
    assert due(date(2024, 1, 5), date(2026, 12, 31), date(2023, 11, 30)) == []


def test_where_there_is_nothing_nothing_is_due() -> None:
    assert due(None, date(2026, 12, 31)) == []


def test_29_february_is_kept_whole() -> None:
    assert due(date(2024, 2, 29), date(2027, 2, 27)) == []
    assert due(date(2024, 2, 29), date(2027, 2, 28)) == ["2024-02"]


LINES = [{"lot": {"code": "LC1", "note": "rau cải"}}, {"lot": {"code": "LC2"}}]


@pytest.fixture
def key(tmp_path: Path) -> Ed25519PrivateKey:
    return signing_key(tmp_path / "deep" / "archive-key.pem")


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "archive-key.pem"
    first, again = signing_key(file), signing_key(file)
    assert public_pem(first) == public_pem(again)
    assert file.stat().st_mode & 0o777 == 0o600


def fault(content: bytes, mine: Ed25519PrivateKey, /, **other: object) -> str | None:
    chosen: dict = {
        "sha256": sha256_of(content),
        "signature": signed(mine, content),
        "rows": 2,
        "key": mine.public_key(),
        **other,
    }
    found = find_fault(content, **chosen)
    return None if found is None else str(found)


def test_an_archive_is_whole_until_something_of_it_changes(key: Ed25519PrivateKey) -> None:
    content = packed({"kind": "lots", "rows": 2}, LINES)
    assert fault(content, key) is None
    head, *lines = map(json.loads, gzip.decompress(content).splitlines())
    assert (head["format"], lines) == ("nguongoc.archive/1", LINES)
    assert packed({"kind": "lots", "rows": 2}, LINES) == content

    changed = content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]
    assert (
        fault(changed, key, sha256=sha256_of(content))
        == "Its bytes are not those that were written."
    )
    not_signed = "Its signature is not of this key."
    assert fault(changed, key, signature=signed(key, content)) == not_signed
    assert fault(content, key, key=Ed25519PrivateKey.generate().public_key()) == not_signed
    assert fault(content, key, signature="không phải") == not_signed
    assert fault(content, key, rows=3) == "It does not hold as many records as it says."
    for broken in (
        b"",
        b"{}",
        content[:20],
        gzip.compress(b"[1, 2"),
        gzip.compress(b""),
        gzip.compress(b"[1]"),
    ):
        assert fault(broken, key) == "It cannot be read."
    short = packed({"kind": "lots", "rows": 2}, LINES[:1])
    assert fault(short, key) == "It does not hold as many records as it says."
    other = gzip.compress(json.dumps({"rows": 0}).encode())
    assert fault(other, key, rows=0) == "It does not hold as many records as it says."
