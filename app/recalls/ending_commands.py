"""Agreeing to the handling of goods, ending a recall, reopening, reporting, lifting one that was an error."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.errors import Conflict, FieldError, Refused
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import Fact, record_all
from app.models.recalls import Recall, RecallState
from app.recalls import law, rules
from app.recalls.commands import home_of, require_next, tell_ledger
from app.recalls.progress_queries import progress_of
from app.recalls.rules import STOPPING
from app.recalls.stopping import free_lots
from app.recalls.telling import News, tell_facility_and_offices


@dataclass(frozen=True)
class ReportWords:
    """What the report says besides figures: why it happened, what keeps it from happening again."""

    cause: str
    prevention: str


def agree(
    session: Session,
    recall: Recall,
    *,
    number: str,
    agreed_on: date | None,
    by: Actor,
    now: datetime,
) -> Recall:
    """The authority agrees in writing to how goods are handled: from now on that clock runs."""
    if recall.state not in {RecallState.RUNNING, RecallState.ENDED}:
        raise Conflict(say("Nothing is being handled in this recall."))
    words = clean(number, longest=80)
    since = day_of(recall.determined_at)
    faults = [] if words else [FieldError("number", say("Give the number of the letter."))]
    if agreed_on is None or not since <= agreed_on <= day_of(now):
        why = say("Give a day between {since} and today.", since=since)
        faults.append(FieldError("agreed_on", why))
    if faults or agreed_on is None:
        raise Refused(faults[0].why, *faults)
    recall.agreed_number, recall.agreed_on = words, agreed_on
    recall.handle_by = law.handle_by(session, agreed_on)
    session.flush()
    facts = {"number": words, "agreed_on": agreed_on, "handle_by": recall.handle_by}
    tell_ledger(session, recall, "recall.agreed", facts, by=by, now=now)
    told = say(
        "The authority agreed to how recalled goods are handled (letter {number}).", number=words
    )
    tell_facility_and_offices(session, recall, News("recall.agreed", told), now=now)
    return recall


def end_recall(session: Session, recall: Recall, *, by: Actor, now: datetime) -> Recall:
    """Nothing more is expected back. Its lots stay stopped; the report is due."""
    require_next(recall, RecallState.ENDED)
    progress = progress_of(session, recall)
    recall.state, recall.ended_at = RecallState.ENDED, now
    recall.report_by = law.report_by(session, day_of(now))
    session.flush()
    facts = {**progress.figures(), "report_by": recall.report_by}
    tell_ledger(session, recall, "recall.ended", facts, by=by, now=now)
    told = say("A recall has ended. Its report is due by {day}.", day=recall.report_by)
    tell_facility_and_offices(session, recall, News("recall.ended", told), now=now)
    return recall


def reopen_recall(
    session: Session, recall: Recall, *, reason: str, by: Actor, now: datetime
) -> Recall:
    """Goods turned up, or more lots are concerned: it goes on; what was reported stays in the log."""
    require_next(recall, RecallState.RUNNING)
    if recall.state is RecallState.CONSIDERED:
        raise Conflict(say("This recall is not decided yet."))
    why = _required(reason=reason)["reason"]
    recall.state = RecallState.RUNNING
    recall.ended_at = recall.report_by = recall.reported_at = None
    session.flush()
    tell_ledger(session, recall, "recall.reopened", {"reason": why}, by=by, now=now)
    told = say("A recall was reopened: {reason}", reason=why)
    tell_facility_and_offices(session, recall, News("recall.reopened", told), now=now)
    return recall


def report_recall(
    session: Session, recall: Recall, words: ReportWords, *, by: Actor, now: datetime
) -> Recall:
    """The facility reports to the authority what became of the goods."""
    require_next(recall, RecallState.REPORTED)
    said = _required(cause=words.cause, prevention=words.prevention)
    recall.cause, recall.prevention = said["cause"], said["prevention"]
    recall.state, recall.reported_at = RecallState.REPORTED, now
    session.flush()
    facts = {**progress_of(session, recall).figures(), **said}
    tell_ledger(session, recall, "recall.reported", facts, by=by, now=now)
    told = say("The report of a recall was filed.")
    tell_facility_and_offices(session, recall, News("recall.reported", told), now=now)
    return recall


def lift_recall(
    session: Session, recall: Recall, *, reason: str, by: Actor, now: datetime
) -> Recall:
    """It was an error: the lots are what they were, and their pages say that and since when."""
    require_next(recall, RecallState.MISTAKEN)
    why = _required(reason=reason)["reason"][: rules.LONGEST_REASON]
    stopped = recall.state in STOPPING
    recall.state, recall.lifted_at, recall.lifted_reason = RecallState.MISTAKEN, now, why
    session.flush()
    freed = free_lots(session, recall, reason=why, now=now) if stopped else []
    told = Fact(
        "recall.lifted",
        str(recall.uid),
        {"reason": why, "lots": len(freed), "decided_at": recall.decided_at},
        organisation=home_of(session, recall).uid,
    )
    record_all(session, [told, *freed], by=by, now=now)
    news = say("A recall was lifted, it was an error: {reason}", reason=why)
    tell_facility_and_offices(session, recall, News("recall.lifted", news), now=now)
    return recall


def _required(**said: str) -> dict[str, str]:
    cleaned = {
        field: clean(words, longest=rules.LONGEST_WORDS, multiline=True)
        for field, words in said.items()
    }
    faults = rules.faults_of_words(**cleaned)
    if faults:
        raise Refused(faults[0].why, *faults)
    return cleaned
