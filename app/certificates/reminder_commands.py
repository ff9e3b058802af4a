"""Reminding holders and bodies of certificates that end, once for each last day."""

from datetime import datetime

from sqlmodel import Session

from app.certificates.reminder_queries import Ending, endings
from app.certificates.telling import address_of
from app.kit.clock import day_of
from app.kit.messages import say
from app.models.registry import Organisation
from app.notices.commands import tell_once


def send_certificate_reminders(session: Session, *, now: datetime) -> int:
    """Tell holder and body of each; how many were told for the first time."""
    told = [
        notice
        for ending in endings(session, day_of(now))
        for notice in (_tell_holder(session, ending, now), _tell_body(session, ending, now))
    ]
    return sum(told)


def _tell_holder(session: Session, ending: Ending, now: datetime) -> bool:
    held = ending.line.certificate
    sentence = say(
        "Certificate {number} ends on {day}. Ask for its renewal {months} months before.",
        number=held.number,
        day=held.valid_to,
        months=ending.months,
    )
    notice = tell_once(
        session,
        organisation=ending.line.holder,
        kind="certificate.ending",
        about=ending.about,
        sentence=sentence,
        address=address_of(held),
        now=now,
    )
    return notice is not None


def _tell_body(session: Session, ending: Ending, now: datetime) -> bool:
    held = ending.line.certificate
    if held.body_id is None:
        return False
    sentence = say(
        "Certificate {number} of {holder} ends on {day}.",
        number=held.number,
        holder=ending.line.holder.name,
        day=held.valid_to,
    )
    notice = tell_once(
        session,
        organisation=session.get_one(Organisation, held.body_id),
        kind="certificate.ending",
        about=ending.about,
        sentence=sentence,
        address=address_of(held),
        now=now,
    )
    return notice is not None
