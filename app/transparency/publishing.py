"""Publishing: a signed checkpoint of what is committed, kept outside the database before it goes out."""

from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlmodel import Session, col

from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.transparency import LogBreak, LogCheckpoint, LogGrowth, LogKey
from app.transparency.breaks import settle_with_published
from app.transparency.checkpoints import Break, Checkpoint
from app.transparency.faults import Fault, LogAtFault
from app.transparency.notes import Note, Verifier, public_bytes, signed
from app.transparency.outside import keep_published
from app.transparency.queries import breaks_of, newest_checkpoint, verifiers
from app.transparency.sequencing import lock_log
from app.transparency.the_log import TheLog
from app.transparency.tiles import StoredTree


def publish_checkpoint(session: Session, log: TheLog, *, now: datetime) -> LogCheckpoint | None:
    """Sign a checkpoint of all that has been in the tree for the delay; None when there is nothing new.

    Raises LogAtFault rather than sign what contradicts an earlier checkpoint. Entries must have been
    committed before: call it in a transaction after theirs.
    """
    lock_log(session)
    settle_with_published(session, log, now=now)
    size = _publishable(session, log, now)
    origin, breaks = _origin(session, log)
    last = newest_checkpoint(session)
    if not size or (last is not None and last.origin == origin and last.size >= size):
        return None
    tree = StoredTree(session)
    if last is not None and last.origin == origin and tree.root(last.size) != last.root:
        raise LogAtFault(Fault.CHECKPOINT_DIFFERS)
    lines = tuple(str(_told(one)) for one in breaks)
    checkpoint = Checkpoint(origin, size, tree.root(size), lines)
    keys = log.keys.signing_keys()
    _introduce(session, origin, keys, now)
    note = Note(str(checkpoint), tuple(signed(str(checkpoint), origin, key) for key in keys))
    keep_published(log.published, note)
    return kept(session, note, checkpoint, now)


def kept(session: Session, note: Note, checkpoint: Checkpoint, now: datetime) -> LogCheckpoint:
    """A checkpoint among those that are served."""
    made = LogCheckpoint(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        note=str(note),
        signed_at=now,
    )
    session.add(made)
    session.flush()
    return made


def introduce_key(session: Session, log: TheLog, *, by: Actor, now: datetime) -> Verifier:
    """Make a further key that signs from now on; says what is to be made known."""
    lock_log(session)
    origin, _ = _origin(session, log)
    _introduce(session, origin, log.keys.signing_keys(), now)
    fresh = Verifier(origin, public_bytes(log.keys.add()))
    _register(session, fresh, by, now)
    return fresh


def is_due(session: Session, log: TheLog, *, now: datetime) -> bool:
    """Whether it is time for another checkpoint; a clock that was ahead does not hold it up."""
    last = newest_checkpoint(session)
    return last is None or abs(now - last.signed_at) >= log.every


def _publishable(session: Session, log: TheLog, now: datetime) -> int:
    wanted = (
        select(col(LogGrowth.size))
        .where(col(LogGrowth.at) <= now - log.merge_delay)
        .order_by(col(LogGrowth.size).desc())
        .limit(1)
    )
    return session.execute(wanted).scalar_one_or_none() or 0


def _origin(session: Session, log: TheLog) -> tuple[str, Sequence[LogBreak]]:
    breaks = breaks_of(session)
    return log.origin(breaks[-1].number if breaks else 0), breaks


def _told(one: LogBreak) -> Break:
    return Break(one.number, one.size, one.root, one.kept)


def _introduce(
    session: Session, origin: str, keys: Sequence[Ed25519PrivateKey], now: datetime
) -> None:
    """Register the keys under a name they were not used under yet. A folder of strange keys is refused."""
    known = verifiers(session)
    ours = [Verifier(origin, public_bytes(key)) for key in keys]
    if known and not {one.key for one in known} & {one.key for one in ours}:
        raise LogAtFault(Fault.UNKNOWN_KEY)
    for one in ours:
        if one not in known:
            _register(session, one, Actor.system(), now)


def _register(session: Session, verifier: Verifier, by: Actor, now: datetime) -> None:
    session.add(LogKey(name=verifier.name, public_key=verifier.key, introduced_at=now))
    session.flush()
    record(
        session,
        kind="ledger.key_introduced",
        subject=verifier.name[:80],
        by=by,
        now=now,
        facts={"key": str(verifier)},
    )
