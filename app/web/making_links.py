"""Makes the links of a GS1 identifier: found and put together once, then kept for every scan."""

import gzip
import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Engine

from app.db import open_read_session
from app.kit.clock import day_of, start_of
from app.kit.gs1_links import DigitalLink
from app.provenance.links import kept
from app.provenance.page_store import MadePage, PageKey, find_page, ledger_end
from app.provenance.resolving import resolve
from app.provenance.surrogate_keys import ranked
from app.web.kept_links import LINKS, NO_LANGUAGE
from app.web.making_pages import build_of

LONGEST_LIFE = timedelta(days=7)
GZIP_LEVEL = 6


def links_of(
    engine: Engine, link: DigitalLink, *, base_url: str, now: datetime
) -> tuple[MadePage, bool]:
    """The links of a canonical identifier, kept or made now; and whether they were made.

    Status 410 where the lot was withdrawn. Raises Unknown.
    """
    key, build = PageKey(LINKS, link.path().lstrip("/")), build_of(base_url)
    with open_read_session(engine) as session:
        found = find_page(session, key, NO_LANGUAGE, build=build, now=now)
        if found is not None:
            return found, False
        # Before anything else is read: what is recorded meanwhile makes them stale, never fresher.
        position = ledger_end(session)
        resolved = resolve(session, link, root=base_url, now=now)
    body = kept(resolved.levels)
    until = now + LONGEST_LIFE
    made = MadePage(
        kind=key.kind,
        code=key.code,
        language=NO_LANGUAGE,
        status=410 if resolved.gone else 200,
        build=build,
        position=position,
        fresh_from=start_of(day_of(now)),
        fresh_until=min(until, start_of(resolved.flip)) if resolved.flip else until,
        etag=hashlib.sha256(body).hexdigest()[:20],
        subjects=ranked(resolved.subjects),
        gzip=gzip.compress(body, GZIP_LEVEL, mtime=0),
        brotli=b"",
    )
    return made, True
