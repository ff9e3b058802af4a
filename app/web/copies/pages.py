"""Every public page into the copy: those that say something else than last time, in every language."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.db import open_read_session
from app.errors import NotFound
from app.kit.clock import start_of
from app.kit.i18n import LANGUAGES
from app.models.pages import PageKind, SubjectMark
from app.provenance.every_page import every_page
from app.provenance.page_store import PageKey, ledger_end
from app.provenance.surrogate_keys import surrogate_key
from app.web.copies.links import Place, copied
from app.web.copies.listing import listed_of
from app.web.copies.names import stem_of
from app.web.copies.state import CopiedPage
from app.web.copies.writing import CopyWriter
from app.web.making_pages import LONGEST_LIFE, Draft, build_of, rendered
from app.web.page_drafts import DRAFTERS
from app.web.rendering import render

# Says how far it is: pages looked at so far.
Progress = Callable[[int], None]


class PageCopier:
    """Copies pages of one database; `base_url` is the server's own address."""

    def __init__(self, engine: Engine, writer: CopyWriter, base_url: str, now: datetime) -> None:
        self.engine, self.writer, self.base_url, self.now = engine, writer, base_url, now
        self._build = build_of(base_url)
        with open_read_session(engine) as session:
            # What is recorded after this is found by the next run, not by this one.
            self.looked_at = ledger_end(session)
            self._touched = _touched_after(session, writer.state.lowest_position())
        self.seen = 0

    def copy_all(self, progress: Progress) -> None:
        """Every page of every kind, some hundreds in one transaction and one session."""
        for keys in every_page(self.engine):
            with open_read_session(self.engine) as session, self.writer.state.part():
                position = ledger_end(session)
                for key in keys:
                    self._copy(session, key, position)
            self.seen += len(keys)
            progress(self.seen)

    def _copy(self, session: Session, key: PageKey, position: int) -> None:
        stem = stem_of(key)
        known = self.writer.state.find(key)
        if known is not None and self._is_fresh(known) and self._is_whole(stem):
            self.writer.state.meet(known, stem, self.looked_at)
            return
        try:
            drafted = DRAFTERS[PageKind(key.kind)](session, key.code, self.base_url, self.now)
        except NotFound:  # taken out of the register meanwhile
            return
        assets = self._write(drafted, stem)
        latest = self.now + LONGEST_LIFE
        self.writer.state.keep(
            CopiedPage(
                key=key,
                build=self._build,
                position=position,
                fresh_until=min(latest, start_of(drafted.flip)) if drafted.flip else latest,
                keys=frozenset(map(surrogate_key, drafted.subjects)),
                assets=assets,
                listed=listed_of(key, drafted),
            )
        )

    def _write(self, drafted: Draft, stem: str) -> frozenset[str]:
        """The page in every language; which pictures and stylesheets it shows."""
        shown: set[str] = set()

        def asset(url: str) -> str | None:
            path = self.writer.asset(url)
            shown.update({path} if path else ())
            return path

        for tag in LANGUAGES:
            place = Place(stem, tag, self.base_url)
            html = rendered(drafted, tag, copied=True).decode()
            content = copied(html, place, banner(tag), asset)
            self.writer.write(place.file, content.encode(), stem)
        return frozenset(shown)

    def _is_fresh(self, page: CopiedPage) -> bool:
        if page.build != self._build or page.fresh_until <= self.now:
            return False
        return not any(self._touched.get(key, -1) > page.position for key in page.keys)

    def _is_whole(self, stem: str) -> bool:
        files = self.writer.state.files_of(stem)
        return len(files) == len(LANGUAGES) and all(
            self.writer.is_there(path, size) for path, size in files.items()
        )


@cache
def banner(tag: str) -> str:
    """What every page of a copy says first; `{start}` stands for the way to the start page."""
    return render(tag, "copies/_banner.html")


def _touched_after(session: Session, position: int) -> dict[str, int]:
    """The newest fact about everything that a fact after a position is about; nothing for a new copy."""
    if position < 0:
        return {}
    wanted = select(col(SubjectMark.subject), col(SubjectMark.position)).where(
        col(SubjectMark.position) > position
    )
    return {surrogate_key(subject): at for subject, at in session.execute(wanted)}
