"""Zipped shapefiles: names, systems, parts, and damage of every kind."""

import io
import struct

import pytest
import shapefile
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from app.errors import Refused
from tests.registry.boundary_drawings import (
    SQUARE,
    only,
    read,
    refusal,
    ring_of,
    zipped,
)


def shape_files(*shapes: tuple[str, list], system: int | None = 4326, kind: str = "poly") -> dict:
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf) as writer:
        writer.field("TEN", "C", 40)
        for name, rings in shapes:
            getattr(writer, kind)(rings)
            writer.record(name)
    files = {
        f"vung.{suffix}": part.getvalue()
        for suffix, part in (("shp", shp), ("shx", shx), ("dbf", dbf))
    }
    prj = {"vung.prj": CRS.from_epsg(system).to_wkt("WKT1_ESRI").encode()} if system else {}
    return files | prj


CLOCKWISE = SQUARE[::-1]


def test_a_zipped_shapefile_is_read_with_its_names():
    files = shape_files(("Nương Sín", [CLOCKWISE]), ("", [CLOCKWISE]))
    assert [each.name for each in read(zipped(files), "vùng.zip")] == ["Nương Sín", "vùng 2"]
    assert ring_of(read(zipped(files))[0]) == CLOCKWISE


@pytest.mark.parametrize("system", [9208, 3405, 9218, 32648, 3857])
def test_a_shapefile_is_brought_to_wgs84_from_its_own_system(system):
    there = Transformer.from_crs(4326, system, always_xy=True)
    projected = [there.transform(*at) for at in CLOCKWISE]
    _, ring = only(zipped(shape_files(("A", [projected]), system=system)))
    for (x, y), (longitude, latitude) in zip(ring, CLOCKWISE, strict=True):
        assert (x, y) == (pytest.approx(longitude, abs=2e-8), pytest.approx(latitude, abs=2e-8))


def test_a_shapefile_without_prj_is_in_degrees_or_refused():
    assert only(zipped(shape_files(("A", [CLOCKWISE]), system=None)))[1] == CLOCKWISE
    metres = [[412345 + x, 2491234 + y] for x, y in CLOCKWISE]
    assert ".prj" in refusal(zipped(shape_files(("A", [metres]), system=None)))


@pytest.mark.parametrize("prj", [b"", b"\xff\xfe", b"PROJCS[" * 5000, b'LOCAL_CS["x",UNIT["m",1]]'])
def test_an_unknown_system_is_refused(prj):
    files = shape_files(("A", [CLOCKWISE])) | {"vung.prj": prj}
    assert "not known" in refusal(zipped(files))


def test_parts_of_a_shape_are_boundaries_and_holes_are_refused():
    assert len(read(zipped(shape_files(("A", [CLOCKWISE, CLOCKWISE]))))) == 2
    assert "has a hole" in refusal(zipped(shape_files(("A", [CLOCKWISE, SQUARE]))))


def test_closed_lines_of_a_shapefile_are_rings():
    assert only(zipped(shape_files(("A", [SQUARE]), kind="line")))[1] == SQUARE
    assert "open line" in refusal(zipped(shape_files(("A", [SQUARE[:-1]]), kind="line")))


def test_a_shapefile_without_its_table_has_no_names():
    files = shape_files(("A", [CLOCKWISE]))
    assert read(zipped({**files, "vung.dbf": b"junk"}), "v.zip")[0].name == "v 1"
    del files["vung.dbf"]
    assert read(zipped(files), "v.zip")[0].name == "v 1"


def test_a_wrong_length_in_the_header_does_no_harm():
    files = shape_files(("A", [CLOCKWISE]))
    shp = files["vung.shp"]
    files["vung.shp"] = shp[:24] + struct.pack(">i", 7) + shp[28:]
    assert only(zipped(files))[1] == CLOCKWISE


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (0, struct.pack(">i", 1)),
        (104, struct.pack(">i", -4)),  # the reader would go in circles
        (104, struct.pack(">i", 1 << 30)),
        (108, struct.pack("<i", 99)),
        (144, struct.pack("<i", -1)),
        (148, struct.pack("<i", -1)),
        (148, struct.pack("<i", 1 << 30)),
        (148, struct.pack("<i", 60)),
        (152, struct.pack("<i", 3)),
        (152, struct.pack("<i", 9)),
    ],
)
def test_a_damaged_shapefile_is_refused(at, value):
    files = shape_files(("A", [CLOCKWISE]))
    shp = bytearray(files["vung.shp"])
    shp[at : at + len(value)] = value
    assert refusal(zipped(files | {"vung.shp": bytes(shp)}))


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(100, 250))
def test_a_shapefile_of_noise_is_read_or_refused(noise, at):
    files = shape_files(("A", [CLOCKWISE]))
    shp = files["vung.shp"]
    torn = zipped(files | {"vung.shp": shp[:at] + noise + shp[at + len(noise) :]})
    try:
        read(torn)
    except Refused as refused:
        assert refused.fields[0].field == "file"
