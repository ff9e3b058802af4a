"""The schematic of the communes: shipped as drawn, one cell a commune around its middle."""

import json

import pytest
import shapely
from pyproj import Geod

from app.reference.commune_schematic import Centre, centres, schematic
from scripts.commune_schematic import SHIPPED

MOST_BYTES = 60_000


@pytest.fixture(scope="module")
def cells() -> dict[str, shapely.Polygon]:
    features = json.loads(SHIPPED.read_text(encoding="utf-8"))["features"]
    return {
        one["properties"]["code"]: shapely.from_geojson(json.dumps(one["geometry"]))
        for one in features
    }


def test_the_shipped_file_is_what_the_script_draws() -> None:
    assert SHIPPED.read_text(encoding="utf-8") == schematic(centres())


def test_it_is_light_enough_for_a_phone() -> None:
    assert len(SHIPPED.read_bytes()) < MOST_BYTES


def test_each_of_the_99_communes_has_a_sound_cell_around_its_middle(
    cells: dict[str, shapely.Polygon],
) -> None:
    assert len(cells) == len(centres()) == 99
    for centre in centres():
        cell = cells[centre.code]
        assert cell.is_valid
        assert cell.exterior.is_ccw
        assert cell.contains(shapely.Point(centre.longitude, centre.latitude))


def test_cells_leave_no_gap_and_share_no_ground(cells: dict[str, shapely.Polygon]) -> None:
    together = shapely.union_all(list(cells.values()))
    assert together.geom_type == "Polygon"
    assert together.area == pytest.approx(sum(cell.area for cell in cells.values()), rel=1e-6)


def test_every_coordinate_has_three_decimals_at_most(cells: dict[str, shapely.Polygon]) -> None:
    numbers = shapely.get_coordinates(list(cells.values())).ravel()
    assert all(number == round(number, 3) for number in numbers)


def test_a_place_lies_in_the_cell_of_the_middle_nearest_on_the_ground(
    cells: dict[str, shapely.Polygon],
) -> None:
    metres = Geod(ellps="WGS84").inv
    hull = shapely.MultiPoint([(one.longitude, one.latitude) for one in centres()]).convex_hull
    places = [(103.6 + 0.1 * east, 21.4 + 0.1 * north) for east in range(15) for north in range(14)]
    inside = [place for place in places if hull.contains(shapely.Point(place))]
    assert len(inside) > 99
    for x, y in inside:
        nearest = min(centres(), key=lambda one: metres(x, y, one.longitude, one.latitude)[2])
        assert cells[nearest.code].distance(shapely.Point(x, y)) < 0.003


def test_three_middles_are_enough() -> None:
    around = [
        Centre("1", "A", 104.0, 22.0),
        Centre("2", "B", 104.2, 22.1),
        Centre("3", "C", 104, 23),
    ]
    drawn = json.loads(schematic(around))["features"]
    assert [one["properties"]["middle"] for one in drawn] == [[104, 22], [104.2, 22.1], [104, 23]]
