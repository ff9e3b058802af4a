"""The fact that something became of a print run."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.print_runs import PrintRun
from app.models.registry import Organisation


def record_run(
    session: Session,
    run: PrintRun,
    organisation: Organisation,
    *,
    kind: str,
    by: Actor,
    now: datetime,
    facts: Mapping[str, object],
) -> None:
    """Record a fact about a run, in the name of its organisation."""
    record(
        session,
        kind=kind,
        subject=str(run.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts=facts,
    )
