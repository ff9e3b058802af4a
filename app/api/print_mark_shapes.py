"""The wire shapes of what becomes of printed labels: counted, void, read back, what a serial is worth."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from app.api.print_run_shapes import LARGEST
from app.api.shapes import Code, In, Out, Words
from app.labels.run_marks import Marking
from app.labels.serial_queries import SerialStanding, SerialState
from app.models.print_runs import MarkKind, ProofEnd, VoidCause


class MarkIn(In):
    """A range of labels, numbered from 1. `lot` may be left out where a run has one lot.

    `cause` is what the page behind a void label says of it; `reason` is not public.
    """

    kind: MarkKind
    first: int = Field(ge=-LARGEST, le=LARGEST, examples=[1])
    last: int = Field(ge=-LARGEST, le=LARGEST, examples=[36])
    lot: Code = ""
    reason: Words = ""
    cause: VoidCause | None = None

    def marking(self) -> Marking:
        first, last = self.first - 1, self.last - 1
        return Marking(self.lot, self.kind, first, last, self.reason, self.cause)


class ProofIn(In):
    """What a label says: the address in its QR, or the codes as they are printed."""

    which: ProofEnd
    read: str = Field(max_length=300, examples=["https://TRUYXUAT.VN/T/LCJ6VNGGH6BCFNM"])


class ProofOut(Out):
    """Whether the label was the right one, and when the run was verified."""

    which: ProofEnd
    matched: bool
    verified_at: datetime | None


class SerialOut(Out):
    """Which label of its lot a serial is (from 1; null when it was not made here), and what became of it."""

    number: int | None
    state: SerialState
    run: UUID | None
    reason: str
    cause: VoidCause | None = None

    @classmethod
    def of(cls, number: int, standing: SerialStanding) -> "SerialOut":
        return cls(
            number=number + 1,
            state=standing.state,
            run=standing.run.uid if standing.run else None,
            reason=standing.reason,
            cause=standing.cause,
        )
