"""The map of boundaries in a real browser: drawn, dragged, walked, and five thousand others beneath it."""

import io
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import shapely
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page
from pyproj import Geod

from tests.journeys.map_page import (
    FIELD,
    MANY,
    SIZES,
    STATUSES,
    Watched,
    does,
    drag,
    kept_ring,
    polygon,
    served,
    tap,
)

PICTURES = Path(tempfile.gettempdir())  # map-*.png, for people to look at


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(params=SIZES)
def window(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Watched]:
    """On a phone with fingers and on a desk with a mouse. Whatever goes wrong fails the test."""
    context = browser.new_context(
        viewport=SIZES[request.param], locale="vi-VN", has_touch=request.param == "phone"
    )
    watched = Watched(context, site)
    watched.name = request.param
    yield watched
    wrong, width = list(watched.wrong), SIZES[request.param]["width"]
    too_wide = watched.page.evaluate("document.documentElement.scrollWidth") > width
    context.close()
    assert wrong == []
    assert not too_wide


def measured(page: Page) -> float:
    """Square metres, as the page says them in Vietnamese."""
    number, unit = page.inner_text("#polygon-area").split("\xa0")
    return float(number.replace(".", "").replace(",", ".")) * {"m²": 1, "ha": 10_000}[unit]


def true_area(ring: list[list[float]]) -> float:
    xs, ys = zip(*ring, strict=True)
    return abs(Geod(ellps="WGS84").polygon_area_perimeter(xs, ys)[0])


def test_four_taps_and_finish_fill_in_a_valid_closed_boundary(window: Watched) -> None:
    page = window.open("commune=02647")
    page.wait_for_function("document.querySelector('.map-near')?.textContent")
    page.screenshot(path=PICTURES / f"map-empty-{window.name}.png", full_page=True)
    does(page, "draw")
    tap(page, (0.3, 0.3), (0.7, 0.3), (0.75, 0.7))
    page.screenshot(path=PICTURES / f"map-drawing-{window.name}.png", full_page=True)
    tap(page, (0.25, 0.75))
    does(page, "finish")
    ring = kept_ring(page)
    assert len(ring) == 5
    assert ring[0] == ring[-1]
    assert shapely.Polygon(ring).is_valid
    assert shapely.LinearRing(ring).is_ccw
    assert measured(page) == pytest.approx(true_area(ring), rel=0.005)
    page.screenshot(path=PICTURES / f"map-drawn-{window.name}.png", full_page=True)


def test_a_boundary_of_the_textarea_is_shown_dragged_and_taken_back(window: Watched) -> None:
    page = window.open(f"typed={polygon(FIELD)}")
    assert measured(page) == pytest.approx(true_area([*FIELD, FIELD[0]]), rel=0.005)
    page.screenshot(path=PICTURES / f"map-editing-{window.name}.png", full_page=True)
    drag(page, ".map-corner", (-20, 25))
    ring = kept_ring(page)
    assert len(ring) == 5
    assert [corner for corner in ring[:4] if corner not in FIELD] != []
    assert sum(corner in FIELD for corner in ring[:4]) == 3
    does(page, "undo")
    assert kept_ring(page)[:4] == FIELD


def test_corners_are_added_between_two_and_removed(window: Watched) -> None:
    page = window.open(f"typed={polygon(FIELD)}")
    drag(page, ".map-middle", (5, 30))
    assert len(kept_ring(page)) == 6
    page.locator(".map-corner").nth(1).click()
    page.screenshot(path=PICTURES / f"map-chosen-{window.name}.png", full_page=True)
    does(page, "remove_corner")
    assert len(kept_ring(page)) == 5
    does(page, "delete")
    assert page.input_value("#polygon") == ""
    does(page, "undo")
    assert len(kept_ring(page)) == 5


def test_every_handle_and_button_is_large_enough_for_a_finger(window: Watched) -> None:
    page = window.open(f"typed={polygon(FIELD)}")
    page.locator(".map-corner").first.click()
    touched = page.locator(".map-bar button:visible, .map-corner, .map-middle, .map .leaflet-bar a")
    assert touched.count() > 10
    for one in touched.all():
        box = one.bounding_box()
        assert min(box["width"], box["height"]) >= 44


def test_a_line_that_crosses_itself_is_named_and_red(window: Watched) -> None:
    page = window.open(f"typed={polygon([FIELD[index] for index in (0, 2, 1, 3)])}")
    assert page.get_attribute(".map-says", "data-tone") == "bad"
    assert page.locator('.map-ground path[stroke="#a3161a"]').count()
    page.screenshot(path=PICTURES / f"map-crossing-{window.name}.png", full_page=True)


def test_typing_redraws_and_what_cannot_be_read_is_left(window: Watched) -> None:
    page = window.open()
    page.fill("#polygon", polygon(FIELD))
    page.dispatch_event("#polygon", "change")
    assert page.locator(".map-corner").count() == 4
    page.fill("#polygon", "{")
    page.dispatch_event("#polygon", "change")
    assert page.get_attribute(".map-says", "data-tone") == "bad"
    assert page.input_value("#polygon") == "{"
    assert page.locator(".map-corner").count() == 4


def test_keys_alone_draw_move_and_remove(window: Watched) -> None:
    page = window.open("commune=02647")
    page.wait_for_function("document.querySelector('.map-near')?.textContent")
    page.focus("button[data-does=draw]")
    page.keyboard.press("Enter")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press("Enter")
        added = page.locator(".map-corner").count()
        page.focus(".map-ground")
        page.keyboard.press(key)
        page.wait_for_timeout(400)  # the map glides
        page.focus("button[data-does=add_here]")
    assert added == 4
    before = kept_ring(page)
    page.locator(".map-corner").nth(1).focus()
    page.keyboard.press("Shift+ArrowUp")
    assert len(kept_ring(page)) == 5
    assert kept_ring(page) != before
    page.keyboard.press("Delete")
    assert len(kept_ring(page)) == 4


def go(window: Watched, place: list[float], accuracy: float = 5) -> None:
    longitude, latitude = place
    window.context.set_geolocation(
        {"longitude": longitude, "latitude": latitude, "accuracy": accuracy}
    )


def said(page: Page, words: str) -> None:
    page.wait_for_function(
        "words => document.querySelector('.map-says').textContent.includes(words)", arg=words
    )


@pytest.fixture
def walker(window: Watched) -> Watched:
    window.context.grant_permissions(["geolocation"])
    return window


def test_walking_records_corners_and_survives_a_reload(walker: Watched) -> None:
    page = walker.open("tag=en")
    go(walker, FIELD[0])
    does(page, "walk")
    said(page, "good to 5 m")
    does(page, "walk_add")
    go(walker, FIELD[1], accuracy=60)
    page.wait_for_timeout(300)
    does(page, "walk_add")
    said(page, "only good to 60 m")
    page.screenshot(path=PICTURES / f"map-walking-{walker.name}.png", full_page=True)
    assert page.locator(".leaflet-walk-pane svg").bounding_box()["width"] > 200
    does(page, "walk_anyway")
    said(page, "Corners: 2")
    page.reload()
    said(page, "Corners: 2")
    does(page, "draft_go_on")
    go(walker, FIELD[2], accuracy=4)
    said(page, "good to 4 m")
    does(page, "walk_add")
    does(page, "finish")
    assert sorted(kept_ring(page)[:3]) == sorted(FIELD[:3])


def test_a_corner_every_ten_metres_by_itself(walker: Watched) -> None:
    page = walker.open("tag=en")
    x, y = FIELD[0]
    go(walker, [x, y])
    does(page, "walk")
    does(page, "walk_auto")
    said(page, "Corners: 1")
    for metres, corners, accuracy in ((6, 1, 5), (12, 2, 6), (40, 2, 40), (26, 3, 7), (40, 4, 8)):
        go(walker, [x, y + metres / 111_000], accuracy)
        said(page, f"good to {accuracy} m. Corners: {corners}")
    steps = page.evaluate("JSON.parse(Object.values(localStorage)[0]).ring")
    assert all(b[1] - a[1] >= 10 / 111_320 for a, b in pairwise(steps))


def test_who_gives_no_position_is_told_how_to_go_on(window: Watched) -> None:
    page = window.open("tag=en")
    does(page, "walk")
    said(page, "draw the boundary on the map")
    page.screenshot(path=PICTURES / f"map-denied-{window.name}.png", full_page=True)


def test_five_thousand_others_are_drawn(window: Watched) -> None:
    began = time.monotonic()
    page = window.open("tag=en&textarea=no&read_only=yes&others=/others.geojson")
    page.wait_for_selector(f".map[data-drawn='{MANY}']")
    print(f"\n{MANY} boundaries on a {window.name}: {time.monotonic() - began:.2f} s")  # noqa: T201  # to be read with -s
    assert page.locator(".map-legend li").count() == len(STATUSES)
    page.wait_for_timeout(300)
    page.screenshot(path=PICTURES / f"map-many-{window.name}.png", full_page=True)
    assert page.locator(".map-bar").count() == 0


def green_pixels(page: Page) -> int:
    """How much of the map is the green of a code in force."""
    picture = Image.open(io.BytesIO(page.locator(".map-ground").screenshot())).convert("RGB")
    return sum(
        count
        for count, (red, green, blue) in picture.getcolors(1 << 24)
        if red < 60 and 80 < green < 130 and blue < 90
    )


def test_a_field_too_small_to_be_seen_from_afar_is_a_dot(window: Watched) -> None:
    page = window.open("textarea=no&read_only=yes&others=/others.geojson?to=1")
    page.wait_for_selector(".map[data-drawn='1']")
    assert green_pixels(page) > 200  # near: its outline
    for _ in range(9):
        page.click(".map .leaflet-control-zoom-out")
        page.wait_for_timeout(350)
    assert 50 < green_pixels(page) < 200
    tap(page, (0.5, 0.5))
    assert page.inner_text(".map-told b") == "Thửa 0"


def test_names_of_others_are_never_markup(window: Watched) -> None:
    page = window.open(f"textarea=no&read_only=yes&others=/others.geojson?from={MANY - 1}")
    page.wait_for_selector(".map[data-drawn='1']")
    tap(page, (0.5, 0.5))
    assert page.inner_text(".map-told b") == "<img src=x onerror=alert(1)>"
    assert page.locator(".map-told img").count() == 0
    assert page.get_attribute(".map-told a", "href") == f"/areas/{MANY - 1}"
    assert round(page.locator(".leaflet-popup-close-button").bounding_box()["width"]) >= 44


def test_a_boundary_among_its_neighbours(window: Watched) -> None:
    x, y = 104.25 + 0.0008, 22.5 + 0.0001
    ring = [[x, y], [x + 0.0011, y + 0.0001], [x + 0.0012, y + 0.0012], [x, y + 0.001]]
    page = window.open(f"tag=en&typed={polygon(ring)}&others=/others.geojson?to=600")
    page.wait_for_selector(".map[data-drawn='600']")
    page.wait_for_timeout(300)
    page.screenshot(path=PICTURES / f"map-neighbours-{window.name}.png", full_page=True)
    assert page.locator(".map-corner").count() == 4


def test_tiles_lie_over_the_schematic_where_an_address_is_given(window: Watched) -> None:
    page = window.open("tiles=/tiles/{z}/{x}/{y}.svg")
    page.wait_for_selector(".leaflet-tile-pane .leaflet-tile-loaded")
    assert page.locator(".leaflet-communes-pane canvas").count() == 1


def test_a_page_that_only_shows_takes_the_boundary_from_its_attribute(window: Watched) -> None:
    page = window.open(f"textarea=no&read_only=yes&polygon={polygon(FIELD)}")
    assert measured(page) == pytest.approx(true_area([*FIELD, FIELD[0]]), rel=0.005)
    assert page.locator(".map-corner").count() == 0
    page.screenshot(path=PICTURES / f"map-shown-{window.name}.png", full_page=True)


def test_the_watch_sees_what_the_policy_forbids(browser: Browser, site: str) -> None:
    watched = Watched(browser.new_context(), site)
    page = watched.open()
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("fetch('http://127.0.0.2:9/elsewhere').catch(() => {})")
    page.wait_for_timeout(200)
    assert [one for one in watched.wrong if "style" in one]
    assert [one for one in watched.wrong if "elsewhere" in one]


def test_without_javascript_only_the_text_is_there(browser: Browser, site: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/map")
    assert page.locator("#polygon").is_visible()
    assert not page.locator(".map").is_visible()
    assert not page.locator(".map-area").is_visible()


def test_the_map_breaks_no_rule_of_accessibility(browser: Browser, site: str) -> None:
    page = browser.new_context(viewport=SIZES["phone"], bypass_csp=True).new_page()
    page.goto(f"{site}/map?typed={polygon(FIELD)}&others=/others.geojson?to=30")
    page.wait_for_selector(".map[data-drawn='30']")
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found] == []
