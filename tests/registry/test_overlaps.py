"""Which boundaries lie on the same ground or near it, found by tiles and compared exactly."""

import json
from datetime import date

import pytest
from hypothesis import given as given_that
from hypothesis import strategies as st
from sqlmodel import col, select

from app.accounts.reach import Reach
from app.errors import Refused
from app.kit.quantities import SquareMetres
from app.ledger.actors import Actor
from app.models.finding import AreaTile
from app.models.registry import PlantingArea
from app.registry.area_commands import draw_boundary
from app.registry.area_queries import area_line
from app.registry.geometry import Bounds, bounds_of
from app.registry.outline_commands import load_outlines
from app.registry.outline_queries import commune_at
from app.registry.overlap_queries import areas_over, areas_within, plots_over
from app.registry.plot_commands import PlotDetails, register_plot
from app.registry.tiles import TILE, tiles_of

BY = Actor.system()
WHOLE_DEGREES = st.integers(min_value=102 * 10**7, max_value=110 * 10**7)
SIDES = st.integers(min_value=0, max_value=5 * TILE)


@given_that(WHOLE_DEGREES, st.integers(8 * 10**7, 23 * 10**7), SIDES, SIDES, st.floats(0, 1))
def test_every_point_of_a_box_lies_in_one_of_its_tiles(west, south, width, height, part):
    box = Bounds(west, south, west + width, south + height)
    x, y = west + round(width * part), south + round(height * part)
    point = tiles_of(Bounds(x, y, x, y))
    assert len(point) == 1
    assert set(point) <= set(tiles_of(box))


def test_areas_that_share_ground_are_found_with_the_ground_they_share(session, given):
    here = given.area(polygon=given.boundary())
    half = given.area(polygon=given.boundary(east=0.5))
    given.area(polygon=given.boundary(east=2))
    session.flush()
    (found,) = areas_over(session, here.polygon, besides=here)
    assert found.area is half
    assert found.shared.area == pytest.approx(140 * 140 / 2, rel=0.01)
    assert json.loads(found.shared.geometry)["type"] in {"Polygon", "MultiPolygon"}


def test_a_shared_border_is_no_overlap(session, given):
    here = given.area(polygon=given.boundary())
    given.area(polygon=given.boundary(east=1))
    assert areas_over(session, here.polygon, besides=here) == []


def test_a_closed_area_takes_no_ground(session, given):
    here, gone = (given.area(polygon=given.boundary()) for _ in range(2))
    gone.closed_on = given.day(-1)
    session.flush()
    assert areas_over(session, here.polygon, besides=here) == []


def test_the_index_is_what_finds_it(session, given):
    here, other = (given.area(polygon=given.boundary()) for _ in range(2))
    session.flush()
    for tile in session.exec(select(AreaTile).where(col(AreaTile.area_id) == other.pk)).all():
        session.delete(tile)
    session.flush()
    assert areas_over(session, here.polygon, besides=here) == []


def test_a_boundary_drawn_anew_is_found_where_it_lies_now(session, given):
    here = given.area(polygon=given.boundary())
    moved = given.area(polygon=given.boundary())
    draw_boundary(
        session, area=moved, polygon=given.boundary(east=40, north=40), by=BY, now=given.now
    )
    session.flush()
    assert areas_over(session, here.polygon, besides=here) == []
    assert [one.area for one in areas_over(session, moved.polygon)] == [moved]
    bounds = bounds_of(moved.polygon)
    assert (moved.west, moved.north) == (bounds.west, bounds.north)


def test_an_open_line_is_closed_and_said_so(session, given):
    area = given.area()
    ring = json.loads(given.boundary())["coordinates"][0][:-1]
    text = json.dumps({"type": "Polygon", "coordinates": [ring]})
    (change,) = draw_boundary(session, area=area, polygon=text, by=BY, now=given.now)
    assert "closed" in str(change)


def test_a_plot_of_another_area_on_the_same_ground_is_found(session, given):
    here = given.area(polygon=given.boundary())
    other = given.cooperative()
    plot = register_plot(
        session,
        organisation=other,
        details=PlotDetails(
            "Thửa ven suối",
            given.grower(other).uid,
            "02839",
            SquareMetres(900),
            polygon=given.boundary(metres=60),
        ),
        by=BY,
        now=given.now,
    )
    session.flush()
    (found,) = plots_over(session, here.polygon, besides=here)
    assert (found.plot, found.organisation) == (plot, other)


@pytest.mark.parametrize(("metres", "found"), [(50, 0), (300, 1), (5_000, 2)])
def test_neighbours_are_found_up_to_a_distance(session, given, metres, found):
    here = given.area(polygon=given.boundary())
    given.area(polygon=given.boundary(east=2))  # 140 m between the borders
    given.area(polygon=given.boundary(north=20))  # about 2,660 m
    near = areas_within(session, here, metres)
    assert len(near) == found
    assert [one.metres for one in near] == sorted(one.metres for one in near)


OUTLINES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"ma_xa": "02839", "ten": "Xã Bắc Hà"},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [
                    [[[104.2, 22.4], [104.4, 22.4], [104.4, 22.6], [104.2, 22.6], [104.2, 22.4]]]
                ],
            },
        },
        {
            "type": "Feature",
            "properties": {"ten": "Xã Không Có Thật"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[103, 22], [103.1, 22], [103.1, 22.1], [103, 22]]],
            },
        },
    ],
}


def test_outlines_tell_in_which_commune_a_point_lies(session, given, tmp_path):
    file = tmp_path / "communes.geojson"
    file.write_text(json.dumps(OUTLINES), encoding="utf-8")
    loaded = load_outlines(session, file, day=given.day(0), by=BY, now=given.now)
    assert (loaded.kept, loaded.unknown) == (1, ("Xã Không Có Thật",))
    assert commune_at(session, 104.29, 22.53, day=given.day(0)).code == "02839"
    assert commune_at(session, 105.9, 22.53, day=given.day(0)) is None
    assert commune_at(session, 104.29, 22.53, day=date(2024, 5, 1)) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"type": "Point"}', "\ufeff{]"])
def test_what_is_no_file_of_outlines_is_refused(session, given, tmp_path, text):
    file = tmp_path / "x.geojson"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_outlines(session, file, day=given.day(0), by=BY, now=given.now)
    assert refused.value.fields[0].field == "file"


def test_an_area_is_read_with_its_box(session, given):
    area = given.area(polygon=given.boundary())
    session.flush()
    session.expire_all()
    kept = area_line(session, area.uid, within=Reach.all()).area
    assert isinstance(kept, PlantingArea)
    assert kept.west < kept.east
