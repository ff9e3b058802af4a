"""The keys of serials: one for each lot, none lost when a new secret comes."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from click.testing import CliRunner

from app.cli import main
from app.labels.keys import KeyRing, LotKeys, UnknownKey
from app.labels.serials import serial_of
from app.settings import Settings

LOT = "LCJ6VNGGH6BCFNM"


@pytest.fixture
def ring(tmp_path):
    return KeyRing(tmp_path / "label-keys")


def test_the_first_use_makes_a_secret_that_stays(ring):
    first = ring.lot_key(LOT)
    assert (first.key_id, len(first.key)) == ("1", 32)
    assert ring.lot_key(LOT) == first
    assert KeyRing(ring.folder).lot_key(LOT) == first


def test_lots_have_keys_of_their_own(ring):
    assert ring.lot_key(LOT).key != ring.lot_key("LC0000000000000").key


def test_nobody_else_may_read_a_secret(ring):
    ring.lot_key(LOT)
    (file,) = ring.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(ring.folder.stat().st_mode) == 0o700


def test_labels_of_an_old_secret_are_read_after_a_new_one(ring):
    old = ring.lot_key(LOT)
    assert ring.rotate() == "2"
    new = ring.lot_key(LOT)
    assert new.key != old.key
    assert ring.lot_key(LOT, old.key_id) == old
    for key in (old.key, new.key):
        assert ring.read(LOT, serial_of(key, 7)) == 7
    assert ring.read(LOT, serial_of(bytes(32), 7)) is None
    assert ring.read("LC0000000000000", serial_of(new.key, 7)) is None


def test_the_tenth_secret_is_newer_than_the_ninth(ring):
    ids = [ring.rotate() for _ in range(11)]
    assert ring.ids() == ids
    assert ring.lot_key(LOT).key_id == "11"


def test_servers_that_start_at_once_lose_no_secret(ring):
    with ThreadPoolExecutor(8) as several:
        made = list(several.map(lambda _: ring.rotate(), range(24)))
    assert sorted(map(int, made)) == list(range(1, 25))
    assert sorted(ring.ids(), key=int) == sorted(made, key=int)


@pytest.mark.parametrize("key_id", ["9", "../1", "", "١"])
def test_a_secret_that_is_not_there_is_named(ring, key_id):
    ring.lot_key(LOT)
    if key_id == "":
        assert ring.lot_key(LOT, key_id).key_id == "1"
        return
    with pytest.raises(UnknownKey, match=key_id):
        ring.lot_key(LOT, key_id)


def test_the_command_adds_and_lists(tmp_path, monkeypatch):
    monkeypatch.setattr("app.cli.settings", lambda: Settings(data_dir=tmp_path))
    assert CliRunner().invoke(main, ["label-keys"]).output == "\n"
    assert CliRunner().invoke(main, ["label-keys", "--new"]).output == "1\n"
    assert CliRunner().invoke(main, ["label-keys", "--new"]).output == "1\n2\n"


def test_no_secret_reads_nothing(ring):
    assert ring.read(LOT, "0000ABCDEFGH") is None


def test_a_process_proves_serials_without_reading_files_again(ring, monkeypatch):
    keys, printed = LotKeys(ring), serial_of(ring.lot_key(LOT).key, 7)
    assert keys.proven(LOT, printed) is None  # nobody asked yet
    assert keys.read(LOT, printed.lower()) == printed
    assert keys.read(LOT, "0007AAAAAAAA") is None
    assert keys.read("LC0000000000000", printed) is None
    monkeypatch.setattr(KeyRing, "ids", lambda _self: pytest.fail("read again"))
    assert keys.proven(LOT, printed) == keys.read(LOT, printed) == printed


def test_a_new_secret_is_found_by_a_process_that_knows_the_lot(ring):
    keys = LotKeys(ring)
    assert keys.read(LOT, serial_of(ring.lot_key(LOT).key, 1))
    ring.rotate()
    printed = serial_of(ring.lot_key(LOT).key, 2)
    assert keys.read(LOT, printed) == printed


def test_many_who_ask_at_once_are_told_the_same(ring):
    printed, keys = serial_of(ring.lot_key(LOT).key, 7), LotKeys(ring)
    with ThreadPoolExecutor(8) as pool:
        told = set(pool.map(lambda _: keys.read(LOT, printed), range(64)))
    assert told == {printed}


def test_only_the_latest_lots_are_remembered(ring):
    keys = LotKeys(ring, most=2)
    for number in range(5):
        keys.read(f"LC000000000000{number}", "x")
    assert len(keys._keys) == 2
