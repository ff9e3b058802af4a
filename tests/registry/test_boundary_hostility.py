"""Files made to harm: bombs, noise and floods are refused within bounds of memory."""

import io
import json
import struct
import sys
import zipfile

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.registry.boundary_drawings import (
    KML,
    MEGABYTE,
    peak_of,
    placemark,
    read,
    refusal,
    zipped,
)


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"{", b"<kml>", b"<gpx>"]))
def test_noise_is_refused(noise, beginning):
    assert refusal(beginning + noise)


# Hostile archives.


def test_broken_encrypted_and_oddly_packed_archives_are_refused():
    good = zipped({"doc.kml": KML.format(placemark("A")).encode() * 20})
    assert "damaged" in refusal(good[: len(good) // 2])
    assert "damaged" in refusal(b"PK\x05\x06 nothing")
    assert "plain zip" in refusal(zipped({"doc.kml": b"<kml/>"}, zipfile.ZIP_LZMA))
    locked = good.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    assert locked != good
    assert "encrypted" in refusal(locked)


def test_an_archive_in_an_archive_is_refused():
    inner = zipped({"doc.kml": b"<kml/>"})
    assert "another archive" in refusal(zipped({"inner.kmz": inner}))
    assert "another archive" in refusal(zipped({"doc.kml": inner}))


def test_fifty_files_are_the_most():
    fifty = {f"{at}.png": b"" for at in range(49)} | {
        "doc.kml": KML.format(placemark("A")).encode()
    }
    assert read(zipped(fifty))
    assert "50 files" in refusal(zipped(fifty | {"one.more": b""}))
    assert "50 files" in refusal(zipped({str(at): b"" for at in range(20_000)}))


def lying(bomb: bytes, size: int) -> bytes:
    """The archive with ten bytes declared wherever it declares the size."""
    return bomb.replace(struct.pack("<I", size), struct.pack("<I", 10))


def test_a_zip_bomb_is_not_unpacked():
    size = 200 * MEGABYTE + 7
    bomb = zipped({"doc.kml": b"<kml>" + bytes(size - 5)})
    assert len(bomb) < MEGABYTE
    assert "20 MB" in refusal(bomb)
    assert peak_of(bomb) < 60 * MEGABYTE
    assert refusal(lying(bomb, size))
    assert peak_of(lying(bomb, size)) < 60 * MEGABYTE
    # Control: what unpacks it the plain way gets every byte.
    assert unpacked_plainly(bomb) == size


def unpacked_plainly(archive: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(archive)).open("doc.kml") as packed:
        return sum(len(piece) for piece in iter(lambda: packed.read(MEGABYTE), b""))


def test_many_small_files_may_not_add_up_to_a_bomb():
    part = b"<kml>" + bytes(3 * MEGABYTE)
    assert "20 MB" in refusal(zipped({f"{at}.kml": part for at in range(10)}))


# Hostile texts.

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "'
    + "ha" * 50
    + '">'
    + "".join(
        f'<!ENTITY {name} "{f"&{of};" * 10}">' for of, name in zip("abcd", "bcde", strict=True)
    )
    + "]><kml><Placemark><name>&e;</name></Placemark></kml>"
)


def test_an_entity_bomb_is_refused():
    assert "entities" in refusal(LAUGHS)
    # Control: the plain reading makes a million characters of a few hundred.
    assert len(LAUGHS) < 800
    assert len(fromstring(LAUGHS, forbid_entities=False)[0][0].text) == 1_000_000


def test_a_document_type_alone_is_refused_and_nothing_is_fetched():
    assert "document type" in refusal('<!DOCTYPE kml SYSTEM "file:///etc/passwd"><kml/>')


def test_deep_markup_is_refused():
    assert "nested too deeply" in refusal("<kml>" + "<a>" * 10_000)


def fill(beginning: bytes, piece: bytes) -> bytes:
    return beginning + piece * ((10 * MEGABYTE - len(beginning)) // len(piece))


def numbered(beginning: str, pattern: str) -> bytes:
    return (beginning + "".join(pattern.format(at) for at in range(10**6)))[
        : 10 * MEGABYTE
    ].encode()


HOSTILE = {
    "empty lists": fill(b"{", b'"a":[[],[],[],[],[],[]],'),
    "a list of lists": fill(b'{"type":"Polygon","coordinates":[', b"[],"),
    "strings": fill(b'{"a":[', b'"ab",'),
    "numbers": fill(b'{"a":[', b"999,"),
    "positions": fill(b'{"type":"Polygon","coordinates":[[', b"[1.1,2.2],"),
    "keys": numbered("{", '"{}":1,'),
    "one long string": '{"a":"😀'.encode() + b"a" * (10 * MEGABYTE - 20) + b'"}',
    "escapes": fill('{"a":"😀'.encode(), b"\\n"),
    "elements": fill(b"<kml>", b"<a/>"),
    "names of elements": numbered("<kml>", "<a{}/>"),
    "attributes": numbered("<kml ", 'a{}="" '),
    "one coordinates": fill(b"<kml><Placemark><LineString><coordinates>", b"1,1 "),
    "many coordinates": fill(
        b"<kml><Placemark>",
        b"<LineString><coordinates>" + b"1,1 " * 5000 + b"</coordinates></LineString>",
    ),
    "track points": fill(b"<gpx><trk>", b'<trkpt lat="1" lon="1"/>'),
    "one long name": fill(b"<kml><Placemark><name>", b"a\n"),
    "one long tag": fill(b"<kml><", b"a"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_makes_the_memory_grow(name):
    content = HOSTILE[name]
    assert len(content) <= 10 * MEGABYTE
    assert refusal(content)
    assert peak_of(content) < 150 * MEGABYTE


def test_the_plain_reading_of_a_hostile_text_takes_more_memory():
    # Control for the bound above.
    text = HOSTILE["a list of lists"].rstrip(b",") + b"]}"
    lists = json.loads(text)["coordinates"]
    assert len(lists) * sys.getsizeof(lists[0]) > 150 * MEGABYTE


def shp_of(*records: bytes) -> bytes:
    body = b"".join(
        struct.pack(">2i", at, len(record) // 2) + record for at, record in enumerate(records, 1)
    )
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(body)) // 2)
    return head + struct.pack("<2i8d", 1000, 5, *[0.0] * 8) + body


def test_no_shapefile_makes_the_memory_grow():
    points = 1_200_000
    many = struct.pack("<i4d3i", 5, 0, 0, 0, 0, 1, points, 0) + bytes(16 * points)
    packed = zipped({"a.shp": shp_of(many)})
    assert "at most 2,000" in refusal(packed)
    assert peak_of(packed) < 150 * MEGABYTE
    nothing = zipped({"a.shp": shp_of(*[bytes(4)] * MEGABYTE)})
    assert "more than 200" in refusal(nothing)
    assert peak_of(nothing) < 150 * MEGABYTE
    assert "no boundary" in refusal(zipped({"a.shp": shp_of(*[bytes(4)] * 10_000)}))
