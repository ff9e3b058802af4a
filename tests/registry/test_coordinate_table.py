"""Tables of coordinates: every way to write them, and the systems of Viet Nam."""

import json
import math
import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from app.errors import Refused
from app.models.places import AdminUnit
from app.registry.coordinate_table import CoordinateSystem, ring_from_table
from app.registry.geometry import repaired

WGS84, LAO_CAI = CoordinateSystem.WGS84, CoordinateSystem.VN2000_104_45
SQUARE = [[104.29, 22.53], [104.291, 22.53], [104.291, 22.531], [104.29, 22.531], [104.29, 22.53]]
METRES = ["2492491,36; 452485,12", "2492491,36; 452588,00", "2492602,09; 452588,00"]


def ring(text: str, system: CoordinateSystem = WGS84) -> list:
    return json.loads(ring_from_table(text, system=system))["coordinates"][0]


def refusal(text: str, system: CoordinateSystem = WGS84) -> str:
    with pytest.raises(Refused) as refused:
        ring_from_table(text, system=system)
    assert refused.value.fields[0].field == "table"
    return str(refused.value.why)


def table(*lines: str) -> str:
    return "\n".join(lines)


# Every way to write a line.


@pytest.mark.parametrize(
    "line",
    [
        "{y} {x}",
        "{x} {y}",
        "{x};{y}",
        "{x},{y}",
        "{x}, {y}",
        "{y}\t{x}",
        "7;{y};{x}",
        "7; {y}; {x};",
        "7\t{y}\t{x}\t",
        "7 {y} {x}",
        "7,{y},{x}",
        "A1 {y} {x}",
        "Mốc số 7 {y} {x}",
        "Góc đông bắc; {y}; {x}",
    ],
)
def test_separators_names_and_order_do_not_matter(line):
    assert ring(table(*[line.format(x=x, y=y) for x, y in SQUARE])) == SQUARE


@pytest.mark.parametrize("line", ["{x};{y}", "{x}\t{y}", "{x} {y}", "7 {x}, {y}", "7;{x};{y}"])
def test_a_decimal_comma_is_read(line):
    rows = [line.format(x=f"{x}".replace(".", ","), y=f"{y}".replace(".", ",")) for x, y in SQUARE]
    assert ring(table(*rows)) == SQUARE


def test_thousands_in_groups_are_read():
    plain = ring(table(*METRES), LAO_CAI)
    dots = ["2.492.491,36; 452.485,12", "2.492.491,36; 452.588,00", "2.492.602,09; 452.588,00"]
    blanks = ["2 492 491.36\t452 485.12", "2 492 491.36\t452 588", "2 492 602.09\t452 588"]
    assert ring(table(*dots), LAO_CAI) == plain
    assert ring(table(*blanks), LAO_CAI) == plain


ANGLES = [
    ("22°20'31.5\"N", "103°50'12\"E"),
    ("22°20′31,5″", "103°50′12″"),
    ("N22°20'31.5\"", "E103°50'12\""),
    ("N 22° 20' 31.5\"", "E 103° 50' 12\""),
    ("22°20'31.5\"B", "103°50'12\"Đ"),
    ("22º20’31.5”n", "103º50’12”e"),
    ("22°20'31.5''", "103°50'12''"),
    ("22.3420833°", "103.8366667°"),
    ("22°20.525'", "103°50.2'"),
]


@pytest.mark.parametrize(("latitude", "longitude"), ANGLES)
@pytest.mark.parametrize("line", ["{y} {x}", "{x} {y}", "{y}; {x}", "7 {y} {x}", "M1\t{y}\t{x}"])
def test_angles_are_read_in_degrees_minutes_and_seconds(line, latitude, longitude):
    others = ["22.35;103.84", "22.36;103.85"]
    first = line.format(x=longitude, y=latitude)
    if first.startswith(longitude):
        others = ["103.84;22.35", "103.85;22.36"]
    assert ring(table(first, *others))[0] == pytest.approx([103.8366667, 22.3420833], abs=2e-7)


def test_a_heading_and_empty_lines_are_passed_over():
    lines = [
        "STT\tX (m)\tY (m²)",
        "",
        *[f"{at}\t{y}\t{x}" for at, (x, y) in enumerate(SQUARE)],
        " ",
    ]
    assert ring(table(*lines)) == SQUARE
    assert ring("\r\n".join(lines)) == SQUARE


def test_the_ring_is_closed_when_the_table_is_not():
    assert ring(table(*[f"{x} {y}" for x, y in SQUARE[:-1]])) == SQUARE


def test_what_was_read_can_be_kept():
    text = ring_from_table(table(*METRES), system=LAO_CAI)
    bac_ha = AdminUnit(name="Xã Bắc Hà", lat=22.5353, lon=104.2906)
    assert repaired(text, near=bac_ha).changes == []


# Refused, with the line.


@pytest.mark.parametrize(
    "line",
    [
        "7",
        "7;8;22.5;104.2",
        "104,29,22,53",
        "1;hai;ba",
        "1;22.5.3;104.2",
        "22.5 -104.2",
        "22°20'",
        "22°61'00\" 103°50'12\"",
        "22°20'61\" 103°50'12\"",
        "22°20'31\" 103°50'12\" 7",
        "1" * 201,
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_its_number(line):
    assert refusal(table("22.5 104.2", "", line, "22.6 104.2")).startswith("Line 3: write")


@pytest.mark.parametrize(
    "line", ["22.5 22.6", "104.2 104.3", "50.1 8.6", "22°20'S 103°50'E", "22°20'E 103°50'N"]
)
def test_a_place_outside_viet_nam_is_refused_with_its_line(line):
    assert refusal(table("22.5 104.2", line, "22.6 104.2")).startswith("Line 2: this is no place")


@pytest.mark.parametrize(
    "line", ["2492491 2492491", "452485 452485", "2492491 48452485", "891000 885000", "452 2492491"]
)
def test_metres_that_are_no_northing_and_easting_are_refused(line):
    assert "Line 2: this is no place" in refusal(table(METRES[0], line, METRES[1]), LAO_CAI)


def test_lines_that_turn_x_and_y_around_are_refused():
    turned = "; ".join(reversed(METRES[2].split("; ")))
    assert "Line 3: X and Y stand the other way" in refusal(table(*METRES[:2], turned), LAO_CAI)


def test_the_unit_must_be_that_of_the_system():
    assert "Line 1: these are metres" in refusal(table(*METRES))
    assert "Line 1: degrees" in refusal(table(*[f"{x} {y}" for x, y in SQUARE]), LAO_CAI)
    assert "Line 3: degrees" in refusal(table(*METRES[:2], "22°20' 103°50'"), LAO_CAI)


@pytest.mark.parametrize("text", ["", "\n\n", "X;Y", "22.5 104.2", "22.5 104.2\n22.6 104.2"])
def test_fewer_than_three_points_are_refused(text):
    assert refusal(text) == "The table needs at least three points."


def test_a_table_has_at_most_two_thousand_points():
    assert "too long" in refusal("22.5 104.2\n" * 2001)
    assert "too long" in refusal(" " * 200_001)
    assert len(ring("22.5 104.2\n" * 2000)) == 2000


def test_no_line_takes_long():
    began = time.process_time()
    blank = " " * 190
    for line in (
        "1°" + blank + "x",
        "N" * 190 + "°",
        "1" * 190 + "°",
        "1 " * 90 + "°",
        "," * 190 + "°",
    ):
        assert refusal(line)
    assert time.process_time() - began < 1


@settings(deadline=None)
@given(st.text(max_size=80))
def test_noise_is_read_or_refused(text):
    try:
        ring_from_table(text, system=WGS84)
    except Refused as refused:
        assert refused.fields[0].field == "table"


# The systems.

ZONES = [system for system in CoordinateSystem if not system.in_degrees]


@pytest.mark.parametrize("system", ZONES)
def test_every_zone_has_the_code_of_its_meridian(system):
    known = CRS.from_epsg(system.epsg)
    values = {each.name: each.value for each in known.coordinate_operation.params}
    kind, *rest = system.value.removeprefix("vn2000-").split("-")
    assert known.name.startswith("VN-2000 / ")
    assert known.axis_info[0].name == "Easting"
    assert values["False easting"] == 500_000
    if kind == "utm":
        assert known.name.endswith(f"{rest[0]}N")
        assert values["Longitude of natural origin"] == int(rest[0]) * 6 - 183
        assert values["Scale factor at natural origin"] == 0.9996
        return
    assert values["Longitude of natural origin"] == int(kind) + int(rest[0]) / 60
    assert values["Scale factor at natural origin"] == 0.9999


def test_lao_cai_has_its_own_meridian():
    assert LAO_CAI.epsg == 9208
    assert "Lao Cai" in CRS.from_epsg(9208).area_of_use.name


def test_no_two_zones_share_a_code():
    assert len({system.epsg for system in CoordinateSystem}) == len(CoordinateSystem)


def northing_on_the_meridian(latitude: float) -> float:
    """The meridian arc on WGS 84 in metres (Snyder 1987, eq. 3-21), at the scale of a TM-3 zone."""
    e2 = 0.006_694_379_990_141_316
    phi = math.radians(latitude)
    terms = (
        (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256) * phi,
        -(3 * e2 / 8 + 3 * e2**2 / 32 + 45 * e2**3 / 1024) * math.sin(2 * phi),
        (15 * e2**2 / 256 + 45 * e2**3 / 1024) * math.sin(4 * phi),
        -(35 * e2**3 / 3072) * math.sin(6 * phi),
    )
    return 0.9999 * 6_378_137 * sum(terms)


def shifted(longitude: float, latitude: float) -> tuple[float, float]:
    """From VN-2000 to WGS 84 by Decision 05/2007/QĐ-BTNMT, Article 1, in plain formulas."""
    a, e2, arcsecond = 6_378_137.0, 0.006_694_379_990_141_316, math.radians(1 / 3600)
    lam, phi = math.radians(longitude), math.radians(latitude)
    n = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    x, y = n * math.cos(phi) * math.cos(lam), n * math.cos(phi) * math.sin(lam)
    z = n * (1 - e2) * math.sin(phi)
    rx, ry, rz = (angle * arcsecond for angle in (-0.00928836, 0.01975479, -0.00427372))
    scale = 1.000000252906278
    x, y, z = (
        -191.90441429 + scale * (x + rz * y - ry * z),
        -39.30318279 + scale * (-rz * x + y + rx * z),
        -111.45032835 + scale * (ry * x - rx * y + z),
    )
    back = math.atan2(z, math.hypot(x, y) * (1 - e2))
    for _ in range(6):
        n = a / math.sqrt(1 - e2 * math.sin(back) ** 2)
        back = math.atan2(z + e2 * n * math.sin(back), math.hypot(x, y))
    return math.degrees(math.atan2(y, x)), math.degrees(back)


def test_a_point_on_the_meridian_is_where_the_decree_of_the_parameters_puts_it():
    # A known pair: on its meridian a zone needs no projection, only the length of the arc.
    north = northing_on_the_meridian(22.5)
    first = ring(table(f"{north:.4f};500000", "2490000;500000", "2490000;501000"), LAO_CAI)[0]
    assert first == pytest.approx(shifted(104.75, 22.5), abs=1e-7)
    # Control: taken for WGS 84, the point would lie two hundred metres away.
    _, _, metres = Geod(ellps="WGS84").inv(*first, 104.75, 22.5)
    assert 190 < metres < 240


@cache
def into(system: CoordinateSystem) -> Transformer:
    return Transformer.from_crs(4326, system.epsg, always_xy=True)


@settings(deadline=None)
@given(st.floats(103.6, 104.9), st.floats(21.6, 22.9), st.sampled_from(ZONES))
def test_there_and_back_is_within_a_centimetre(longitude, latitude, system):
    there = into(system)
    corners = [(longitude, latitude), (longitude + 0.001, latitude), (longitude, latitude + 0.001)]
    rows = ["{1:.4f} {0:.4f}".format(*there.transform(*corner)) for corner in corners]
    try:
        back = ring(table(*rows), system)
    except Refused:
        # So far west of the zone that its easting could be a mistake.
        assert there.transform(*corners[0])[0] < 121_000
        return
    for (x, y), corner in zip(back, corners, strict=False):
        _, _, metres = Geod(ellps="WGS84").inv(x, y, *corner)
        assert metres < 0.01
