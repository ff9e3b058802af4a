"""A page with the map and nothing else, behind the guard of the application, and a window that watches it."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from playwright.sync_api import BrowserContext, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from app.web.assets import static_files
from app.web.guard import Guard
from app.web.rendering import environment

SIZES = {"phone": {"width": 360, "height": 640}, "desk": {"width": 1280, "height": 800}}
FIELD = [[104.2901, 22.5301], [104.2916, 22.5299], [104.2919, 22.5311], [104.2903, 22.5313]]
STATUSES = ("active", "warned", "suspended", "revoked", "none", "overlap", "organic")
MANY = 5_000
PAGE = """<!doctype html><html lang="{{ html_tag }}"><head><meta charset="utf-8"><title>Bản đồ</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="{{ static("icon.svg") }}"><link rel="stylesheet" href="{{ static("app.css") }}"></head>
<body><main class="wrap"><h1>Đồi Sân Chùa</h1><form method="get" action="/kept" class="card">
{% from "_map.html" import boundary_map with context %}
{{ boundary_map("polygon", static("communes.geojson"), {}, **options) }}
{% if textarea %}<label for="polygon">Ranh giới</label><textarea id="polygon" name="polygon">{{ typed }}</textarea>
<button>Lưu</button>{% endif %}</form></main></body></html>"""


def polygon(ring: list[list[float]]) -> str:
    return json.dumps({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})


def square(nth: int) -> dict[str, object]:
    """One of many fields in rows, 40 m apart; the last is called by a name that tries to be HTML."""
    x, y = 104.25 + nth % 100 * 0.0004, 22.5 + nth // 100 * 0.0004
    ring = [[x, y], [x + 0.0003, y], [x + 0.0003, y + 0.0003], [x, y + 0.0003], [x, y]]
    name = "<img src=x onerror=alert(1)>" if nth == MANY - 1 else f"Thửa {nth}"
    told = {"name": name, "status": STATUSES[nth // 10 % 7], "href": f"/areas/{nth}"}
    return {
        "type": "Feature",
        "properties": told,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def shown(request: Request) -> HTMLResponse:
    asked = dict(request.query_params)
    tag = asked.pop("tag", "vi")
    textarea, typed = asked.pop("textarea", "yes") == "yes", asked.pop("typed", "")
    page = environment(tag).from_string(PAGE)
    return HTMLResponse(page.render(options=asked, textarea=textarea, typed=typed))


def others(request: Request) -> JSONResponse:
    first, last = (
        int(request.query_params.get("from", 0)),
        int(request.query_params.get("to", MANY)),
    )
    found = [square(nth) for nth in range(first, last)]
    return JSONResponse({"type": "FeatureCollection", "features": found})


@contextmanager
def served() -> Iterator[str]:
    """A page with the map and nothing else, behind the guard of the application."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    tile = Response('<svg xmlns="http://www.w3.org/2000/svg"/>', media_type="image/svg+xml")
    routes = [
        Route("/map", shown),
        Route("/others.geojson", others),
        Mount("/tiles", tile),
        Mount("/static", static_files()),
    ]
    guarded = Guard(
        Starlette(routes=routes), base_url=address, max_body_bytes=1_000, max_upload_bytes=1_000
    )
    server = uvicorn.Server(uvicorn.Config(guarded, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield address
    server.should_exit = True
    thread.join(timeout=20)


class Watched:
    """A browser window that keeps what went wrong in it and what it asked for."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context, self.site = context, site
        self.name = ""
        self.wrong: list[str] = []
        context.on("console", lambda said: said.type == "error" and self.wrong.append(said.text))
        context.on("request", self.asked)
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def asked(self, request) -> None:
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.wrong.append(request.url)

    def open(self, query: str = "") -> Page:
        self.page.goto(f"{self.site}/map?{query}")
        self.page.wait_for_selector(".map-live .leaflet-container")
        return self.page


def does(page: Page, name: str) -> None:
    page.click(f"button[data-does={name}]")


def kept_ring(page: Page) -> list[list[float]]:
    text = page.input_value("#polygon")
    return json.loads(text)["coordinates"][0] if text else []


def tap(page: Page, *places: tuple[float, float]) -> None:
    """Touch the map at fractions of its width and height: with a finger where there are fingers."""
    for across, down in places:
        box = page.locator(".map-ground").bounding_box()
        x, y = box["x"] + across * box["width"], box["y"] + down * box["height"]
        (page.touchscreen.tap if has_fingers(page) else page.mouse.click)(x, y)


def drag(page: Page, selector: str, by: tuple[int, int]) -> None:
    """Take the first of these by its middle, and let it go so many pixels further."""
    box = page.locator(selector).first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    way = [(x + by[0] * part / 6, y + by[1] * part / 6) for part in range(7)]
    (drag_with_finger if has_fingers(page) else drag_with_mouse)(page, way)


def has_fingers(page: Page) -> bool:
    return page.evaluate("navigator.maxTouchPoints") > 0


def drag_with_mouse(page: Page, way: list[tuple[float, float]]) -> None:
    page.mouse.move(*way[0])
    page.mouse.down()
    for place in way[1:]:
        page.mouse.move(*place)
    page.mouse.up()


def drag_with_finger(page: Page, way: list[tuple[float, float]]) -> None:
    fingers = page.context.new_cdp_session(page)
    for nth, (x, y) in enumerate(way):
        kind = "touchMove" if nth else "touchStart"
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
