"""What search engines may show: products, organisations and the register; nothing behind the sign-in."""

from itertools import islice
from xml.sax.saxutils import escape

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

from app.deps import Config, Reading
from app.provenance.public_addresses import MOST, addresses

router = APIRouter(include_in_schema=False)

CACHE = "public, max-age=3600"
# Pages of lots are not listed here: they say themselves that they are not to be shown in searches,
# which nobody could read who may not fetch them.
CLOSED = (
    "/api/",
    "/work",
    "/desk",
    "/home",
    "/field",
    "/account",
    "/sign-in",
    "/welcome/",
    "/find",
)


@router.get("/robots.txt")
def robots_file(config: Config) -> Response:
    """Where search engines need not look (RFC 9309)."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    text = "\n".join([*lines, f"Sitemap: {config.base_url}/sitemap.xml", ""])
    return PlainTextResponse(text, headers={"Cache-Control": CACHE})


@router.get("/sitemap.xml")
def sitemap_file(call: Reading, config: Config) -> Response:
    """The public pages that are worth finding (sitemaps.org)."""
    paths = islice(addresses(call.session), MOST)
    listed = "".join(f"<url><loc>{escape(config.base_url + path)}</loc></url>\n" for path in paths)
    start = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    content = f"{start}{listed}</urlset>\n"
    return Response(content, media_type="application/xml", headers={"Cache-Control": CACHE})
