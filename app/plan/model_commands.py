"""The plan's model groups: which organisations they are, on which certificate each rests, until when."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.catalogue.plan_queries import plan_on
from app.certificates.queries import certificates_of
from app.errors import Conflict, FieldError, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.certificates import Certificate
from app.models.plan_prices import ModelGroup
from app.models.registry import Organisation
from app.plan.price_queries import models_elsewhere
from app.plan.standing import ACTIVE, SAFETY_KINDS


@dataclass(frozen=True)
class ModelDetails:
    """From when an organisation counts as a model, and for which plan: the one in force, unless named."""

    since: date
    plan: str = ""
    note: str = ""


def name_model(
    session: Session,
    *,
    organisation: Organisation,
    certificate: Certificate,
    details: ModelDetails,
    by: Actor,
    now: datetime,
) -> ModelGroup:
    """Count an organisation among a plan's models, by a certificate of its own that stands that day.

    The plan asks for a certificate of safe production; others are refused. Conflict where the
    organisation is a model of the plan already.
    """
    _require_certificate(session, organisation, certificate, details.since)
    if details.since > day_of(now):
        raise refuse("since", say("The day {day} is in the future.", day=details.since))
    plan = details.plan or plan_on(session, day_of(now))
    standing = select(col(ModelGroup.id)).where(
        col(ModelGroup.plan) == plan,
        col(ModelGroup.organisation_id) == organisation.pk,
        col(ModelGroup.until).is_(None),
    )
    if session.execute(standing).first() is not None:
        why = say("{name} is a model group already.", name=organisation.name)
        raise Conflict(why, FieldError("organisation", why))
    group = ModelGroup(
        plan=plan,
        organisation_id=organisation.pk,
        certificate_id=certificate.pk,
        since=details.since,
        note=clean(details.note, longest=300),
        recorded_at=now,
    )
    session.add(group)
    session.flush()  # a lost race must fail before the ledger is touched
    _record(session, group, organisation, "model.named", by=by, now=now)
    return group


def carry_models(session: Session, *, plan: str, by: Actor, now: datetime) -> int:
    """Count what are models of other plans among those of a plan too, from today on; returns how many.

    Those of which the certificate does not stand today stay behind.
    """
    today, carried = day_of(now), 0
    for group in models_elsewhere(session, plan):
        organisation = session.get_one(Organisation, group.organisation_id)
        certificate = session.get_one(Certificate, group.certificate_id)
        held = {one.id: one for one in certificates_of(session, organisation.pk)}
        known = held.get(certificate.pk)
        if known is None or known.standing_on(today) != ACTIVE:
            continue
        details = ModelDetails(today, plan, group.note)
        name_model(
            session,
            organisation=organisation,
            certificate=certificate,
            details=details,
            by=by,
            now=now,
        )
        carried += 1
    if not carried:
        raise Conflict(say("None of them has a certificate that stands today."))
    return carried


def end_model(
    session: Session, *, group: ModelGroup, until: date, by: Actor, now: datetime
) -> ModelGroup:
    """Count an organisation no more after a day."""
    if group.until is not None:
        raise refuse("until", say("It was ended already."))
    if not group.since <= until <= day_of(now):
        raise refuse("until", say("The last day lies between the first day and today."))
    group.until = until
    session.flush()
    organisation = session.get_one(Organisation, group.organisation_id)
    _record(session, group, organisation, "model.ended", by=by, now=now)
    return group


def _require_certificate(
    session: Session, organisation: Organisation, certificate: Certificate, day: date
) -> None:
    held = {one.id: one for one in certificates_of(session, organisation.pk)}
    known = held.get(certificate.pk)
    if known is None:
        raise refuse("certificate", say("This certificate is not held by the organisation."))
    if known.kind not in SAFETY_KINDS:
        raise refuse("certificate", say("This is no certificate of safe production."))
    if known.standing_on(day) != ACTIVE:
        why = say("Certificate {number} did not stand on {day}.", number=known.number, day=day)
        raise refuse("certificate", why)


def _record(
    session: Session,
    group: ModelGroup,
    organisation: Organisation,
    kind: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    certificate = session.get_one(Certificate, group.certificate_id)
    record(
        session,
        kind=kind,
        subject=str(group.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts={
            "plan": group.plan,
            "since": group.since,
            "until": group.until,
            "certificate": certificate.uid,
        },
    )
