"""Checking evidence with nothing but the file, a key that one knows already, and arithmetic. Pure.

No database, no network and no trust in the server: this is what `nguongoc verify` does.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.kit.messages import Message, say
from app.ledger.leaf import leaf_hash, personal_hash
from app.transparency import bundles
from app.transparency.checkpoints import Break, Checkpoint
from app.transparency.entries import fact_commitment, shown_commitment
from app.transparency.merkle import is_consistent
from app.transparency.notes import COSIGNATURE_V1, ED25519, BadNote, Note, Verifier, read_note
from app.transparency.proof_text import Proof

# The consistency proof between two sizes of the log, from wherever it can be had.
Between = Callable[[int, int], Sequence[bytes]]


@dataclass(frozen=True)
class Entry:
    """One record of the evidence, and what is wrong with it (None: nothing)."""

    position: int
    kind: str
    at: str
    facts: Mapping[str, object]
    fault: Message | None


@dataclass(frozen=True)
class Report:
    """What the check found. `faults` concern the whole; each entry has its own."""

    subject: str
    checkpoint: Checkpoint | None
    cosigned_by: tuple[str, ...]
    entries: tuple[Entry, ...]
    faults: tuple[Message, ...]

    @property
    def first_bad(self) -> Entry | None:
        """The first record with a fault."""
        return next((entry for entry in self.entries if entry.fault), None)

    @property
    def whole(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.faults and self.first_bad is None

    @property
    def breaks(self) -> tuple[Break, ...]:
        """The breaks that the log has declared."""
        return self.checkpoint.breaks if self.checkpoint else ()


@dataclass(frozen=True)
class Trust:
    """What one knows already: the log's keys, its witnesses' keys, a checkpoint kept from earlier."""

    keys: tuple[Verifier, ...]
    witnesses: tuple[Verifier, ...] = ()
    checkpoint: Note | None = None
    between: Between | None = None


class Unverified(Exception):
    """The whole is at fault: `why`."""

    def __init__(self, why: Message) -> None:
        super().__init__(str(why))
        self.why = why


UNREADABLE = say("The file cannot be read: it is damaged, or no evidence.")
OTHER_BYTES = say("The file was changed: its bytes are not those that were written.")
NOT_SIGNED = say("The checkpoint is not signed by the key that you trust.")
NO_CHECKPOINT = say("There is no checkpoint in the file.")


def verify_bundle(content: bytes, trust: Trust) -> Report:
    """Check an evidence file."""
    try:
        files = bundles.unpacked(content)
    except BadNote:
        return Report("", None, (), (), (UNREADABLE,))
    faults = [] if _rewritten(files) == content else [OTHER_BYTES]
    subject, more = _manifest_faults(files, trust)
    checkpoint, note = None, None
    try:
        note = _note(files.get(bundles.CHECKPOINT))
        checkpoint = _trusted_checkpoint(note, trust)
        more += _against_kept(checkpoint, trust)
    except Unverified as refused:
        more.append(refused.why)
    except BadNote:
        more.append(UNREADABLE)
    entries = tuple(_chained(_entries(files, subject, note), subject))
    vouched = _cosigned(note, trust) if note else ()
    return Report(subject, checkpoint, vouched, entries, (*faults, *more))


def _rewritten(files: Mapping[str, bytes]) -> bytes:
    try:
        return bundles.packed(files)
    except (ValueError, OSError):
        return b""


def _manifest_faults(files: Mapping[str, bytes], trust: Trust) -> tuple[str, list[Message]]:
    try:
        note = _note(files.get(bundles.MANIFEST))
    except (Unverified, BadNote):
        return "", [UNREADABLE]
    subject = note.text.split("\n")[1]
    others = {name: content for name, content in files.items() if name != bundles.MANIFEST}
    faults = []
    if note.text != bundles.manifest_of(subject, others):
        faults.append(say("The list of files does not belong to the files."))
    names = {one.name for one in note.signatures}
    if not any(_signed(note, trust, name) for name in sorted(names)):
        faults.append(say("The list of files is not signed by the key that you trust."))
    return subject, faults


def _trusted_checkpoint(note: Note, trust: Trust) -> Checkpoint:
    checkpoint = Checkpoint.read(note.text)
    if not _signed(note, trust, checkpoint.origin):
        raise Unverified(NOT_SIGNED)
    return checkpoint


def _signed(note: Note, trust: Trust, origin: str) -> bool:
    """Whether a trusted key signed; after a declared break the log signs as `name/2`, `name/3` …"""
    keys = [
        replace(key, name=origin)
        for key in trust.keys
        if key.kind == ED25519 and _same_log(key.name, origin)
    ]
    return any(key.verifies(note.text, one) for key in keys for one in note.signatures)


def _same_log(pinned: str, origin: str) -> bool:
    return origin == pinned or (
        origin.startswith(f"{pinned}/") and origin.removeprefix(f"{pinned}/").isdigit()
    )


def _cosigned(note: Note, trust: Trust) -> tuple[str, ...]:
    known = [one for one in trust.witnesses if one.kind == COSIGNATURE_V1]
    return tuple(
        one.name
        for one in known
        if any(one.verifies(note.text, signature) for signature in note.signatures)
    )


def _against_kept(checkpoint: Checkpoint, trust: Trust) -> list[Message]:
    """Whether the log of the evidence goes on from, or leads to, the checkpoint that one has kept."""
    if trust.checkpoint is None:
        return []
    kept = _trusted_checkpoint(trust.checkpoint, trust)
    if kept.origin != checkpoint.origin:
        return [say("The log has declared a break since the checkpoint that you keep.")]
    former, later = sorted((kept, checkpoint), key=lambda one: one.size)
    if former.size == later.size:
        proof: Sequence[bytes] = ()
    elif trust.between is None:
        return [
            say(
                "The file cannot be compared with the checkpoint that you keep, which has {size} records: "
                "ask for the evidence of that checkpoint, or check over the network.",
                size=kept.size,
            )
        ]
    else:
        proof = trust.between(former.size, later.size)
    if is_consistent(former.size, later.size, proof, former.root, later.root):
        return []
    return [say("The log was rewritten: it contradicts the checkpoint that you keep.")]


def _entries(
    files: Mapping[str, bytes], subject: str, note: Note | None
) -> Iterator[tuple[Entry, Any]]:
    for name in sorted(files):
        position = bundles.position_of(name)
        if position is None:
            continue
        told: dict[str, Any] = {}
        fault = None
        try:
            told = json.loads(files[name])
            proof = Proof.read(files[bundles.proof_file(position)].decode())
            fault = _fault_of(told, position, proof, note, subject)
        except (ValueError, LookupError, TypeError, AttributeError, BadNote):
            fault = say("The record or its proof cannot be read.")
        yield _entry(told, position, fault), told


def _fault_of(
    told: dict[str, Any], position: int, proof: Proof, note: Note | None, subject: str
) -> Message | None:
    entry = json.loads(told["entry"])
    if note is None or str(proof.note) != str(note):
        return say("Its proof is of another checkpoint.")
    if told["position"] != position or proof.index != position:
        return say("It stands at another place than it says.")
    if not proof.holds(leaf_hash(told["entry"].encode())):
        return say("It is not in the log: the record or its proof was altered.")
    return _opening_fault(told, entry, subject)


def _opening_fault(told: dict[str, Any], entry: dict[str, Any], subject: str) -> Message | None:
    shown, whole, personal = told["shown"], told["whole"], told["personal"]
    if shown is not None and not _opens_shown(shown, entry):
        return say("What is shown of it is not what was recorded.")
    if whole is not None and not _opens_whole(whole, entry):
        return say("It is not what was recorded.")
    if personal is not None and not _opens_personal(personal, whole):
        return say("The personal part is not what was recorded.")
    if whole is None and (shown is None or json.loads(shown["text"])["subject"] != subject):
        return say("It is about something else.")
    return None


def _opens_shown(shown: dict[str, str], entry: dict[str, Any]) -> bool:
    if "open" in entry:
        return bool(json.loads(shown["text"]) == entry["open"])
    return bool(shown_commitment(bytes.fromhex(shown["salt"]), shown["text"]) == entry["shown"])


def _opens_whole(whole: dict[str, str], entry: dict[str, Any]) -> bool:
    body = json.loads(whole["text"])
    told = fact_commitment(bytes.fromhex(whole["salt"]), leaf_hash(whole["text"].encode()))
    same = (body["at"], body["kind"]) == (entry["at"], entry["kind"])
    return same and told == entry["fact"]


def _opens_personal(personal: dict[str, str], whole: dict[str, str] | None) -> bool:
    if whole is None:
        return False
    expected = json.loads(whole["text"])["personal_hash"]
    return bool(
        personal_hash(bytes.fromhex(personal["salt"]), personal["text"].encode()) == expected
    )


def _entry(told: dict[str, Any], position: int, fault: Message | None) -> Entry:
    try:
        entry = json.loads(told["entry"])
        opened = told["whole"] or told["shown"] or {"text": "{}"}
        facts = json.loads(opened["text"]).get("facts", {})
        return Entry(position, str(entry["kind"]), str(entry["at"]), dict(facts), fault)
    except (ValueError, LookupError, TypeError, AttributeError):
        return Entry(position, "", "", {}, fault)


def _chained(found: Iterator[tuple[Entry, Any]], subject: str) -> Iterator[Entry]:
    """Every shown part names the one before it: one that was left out is noticed by the next."""
    newest: int | None = None
    for entry, told in found:
        previous = _previous(told, subject)
        if previous is False:
            yield entry
            continue
        missing = entry.fault is None and previous != newest
        newest = entry.position
        yield (
            replace(entry, fault=say("A record before this one is missing.")) if missing else entry
        )


def _previous(told: Any, subject: str) -> int | bool | None:
    """The place of the lot's record before; False for what is no record of the lot itself."""
    try:
        part = json.loads(told["shown"]["text"])
        return part["previous"] if part["subject"] == subject else False
    except (ValueError, LookupError, TypeError):
        return False


def _note(content: bytes | None) -> Note:
    if content is None:
        raise Unverified(NO_CHECKPOINT)
    try:
        return read_note(content.decode())
    except UnicodeDecodeError as unreadable:
        raise BadNote("a note is UTF-8") from unreadable
