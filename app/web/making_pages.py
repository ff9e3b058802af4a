"""Makes public pages: told, rendered and compressed once, then kept for everybody who asks."""

import gzip
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import brotli
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.db import open_read_session, transaction
from app.kit.clock import start_of
from app.provenance.page_store import MadePage, PageKey, find_page, keep_pages, ledger_end
from app.provenance.surrogate_keys import ranked
from app.web.rendering import TEMPLATES, render

log = structlog.get_logger()

LONGEST_LIFE = timedelta(days=7)
# A page is made once and sent to everybody: this takes 2 ms and saves a tenth. The reader who
# comes first does not wait for it.
BROTLI_QUALITY = 10
GZIP_LEVEL = 6
_MADE_OF = ("base.html", "_macros.html", "public")
_CODE = Path(__file__).parents[1]
_WORDS = _CODE / "locale"


@dataclass(frozen=True)
class Draft:
    """What a page says, in whichever language: a template of `public/` and its context.

    `subjects`: what the page depends on; `flip`: the next day on which it says something else
    though nothing is recorded.
    """

    template: str
    path: str
    told_on: date
    subjects: frozenset[str]
    flip: date | None = None
    status: int = 200
    context: dict[str, Any] = field(default_factory=dict)


# What draws up the page of one kind: from its code, the product's own address and the time.
Drafter = Callable[[Session, str, str, datetime], Draft]


@cache
def build_of(base_url: str) -> str:
    """A name for all a page is made of besides the facts: templates, words, rules, the address."""
    folders = [TEMPLATES / name for name in _MADE_OF] + [
        _WORDS,
        TEMPLATES.parent / "static",
    ]
    files = [file for at in folders for file in ([at] if at.is_file() else sorted(at.rglob("*.*")))]
    # A new release may judge the same facts otherwise, or have a page depend on more of them.
    files += sorted(_CODE.rglob("*.py"))
    digest = hashlib.sha256(base_url.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class DrawnUp:
    """A page as it would be said in any language, and where the ledger ended before it was read."""

    key: PageKey
    build: str
    position: int
    draft: Draft
    now: datetime

    def made(self, language: str) -> MadePage:
        """The page in one language, without brotli."""
        html = rendered(self.draft, language)
        return MadePage(
            kind=self.key.kind,
            code=self.key.code,
            language=language,
            status=self.draft.status,
            build=self.build,
            position=self.position,
            fresh_from=start_of(self.draft.told_on),
            fresh_until=_fresh_until(self.draft.flip, self.now),
            etag=hashlib.sha256(html).hexdigest()[:20],
            subjects=ranked(self.draft.subjects),
            gzip=gzip.compress(html, GZIP_LEVEL, mtime=0),
            brotli=b"",
        )


def drawn_up(
    session: Session,
    key: PageKey,
    *,
    position: int,
    draft: Drafter,
    base_url: str,
    now: datetime,
) -> DrawnUp:
    """Read what a page says. Raises NotFound where `draft` does.

    `position`: where the ledger ended before the session read any facts. What is recorded meanwhile
    makes the page stale, never fresher.
    """
    told = draft(session, key.code, base_url, now)
    return DrawnUp(key, build_of(base_url), position, told, now)


def page_of(
    engine: Engine, key: PageKey, language: str, *, draft: Drafter, base_url: str, now: datetime
) -> tuple[MadePage, bool]:
    """A page, kept or made now; and whether it was made. Raises NotFound where `draft` does."""
    with open_read_session(engine) as session:
        found = find_page(session, key, language, build=build_of(base_url), now=now)
        if found is not None:
            return found, False
        drawn = drawn_up(
            session,
            key,
            position=ledger_end(session),
            draft=draft,
            base_url=base_url,
            now=now,
        )
    return drawn.made(language), True


def pressed(page: MadePage) -> MadePage:
    """The same page with brotli as well."""
    return page._replace(brotli=brotli.compress(gzip.decompress(page.gzip), quality=BROTLI_QUALITY))


def keep(engine: Engine, pages: Sequence[MadePage]) -> None:
    """Keep pages for all processes; done after the answer has left, so a failure costs nobody."""
    try:
        with transaction(engine) as session:
            keep_pages(session, pages)
    except DBAPIError as error:
        log.warning("pages_not_kept", pages=len(pages), error=type(error).__name__)


def rendered(drafted: Draft, language: str, *, copied: bool = False) -> bytes:
    """The page in a language, as it is before it is compressed; `copied`: for a copy without a server."""
    return render(
        language,
        drafted.template,
        path=drafted.path,
        caller=None,
        copied=copied,
        **drafted.context,
    ).encode()


def _fresh_until(flip: date | None, now: datetime) -> datetime:
    latest = now + LONGEST_LIFE
    return min(latest, start_of(flip)) if flip else latest
