"""Breaks: a database older than what was published is noticed, and said in every checkpoint after it.

A restored backup may lack entries that were published already. Going on as if nothing had been would
show two histories under one signature; so the log says what was published, how much of it still
stands, and goes on under another origin.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import Conflict
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.transparency import BreakCause, LogBreak, LogCheckpoint
from app.transparency.checkpoints import Break, encoded
from app.transparency.faults import Fault, LogAtFault
from app.transparency.notes import BadNote, Verifier, public_bytes, read_note, verified_by
from app.transparency.outside import Published, all_published, newest_published
from app.transparency.queries import breaks_of, newest_checkpoint, verifiers
from app.transparency.sequencing import lock_log
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree, log_size


def settle_with_published(session: Session, log: TheLog, *, now: datetime) -> LogBreak | None:
    """Compare the database with the newest checkpoint that went out; the break it made necessary.

    A checkpoint that the database does not know and whose entries it has is taken up. Raises
    LogAtFault when the file is of another log.
    """
    lock_log(session)
    newest = newest_published(log.published)
    if newest is None or _is_known(session, newest):
        return None
    _require_own(session, log, newest)
    if _fits(session, newest):
        _take_up(session, newest, now)
        return None
    return _broken(session, log, newest, BreakCause.RESTORED, reason="", by=Actor.system(), now=now)


def declare_break(
    session: Session, log: TheLog, *, reason: str, by: Actor, now: datetime
) -> LogBreak:
    """Go on where the stored tree no longer gives what was published. Raises Conflict where it does."""
    lock_log(session)
    last = newest_checkpoint(session)
    tree = StoredTree(session)
    whole = last is None or (last.size <= log_size(session) and tree.root(last.size) == last.root)
    if last is None or whole:
        raise Conflict(
            say("The log goes on from what was published: there is no break to declare.")
        )
    published = Published.read(last.note)
    return _broken(session, log, published, BreakCause.DECLARED, reason=reason, by=by, now=now)


def _is_known(session: Session, published: Published) -> bool:
    """Whether the database has this checkpoint, or has declared that it does not go on from it."""
    checkpoint = published.checkpoint
    kept = select(col(LogCheckpoint.id)).where(
        col(LogCheckpoint.origin) == checkpoint.origin,
        col(LogCheckpoint.size) == checkpoint.size,
        col(LogCheckpoint.root) == checkpoint.root,
    )
    declared = (
        (one.size, one.root) == (checkpoint.size, checkpoint.root) for one in breaks_of(session)
    )
    return session.execute(kept).first() is not None or any(declared)


def _require_own(session: Session, log: TheLog, published: Published) -> None:
    origin = published.checkpoint.origin
    ours = {one.key for one in verifiers(session)}
    ours |= {public_bytes(key) for key in log.keys.signing_keys()}
    try:
        signed = verified_by(published.note, [Verifier(origin, key) for key in sorted(ours)])
    except BadNote:
        signed = []
    if not signed or not log.is_own(origin):
        raise LogAtFault(Fault.FOREIGN_CHECKPOINTS)


def _fits(session: Session, published: Published) -> bool:
    checkpoint = published.checkpoint
    return (
        len(checkpoint.breaks) == len(breaks_of(session))
        and checkpoint.size <= log_size(session)
        and StoredTree(session).root(checkpoint.size) == checkpoint.root
    )


def _take_up(session: Session, published: Published, now: datetime) -> None:
    # Written outside, and the process died before the database had it.
    checkpoint = published.checkpoint
    session.add(
        LogCheckpoint(
            origin=checkpoint.origin,
            size=checkpoint.size,
            root=checkpoint.root,
            note=str(published.note),
            signed_at=now,
        )
    )
    session.flush()


def _broken(
    session: Session,
    log: TheLog,
    published: Published,
    cause: BreakCause,
    *,
    reason: str,
    by: Actor,
    now: datetime,
) -> LogBreak:
    known = {one.number for one in breaks_of(session)}
    history = all_published(log.published)
    for former in published.checkpoint.breaks:  # declared in what was lost
        if former.number not in known:
            note = _note_of(history, former)
            _declare(session, former, BreakCause.RESTORED, note=note, reason="", by=by, now=now)
            known.add(former.number)
    checkpoint = published.checkpoint
    told = Break(
        number=max(known, default=0) + 1,
        size=checkpoint.size,
        root=checkpoint.root,
        kept=_kept(session, [published, *history], checkpoint.size),
    )
    return _declare(session, told, cause, note=str(published.note), reason=reason, by=by, now=now)


def _kept(session: Session, history: Sequence[Published], most: int) -> int:
    """The size of the largest checkpoint of old that the tree still begins with."""
    size, tree = log_size(session), StoredTree(session)
    sizes = sorted(((one.checkpoint.size, one.checkpoint.root) for one in history), reverse=True)
    fitting = (
        former for former, root in sizes if former <= min(size, most) and tree.root(former) == root
    )
    return next(fitting, 0)


def _note_of(history: Sequence[Published], lost: Break) -> str:
    same = (
        str(one.note)
        for one in history
        if (one.checkpoint.size, one.checkpoint.root) == (lost.size, lost.root)
    )
    return next(same, "")


def _declare(
    session: Session,
    told: Break,
    cause: BreakCause,
    *,
    note: str,
    reason: str,
    by: Actor,
    now: datetime,
) -> LogBreak:
    position = record(
        session,
        kind="ledger.break_declared",
        subject=f"break {told.number}",
        by=by,
        now=now,
        facts={
            "number": told.number,
            "cause": cause,
            "published_size": told.size,
            "published_root": encoded(told.root),
            "kept": told.kept,
            "reason": reason,
        },
    )
    declared = LogBreak(
        number=told.number,
        cause=cause,
        note=note,
        size=told.size,
        root=told.root,
        kept=told.kept,
        reason=reason,
        declared_at=now,
        ledger_position=position,
    )
    session.add(declared)
    session.flush()
    return declared


def signed_by_us(session: Session, note: str) -> bool:
    """Whether a kept note carries a right signature of one of the log's keys."""
    try:
        return bool(verified_by(read_note(note), verifiers(session)))
    except BadNote:
        return False
