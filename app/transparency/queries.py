"""Reading what is known of the log: checkpoints with their cosignatures, keys, witnesses, breaks, checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from app.errors import NotFound
from app.kit.cursor import Page, decode, page_of
from app.kit.messages import say
from app.models.ledger import LedgerEntry
from app.models.transparency import (
    LogBreak,
    LogCheck,
    LogCheckpoint,
    LogCosignature,
    LogKey,
    LogWitness,
)
from app.transparency.notes import COSIGNATURE_V1, Verifier
from app.transparency.tiles import log_size


def newest_checkpoint(session: Session) -> LogCheckpoint | None:
    """The last checkpoint that was signed."""
    wanted = select(LogCheckpoint).order_by(col(LogCheckpoint.id).desc()).limit(1)
    found: LogCheckpoint | None = session.execute(wanted).scalar_one_or_none()
    return found


def checkpoint_of_size(session: Session, size: int) -> LogCheckpoint:
    """The newest checkpoint of a size. Raises NotFound."""
    wanted = (
        select(LogCheckpoint)
        .where(col(LogCheckpoint.size) == size)
        .order_by(col(LogCheckpoint.id).desc())
        .limit(1)
    )
    found: LogCheckpoint | None = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(say("No checkpoint of this size was published."))
    return found


def checkpoints(
    session: Session, *, after: str | None = None, limit: int = 50
) -> Page[LogCheckpoint]:
    """Every checkpoint, the newest first."""
    wanted = select(LogCheckpoint).order_by(col(LogCheckpoint.id).desc()).limit(limit + 1)
    if after is not None:
        wanted = wanted.where(col(LogCheckpoint.id) < decode(after, int)[0])
    found = list(session.execute(wanted).scalars())
    return page_of(found, limit=limit, key=lambda one: (one.pk,))


def cosignatures_of(
    session: Session, checkpoint: LogCheckpoint
) -> Sequence[tuple[LogCosignature, LogWitness]]:
    """Who vouched for a checkpoint, in the order in which it came."""
    wanted = (
        select(LogCosignature, LogWitness)
        .join(LogWitness, col(LogWitness.id) == col(LogCosignature.witness_id))
        .where(col(LogCosignature.checkpoint_id) == checkpoint.pk)
        .order_by(col(LogCosignature.id))
    )
    return [(line, witness) for line, witness in session.execute(wanted)]


def served_note(session: Session, checkpoint: LogCheckpoint) -> str:
    """A checkpoint as it is served: with every cosignature that came since."""
    lines = (one.line for one, _ in cosignatures_of(session, checkpoint))
    return checkpoint.note + "".join(lines)


def keys_of(session: Session) -> Sequence[LogKey]:
    """Every key that ever signed, the newest first."""
    return list(session.execute(select(LogKey).order_by(col(LogKey.id).desc())).scalars())


def verifiers(session: Session) -> list[Verifier]:
    """Every key that ever signed, as people pin it, the newest first."""
    return [Verifier(key.name, key.public_key) for key in keys_of(session)]


def witnesses(session: Session) -> Sequence[LogWitness]:
    """Every witness, also those who retired."""
    return list(session.execute(select(LogWitness).order_by(col(LogWitness.id))).scalars())


def witness_by_uid(session: Session, uid: UUID) -> LogWitness:
    """The witness with this public id. Raises NotFound."""
    found: LogWitness | None = session.execute(
        select(LogWitness).where(col(LogWitness.uid) == uid)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(say("There is no such witness."))
    return found


def verifier_of(witness: LogWitness) -> Verifier:
    """A witness's key as people pin it."""
    return Verifier(witness.name, witness.public_key, COSIGNATURE_V1)


def breaks_of(session: Session) -> Sequence[LogBreak]:
    """Every declared break, in order."""
    return list(session.execute(select(LogBreak).order_by(col(LogBreak.number))).scalars())


def newest_check(session: Session) -> LogCheck | None:
    """The last time entries were looked at anew, the first of them or only the newest."""
    return _newest(session)


def newest_full_check(session: Session) -> LogCheck | None:
    """The last time the whole tree was made anew."""
    return _newest(session, col(LogCheck.begin) == 0)


def standing_fault(session: Session) -> LogCheck | None:
    """The check that found something wrong, unless a whole check found nothing since."""
    faulty = _newest(session, col(LogCheck.fault) != "")
    if faulty is None:
        return None
    well = _newest(session, col(LogCheck.begin) == 0, col(LogCheck.fault) == "")
    return faulty if well is None or well.pk < faulty.pk else None


def _newest(session: Session, *where: ColumnElement[bool]) -> LogCheck | None:
    wanted = select(LogCheck).where(*where).order_by(col(LogCheck.id).desc()).limit(1)
    found: LogCheck | None = session.execute(wanted).scalar_one_or_none()
    return found


def ledger_size(session: Session) -> int:
    """How many facts there are, in the tree or not."""
    newest = session.execute(select(func.max(col(LedgerEntry.position)))).scalar_one()
    return 0 if newest is None else int(newest) + 1


@dataclass(frozen=True)
class LogState:
    """How the log is, in one look."""

    facts: int
    size: int
    checkpoint: LogCheckpoint | None
    cosigned: int
    full_check: LogCheck | None
    fault: LogCheck | None
    breaks: Sequence[LogBreak]

    def is_late(self, now: datetime, longest: float) -> bool:
        """Whether facts have waited for a checkpoint for more than so many seconds."""
        if self.checkpoint is None or self.checkpoint.size >= self.facts:
            return False
        return (now - self.checkpoint.signed_at).total_seconds() > longest


def state_of(session: Session) -> LogState:
    """How the log is now."""
    checkpoint = newest_checkpoint(session)
    return LogState(
        facts=ledger_size(session),
        size=log_size(session),
        checkpoint=checkpoint,
        cosigned=len(cosignatures_of(session, checkpoint)) if checkpoint else 0,
        full_check=newest_full_check(session),
        fault=standing_fault(session),
        breaks=breaks_of(session),
    )
