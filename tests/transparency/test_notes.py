"""Signed notes, checkpoints, cosignatures and tile names, as C2SP writes them."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.transparency.checkpoints import Break, Checkpoint
from app.transparency.entries import bundled, unbundled
from app.transparency.notes import (
    COSIGNATURE_V1,
    MOST_SIGNATURES,
    BadNote,
    Note,
    Signature,
    Verifier,
    cosigned,
    cosigned_at,
    public_bytes,
    read_note,
    signed,
    verified_by,
)
from app.transparency.proof_text import Proof
from app.transparency.tile_names import TileName, tiles_of

# The example of golang.org/x/mod/sumdb/note, which the specification grew out of.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The example of c2sp.org/tlog-cosignature.
C2SP_NOTE = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NAME = "truyxuat.test/log"
CHECKPOINT = Checkpoint(NAME, 12, bytes(range(32)))


def test_the_note_of_the_go_library_verifies_with_its_key_and_with_no_other() -> None:
    note = read_note(GO_NOTE)
    verifier = Verifier.read(GO_KEY)
    assert str(verifier) == GO_KEY
    assert str(note) == GO_NOTE
    assert verified_by(note, [verifier]) == [verifier]
    stranger = Verifier("PeterNeumann", public_bytes(KEY))
    assert verified_by(note, [stranger]) == []


def test_the_example_of_c2sp_is_read_and_written_as_it_stands() -> None:
    note = read_note(C2SP_NOTE)
    checkpoint = Checkpoint.read(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert str(checkpoint) == note.text
    assert str(note) == C2SP_NOTE
    assert cosigned_at(note.signatures[1]) == 1679315147


def test_whatever_letter_is_changed_the_signature_does_not_stand() -> None:
    verifier = Verifier.read(GO_KEY)
    for at, letter in enumerate(GO_NOTE):
        changed = GO_NOTE[:at] + ("b" if letter == "a" else "a") + GO_NOTE[at + 1 :]
        try:
            found = verified_by(read_note(changed), [verifier])
        except BadNote:
            found = []
        assert found == [], at


def test_a_witness_signs_the_time_and_the_whole_text() -> None:
    text = str(CHECKPOINT)
    line = cosigned(text, "witness.test/w", KEY, 1_700_000_000)
    verifier = Verifier("witness.test/w", public_bytes(KEY), COSIGNATURE_V1)
    assert verifier.verifies(text, line)
    assert Verifier.read(str(verifier)) == verifier
    later = (1_700_000_001).to_bytes(8, "big") + line.value[8:]
    assert not verifier.verifies(text, Signature(line.name, line.key_id, later))
    assert not verifier.verifies(text + "more\n", line)
    # A log's signature is no witness's, though the key be the same: the kind is in the key's id.
    as_log = signed(text, "witness.test/w", KEY)
    assert not verifier.made(as_log)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no signature\n",
        "text\n\n",
        "text\n\n— a b\n",
        "text\n\n— a AAAA\n",
        "te\txt\n\n— a AAAAAAA=\n",
        "text\n\n— a AAAAAAB=\n",  # bits that nobody reads: the same bytes written in another way
        "text\n\n- a AAAAAAA=\n",
        "text\n\n— a AAAAAAA=",
        "text\n\n" + "— a AAAAAAA=\n" * (MOST_SIGNATURES + 1),
    ],
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        read_note(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{NAME}\n12\n",
        f"{NAME}\n012\n{'A' * 43}=\n",
        f"{NAME}\n-1\n{'A' * 43}=\n",
        f"{NAME}\n１２\n{'A' * 43}=\n",
        f"{NAME}\n12\nAAAA\n",
        f"{NAME}\n12\n{'A' * 42}B=\n",
        f"{NAME}\n12\n{'A' * 43}=",
        f"{NAME}\n12\n{'A' * 43}=\n\nmore\n",
        f"\n12\n{'A' * 43}=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        Checkpoint.read(text)


def test_a_break_is_said_in_an_extension_line() -> None:
    told = Break(1, 1200, bytes(range(32)), 1100)
    checkpoint = Checkpoint(f"{NAME}/2", 1150, bytes(32), (str(told), "another line"))
    assert Checkpoint.read(str(checkpoint)) == checkpoint
    assert checkpoint.breaks == (told,)
    for wrong in ("break 1 2 AAAA 3", "break 1 2", "broken", f"break x 2 {'A' * 43}= 1"):
        with pytest.raises(BadNote):
            Break.read(wrong)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "a+b",
        GO_KEY.replace("c74f20a3", "c74f20a4"),
        GO_KEY.replace("PeterNeumann", "Peter Neumann"),
        GO_KEY[:-4],
        f"a+{Verifier('a', bytes(32)).key_id.hex()}+{base64.b64encode(bytes([9]) + bytes(32)).decode()}",
    ],
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(BadNote):
        Verifier.read(key)


@pytest.mark.parametrize(
    ("name", "tile"),
    [
        ("0/x001/x234/067", TileName(0, 1_234_067)),
        ("63/000", TileName(63, 0)),
        ("1/005.p/17", TileName(1, 5, 17)),
        ("entries/999.p/255", TileName(None, 999, 255)),
        ("entries/x001/000", TileName(None, 1000)),
    ],
)
def test_tiles_are_named_as_c2sp_says(name: str, tile: TileName) -> None:
    assert str(tile) == name
    assert TileName.read(name) == tile


@pytest.mark.parametrize(
    "name",
    [
        "", "0", "0/", "0/0", "0/00", "0/0000", "00/000", "64/000", "-1/000", "0/x000/001", "0/x001/x002/3",
        "0/001.p/0", "0/001.p/256", "0/001.p/01", "0/001.p/", "data/000", "0/001/", "0/x01/001", "0/٠٠١",
    ],
)  # fmt: skip
def test_no_tile_has_a_second_name(name: str) -> None:
    assert TileName.read(name) is None


def test_the_tiles_of_the_specification_s_example() -> None:
    assert len(tiles_of(70_000, 0)) == 274
    assert tiles_of(70_000, 0)[-1] == TileName(0, 273, 112)
    assert tiles_of(70_000, 1) == [TileName(1, 0), TileName(1, 1, 17)]
    assert tiles_of(70_000, 2) == [TileName(2, 0, 1)]
    assert tiles_of(256, 0) + tiles_of(256, 1) == [TileName(0, 0), TileName(1, 0, 1)]


def test_entries_stand_behind_their_length() -> None:
    assert bundled([b"ab", b"", b"c" * 300]) == b"\0\2ab" + b"\0\0" + b"\1\x2c" + b"c" * 300
    assert unbundled(bundled([b"ab", b"", b"c"])) == [b"ab", b"", b"c"]
    for cut in (b"\0", b"\0\2a"):
        with pytest.raises(ValueError, match="cut off"):
            unbundled(cut)


def test_a_proof_as_text_is_read_back_and_nothing_else_is() -> None:
    note = Note(str(CHECKPOINT), (signed(str(CHECKPOINT), NAME, KEY),))
    proof = Proof(3, (bytes(32), bytes(range(32))), note)
    assert Proof.read(str(proof)) == proof
    assert str(proof).startswith("c2sp.org/tlog-proof@v1\nindex 3\nAAAA")
    with_extra = str(proof).replace("index 3", "extra YWJj\nindex 3")
    assert Proof.read(with_extra) == proof
    for wrong in ("index 3", "index 03", "index -3", "index x"):
        with pytest.raises(BadNote):
            Proof.read(str(proof).replace("c2sp.org/tlog-proof@v1\nindex 3", wrong))
    with pytest.raises(BadNote):
        Proof.read(str(proof).replace("index 3", "index 03"))
