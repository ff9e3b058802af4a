"""Being a witness of a log: seeing that it only grew since one's last look, and saying so with a signature."""

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.errors import Refused
from app.kit.messages import say
from app.transparency.checkpoints import Checkpoint
from app.transparency.fetching import RemoteLog
from app.transparency.merkle import is_consistent
from app.transparency.notes import (
    BadNote,
    Note,
    Signature,
    Verifier,
    cosigned,
    read_note,
    verified_by,
)


def vouch(
    remote: RemoteLog,
    *,
    pinned: Verifier,
    name: str,
    key: Ed25519PrivateKey,
    seen: Path,
    now: datetime,
) -> tuple[Checkpoint, Signature]:
    """Check the newest checkpoint against the one seen last, remember it, and sign it.

    Raises Refused, and signs nothing, where the log does not go on from what was seen.
    """
    note, checkpoint = _read(remote.checkpoint(), pinned)
    if seen.exists():
        _, former = _read(seen.read_text(), pinned)
        _require_growth(remote, former, checkpoint)
    _remember(seen, note)
    return checkpoint, cosigned(note.text, name, key, int(now.timestamp()))


def _read(whole: str, pinned: Verifier) -> tuple[Note, Checkpoint]:
    try:
        note = read_note(whole)
        checkpoint = Checkpoint.read(note.text)
        signed = verified_by(note, [pinned])
    except BadNote:
        signed = []
    if not signed or checkpoint.origin != pinned.name:
        raise Refused(say("The checkpoint is not signed by the key that you trust."))
    return note, checkpoint


def _require_growth(remote: RemoteLog, former: Checkpoint, checkpoint: Checkpoint) -> None:
    if checkpoint.size < former.size:
        raise Refused(say("The log is shorter than when it was seen last. Nothing was signed."))
    grew = former.size < checkpoint.size
    proof = remote.consistency(former.size, checkpoint.size) if grew else ()
    if not is_consistent(former.size, checkpoint.size, proof, former.root, checkpoint.root):
        raise Refused(
            say(
                "The log does not go on from what was seen last. Keep both checkpoints! Nothing was signed."
            )
        )


def _remember(seen: Path, note: Note) -> None:
    # Whole or not at all: what was seen last is what the next look goes by.
    fresh = seen.with_name(f".{seen.name}.new")
    fresh.write_text(str(note))
    fresh.replace(seen)
