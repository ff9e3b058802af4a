"""Reminding organisations, once for each thing they owe: seasons to declare, harvests to report."""

from datetime import datetime

from sqlmodel import Session

from app.kit.clock import day_of
from app.models.registry import Organisation
from app.notices.commands import tell_once
from app.registry.season_reminder_queries import season_reminders


def send_season_reminders(session: Session, *, now: datetime) -> int:
    """Tell who owes a declaration or a report of a season; how many were told for the first time."""
    told = [
        tell_once(
            session,
            organisation=session.get_one(Organisation, reminder.organisation_id),
            kind=f"season.{reminder.kind}",
            about=reminder.about,
            sentence=reminder.sentence,
            address=reminder.address,
            now=now,
        )
        for reminder in season_reminders(session, day_of(now))
    ]
    return sum(notice is not None for notice in told)
