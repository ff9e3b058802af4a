"""What becomes of printed labels: stuck on, void, read back from paper. Nothing is taken back."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.errors import FieldError, Refused, refuse
from app.kit.codes import MistypedLotCode, read_lot_code
from app.kit.messages import say
from app.kit.text import clean
from app.labels.accounting import overlap
from app.labels.keys import KeyRing
from app.labels.payload import lot_and_serial_in
from app.labels.run_queries import RunPart, parts_of, proofs_of
from app.labels.run_recording import record_run
from app.labels.run_standing import require_ready
from app.ledger.actors import Actor
from app.models.print_runs import (
    LabelMark,
    LabelProof,
    MarkKind,
    PrintRun,
    ProofEnd,
    VoidCause,
)
from app.models.registry import Organisation

LONGEST_READ = 300


@dataclass(frozen=True)
class Marking:
    """A range of a lot's labels in a run, in their numbers (from 0), and what became of them.

    `cause` is for those that are void, and is said in public; `reason` is not.
    """

    lot_code: str
    kind: MarkKind
    first: int
    last: int
    reason: str = ""
    cause: VoidCause | None = None


def mark_labels(
    session: Session,
    *,
    run: PrintRun,
    organisation: Organisation,
    marking: Marking,
    by: Actor,
    now: datetime,
) -> LabelMark:
    """Say that labels were stuck on goods or are void. A void label needs a reason and stays void."""
    part = _part_of(parts_of(session, run), marking.lot_code)
    reason = clean(marking.reason, longest=300)
    _require_range(part, marking)
    if marking.kind is MarkKind.VOIDED and not reason:
        raise refuse("reason", say("Say why the labels are void."))
    mark = LabelMark(
        run_lot_id=part.part.pk,
        kind=marking.kind,
        first_index=marking.first,
        last_index=marking.last,
        reason=reason,
        cause=marking.cause if marking.kind is MarkKind.VOIDED else None,
        marked_at=now,
    )
    session.add(mark)
    facts = {
        "lot": part.lot.code,
        "first": marking.first,
        "last": marking.last,
        "reason": reason,
        "cause": mark.cause,
    }
    record_run(
        session, run, organisation, kind=f"label.{marking.kind.value}", by=by, now=now, facts=facts
    )
    return mark


def prove_label(
    session: Session,
    *,
    run: PrintRun,
    organisation: Organisation,
    which: ProofEnd,
    read: str,
    keys: KeyRing,
    by: Actor,
    now: datetime,
) -> LabelProof:
    """A label read back from paper. When first and last both say what they should, the run is verified."""
    require_ready(session, run)
    parts = parts_of(session, run)
    proof = LabelProof(
        run_id=run.pk,
        which=which,
        read=clean(read, longest=LONGEST_READ),
        matched=_matches(run, parts, which, read, keys),
        read_at=now,
    )
    session.add(proof)
    session.flush()
    seen = {one.which for one in proofs_of(session, run) if one.matched}
    if seen == set(ProofEnd) and run.verified_at is None:
        run.verified_at = now
        record_run(
            session,
            run,
            organisation,
            kind="label.run_verified",
            by=by,
            now=now,
            facts={"total": run.total},
        )
    return proof


def expected_at(parts: list[RunPart], which: ProofEnd) -> tuple[str, int]:
    """The lot code and number that the first or the last label bears."""
    part = parts[0] if which is ProofEnd.FIRST else parts[-1]
    number = part.part.first_index if which is ProofEnd.FIRST else part.part.last_index
    return part.lot.code, number


def _matches(
    run: PrintRun, parts: list[RunPart], which: ProofEnd, read: str, keys: KeyRing
) -> bool:
    code, number = expected_at(parts, which)
    lot, serial = lot_and_serial_in(read)
    try:
        if read_lot_code(lot) != code:
            return False
    except MistypedLotCode:
        return False
    return not run.serialised or keys.read(code, serial) == number


def _part_of(parts: list[RunPart], lot_code: str) -> RunPart:
    for part in parts:
        if part.lot.code == lot_code or (not lot_code and len(parts) == 1):
            return part
    raise refuse("lot", say("This lot has no labels in this run."))


def _require_range(part: RunPart, marking: Marking) -> None:
    first, last = part.part.first_index, part.part.last_index
    if not first <= marking.first <= marking.last <= last:
        why = say("Labels {first} to {last} were printed.", first=first + 1, last=last + 1)
        raise Refused(why, FieldError("first", why))
    void = overlap(
        [
            (mark.first_index, mark.last_index)
            for mark in part.marks
            if mark.kind is MarkKind.VOIDED
        ],
        marking.first,
        marking.last,
    )
    if void is not None:
        why = say("Labels {first} to {last} are void already.", first=void[0] + 1, last=void[1] + 1)
        raise Refused(why, FieldError("first", why))
