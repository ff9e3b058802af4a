"""Witnesses: others who vouch, with keys of their own, that the log they saw only ever grew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import Conflict, NotFound, refuse
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.transparency import LogCheckpoint, LogCosignature, LogWitness
from app.transparency.checkpoints import Checkpoint
from app.transparency.notes import (
    COSIGNATURE_V1,
    BadNote,
    Note,
    Signature,
    Verifier,
    cosigned_at,
    read_note,
)
from app.transparency.queries import verifier_of, verifiers, witnesses
from app.transparency.sequencing import lock_log

LONGEST_WHO = 160
LONGEST_NAME = 80
# A witness's clock may be a little ahead of ours.
AHEAD_SECONDS = 300


@dataclass(frozen=True)
class Vouched:
    """What became of the signatures that came: how many were taken, and how many were there already."""

    checkpoint: LogCheckpoint
    taken: int
    known: int


def register_witness(
    session: Session, *, key: str, who: str, by: Actor, now: datetime
) -> LogWitness:
    """Accept a witness's signatures from now on. `key` is its verifier key (vkey, cosignature/v1).

    Raises Refused for what is no such key, Conflict for one that is registered.
    """
    verifier = _witness_key(key)
    name = clean(who, longest=LONGEST_WHO)
    if not name:
        raise refuse("who", say("Say who this witness is."))
    lock_log(session)
    if any(one.key == verifier.key for one in verifiers(session)):
        raise refuse("key", say("This is the log's own key: it cannot vouch for itself."))
    if any(one.public_key == verifier.key for one in witnesses(session)):
        raise Conflict(say("This witness is registered already."))
    witness = LogWitness(name=verifier.name, public_key=verifier.key, who=name, registered_at=now)
    session.add(witness)
    session.flush()
    _record(session, witness, "ledger.witness_registered", by, now)
    return witness


def retire_witness(
    session: Session, *, witness: LogWitness, by: Actor, now: datetime
) -> LogWitness:
    """Accept no more of a witness's signatures; those that came stay. Twice changes nothing."""
    if witness.retired_at is None:
        lock_log(session)
        witness.retired_at = now
        session.flush()
        _record(session, witness, "ledger.witness_retired", by, now)
    return witness


def accept_cosignatures(session: Session, *, whole: str, now: datetime) -> Vouched:
    """Take the witnesses' signatures under one of our checkpoints (C2SP tlog-cosignature).

    Signatures of keys that nobody registered are passed over. Raises Refused when none is a
    witness's or one is wrong, NotFound for a checkpoint that was never published.
    """
    note = _note(whole)
    checkpoint = _checkpoint(session, note)
    lock_log(session)
    active = [one for one in witnesses(session) if one.retired_at is None]
    vouching = _vouching(note, active, now)
    if not vouching:
        raise refuse("note", say("None of the signatures is of a registered witness."))
    known = _known(session, checkpoint)
    fresh = {witness.pk: (witness, line) for witness, line in vouching if witness.pk not in known}
    for witness, line in fresh.values():
        session.add(
            LogCosignature(
                checkpoint_id=checkpoint.pk,
                witness_id=witness.pk,
                line=line.line,
                vouched_at=cosigned_at(line),
                received_at=now,
            )
        )
    session.flush()
    return Vouched(checkpoint, len(fresh), len(vouching) - len(fresh))


def _witness_key(text: str) -> Verifier:
    try:
        verifier = Verifier.read(text)
    except BadNote:
        verifier = None
    if verifier is None or verifier.kind != COSIGNATURE_V1 or len(verifier.name) > LONGEST_NAME:
        raise refuse("key", say("This is no key of a witness: one line, name+id+base64."))
    return verifier


def _note(whole: str) -> Note:
    try:
        return read_note(whole)
    except BadNote:
        raise refuse("note", say("This is no signed checkpoint.")) from None


def _checkpoint(session: Session, note: Note) -> LogCheckpoint:
    try:
        told = Checkpoint.read(note.text)
    except BadNote:
        raise refuse("note", say("This is no signed checkpoint.")) from None
    found: LogCheckpoint | None = session.execute(
        select(LogCheckpoint).where(
            col(LogCheckpoint.origin) == told.origin, col(LogCheckpoint.size) == told.size
        )
    ).scalar_one_or_none()
    if found is None or read_note(found.note).text != note.text:
        raise NotFound(say("This checkpoint was not published here."))
    return found


def _vouching(
    note: Note, active: Sequence[LogWitness], now: datetime
) -> list[tuple[LogWitness, Signature]]:
    found = []
    for witness in active:
        verifier = verifier_of(witness)
        for line in note.signatures:
            if not verifier.made(line):
                continue
            if not verifier.verifies(note.text, line):
                why = say("The signature of {name} is wrong.", name=witness.name)
                raise refuse("note", why)
            if cosigned_at(line) > now.timestamp() + AHEAD_SECONDS:
                why = say("The signature of {name} is of a time to come.", name=witness.name)
                raise refuse("note", why)
            found.append((witness, line))
    return found


def _known(session: Session, checkpoint: LogCheckpoint) -> set[int]:
    wanted = select(col(LogCosignature.witness_id)).where(
        col(LogCosignature.checkpoint_id) == checkpoint.pk
    )
    return set(session.execute(wanted).scalars())


def _record(session: Session, witness: LogWitness, kind: str, by: Actor, now: datetime) -> None:
    record(
        session,
        kind=kind,
        subject=witness.name,
        by=by,
        now=now,
        facts={"key": str(verifier_of(witness))},
    )
