"""Wire shapes of the public log."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.api.shapes import In, Out
from app.models.transparency import LogBreak, LogCheck, LogCheckpoint, LogWitness
from app.transparency.checkpoints import encoded
from app.transparency.evidence import Evidence, FactProven, Opened
from app.transparency.queries import verifier_of

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
KEY = "truyxuat.vn/log+a19458e2+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
NOTE = f"truyxuat.vn/log\n20852163\n{ROOT}\n\n— truyxuat.vn/log Az3grlgtzPICa5OS8npVmf1Myq/5IZni…\n"


class CheckpointOut(Out):
    """A signed checkpoint (C2SP tlog-checkpoint) with the cosignatures that came."""

    origin: str = Field(examples=["truyxuat.vn/log"])
    size: int
    root: str = Field(examples=[ROOT])
    signed_at: datetime
    note: str = Field(examples=[NOTE])

    @classmethod
    def of(cls, checkpoint: LogCheckpoint, note: str) -> "CheckpointOut":
        return cls(
            origin=checkpoint.origin,
            size=checkpoint.size,
            root=encoded(checkpoint.root),
            signed_at=checkpoint.signed_at,
            note=note,
        )


class WitnessOut(Out):
    """Somebody else's key whose signatures under the checkpoints are accepted."""

    id: UUID
    name: str = Field(examples=["chungnhan.vn/nhan-chung"])
    who: str
    key: str = Field(examples=[KEY])
    registered_at: datetime
    retired_at: datetime | None
    version: int

    @classmethod
    def of(cls, witness: LogWitness) -> "WitnessOut":
        return cls(
            id=witness.uid,
            name=witness.name,
            who=witness.who,
            key=str(verifier_of(witness)),
            registered_at=witness.registered_at,
            retired_at=witness.retired_at,
            version=witness.version,
        )


class WitnessIn(In):
    """A witness's key, one line (vkey of kind cosignature/v1), and who that is."""

    key: str = Field(max_length=400, examples=[KEY])
    who: str = Field(max_length=200, examples=["Trung tâm Chứng nhận Tây Bắc"])


class BreakOut(Out):
    """A declared break: `kept` of the `size` published entries still stand."""

    number: int
    cause: str
    size: int
    root: str
    kept: int
    note: str
    declared_at: datetime

    @classmethod
    def of(cls, one: LogBreak) -> "BreakOut":
        return cls(
            number=one.number,
            cause=one.cause.value,
            size=one.size,
            root=encoded(one.root),
            kept=one.kept,
            note=one.note,
            declared_at=one.declared_at,
        )


class CheckOut(Out):
    """The tree made anew from the stored records. `bad`: the first entry at fault, where one can be named."""

    begin: int
    size: int
    root: str
    fault: str
    bad: int | None
    checked_at: datetime

    @classmethod
    def of(cls, check: LogCheck) -> "CheckOut":
        return cls(
            begin=check.begin,
            size=check.size,
            root=encoded(check.root),
            fault=check.fault,
            bad=check.bad,
            checked_at=check.checked_at,
        )


class LogOut(Out):
    """How the log is. Its files stand under `/log` (C2SP tlog-tiles)."""

    facts: int
    size: int
    checkpoint: CheckpointOut | None
    keys: list[str] = Field(examples=[[KEY]])
    witnesses: list[WitnessOut]
    breaks: list[BreakOut]
    full_check: CheckOut | None
    fault: CheckOut | None


class ProofOut(Out):
    """A Merkle proof (RFC 6962 §2.1), one hash in base64 a line of the path, from below."""

    first: int = Field(description="The entry, or the smaller size.")
    second: int = Field(description="The size of the tree.")
    proof: list[str] = Field(examples=[[ROOT]])
    root: str


class OpenedOut(Out):
    """A text an entry commits to: SHA-256(salt ‖ text) stands in the entry. `salt` is hex."""

    text: str
    salt: str


class FactProvenOut(Out):
    """A fact. `leaf` = SHA-256(0x00 ‖ entry); `proof` leads from it to the checkpoint's root."""

    position: int
    kind: str = Field(examples=["lot.recorded"])
    entry: str
    shown: OpenedOut | None
    whole: OpenedOut | None
    personal: OpenedOut | None
    proof: list[str] | None

    @classmethod
    def of(cls, fact: FactProven) -> "FactProvenOut":
        return cls(
            position=fact.position,
            kind=fact.kind,
            entry=fact.entry,
            shown=_opened(fact.shown),
            whole=_opened(fact.whole),
            personal=_opened(fact.personal),
            proof=[encoded(one) for one in fact.proof.path] if fact.proof else None,
        )


class EvidenceOut(Out):
    """The facts of a lot with their proofs; those without one wait for the next checkpoint."""

    code: str = Field(examples=["LC0123456789ABC"])
    checkpoint: CheckpointOut | None
    facts: list[FactProvenOut]

    @classmethod
    def of(cls, evidence: Evidence) -> "EvidenceOut":
        checkpoint = evidence.checkpoint
        return cls(
            code=evidence.subject,
            checkpoint=CheckpointOut.of(checkpoint, evidence.note) if checkpoint else None,
            facts=[FactProvenOut.of(fact) for fact in evidence.facts],
        )


class CosignedIn(In):
    """A checkpoint of this log with a witness's signature lines under it (C2SP cosignature/v1)."""

    note: str = Field(max_length=9_000, examples=[NOTE])


class CosignedOut(Out):
    """How many signatures were taken, and how many were there already."""

    size: int
    taken: int
    known: int


def _opened(part: Opened | None) -> OpenedOut | None:
    return OpenedOut(text=part.text, salt=part.salt) if part else None
