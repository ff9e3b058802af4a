"""What a recall may become, and what is wrong with what somebody says of it. Pure."""

from datetime import date, datetime, timedelta

from app.errors import FieldError
from app.kit.messages import Message, say
from app.models.recalls import RecallKind, RecallState, Way

NEXT_STATES: dict[RecallState, frozenset[RecallState]] = {
    RecallState.CONSIDERED: frozenset({RecallState.RUNNING, RecallState.MISTAKEN}),
    RecallState.RUNNING: frozenset({RecallState.ENDED, RecallState.MISTAKEN}),
    RecallState.ENDED: frozenset({RecallState.RUNNING, RecallState.REPORTED, RecallState.MISTAKEN}),
    RecallState.REPORTED: frozenset({RecallState.RUNNING, RecallState.MISTAKEN}),
    RecallState.MISTAKEN: frozenset(),
}
# Its lots are stopped: until it turns out to be a mistake, also after its end.
STOPPING = frozenset({RecallState.RUNNING, RecallState.ENDED, RecallState.REPORTED})
OPEN = frozenset({RecallState.CONSIDERED, RecallState.RUNNING, RecallState.ENDED})

STATE_WORDS: dict[RecallState, Message] = {
    RecallState.CONSIDERED: say("Not decided yet"),
    RecallState.RUNNING: say("In progress"),
    RecallState.ENDED: say("Ended, report due"),
    RecallState.REPORTED: say("Ended and reported"),
    RecallState.MISTAKEN: say("Lifted: it was an error"),
}
KIND_WORDS: dict[RecallKind, Message] = {
    RecallKind.VOLUNTARY: say("Voluntary recall"),
    RecallKind.COMPULSORY: say("Compulsory recall"),
}
WAY_WORDS: dict[Way, Message] = {
    Way.FIX: say("Fixed (product or label)"),
    Way.REPURPOSE: say("Used for something else"),
    Way.REEXPORT: say("Sent back abroad"),
    Way.DESTROY: say("Destroyed"),
}

LONGEST_REASON = 500
LONGEST_WORDS = 1000
SHORTEST_WORDS = 5
MOST_ROOTS = 500
OLDEST = timedelta(days=366)


def may_become(state: RecallState, target: RecallState) -> bool:
    """Whether a recall in one state may go to another."""
    return target in NEXT_STATES[state]


def faults_of_opening(
    *, roots: int, reason: str, determined_at: datetime, now: datetime
) -> list[FieldError]:
    """What is wrong with how a recall begins."""
    faults = []
    if not roots:
        faults.append(FieldError("lots", say("Name at least one lot.")))
    if roots > MOST_ROOTS:
        faults.append(FieldError("lots", say("Name at most {most} lots.", most=MOST_ROOTS)))
    if len(reason) < SHORTEST_WORDS:
        faults.append(FieldError("reason", say("Say why, in a few words.")))
    if determined_at > now:
        faults.append(FieldError("determined_at", say("This is in the future.")))
    if determined_at < now - OLDEST:
        faults.append(FieldError("determined_at", say("This is more than a year ago.")))
    return faults


def faults_of_decision(
    number: str, decided_on: date | None, determined_on: date, today: date
) -> list[FieldError]:
    """What is wrong with a decision on paper: it has a number and a day."""
    faults = []
    if not number:
        faults.append(FieldError("decision_number", say("Give the number of the decision.")))
    if decided_on is None:
        faults.append(FieldError("decision_on", say("Give the day of the decision.")))
    elif decided_on > today:
        faults.append(FieldError("decision_on", say("This is in the future.")))
    elif decided_on < determined_on:
        why = say("The danger was determined on {day} only.", day=determined_on)
        faults.append(FieldError("decision_on", why))
    return faults


def faults_of_words(**said: str) -> list[FieldError]:
    """A fault for every field that says nothing."""
    return [
        FieldError(field, say("Say it in a few words."))
        for field, words in said.items()
        if len(words) < SHORTEST_WORDS
    ]
