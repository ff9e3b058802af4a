"""Evidence as a file: put together, and its list of files signed."""

import json
from pathlib import Path

from app.errors import Conflict
from app.kit.messages import say
from app.transparency.bundles import (
    CHECKPOINT,
    KEYS,
    MANIFEST,
    fact_file,
    manifest_of,
    packed,
    proof_file,
)
from app.transparency.checkpoints import Checkpoint
from app.transparency.evidence import Evidence, FactProven, Opened
from app.transparency.notes import Note, Verifier, read_note, signed
from app.transparency.the_log import TheLog

_TEXTS = Path(__file__).with_name("texts")
LANGUAGES = ("vi", "en")


def file_name(evidence: Evidence) -> str:
    """What the file is called."""
    return f"{evidence.subject}.zip"


def evidence_file(
    evidence: Evidence,
    log: TheLog,
    *,
    keys: list[Verifier],
    witnesses: list[Verifier],
) -> bytes:
    """The zip of what is proven. Raises Conflict while nothing is published yet."""
    if evidence.checkpoint is None or not evidence.proven:
        raise Conflict(say("No checkpoint covers these records yet. Try again in a few minutes."))
    origin = Checkpoint.read(read_note(evidence.note).text).origin
    files = {CHECKPOINT: evidence.note.encode(), KEYS: _keys(keys, witnesses)}
    for tag in LANGUAGES:
        text = (_TEXTS / f"README.{tag}.txt").read_text()
        told = text.format(subject=evidence.subject, file=file_name(evidence), key=keys[0])
        files[f"README.{tag}.txt"] = told.encode()
    for fact in evidence.proven:
        files[fact_file(fact.position)] = _fact(fact)
        files[proof_file(fact.position)] = str(fact.proof).encode()
    manifest = manifest_of(evidence.subject, files)
    lines = tuple(signed(manifest, origin, key) for key in log.keys.signing_keys())
    return packed({**files, MANIFEST: str(Note(manifest, lines)).encode()})


def _keys(keys: list[Verifier], witnesses: list[Verifier]) -> bytes:
    return "".join(f"{one}\n" for one in (*keys, *witnesses)).encode()


def _fact(fact: FactProven) -> bytes:
    told = {
        "position": fact.position,
        "entry": fact.entry,
        "shown": _opened(fact.shown),
        "whole": _opened(fact.whole),
        "personal": _opened(fact.personal),
    }
    return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _opened(part: Opened | None) -> dict[str, str] | None:
    return {"text": part.text, "salt": part.salt} if part else None
