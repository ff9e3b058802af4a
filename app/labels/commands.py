"""Printing labels: what goes on paper is frozen, counted and recorded."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.errors import Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.labels.snapshot import frozen, label_facts
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.lots.queries import LotLine
from app.lots.readiness_queries import require_ready_for_labels
from app.models.labels import LabelForm, LabelPrint
from app.models.lots import LotState

MOST_COPIES = 500
LABELS_A_SHEET = 36


@dataclass(frozen=True)
class Printing:
    """What to print: the form, how many, and on which place of a half-used sheet to begin."""

    form: LabelForm
    copies: int = 1
    start_at: int = 1


def print_labels(
    session: Session, *, line: LotLine, printing: Printing, base_url: str, by: Actor, now: datetime
) -> LabelPrint:
    """Freeze what the labels of a lot say and count them; the file is made from the snapshot.

    A lot gets none that is recalled, withdrawn or held, still waits, is over what was declared,
    or lacks what the public must find.
    """
    _require_printable(line, printing)
    require_ready_for_labels(session, line, today=day_of(now))
    printed = LabelPrint(
        lot_id=line.lot.pk,
        form=printing.form,
        copies=printing.copies,
        start_at=printing.start_at,
        snapshot=frozen(label_facts(session, line, base_url=base_url, now=now)),
        printed_at=now,
    )
    session.add(printed)
    record(
        session,
        kind="label.printed",
        subject=line.lot.code,
        by=by,
        now=now,
        organisation=line.organisation.uid,
        facts={"print": printed.uid, "form": printing.form, "copies": printing.copies},
    )
    return printed


def _require_printable(line: LotLine, printing: Printing) -> None:
    if line.lot.state in {LotState.RECALLED, LotState.WITHDRAWN}:
        raise Refused(
            say("Lot {code} was recalled or withdrawn: it gets no labels.", code=line.lot.code)
        )
    if not 1 <= printing.copies <= MOST_COPIES:
        raise refuse("copies", say("Print 1 to {most} labels at a time.", most=MOST_COPIES))
    if not 1 <= printing.start_at <= LABELS_A_SHEET:
        raise refuse("start_at", say("A sheet has places 1 to {places}.", places=LABELS_A_SHEET))
