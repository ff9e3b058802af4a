"""GeoJSON, KML, KMZ and GPX: every boundary read by the content, every fault named with its place."""

import json

import pytest

from app.registry.geometry import repaired
from tests.registry.boundary_drawings import (
    BAC_HA,
    GPX,
    KML,
    MEGABYTE,
    SQUARE,
    boundary_of,
    collection,
    coordinates,
    feature,
    only,
    placemark,
    polygon,
    read,
    refusal,
    ring_of,
    zipped,
)

# GeoJSON.


def test_a_geometry_alone_is_named_after_the_file():
    [boundary] = read(json.dumps(polygon()), filename="thửa ông Sín.geojson")
    assert (boundary.name, ring_of(boundary)) == ("thửa ông Sín 1", SQUARE)


def test_what_was_read_can_be_kept():
    [boundary] = read(json.dumps(polygon(SQUARE[::-1])))
    assert repaired(boundary.ring_text, near=BAC_HA).changes == []


@pytest.mark.parametrize("key", ["name", "Name", "TÊN", "ten_thua", "id"])
def test_features_are_named_by_their_properties(key):
    assert only(collection(feature(polygon(), **{key: " Nương  Sín "})))[0] == "Nương Sín"


def test_a_feature_without_a_usable_name_gets_a_number():
    text = collection(feature(polygon(), name=None), feature(polygon(), name="a\u0000b"))
    assert [each.name for each in read(text, filename="x.json")] == ["x 1", "x 2"]


def test_parts_of_a_multipolygon_are_boundaries_of_their_own():
    parts = {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}
    assert [each.name for each in read(collection(feature(parts, name="A")))] == ["A", "A"]


def test_points_are_passed_over_and_a_closed_line_is_a_ring():
    point = {"type": "Point", "coordinates": SQUARE[0]}
    line = {"type": "LineString", "coordinates": SQUARE}
    text = collection(feature(point), feature(None), feature(line, name="rào"))
    assert only(text) == ("rào", SQUARE)


def test_heights_and_a_byte_order_mark_do_no_harm():
    high = json.dumps(polygon([[*at, 812.5] for at in SQUARE]))
    assert only(high.encode("utf-8-sig"))[1] == SQUARE
    assert only(high.encode("utf-16"))[1] == SQUARE


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"type":"Topology"}',
        '{"type":"FeatureCollection","features":[7]}',
        '{"type":"FeatureCollection"}',
        '{"type":"Polygon","coordinates":[7]}',
        '{"type":"MultiPolygon","coordinates":[7]}',
        '{"type":"Polygon","coordinates":[[["104","22"]]]}',
        '{"type":"Polygon","coordinates":[[[1' + "0" * 400 + ",22]]]}",
        '{"a":' * 50_000,
    ],
)
def test_what_is_no_geojson_is_refused(text):
    assert "not GeoJSON" in refusal(text)


def test_the_reference_system_must_be_wgs84():
    good = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert read(collection(feature(polygon()), crs=good))
    bad = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4756"}}
    assert "WGS 84" in refusal(collection(feature(polygon()), crs=bad))


# What is wrong with a boundary is said with its number and name.


@pytest.mark.parametrize(
    ("ring", "why"),
    [
        (SQUARE[:3], "Boundary 2 (B) has fewer than three corners."),
        ([SQUARE[0]] * 2001, "Boundary 2 (B) has 2001 points; at most 2,000 fit."),
        ([[412345.0, 2491234.0]] * 4, "Boundary 2 (B) is not in degrees"),
        ([[104.0, float("nan")]] * 4, "Boundary 2 (B) is not in degrees"),
    ],
)
def test_a_bad_ring_is_refused_with_its_number_and_name(ring, why):
    text = collection(feature(polygon(), name="A"), feature(polygon(ring), name="B"))
    assert refusal(text).startswith(why)


def test_holes_and_open_lines_are_refused():
    assert refusal(json.dumps(polygon(SQUARE, SQUARE))).startswith("Boundary 1 has a hole")
    line = {"type": "LineString", "coordinates": SQUARE[:-1]}
    assert "open line" in refusal(json.dumps(line))


def test_two_hundred_boundaries_are_the_most():
    assert len(read(collection(*[feature(polygon())] * 200))) == 200
    assert "more than 200" in refusal(collection(*[feature(polygon())] * 201))


def test_a_hundred_thousand_points_are_refused():
    assert "at most 2,000" in refusal(json.dumps(polygon(SQUARE * 20_001)))


@pytest.mark.parametrize(
    "content", [b"", b" \n", b"\xff\xd8\xff\xe0", b"STT,X,Y\n1,2,3", b"<html/>"]
)
def test_what_is_no_boundary_file_is_refused(content):
    assert refusal(content) in {
        "The file is empty.",
        "This is no file that is read here: GeoJSON, KML, KMZ, GPX or a zipped shapefile.",
    }


def test_a_file_of_nothing_but_points_holds_no_boundary():
    assert "no boundary" in refusal(collection(feature(None)))
    assert "no boundary" in refusal(KML.format("<Document/>"))
    assert "no boundary" in refusal(GPX.format('<wpt lat="22.5" lon="104.2"/>'))


def test_another_encoding_is_refused_by_its_name():
    text = KML.format(placemark("Nương Sín")).replace("UTF-8", "windows-1258")
    assert "UTF-8" in refusal(text.replace("ươ", "u").encode("cp1258", "replace") + b"<!--\xd0-->")


def test_a_file_larger_than_ten_megabytes_is_refused():
    assert "10 MB" in refusal(b"{" * (10 * MEGABYTE + 1))


# KML and KMZ.


def test_a_placemark_of_google_earth_is_read():
    folder = f"<Document><name>Tệp</name><Folder>{placemark('Nương Sín')}</Folder></Document>"
    assert only(KML.format(folder)) == ("Nương Sín", SQUARE)


def test_namespaces_do_not_matter_not_even_undeclared_ones():
    text = '<k:kml xmlns:k="urn:any">{}</k:kml>'.format(
        placemark("A").replace("<", "<k:").replace("<k:/", "</k:")
    )
    assert only(text)[1] == SQUARE
    assert only(f'<kml xsi:schemaLocation="x">{placemark("A")}</kml>')[1] == SQUARE


def test_several_polygons_of_one_placemark_are_boundaries_of_their_own():
    two = f"<MultiGeometry>{f'<Polygon>{boundary_of(SQUARE)}</Polygon>' * 2}</MultiGeometry>"
    assert [each.name for each in read(KML.format(placemark("A", two)))] == ["A", "A"]


def test_closed_lines_are_rings_and_points_are_not():
    line = f"<LineString><coordinates>{coordinates(SQUARE)}</coordinates></LineString>"
    point = "<Point><coordinates>104.29,22.53,0</coordinates></Point>"
    assert only(KML.format(placemark("A", line) + placemark("B", point))) == ("A", SQUARE)
    ring = f"<LinearRing><coordinates>{coordinates(SQUARE)}</coordinates></LinearRing>"
    assert only(KML.format(placemark("A", ring))) == ("A", SQUARE)


def test_an_open_line_of_kml_is_refused():
    line = f"<LineString><coordinates>{coordinates(SQUARE[:-1])}</coordinates></LineString>"
    assert refusal(KML.format(placemark("Đường", line))).startswith("Boundary 1 (Đường) is an open")


def test_a_hole_in_kml_is_refused():
    inside = f"<Polygon>{boundary_of(SQUARE)}{boundary_of(SQUARE, 'inner')}</Polygon>"
    assert refusal(KML.format(placemark("A", inside))).startswith("Boundary 1 (A) has a hole")


def test_blanks_around_the_commas_are_read():
    loose = KML.format(placemark("A")).replace(",22", " , 22")
    assert only(loose)[1] == SQUARE


def test_a_position_that_is_none_is_refused_with_its_line():
    text = KML.format("\n" + placemark("A").replace("104.291,22.53,0", "104.291"))
    assert refusal(text) == "Line 2: a position has no longitude and latitude."


@pytest.mark.parametrize("text", ["<kml>", "<kml></gpx>", "<kml><a></kml>", "<kml/><kml/>"])
def test_broken_markup_is_refused_with_its_line(text):
    assert "not well-formed XML, see line 1" in refusal(text)


def test_a_kmz_is_read():
    kmz = zipped({"images/icon.png": b"x", "doc.kml": KML.format(placemark("A")).encode()})
    assert only(kmz) == ("A", SQUARE)


# GPX.


def track(points: list, kind: str = "trk") -> str:
    inner = "".join(f'<{kind}pt lat="{y}" lon="{x}"><ele>1</ele></{kind}pt>' for x, y in points)
    segment = f"<trkseg>{inner}</trkseg>" if kind == "trk" else inner
    return f"<{kind}><name>Quanh nương</name>{segment}</{kind}>"


@pytest.mark.parametrize("kind", ["trk", "rte"])
def test_a_walk_around_the_field_is_closed_to_a_ring(kind):
    assert only(GPX.format(track(SQUARE[:-1], kind))) == ("Quanh nương", SQUARE)
    assert only(GPX.format(track(SQUARE, kind))) == ("Quanh nương", SQUARE)


def test_segments_of_a_track_follow_one_another():
    text = GPX.format(track(SQUARE)).replace(
        '<trkpt lat="22.531" lon="104.291">', '</trkseg><trkseg><trkpt lat="22.531" lon="104.291">'
    )
    assert only(text)[1] == SQUARE


def test_a_track_point_without_a_place_is_refused():
    assert "Line 1" in refusal(GPX.format('<trk><trkpt lat="22.5"/></trk>'))
