"""The files of interest in a zip, unpacked under a bound on what really comes out of it. Pure."""

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from app.kit.messages import say
from app.registry.boundary_parts import BROKEN, wrong

MOST_UNPACKED = 20_000_000
MOST_ENTRIES = 50
WANTED = frozenset({".kml", ".gpx", ".shp", ".dbf", ".prj", ".cpg"})
_ARCHIVES = frozenset({".zip", ".kmz", ".7z", ".rar", ".gz", ".tar"})
# Others may hand out a gigabyte for one small read; no program writes them for these formats.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENTRY = b"PK\x01\x02"
_ARCHIVE = b"PK\x03\x04"
_ENCRYPTED = 0x1
_CHUNK = 65_536
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
)

_TOO_MANY_FILES = say("The archive holds more than 50 files.")
_NESTED = say("The archive holds another archive; put the files themselves in one.")


def unpacked(content: bytes) -> dict[str, bytes]:
    """The wanted files of a zip by name, lower case.

    Sizes are counted while unpacking, so that a header that lies gains nothing. Refused when more
    than 20 MB come out, for more than 50 entries, archives within, encryption, or damage.
    """
    # A directory costs memory before it can be counted: its entries' marks are counted first.
    if content.count(_ENTRY) > 2 * MOST_ENTRIES:
        raise wrong(_TOO_MANY_FILES)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _files(archive)
    except _FAULTS:
        raise wrong(BROKEN) from None


def _files(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise wrong(_TOO_MANY_FILES)
    files: dict[str, bytes] = {}
    for entry in entries:
        path = PurePosixPath(entry.filename.lower())
        if path.suffix in _ARCHIVES:
            raise wrong(_NESTED)
        # What macOS packs beside every file has the same suffix and another content.
        if path.suffix in WANTED and not path.name.startswith("._"):
            room = MOST_UNPACKED - sum(map(len, files.values()))
            files[str(path)] = _file(archive, entry, room)
    return files


def _file(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
        why = say(
            "The archive is encrypted or packed in an unusual way; pack it again as plain zip."
        )
        raise wrong(why)
    taken = bytearray()
    with archive.open(entry) as packed:
        while piece := packed.read(_CHUNK):
            taken += piece
            if len(taken) > room:
                raise wrong(say("The archive unpacks to more than 20 MB."))
    if taken.startswith(_ARCHIVE):
        raise wrong(_NESTED)
    return bytes(taken)
