"""What a finding leads to at once: a code warned or suspended, a certificate suspended, a lot held.

Each is done by the command of its own noun, in the same transaction: pages, labels and holders learn
of it as they always do.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.certificates.commands import Change as CertificateChange
from app.certificates.commands import change_status
from app.certificates.queries import Sight, certificate_line
from app.errors import NotFound, Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.commands import record
from app.lots.commands import require_reason
from app.lots.hold_commands import hold_lot
from app.lots.queries import lot_by_code
from app.models.certificates import CertificateStatus
from app.models.lots import LotState
from app.models.registry import Organisation
from app.models.visit_findings import (
    FindingMeasure,
    FindingState,
    MeasureKind,
    VisitFinding,
)
from app.registry.code_commands import Change as CodeChange
from app.registry.code_commands import suspend_code, warn_code
from app.registry.code_queries import code_line


@dataclass(frozen=True)
class Measure:
    """What is to be stopped: the id of a code or certificate, or the code of a lot; and why."""

    kind: MeasureKind
    target: str
    reason: str


def take_measure(
    session: Session, *, finding: VisitFinding, measure: Measure, caller: Caller, now: datetime
) -> FindingMeasure:
    """Stop something of the organisation at once, from today on."""
    if finding.state is FindingState.CLOSED:
        raise Refused(say("This finding is closed."))
    reason = require_reason(measure.reason)
    home = session.get_one(Organisation, finding.organisation_id)
    subject = _stop(session, home, measure, reason, caller, now)
    taken = FindingMeasure(
        finding_id=finding.pk, kind=measure.kind, subject=subject, reason=reason, taken_at=now
    )
    session.add(taken)
    session.flush()  # a lost race must fail before the ledger is touched
    record(
        session,
        kind="finding.measure_taken",
        subject=str(finding.uid),
        by=caller.actor,
        now=now,
        organisation=home.uid,
        facts={"measure": measure.kind, "of": subject, "reason": reason},
    )
    return taken


def _stop(
    session: Session,
    home: Organisation,
    measure: Measure,
    reason: str,
    caller: Caller,
    now: datetime,
) -> str:
    within = Reach.own(home.pk)
    try:
        if measure.kind is MeasureKind.HOLD_LOT:
            lot = lot_by_code(session, measure.target, within=within)
            if lot.state is LotState.HELD:
                raise refuse("target", say("Lot {code} is held already.", code=lot.code))
            return hold_lot(session, lot=lot, reason=reason, by=caller.actor, now=now).code
        uid = _uid(measure.target)
        if measure.kind is MeasureKind.SUSPEND_CERTIFICATE:
            held = certificate_line(session, uid, sight=Sight(within)).certificate
            change = CertificateChange(CertificateStatus.SUSPENDED, day_of(now), reason)
            change_status(session, certificate=held, change=change, by=caller.actor, now=now)
            return held.number
        code = code_line(session, uid, within=within).code
    except NotFound as unknown:
        raise refuse("target", unknown.why) from None
    step = warn_code if measure.kind is MeasureKind.WARN_CODE else suspend_code
    changed = CodeChange(day_of(now), reason)
    return step(session, code=code, change=changed, by=caller.actor, now=now).code


def _uid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise refuse("target", say("Choose one from the list.")) from None
