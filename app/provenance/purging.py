"""Tells the cache in front what changed, once it is committed: an optional address, and no other.

What is to be told needs no list of its own: every fact leaves marks with its subjects in its own
transaction (`app/ledger/marks.py`), and `PurgeCursor` says up to which fact they were told.
So nothing is told that was rolled back, nothing is forgotten, and a cache that does not answer
makes nobody wait: it is asked again, and the pages it holds run out by themselves meanwhile.
"""

import json
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from itertools import groupby
from operator import itemgetter
from urllib.parse import urlsplit

import structlog
from sqlalchemy import ColumnElement, Engine, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.db import is_sqlite, open_read_session, transaction
from app.models.pages import PurgeCursor, SubjectMark
from app.provenance.page_store import ledger_end
from app.provenance.surrogate_keys import surrogate_key

log = structlog.get_logger()

THE_CURSOR = 1
A_POST = 100
MOST_AT_ONCE = 2_000
TIMEOUT_SECONDS = 5
# The wait after the first, second … failed try; the last for all that follow.
WAITS = (timedelta(seconds=10), timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=5))
OK = range(200, 300)


@dataclass(frozen=True)
class Cache:
    """The cache that is told: its address, and what it knows us by."""

    url: str
    token: str = ""


def purge_changed(engine: Engine, cache: Cache | None, now: datetime) -> int:
    """Tell the cache what changed since the last time; returns how many keys it took.

    Called outside every transaction, by every process: whoever comes first does it.
    """
    if cache is None or not _anything_due(engine, now):
        return 0
    claimed = _claim(engine, now)
    return 0 if claimed is None else _tell(engine, cache, claimed)


def _tell(engine: Engine, cache: Cache, after: int) -> int:
    told, batches = 0, _batches(engine, after)
    if not batches:  # the database was restored to an earlier day
        _note(engine, position=_end(engine))
    for keys, position in batches:
        if not _post(cache, keys):
            return told
        told += len(keys)
        _note(engine, position=position)
    _note(engine, tries=0)
    return told


def _end(engine: Engine) -> int:
    with open_read_session(engine) as session:
        return ledger_end(session)


def _anything_due(engine: Engine, now: datetime) -> bool:
    # Looking takes no lock; the first look notes where the ledger ends, and tells nothing.
    with open_read_session(engine) as session:
        cursor = session.get(PurgeCursor, THE_CURSOR)
        return cursor is None or (cursor.position != ledger_end(session) and _waited(cursor, now))


def _waited(cursor: PurgeCursor, now: datetime) -> bool:
    if cursor.tries == 0 or cursor.tried_at is None:
        return True
    return now >= cursor.tried_at + WAITS[min(cursor.tries, len(WAITS)) - 1]


def _claim(engine: Engine, now: datetime) -> int | None:
    """Count the try before it is made; from which fact on to tell, None when another was faster."""
    with transaction(engine) as session:
        if session.get(PurgeCursor, THE_CURSOR) is None:
            _begin(session)
            return None
        claimed = (
            update(PurgeCursor)
            .where(col(PurgeCursor.id) == THE_CURSOR, _due(now))
            .values(tries=PurgeCursor.tries + 1, tried_at=now)
            .returning(col(PurgeCursor.position))
        )
        options = {"synchronize_session": False}
        found = session.execute(claimed, execution_options=options).scalar_one_or_none()
        return None if found is None else int(found)


def _begin(session: Session) -> None:
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    row = {"id": THE_CURSOR, "position": ledger_end(session), "tries": 0}
    session.execute(insert(PurgeCursor).values(**row).on_conflict_do_nothing())


def _due(now: datetime) -> ColumnElement[bool]:
    tries, last = col(PurgeCursor.tries), col(PurgeCursor.tried_at)
    waited = [and_(tries == count, last <= now - wait) for count, wait in enumerate(WAITS, start=1)]
    return or_(tries == 0, *waited, and_(tries > len(WAITS), last <= now - WAITS[-1]))


def _batches(engine: Engine, position: int) -> list[tuple[list[str], int]]:
    """The keys touched after a fact, in the order of the facts; with the last fact of each batch."""
    with open_read_session(engine) as session:
        wanted = (
            select(col(SubjectMark.position), col(SubjectMark.subject))
            .where(col(SubjectMark.position) > position)
            .order_by(col(SubjectMark.position))
            .limit(MOST_AT_ONCE)
        )
        rows = [(int(at), str(subject)) for at, subject in session.execute(wanted)]
    if len(rows) == MOST_AT_ONCE:  # the last fact may have touched more than was read
        rows = [row for row in rows if row[0] < rows[-1][0]]
    batches: list[tuple[list[str], int]] = []
    batch: list[str] = []
    for told_to, touched in groupby(rows, key=itemgetter(0)):
        batch += [surrogate_key(subject) for _, subject in touched]
        if len(batch) >= A_POST or told_to == rows[-1][0]:
            batches.append((batch, told_to))
            batch = []
    return batches


def _post(cache: Cache, keys: list[str]) -> bool:
    """Whether the cache took the keys. No redirect is followed, no other address is ever asked."""
    address = urlsplit(cache.url)
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    headers = {"Content-Type": "application/json", "Surrogate-Key": " ".join(keys)}
    if cache.token:
        headers["Authorization"] = f"Bearer {cache.token}"
    connection = _connection(address.scheme, address.hostname or "", address.port)
    try:
        body = json.dumps({"surrogate_keys": keys}).encode()
        connection.request("POST", path, body=body, headers=headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        log.warning("purge_failed", error=type(error).__name__)
        return False
    finally:
        connection.close()
    if status not in OK:
        log.warning("purge_refused", status=status)
    return status in OK


def _connection(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "https":
        safe = ssl.create_default_context()
        return HTTPSConnection(host, port, timeout=TIMEOUT_SECONDS, context=safe)
    return HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)


def _note(engine: Engine, **values: object) -> None:
    with transaction(engine) as session:
        mine = col(PurgeCursor.id) == THE_CURSOR
        session.execute(update(PurgeCursor).where(mine).values(**values))
