"""Stored boundaries measured, compared, simplified."""

import json
import math
import time
from itertools import pairwise

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from app.registry.geometry import (
    UNITS_A_DEGREE,
    Bounds,
    bounds_of,
    coarse_middle,
    contains,
    distance_m,
    measured,
    middle_of,
    overlap,
    plain_polygon,
    simplified,
)
from app.registry.ring_repair import square_metres
from tests.registry.drawn_fields import BAC_HA, SQUARE, circle, fields, geojson, ring_of, square


def authalic_area(ring: list) -> float:
    """Square metres by the shoelace formula in the cylindrical equal-area projection of WGS 84
    (Snyder 1987, eq. 10-18 and 3-12): an independent reference."""
    squared = 0.006_694_379_990_141_316
    eccentricity = math.sqrt(squared)

    def flat(x: float, y: float) -> tuple[float, float]:
        sine = math.sin(math.radians(y))
        shortened = eccentricity * sine
        q = sine / (1 - shortened**2) + math.atanh(shortened) / eccentricity
        return math.radians(x - ring[0][0]), (1 - squared) * q

    points = [flat(x, y) for x, y in ring]
    south = points[0][1]
    doubled = sum(x1 * (y2 - south) - x2 * (y1 - south) for (x1, y1), (x2, y2) in pairwise(points))
    return abs(doubled) * 6_378_137.0**2 / 4


def finely(ring: list) -> list:
    """The ring with thirty points along the geodesic of every side."""
    geod = Geod(ellps="WGS84")
    return [
        point
        for (x1, y1), (x2, y2) in pairwise(ring)
        for point in [(x1, y1), *geod.npts(x1, y1, x2, y2, 30)]
    ] + [ring[0]]


@settings(deadline=None)
@given(fields())
def test_the_area_agrees_with_an_independent_formula(field):
    ring = [(x * UNITS_A_DEGREE, y * UNITS_A_DEGREE) for x, y in ring_of(field)]
    expected = authalic_area(finely(ring_of(field)))
    assert square_metres(shapely.Polygon(ring)) == pytest.approx(expected, rel=1e-6)


@settings(deadline=None)
@given(fields())
def test_the_area_is_that_of_the_library_of_geodesics(field):
    area, _ = Geod(ellps="WGS84").geometry_area_perimeter(shapely.from_geojson(field))
    assert measured(field).value == pytest.approx(area, rel=1e-6, abs=0.5)


@settings(deadline=None)
@given(fields())
def test_the_bounds_hold_every_corner(field):
    bounds = bounds_of(field)
    for longitude, latitude in ring_of(field):
        x, y = round(longitude * UNITS_A_DEGREE), round(latitude * UNITS_A_DEGREE)
        assert bounds.meets(Bounds(x, y, x, y))
    assert bounds.meets(bounds)


@settings(deadline=None)
@given(fields(), fields())
def test_fields_nearer_than_the_widening_have_boxes_that_meet(one, other):
    apart = distance_m(one, other)
    assert bounds_of(one).widened(apart * 1.001 + 0.1).meets(bounds_of(other))


def test_boxes_apart_do_not_meet():
    one = bounds_of(square(0, 0))
    assert not one.meets(bounds_of(square(2, 0)))
    assert not one.meets(bounds_of(square(0, -2)))
    # A thousandth of a degree east is 102.87 m here.
    assert one.widened(104).meets(bounds_of(square(2, 0)))
    assert not one.widened(100).meets(bounds_of(square(2, 0)))


def test_half_a_field_shared_is_half_its_area():
    shared = overlap(square(0, 0), square(0.5, 0))
    assert shared.area == pytest.approx(measured(square(0, 0)).value / 2, rel=1e-4)
    assert json.loads(shared.geometry)["type"] == "Polygon"


def test_a_shared_border_is_no_overlap():
    assert overlap(square(0, 0), square(1, 0)) is None
    assert overlap(square(0, 0), square(1, 1)) is None
    assert overlap(square(0, 0), square(5, 5)) is None
    # Control: three centimetres more along a hundred metres are ground.
    assert overlap(square(0, 0), square(0.9997, 0)).area > 1


def test_a_field_that_is_met_twice_is_shared_in_two_parts():
    fork = [(0, 0), (3, 0), (3, 3), (2, 3), (2, 1), (1, 1), (1, 3), (0, 3), (0, 0)]
    forked = plain_polygon(
        geojson([[104.29 + x / 1000, 22.53 + y / 1000] for x, y in fork]), near=BAC_HA
    )
    shared = json.loads(overlap(forked, square(-0.5, 2, side=0.004)).geometry)
    assert shared["type"] == "MultiPolygon"
    assert len(shared["coordinates"]) == 2


@settings(deadline=None)
@given(fields(), fields())
def test_the_overlap_is_the_same_either_way_and_no_larger_than_either(one, other):
    first, second = overlap(one, other), overlap(other, one)
    if first is None or second is None:
        assert max(shared.area if shared else 0 for shared in (first, second)) < 1.01
        return
    assert first.area == pytest.approx(second.area, rel=1e-6)
    assert first.area <= min(measured(one).value, measured(other).value) * (1 + 1e-6) + 1
    assert distance_m(one, other) == 0


def comb(*, upright: bool) -> str:
    """A field with 900 thin teeth three kilometres long, pointing north or east."""
    line = [(0, 0)]
    for tooth in range(900):
        line += [(tooth * 2000 + 500, 1_800_000), (tooth * 2000 + 1000, 10)]
    line.append((1_800_000, 0))
    turned = line if upright else [(y, x) for x, y in line]
    ring = [[104.2 + x / 1e7, 22.5 + y / 1e7] for x, y in [*turned, turned[0]]]
    return plain_polygon(geojson(ring), near=BAC_HA)


def test_two_combs_are_compared_in_no_time():
    # Control: the exact intersection of these two takes two minutes and five gigabytes.
    one, other = comb(upright=True), comb(upright=False)
    began = time.process_time()
    shared = overlap(one, other)
    assert time.process_time() - began < 5
    assert 0 < shared.area < measured(one).value


def test_the_distance_is_that_of_the_geodesic():
    _, _, metres = Geod(ellps="WGS84").inv(104.291, 22.5305, 104.295, 22.5305)
    assert distance_m(square(0, 0), square(5, 0)) == pytest.approx(metres, rel=1e-5)
    assert distance_m(square(0, 0), square(1, 1)) == 0


def test_a_point_on_the_line_is_inside():
    field = square(0, 0)
    assert contains(field, 104.2905, 22.5305)
    assert contains(field, 104.29, 22.53)
    assert not contains(field, 104.2899999, 22.5305)


@settings(deadline=None)
@given(fields())
def test_the_middle_lies_inside(field):
    assert contains(field, *middle_of(field))


def test_the_public_middle_is_rounded_to_a_kilometre():
    assert coarse_middle(square(0, 0)) == (104.29, 22.53)
    assert coarse_middle(square(0, 0), decimals=1) == (104.3, 22.5)


@settings(deadline=None)
@given(fields(), st.floats(0, 500))
def test_a_simplified_field_has_some_of_its_corners_and_is_simple(field, metres):
    rough = simplified(field, metres)
    assert {tuple(at) for at in ring_of(rough)} <= {tuple(at) for at in ring_of(field)}
    assert plain_polygon(rough, near=BAC_HA) == rough


def test_a_straight_corner_goes_when_a_field_is_simplified():
    field = plain_polygon(geojson([SQUARE[0], [104.2905, 22.53], *SQUARE[1:]]), near=BAC_HA)
    assert len(ring_of(simplified(field, 1))) == len(SQUARE)
    wide = geojson(circle(500))
    assert len(ring_of(simplified(plain_polygon(wide, near=BAC_HA), 20))) < 60
