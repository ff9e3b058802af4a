"""Writing what was kept long enough to signed archives. Nothing is taken away from the live records."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from app.kit.clock import day_of
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.lots.archive_queries import (
    KINDS,
    archived_until,
    months_kept,
    oldest_day,
    records_of,
)
from app.lots.archive_signing import packed, sha256_of, signed
from app.lots.retention import Month, months_due
from app.models.lots import Archive


def write_archives(session: Session, *, key: Ed25519PrivateKey, now: datetime) -> list[Archive]:
    """Write every month that is due to a file of its own, months without records left out."""
    return [
        written
        for kind in KINDS
        for month in _due(session, kind, now)
        if (written := _write(session, kind, month, key=key, now=now)) is not None
    ]


def _due(session: Session, kind: str, now: datetime) -> list[Month]:
    months = months_kept(session, kind, day_of(now))
    if months is None:
        return []
    due = months_due(
        oldest_day(session, kind),
        archived_until=archived_until(session, kind),
        months=months,
        today=day_of(now),
    )
    return list(due)


def _write(
    session: Session, kind: str, month: Month, *, key: Ed25519PrivateKey, now: datetime
) -> Archive | None:
    records = records_of(session, kind, month)
    if not records:
        return None
    head: dict[str, object] = {
        "kind": kind,
        "from": month.first,
        "until": month.last,
        "rows": len(records),
        "made_at": now,
    }
    content = packed(head, records)
    archive = Archive(
        name=f"{kind}-{month.name}",
        kind=kind,
        until=month.last,
        rows=len(records),
        sha256=sha256_of(content),
        signature=signed(key, content),
        content=content,
        made_at=now,
    )
    session.add(archive)
    session.flush()  # a name that another process wrote already fails here
    facts: dict[str, object] = {"rows": archive.rows, "sha256": archive.sha256, "until": month.last}
    record(
        session,
        kind="archive.written",
        subject=archive.name,
        by=Actor.system(),
        now=now,
        facts=facts,
    )
    return archive
