"""Recording certificates, and what befalls them: suspension, restoration, withdrawal, replacement."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.certificates import rules
from app.certificates.confirming_commands import adopt, contest, vouch
from app.certificates.drafting import CertificateDetails, Draft, columns_of, drafted, facts_of
from app.certificates.history_queries import find_successor
from app.certificates.numbers import require_new
from app.certificates.queries import Sight, certificate_line, steps_of
from app.certificates.scope import keep_goods
from app.certificates.telling import tell_body
from app.certificates.words import STATUS_WORDS, require_reason
from app.errors import NotFound, Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.accounts import Role
from app.models.catalogue import Standard
from app.models.certificates import (
    Certificate,
    CertificateStatus,
    CertificateStep,
    Confirmation,
)
from app.models.registry import Organisation

__all__ = ["CertificateDetails", "Change", "change_status", "record_certificate"]

STRENGTH = {
    Role.CERTIFIER: Confirmation.BODY,
    Role.INSPECTOR: Confirmation.INSPECTOR,
}
_VERBS = {
    CertificateStatus.ACTIVE: "restored",
    CertificateStatus.SUSPENDED: "suspended",
    CertificateStatus.WITHDRAWN: "withdrawn",
    CertificateStatus.REPLACED: "replaced",
}


@dataclass(frozen=True)
class Change:
    """A change of status: to what, from which day, why."""

    status: CertificateStatus
    effective_on: date
    reason: str


def record_certificate(
    session: Session,
    *,
    holder: Organisation,
    details: CertificateDetails,
    caller: Caller,
    now: datetime,
) -> Certificate:
    """Write a certificate down. Who records it decides how strongly it is vouched for.

    Refuses what cannot be, and what the text of an act forbids; what is only odd is kept and
    told by `checks.warnings_about`. A body that records what the holder declared before it writes
    its own word over that record. Raises Conflict for a certificate that is recorded already.
    """
    draft = drafted(session, holder=holder, details=details, caller=caller, now=now)
    same = require_new(session, draft, caller)
    if same.adopted is not None:
        certificate = adopt(session, same.adopted, draft, caller=caller, now=now)
    else:
        certificate = _recorded(session, draft, caller, now)
    for contested in same.contested:
        contest(session, contested, by=certificate, caller=caller, now=now)
    return certificate


def change_status(
    session: Session, *, certificate: Certificate, change: Change, by: Actor, now: datetime
) -> Certificate:
    """Suspend, restore or withdraw a certificate from a day on, never before an earlier change."""
    reason = require_reason(change.reason)
    if change.status is CertificateStatus.REPLACED:
        raise refuse("status", say("Record the certificate that takes its place."))
    day = change.effective_on
    if day > day_of(now):
        raise refuse("effective_on", say("The day {day} is in the future.", day=day))
    _take_step(session, certificate, Change(change.status, day, reason), now=now)
    holder = session.get_one(Organisation, certificate.organisation_id)
    record(
        session,
        kind=f"certificate.{_VERBS[change.status]}",
        subject=str(certificate.uid),
        by=by,
        now=now,
        organisation=holder.uid,
        facts={"effective_on": day, "reason": reason},
    )
    return certificate


def _recorded(session: Session, draft: Draft, caller: Caller, now: datetime) -> Certificate:
    strength = STRENGTH.get(caller.role, Confirmation.SELF_DECLARED)
    if strength is Confirmation.INSPECTOR:
        require_reason(draft.paper.evidence, field="evidence")
    former = _predecessor(session, draft, caller)
    certificate = Certificate(**columns_of(draft), confirmation=strength, created_at=now)
    certificate.predecessor_id = former.pk if former else None
    session.add(certificate)
    session.flush()  # the certificate's id, for its scope
    keep_goods(session, certificate, draft.goods)
    vouch(session, certificate, strength, caller=caller, words=draft.paper.evidence, now=now)
    record(
        session,
        kind="certificate.recorded",
        subject=str(certificate.uid),
        by=caller.actor,
        now=now,
        organisation=draft.holder.uid,
        facts=facts_of(certificate, draft) | {"replaces": former.uid if former else None},
    )
    if former is not None:
        _replace(session, former, certificate, by=caller.actor, now=now)
    tell_body(session, certificate, caller=caller, now=now)
    return certificate


def _predecessor(session: Session, draft: Draft, caller: Caller) -> Certificate | None:
    """The certificate that a draft says it replaces: of the same holder and kind, and earlier."""
    if draft.paper.predecessor is None:
        return None
    former = _former(session, draft.paper.predecessor, draft, caller)
    kind = session.get_one(Standard, former.standard_id).kind
    if kind is not draft.standard.kind:
        raise refuse("predecessor", say("It is a certificate of another kind."))
    if former.valid_from >= draft.paper.valid_from:
        raise refuse("predecessor", say("The certificate it replaces begins later."))
    if find_successor(session, former) is not None:
        raise refuse("predecessor", say("Another certificate took its place already."))
    return former


def _former(session: Session, uid: UUID, draft: Draft, caller: Caller) -> Certificate:
    sight = Sight.of(caller, Reach.own(draft.holder.pk), unclaimed=True)
    try:
        former = certificate_line(session, uid, sight=sight).certificate
    except NotFound as unknown:
        raise refuse("predecessor", unknown.why) from None
    if former.organisation_id != draft.holder.pk:
        raise refuse("predecessor", say("It belongs to another holder."))
    return former


def _replace(
    session: Session, former: Certificate, successor: Certificate, *, by: Actor, now: datetime
) -> None:
    day = successor.valid_from
    reason = f"→ {successor.number}"
    _take_step(session, former, Change(CertificateStatus.REPLACED, day, reason), now=now)
    holder = session.get_one(Organisation, former.organisation_id)
    record(
        session,
        kind="certificate.replaced",
        subject=str(former.uid),
        by=by,
        now=now,
        organisation=holder.uid,
        facts={"effective_on": day, "by": successor.uid},
    )


def _take_step(session: Session, certificate: Certificate, change: Change, now: datetime) -> None:
    steps = steps_of(session, [certificate.pk])[certificate.pk]
    day, today = change.effective_on, day_of(now)
    # A replacement planned for a later day stands in nobody's way until then.
    settled = [one for one in steps if one.status is not CertificateStatus.REPLACED]
    settled += [one for one in steps if one not in settled and one.effective_on <= max(day, today)]
    _require_order(certificate, settled, day)
    status = rules.status_on(settled, date.max)
    if not rules.may_become(status, change.status):
        words = STATUS_WORDS[status]
        why = say("A certificate that is {status} cannot be changed like this.", status=words)
        raise Refused(why)
    step = CertificateStep(
        certificate_id=certificate.pk,
        status=change.status,
        effective_on=day,
        reason=change.reason,
        recorded_at=now,
    )
    planned = len(settled) < len(steps) and change.status is not CertificateStatus.WITHDRAWN
    certificate.status = CertificateStatus.REPLACED if planned else change.status
    session.flush()  # a lost race must fail before the ledger is touched
    session.add(step)
    session.flush()


def _require_order(certificate: Certificate, steps: list[CertificateStep], day: date) -> None:
    if day < certificate.valid_from:
        raise refuse("effective_on", say("The certificate was not valid yet on that day."))
    last = max((step.effective_on for step in steps), default=day)
    if day < last:
        # Else the status of today would be another than the one of the last step.
        why = say(
            "An earlier change took effect on {day}. Choose that day or a later one.", day=last
        )
        raise refuse("effective_on", why)
