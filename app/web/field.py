"""The diary on a phone: a page that can be installed and works without a network, and its worker."""

import hashlib
import json
from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from app.deps import language_of
from app.diary.work_words import WORKS
from app.models.diary import Work
from app.web.rendering import STATIC, render, static

router = APIRouter(include_in_schema=False)

ICONS = {f"icon-{side}.png": f"{side}x{side}" for side in (192, 512)}
FILES = ("app.css", "icon.svg", *(f"field/{name}" for name in ("field.css", *ICONS)))
SCRIPTS = tuple(f"field/{name}.js" for name in ("store", "sync", "photo", "visits", "field"))
PICTURES = {work.value: f"field/works/{work.value}.svg" for work in Work}


@router.get("/field")
def field_page(request: Request) -> Response:
    """The same for everybody, so that a phone may keep it; what is a person's comes by the API."""
    reader = language_of(request)
    html = render(
        reader.tag,
        "field/index.html",
        path=request.url.path,
        caller=None,
        works=[work.value for work in WORKS],
        work_words={f"work_{work.value}": reader.say(words) for work, words in WORKS.items()},
        icons={work: static(name) for work, name in PICTURES.items()},
    )
    headers = {
        "Content-Language": reader.html_tag,
        "Vary": "Accept-Language, Cookie",
        "Cache-Control": "no-cache",
    }
    return HTMLResponse(html, headers=headers)


@router.get("/field/worker.js")
def field_worker() -> Response:
    """The service worker; it changes when anything it keeps does, and phones then renew themselves."""
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/field"}
    return Response(_worker(), media_type="text/javascript", headers=headers)


@router.get("/field/manifest.webmanifest")
def field_manifest(request: Request) -> Response:
    """What makes the page an application on the home screen."""
    reader = language_of(request)
    manifest = {
        "id": "/field",
        "name": "Nguồn Gốc",
        "short_name": "Nguồn Gốc",
        "lang": reader.html_tag,
        "start_url": "/field",
        "scope": "/field",
        "display": "standalone",
        "background_color": "#fbfcfa",
        "theme_color": "#0e4a29",
        "icons": [
            {"src": static(f"field/{name}"), "sizes": sizes, "type": "image/png"}
            for name, sizes in ICONS.items()
        ],
    }
    return JSONResponse(manifest, media_type="application/manifest+json")


@cache
def _worker() -> str:
    assets = [static(name) for name in (*FILES, *SCRIPTS, *PICTURES.values())]
    script = (STATIC / "field/worker.js").read_text()
    page = (STATIC.parent / "templates/field/index.html").read_bytes()
    digest = hashlib.sha256(page + script.encode() + "".join(assets).encode()).hexdigest()[:12]
    return script.replace("__VERSION__", f"field-{digest}").replace(
        "__ASSETS__", json.dumps(assets)
    )
