"""Makes the public page of a lot: told, rendered and compressed once, then kept for every scan."""

import gzip
import hashlib
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import brotli
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from app.accounts.reach import Reach
from app.db import open_read_session, transaction
from app.kit.clock import start_of
from app.lots.queries import lot_line
from app.models.lots import LotState
from app.provenance.page_store import MadePage, find_page, keep_page, ledger_end
from app.provenance.queries import story_of
from app.provenance.story import Story
from app.provenance.subjects import next_flip, next_step, subjects_of
from app.web.rendering import TEMPLATES, render

log = structlog.get_logger()

LONGEST_LIFE = timedelta(days=7)
BROTLI_QUALITY = 5
GZIP_LEVEL = 6
_MADE_OF = ("base.html", "_macros.html", "public")
_CODE = Path(__file__).parents[1]
_WORDS = _CODE / "locale"


@cache
def build_of(base_url: str) -> str:
    """A name for all a page is made of besides the facts: templates, words, rules, the address."""
    folders = [TEMPLATES / name for name in _MADE_OF] + [
        _WORDS,
        TEMPLATES.parent / "static/app.css",
    ]
    files = [file for at in folders for file in ([at] if at.is_file() else sorted(at.rglob("*.*")))]
    # A new release may judge the same facts otherwise, or have a page depend on more of them.
    files += sorted(_CODE.rglob("*.py"))
    digest = hashlib.sha256(base_url.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def page_of(
    engine: Engine, code: str, language: str, *, base_url: str, now: datetime
) -> tuple[MadePage, bool]:
    """The page of a lot, kept or made now; and whether it was made. Raises NotFound."""
    build = build_of(base_url)
    with open_read_session(engine) as session:
        found = find_page(session, code, language, build=build, now=now)
        if found is not None:
            return found, False
        # Before the story is read: what is recorded meanwhile makes the page stale, never fresher.
        position = ledger_end(session)
        line = lot_line(session, code, within=Reach.all())
        story = story_of(session, code, address=f"{base_url}/t/{code}", now=now)
        subjects = subjects_of(session, line)
        flip = next_flip(story, next_step(session, line, story.told_on))
    status, html = _rendered(story, language)
    made = MadePage(
        code=code,
        language=language,
        status=status,
        build=build,
        position=position,
        fresh_from=start_of(story.told_on),
        fresh_until=_fresh_until(flip, now),
        etag=hashlib.sha256(html).hexdigest()[:20],
        gzip=gzip.compress(html, GZIP_LEVEL, mtime=0),
        brotli=brotli.compress(html, quality=BROTLI_QUALITY),
        subjects=subjects,
    )
    return made, True


def keep(engine: Engine, page: MadePage) -> None:
    """Keep a page for all processes; done after the answer has left, so a failure costs nobody."""
    try:
        with transaction(engine) as session:
            keep_page(session, page)
    except DBAPIError as error:
        log.warning("page_not_kept", code=page.code, error=type(error).__name__)


def _rendered(story: Story, language: str) -> tuple[int, bytes]:
    withdrawn = story.state is LotState.WITHDRAWN
    template = "public/withdrawn.html" if withdrawn else "public/lot.html"
    html = render(language, template, story=story, path=f"/t/{story.code}", caller=None)
    return (410 if withdrawn else 200), html.encode()


def _fresh_until(flip: date | None, now: datetime) -> datetime:
    latest = now + LONGEST_LIFE
    return min(latest, start_of(flip)) if flip else latest
