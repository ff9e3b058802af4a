"""What a report may become, who may say what, and how a shopper may be reached. Pure."""

import re
from datetime import date, datetime, timedelta

from app.errors import refuse
from app.kit.messages import Message, say
from app.kit.text import TextRefused, clean
from app.models.reports import ReportKind, ReportState
from app.registry.phones import phone_of

NEXT_STATES: dict[ReportState, frozenset[ReportState]] = {
    ReportState.RECEIVED: frozenset(
        {ReportState.LOOKING, ReportState.ANSWERED, ReportState.CLOSED}
    ),
    ReportState.LOOKING: frozenset({ReportState.ANSWERED, ReportState.CLOSED}),
    # A further word of the shopper opens it again; a second answer may follow the first.
    ReportState.ANSWERED: frozenset(
        {ReportState.LOOKING, ReportState.ANSWERED, ReportState.CLOSED}
    ),
    ReportState.CLOSED: frozenset(),
}
OPEN = frozenset({ReportState.RECEIVED, ReportState.LOOKING, ReportState.ANSWERED})
UNANSWERED = frozenset({ReportState.RECEIVED, ReportState.LOOKING})

KIND_WORDS: dict[ReportKind, Message] = {
    ReportKind.SPOILED: say("Spoiled goods"),
    ReportKind.LABEL: say("The label does not fit the goods"),
    ReportKind.SUSPICIOUS: say("Something looks suspicious"),
    ReportKind.OTHER: say("Something else"),
}
LONGEST_WORDS = 1000
SHORTEST_WORDS = 5
LONGEST_PLACE = 120
LONGEST_CONTACT = 120
MOST_WORDS = 20
# Nobody reads the form and writes a sentence in less; a machine does.
SHORTEST_FILLING = timedelta(seconds=3)
LONGEST_FILLING = timedelta(hours=24)

_MAIL = re.compile(r"[^\s@<>\"',;:()\[\]\\]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
_DIGITS = re.compile(r"\+?[\d\s./()-]{6,}")


def may_become(state: ReportState, target: ReportState) -> bool:
    """Whether a report in one state may go to another."""
    return target in NEXT_STATES[state]


def read_words(typed: str) -> str:
    """What somebody says, cleaned; refused when it says nothing or does not fit."""
    try:
        words = clean(typed, longest=LONGEST_WORDS, multiline=True)
    except TextRefused as refusal:
        raise refuse("words", refusal.why) from None
    if len(words) < SHORTEST_WORDS:
        raise refuse("words", say("Say what happened, in a few words."))
    return words


def read_contact(typed: str) -> str:
    """A telephone number or an e-mail address; empty when none was given."""
    try:
        contact = clean(typed, longest=LONGEST_CONTACT)
    except TextRefused as refusal:
        raise refuse("contact", refusal.why) from None
    if not contact or _MAIL.fullmatch(contact):
        return contact
    if _DIGITS.fullmatch(contact):
        return phone_of("contact", contact) or ""
    raise refuse(
        "contact", say("Write a telephone number or an e-mail address, or leave it empty.")
    )


def filled_in_by_a_person(shown_at: datetime, now: datetime) -> bool:
    """Whether a form was open as long as people need, and not so long that it is stale."""
    return SHORTEST_FILLING <= now - shown_at <= LONGEST_FILLING


def is_late(state: ReportState, look_by: date | None, answer_by: date | None, today: date) -> bool:
    """Whether somebody should have looked at it, or answered it, before today."""
    if state is ReportState.RECEIVED and look_by is not None and look_by < today:
        return True
    return state in UNANSWERED and answer_by is not None and answer_by < today
