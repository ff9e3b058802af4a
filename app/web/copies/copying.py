"""One run over a copy: what changed is written anew, what is gone is taken away, and all of it is signed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from app.errors import Refused
from app.kit.clock import day_of
from app.kit.messages import say
from app.provenance.statement_keys import StatementKeys
from app.web.copies.lists import ListCopier
from app.web.copies.pages import PageCopier
from app.web.copies.proof import write_proof
from app.web.copies.state import NAME, CopyState
from app.web.copies.web_server import HTTP_FILE, SERVER_FILE, http_conf, server_conf
from app.web.copies.writing import CopyWriter, Fetch


@dataclass(frozen=True)
class Copied:
    """What a run did: pages looked at, files written and removed."""

    pages: int
    written: int
    removed: int


def copy_public(
    engine: Engine,
    folder: Path,
    *,
    fetch: Fetch,
    keys: StatementKeys,
    base_url: str,
    now: datetime,
    progress: Callable[[int], None] = lambda _seen: None,
) -> Copied:
    """Bring the copy in a folder up to date. Raises Refused for a folder that holds something else.

    The same facts on the same day give the same bytes, whether the copy is new or was there before.
    """
    _require_ours(folder)
    folder.mkdir(parents=True, exist_ok=True)
    state = CopyState(folder)
    try:
        writer = CopyWriter(folder, state, fetch)
        pages = PageCopier(engine, writer, base_url, now)
        pages.copy_all(progress)
        day, key = day_of(now), keys.signing()
        with state.part():
            ListCopier(writer, base_url).copy_all(day=day, key=key.name)
            writer.write(HTTP_FILE, http_conf().encode())
            writer.write(SERVER_FILE, server_conf().encode())
        gone = state.forget_unmet()
        for path in gone:
            writer.remove(path)
        write_proof(folder, state, key, keys.public(), issuer=base_url, day=day)
        return Copied(pages.seen, writer.written, len(gone))
    finally:
        state.close()


def _require_ours(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / NAME).exists():
        raise Refused(say("The folder {name} holds something else.", name=str(folder)))
