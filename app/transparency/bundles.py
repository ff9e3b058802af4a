"""Evidence as one file that is checked without this server: a zip with exactly one way to be written. Pure.

    README.vi.txt, README.en.txt     what this is and how to check it
    checkpoint                       the signed checkpoint with the witnesses' signatures
    keys.txt                         the keys as the server names them; compare with those you know
    facts/000000012.json             a fact: the log's entry of it, and what opens it
    proofs/000000012.tlog-proof      that this entry is in the log (C2SP tlog-proof)
    manifest                         the SHA-256 of every file, signed

Nothing is compressed and no time is kept, so that the same evidence is the same bytes: whatever is
changed anywhere, also between the files, is noticed.
"""

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping

from app.transparency.notes import BadNote

CHECKPOINT = "checkpoint"
KEYS = "keys.txt"
MANIFEST = "manifest"
FIRST_LINE = "nguongoc evidence v1"
MOST_FILES = 20_000
MOST_BYTES = 64 * 1024 * 1024
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o100644 << 16
# What a damaged archive raises differs with where it is damaged.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    ValueError,
    LookupError,
    EOFError,
    RuntimeError,
)
# A file's own header: thirty bytes, the last four of them the lengths of what follows.
_HEADER_BYTES = 30
_FACT = re.compile(r"facts/([0-9]{9,})\.json")


def fact_file(position: int) -> str:
    """The name of a fact's file."""
    return f"facts/{position:09}.json"


def proof_file(position: int) -> str:
    """The name of the file with its proof."""
    return f"proofs/{position:09}.tlog-proof"


def position_of(name: str) -> int | None:
    """The position of the fact whose file this is."""
    found = _FACT.fullmatch(name)
    return int(found[1]) if found else None


def manifest_of(subject: str, files: Mapping[str, bytes]) -> str:
    """The text that is signed: what the evidence is about, and every file's hash."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}" for name in sorted(files)]
    return "\n".join([FIRST_LINE, subject, *lines]) + "\n"


def packed(files: Mapping[str, bytes]) -> bytes:
    """The one zip of these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as opened:
        for name in sorted(files):
            told = zipfile.ZipInfo(name, _NO_TIME)
            told.create_system, told.external_attr = _UNIX, _READABLE
            opened.writestr(told, files[name])
    return content.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a zip, altered or not, so that it can be said which is. Raises BadNote for none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            told = opened.infolist()
            if len(told) > MOST_FILES or sum(one.file_size for one in told) > MOST_BYTES:
                raise BadNote("the file holds too much")
            return {one.filename: _content_of(one, content) for one in told}
    except _DAMAGED as bad:
        raise BadNote("the file cannot be read") from bad


def _content_of(told: zipfile.ZipInfo, whole: bytes) -> bytes:
    # Not through zipfile's reader: that stops at the first wrong checksum.
    if told.compress_type != zipfile.ZIP_STORED:
        raise BadNote("evidence is not compressed")
    begin = told.header_offset + _HEADER_BYTES
    name, extra = struct.unpack("<HH", whole[begin - 4 : begin])
    begin += name + extra
    return whole[begin : begin + told.file_size]
