"""Evidence: the facts of a lot with what proves that they are in the log, unaltered.

For whoever has the lot's code, the shown part of each; for an inspector, each fact as a whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.models.ledger import LedgerEntry, LedgerPersonal
from app.models.transparency import LogCheckpoint, LogPart
from app.transparency.entries import Salts, entry_of
from app.transparency.notes import read_note
from app.transparency.proof_text import Proof
from app.transparency.queries import checkpoint_of_size, newest_checkpoint, served_note
from app.transparency.tiles import StoredTree, log_size, salts_of


@dataclass(frozen=True)
class Opened:
    """Something an entry commits to, with the salt (hex) that shows it."""

    text: str
    salt: str


@dataclass(frozen=True)
class FactProven:
    """A fact: the log's entry of it, what of it is shown, and the way to the checkpoint's root.

    `proof` is None while no checkpoint covers it. `whole` and `personal` are for officials.
    """

    position: int
    kind: str
    entry: str
    shown: Opened | None
    whole: Opened | None
    personal: Opened | None
    proof: Proof | None


@dataclass(frozen=True)
class Evidence:
    """All facts about something, oldest first, and the checkpoint they are proven by."""

    subject: str
    checkpoint: LogCheckpoint | None
    note: str
    facts: tuple[FactProven, ...]

    @property
    def proven(self) -> tuple[FactProven, ...]:
        """The facts that the checkpoint covers."""
        return tuple(fact for fact in self.facts if fact.proof is not None)

    @property
    def waiting(self) -> int:
        """How many facts no checkpoint covers yet."""
        return len(self.facts) - len(self.proven)


def public_evidence(session: Session, code: str, *, size: int | None = None) -> Evidence:
    """What whoever has a lot's code may know of its facts."""
    return _evidence(session, code, [code], size, whole=False)


def whole_evidence(
    session: Session, code: str, subjects: Sequence[str], *, size: int | None = None
) -> Evidence:
    """Every fact about a lot and about what it rests on, as a whole."""
    return _evidence(session, code, [code, *subjects], size, whole=True)


def _evidence(
    session: Session, code: str, subjects: Sequence[str], size: int | None, *, whole: bool
) -> Evidence:
    checkpoint = newest_checkpoint(session) if size is None else checkpoint_of_size(session, size)
    note = served_note(session, checkpoint) if checkpoint else ""
    rows = _rows(session, subjects)
    proving = _Proving(session, checkpoint.size if checkpoint else 0, note, whole=whole)
    return Evidence(code, checkpoint, note, tuple(proving.fact(*row) for row in rows))


def _rows(
    session: Session, subjects: Sequence[str]
) -> list[tuple[LedgerEntry, LogPart | None, LedgerPersonal | None]]:
    wanted = (
        select(LedgerEntry, LogPart, LedgerPersonal)
        .outerjoin(LogPart, col(LogPart.position) == col(LedgerEntry.position))
        .outerjoin(LedgerPersonal, col(LedgerPersonal.position) == col(LedgerEntry.position))
        .where(col(LedgerEntry.subject).in_(subjects))
        .order_by(col(LedgerEntry.position))
    )
    return [(entry, part, personal) for entry, part, personal in session.execute(wanted)]


class _Proving:
    """Puts the evidence of one fact after the other together, over one reading of the tree."""

    def __init__(self, session: Session, size: int, note: str, *, whole: bool) -> None:
        self._session = session
        self._size = size
        self._note = read_note(note) if note else None
        self._whole = whole
        self._tree = StoredTree(session)
        self._in_tree = log_size(session)

    def fact(
        self, entry: LedgerEntry, part: LogPart | None, personal: LedgerPersonal | None
    ) -> FactProven:
        position = entry.position
        salts = salts_of(self._session, position) if position < self._in_tree else None
        return FactProven(
            position=position,
            kind=entry.kind,
            entry=_entry(entry, part, salts).decode() if salts else "",
            shown=Opened(part.part, salts.shown.hex()) if part and salts else None,
            whole=Opened(entry.body, salts.fact.hex()) if self._whole and salts else None,
            personal=Opened(personal.body, personal.salt.hex())
            if self._whole and personal
            else None,
            proof=self._proof(position),
        )

    def _proof(self, position: int) -> Proof | None:
        if position >= self._size or self._note is None:
            return None
        return Proof(position, tuple(self._tree.inclusion(position, self._size)), self._note)


def _entry(entry: LedgerEntry, part: LogPart | None, salts: Salts) -> bytes:
    told = (part.part, part.is_open) if part else (None, False)
    return entry_of(entry.at, entry.kind, entry.leaf_hash, salts, told[0], is_open=told[1])
