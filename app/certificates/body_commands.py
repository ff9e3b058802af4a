"""Writing down from when until when a certification body is registered."""

from datetime import date, datetime

from sqlmodel import Session

from app.certificates.body_queries import registrations_of
from app.errors import Conflict, FieldError, Refused, refuse
from app.kit.messages import say
from app.kit.text import clean, fold
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.certificates import BodyRegistration
from app.models.registry import Organisation, OrganisationKind


def register_body_period(
    session: Session,
    *,
    body: Organisation,
    number: str,
    valid_from: date,
    valid_to: date | None,
    by: Actor,
    now: datetime,
) -> BodyRegistration:
    """Write down a registration of a body (NĐ 107/2016/NĐ-CP); without a last day it is open.

    The same number and first day again sets the last day: a registration that ended.
    """
    if body.kind is not OrganisationKind.CERTIFICATION_BODY:
        raise Refused(say("There is no such certification body."))
    tidy = clean(number, longest=80)
    if not fold(tidy):
        raise refuse("number", say("This is required."))
    if valid_to is not None and valid_to < valid_from:
        raise refuse("valid_to", say("The last day lies before the first."))
    row = _known(session, body, tidy, valid_from)
    if row is not None and row.valid_to == valid_to:
        why = say("This registration is recorded already.")
        raise Conflict(why, FieldError("number", why))
    if row is None:
        row = BodyRegistration(
            organisation_id=body.pk, number=tidy, valid_from=valid_from, recorded_at=now
        )
    row.valid_to = valid_to
    session.add(row)
    session.flush()
    record(
        session,
        kind="body.registered",
        subject=str(body.uid),
        by=by,
        now=now,
        organisation=body.uid,
        facts={"number": tidy, "valid_from": valid_from, "valid_to": valid_to},
    )
    return row


def _known(
    session: Session, body: Organisation, number: str, valid_from: date
) -> BodyRegistration | None:
    same = [
        row
        for row in registrations_of(session, body)
        if (row.number, row.valid_from) == (number, valid_from)
    ]
    return same[0] if same else None
