"""Boundaries: read as GeoJSON, refused precisely, measured on the ellipsoid."""

import json

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Refused
from app.models.places import AdminUnit
from app.registry.geometry import (
    measured,
    plain_polygon,
)
from app.registry.ring_repair import crossing
from tests.registry.drawn_fields import BAC_HA, SQUARE, circle, geojson


def refusal(text: str) -> str:
    with pytest.raises(Refused) as refused:
        plain_polygon(text, near=BAC_HA)
    assert refused.value.fields[0].field == "polygon"
    return str(refused.value.why)


def kept(ring: list) -> list:
    return json.loads(plain_polygon(geojson(ring), near=BAC_HA))["coordinates"][0]


def test_a_boundary_is_kept_counter_clockwise_whichever_way_it_was_drawn():
    assert kept(SQUARE) == SQUARE
    assert {(x, y) for x, y in kept(SQUARE[::-1])} == {(x, y) for x, y in SQUARE}
    assert shapely.LinearRing(kept(SQUARE[::-1])).is_ccw


def test_keeping_what_was_kept_changes_nothing():
    once = plain_polygon(geojson(SQUARE[::-1]), near=BAC_HA)
    assert plain_polygon(once, near=BAC_HA) == once


def test_heights_are_dropped_and_a_feature_is_opened():
    high = [[*point, 812.5] for point in SQUARE]
    feature = json.dumps(
        {"type": "Feature", "properties": {}, "geometry": json.loads(geojson(high))}
    )
    assert plain_polygon(feature, near=BAC_HA) == plain_polygon(geojson(SQUARE), near=BAC_HA)


def test_a_corner_given_twice_in_a_row_is_kept_once():
    assert kept([SQUARE[0], *SQUARE]) == SQUARE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "không phải",
        "[]",
        "null",
        "7",
        '{"type":"Polygon"}',
        '{"type":"Polygon","coordinates":[]}',
        '{"type":"Polygon","coordinates":[7]}',
        '{"type":"Polygon","coordinates":7}',
        '{"type":"MultiPolygon","coordinates":[[]]}',
        geojson([[104.29], [104.29], [104.29], [104.29]]),
        geojson([["104.29", "22.53"]] * 4),
        geojson([[True, False]] * 4),
        geojson([None] * 4),
        "[" * 100_000,
        '{"type":"Polygon","coordinates":[[[' + "9" * 5000 + ",22]]]}",
    ],
)
def test_what_is_no_polygon_is_refused(text):
    assert refusal(text) in {
        "This is not a GeoJSON polygon.",
        "A corner of the boundary lies outside Viet Nam.",
    }


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e400", "1" + "0" * 300])
def test_a_number_that_is_nowhere_is_refused(value):
    text = geojson(SQUARE).replace("104.291", value)
    assert refusal(text) == "A corner of the boundary lies outside Viet Nam."


def test_swapped_axes_are_named_as_such():
    assert "swapped" in refusal(geojson([[y, x] for x, y in SQUARE]))


def test_a_place_outside_the_country_is_refused():
    assert "outside" in refusal(geojson([[x - 30, y] for x, y in SQUARE]))


def test_a_place_far_from_the_commune_is_refused_with_the_distance():
    why = refusal(geojson([[x, y - 3] for x, y in SQUARE]))
    assert "Xã Bắc Hà" in why
    assert "334 km" in why


def test_a_commune_whose_middle_nobody_knows_is_near_to_everything():
    anywhere = AdminUnit(name="Xã", lat=None, lon=None)
    assert plain_polygon(geojson([[x, y - 3] for x, y in SQUARE]), near=anywhere)


def test_an_open_line_is_refused():
    assert "not closed" in refusal(geojson(SQUARE[:-1]))


@pytest.mark.parametrize(
    "ring", [SQUARE[:3], [SQUARE[0]] * 6, [SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[0]]]
)
def test_fewer_than_three_corners_are_refused(ring):
    assert "three corners" in refusal(geojson(ring))


def test_holes_are_refused():
    text = json.dumps({"type": "Polygon", "coordinates": [SQUARE, SQUARE]})
    assert "holes" in refusal(text)


def test_two_thousand_points_are_the_most():
    assert plain_polygon(geojson(circle(1999)), near=BAC_HA)
    assert "too large" in refusal(geojson(circle(2000)))
    assert "too large" in refusal(" " * 200_001)


@pytest.mark.parametrize(
    "ring",
    [
        [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]],
        # A spike: out and back on the same line.
        [SQUARE[0], SQUARE[1], [104.295, 22.53], SQUARE[1], SQUARE[2], SQUARE[3], SQUARE[0]],
        # Touches itself in one corner.
        [
            SQUARE[0],
            SQUARE[1],
            [104.2905, 22.5305],
            SQUARE[2],
            SQUARE[3],
            [104.2905, 22.5305],
            SQUARE[0],
        ],
        # All on one line.
        [[104.29, 22.53], [104.291, 22.53], [104.292, 22.53], [104.29, 22.53]],
    ],
)
def test_a_line_that_meets_itself_is_refused_with_the_place(ring):
    why = refusal(geojson(ring))
    assert why.startswith("The boundary crosses or touches itself near 104.29")


def test_a_straight_corner_is_no_crossing():
    assert kept([SQUARE[0], [104.2905, 22.53], *SQUARE[1:]])


def brute_force(corners: list) -> bool:
    """Whether any two sides that are no neighbours meet, by plain rational geometry."""
    count = len(corners)
    sides = [(corners[at], corners[(at + 1) % count]) for at in range(count)]
    return any(
        meet(*sides[one], *sides[other])
        for one in range(count)
        for other in range(one + 2, count)
        if (other + 1) % count != one
    )


def meet(a, b, c, d) -> bool:
    def turn(p, q, r) -> int:
        value = (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
        return (value > 0) - (value < 0)

    def on(p, q, r) -> bool:
        return min(p[0], q[0]) <= r[0] <= max(p[0], q[0]) and min(p[1], q[1]) <= r[1] <= max(
            p[1], q[1]
        )

    turns = turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)
    if turns[0] != turns[1] and turns[2] != turns[3]:
        return True
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turned == 0 and on(*end) for turned, end in zip(turns, ends, strict=True))


points = st.tuples(st.integers(0, 12), st.integers(0, 12))


@settings(max_examples=400, deadline=None)
@given(st.lists(points, min_size=4, max_size=9, unique=True))
def test_a_crossing_is_found_exactly_where_comparing_all_pairs_finds_one(corners):
    if brute_force(corners):
        assert crossing(corners) is not None
    elif crossing(corners) is not None:
        # What the pairs miss: a line that runs back over itself at a corner.
        assert has_spike(corners)


def has_spike(corners: list) -> bool:
    count = len(corners)
    for at in range(count):
        before, here, after = corners[at - 1], corners[at], corners[(at + 1) % count]
        one = here[0] - before[0], here[1] - before[1]
        other = after[0] - here[0], after[1] - here[1]
        if one[0] * other[1] == one[1] * other[0] and one[0] * other[0] + one[1] * other[1] < 0:
            return True
    return False


def cell(west: float, south: float) -> str:
    return geojson([[west + x, south + y] for x, y in [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]])


def test_the_cells_of_the_whole_globe_add_up_to_the_ellipsoid():
    # NIMA TR8350.2: the surface of WGS 84 is 510,065,621.7 km².
    total = 360 * sum(measured(cell(0, south)).value for south in range(-90, 90))
    assert total / 1e6 == pytest.approx(510_065_621.7, abs=0.1)


def test_a_field_in_bac_ha_is_measured_to_the_square_metre():
    # By the radii of curvature at 22.5305° N a thousandth of a degree is 110.7375 m north (M) and
    # 102.8737 m east (N·cos φ) on WGS 84.
    field = plain_polygon(geojson(SQUARE), near=BAC_HA)
    assert measured(field).value == pytest.approx(102.8737 * 110.7375, abs=1)
