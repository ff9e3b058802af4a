"""Boundaries read leniently: what is mended is said, what cannot be is refused."""

import json
import time

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Refused
from app.registry.geometry import (
    plain_polygon,
    repaired,
)
from tests.registry.drawn_fields import BAC_HA, SQUARE, circle, geojson


def mended(ring: list) -> tuple[list, list[str]]:
    kept = repaired(geojson(ring), near=BAC_HA)
    return json.loads(kept.polygon)["coordinates"][0], [str(change) for change in kept.changes]


def test_what_is_right_already_is_not_changed():
    assert mended(SQUARE) == (SQUARE, [])
    assert mended(SQUARE[::-1])[1] == []


def test_an_open_line_is_closed():
    assert mended(SQUARE[:-1]) == (SQUARE, ["The line was open and has been closed."])


def test_repeated_points_are_left_out():
    assert mended([SQUARE[0], *SQUARE]) == (SQUARE, ["Repeated points left out: 1."])


@pytest.mark.parametrize("turn", range(6))
def test_a_spike_is_cut_off_wherever_the_line_begins(turn):
    around = [SQUARE[0], SQUARE[1], [104.295, 22.53], SQUARE[1], SQUARE[2], SQUARE[3]]
    ring, changes = mended([*around[turn:], *around[: turn + 1]])
    assert sorted(ring[:-1]) == sorted(SQUARE[:-1])
    assert changes == ["Points of spikes cut off: 2."]


def test_a_small_crossing_is_mended_with_its_place_and_what_was_left_out():
    # The last corner overshoots the first side by a metre.
    ring, changes = mended([*SQUARE[:4], [104.29002, 22.52999], SQUARE[0]])
    assert shapely.Polygon(ring).is_valid
    assert len(changes) == 1
    assert changes[0].startswith("The line crossed itself near 104.2900")
    with pytest.raises(Refused):
        plain_polygon(geojson([*SQUARE[:4], [104.29002, 22.52999], SQUARE[0]]), near=BAC_HA)


def lenient_refusal(text: str) -> str:
    with pytest.raises(Refused) as refused:
        repaired(text, near=BAC_HA)
    assert refused.value.fields[0].field == "polygon"
    return str(refused.value.why)


def test_a_bow_tie_is_not_mended():
    why = lenient_refusal(geojson([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]))
    assert why == "The boundary crosses or touches itself near 104.290500, 22.530500."


def test_a_line_without_an_inside_is_not_mended():
    flat = [[104.29, 22.53], [104.291, 22.53], [104.292, 22.53]]
    assert "three corners" in lenient_refusal(geojson(flat))
    assert "three corners" in lenient_refusal(geojson([]))


def test_what_is_no_polygon_in_viet_nam_is_not_mended():
    assert "not a GeoJSON" in lenient_refusal("không phải")
    assert "outside" in lenient_refusal(geojson([[x - 30, y] for x, y in SQUARE]))
    assert "334 km" in lenient_refusal(geojson([[x, y - 3] for x, y in SQUARE]))


def test_closing_may_not_add_one_point_too_many():
    assert "too large" in lenient_refusal(geojson(circle(2000)[:-1]))
    assert mended(circle(1999)[:-1])


def test_a_tangle_of_a_million_crossings_is_refused_in_no_time():
    # Control: mending it the plain way takes minutes and gigabytes.
    step = [
        [104.29 + (at * 7919 % 1999) / 1e5, 22.53 + (at * 6577 % 1999) / 1e5] for at in range(1999)
    ]
    began = time.process_time()
    assert "crosses" in lenient_refusal(geojson(step))
    assert time.process_time() - began < 5


near_points = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(
    lambda at: [104.29 + at[0] / 1e5, 22.53 + at[1] / 1e5]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(near_points, min_size=1, max_size=12))
def test_what_was_mended_is_kept_as_it_is(ring):
    try:
        once = repaired(geojson(ring), near=BAC_HA)
    except Refused:
        return
    assert plain_polygon(once.polygon, near=BAC_HA) == once.polygon
    assert repaired(once.polygon, near=BAC_HA).changes == []
