"""Opening a recall, deciding it, extending it: each in one transaction, so that all of it stands or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.errors import Conflict, FieldError, Refused, refuse
from app.kit.clock import day_of
from app.kit.messages import say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import Fact, record_all
from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.recalls import Recall, RecallKind, RecallState
from app.models.registry import Organisation
from app.recalls import law, rules
from app.recalls.asking import ask_receivers
from app.recalls.grounds import lab_report_key, roots_named, shopper_report_key
from app.recalls.scope_queries import reached_from, released_in
from app.recalls.stopping import add_lots, standing_in, stop_lots
from app.recalls.telling import News, tell_facility_and_offices

OFFICIALS = frozenset({Role.INSPECTOR, Role.PROVINCE_ADMIN})


@dataclass(frozen=True)
class Opening:
    """What somebody knows when a recall begins. `reason` is told to everybody, `grounds` is not."""

    lots: Sequence[str]
    reason: str
    determined_at: datetime
    grounds: str = ""
    lab_report: UUID | None = None
    shopper_report: UUID | None = None


@dataclass(frozen=True)
class Decision:
    """The decision of an authority on paper (form: Phụ lục II)."""

    number: str = ""
    decided_on: date | None = None


def kind_for(caller: Caller) -> RecallKind:
    """An authority decides compulsory recalls, a facility its own."""
    return RecallKind.COMPULSORY if caller.role in OFFICIALS else RecallKind.VOLUNTARY


def open_recall(
    session: Session, opening: Opening, *, caller: Caller, within: Reach, now: datetime
) -> Recall:
    """Write down that goods are a danger; from now on the clock of the decision is seen."""
    reason = clean(opening.reason, longest=rules.LONGEST_REASON, multiline=True)
    _refuse_if(
        rules.faults_of_opening(
            roots=len(opening.lots),
            reason=reason,
            determined_at=opening.determined_at,
            now=now,
        )
    )
    roots = roots_named(session, opening.lots, within)
    kind = kind_for(caller)
    recall = Recall(
        organisation_id=roots[0].organisation_id,
        opened_by_id=caller.organisation_id,
        kind=kind,
        reason=reason,
        grounds=clean(opening.grounds, longest=500, multiline=True),
        determined_at=opening.determined_at,
        opened_at=now,
        decide_by=law.decide_by(session, kind, opening.determined_at),
        lab_report_id=lab_report_key(session, opening.lab_report, within),
        shopper_report_id=shopper_report_key(session, opening.shopper_report, within),
    )
    session.add(recall)
    session.flush()  # its id, for its lots
    keys = [lot.pk for lot in roots]
    add_lots(session, recall, keys, roots=keys, now=now)
    fact = _opened(session, recall, opening, roots)
    recall.ledger_position = record_all(session, [fact], by=caller.actor, now=now)
    return recall


def decide_recall(
    session: Session, recall: Recall, *, by: Actor, now: datetime, decision: Decision | None = None
) -> Recall:
    """Stop the lots and everything made of them, and tell everybody who has goods of them.

    Nobody waits for a number: an authority may write its decision down afterwards.
    """
    require_next(recall, RecallState.RUNNING)
    if recall.state is not RecallState.CONSIDERED:
        raise Conflict(say("This recall was decided already."))
    if decision is not None:
        _write(recall, decision, now=now)
    recall.state, recall.decided_at = RecallState.RUNNING, now
    recall.answer_by = law.answer_by(session, now)
    session.flush()  # a lost race must fail before anything is stopped
    stopped = _spread(session, recall, now=now)
    told = Fact(
        "recall.decided",
        str(recall.uid),
        {
            "kind": recall.kind,
            "decision_number": recall.decision_number,
            "decision_on": recall.decision_on,
            "reason": recall.reason,
            "lots": len(stopped),
        },
        organisation=home_of(session, recall).uid,
    )
    record_all(session, [told, *stopped], by=by, now=now)
    news = say("A recall was decided: {reason}", reason=recall.reason)
    tell_facility_and_offices(session, recall, News("recall.decided", news), now=now)
    ask_receivers(session, recall, now=now)
    return recall


def write_decision(
    session: Session, recall: Recall, decision: Decision, *, by: Actor, now: datetime
) -> Recall:
    """Write down the number and the day of the authority's decision."""
    if recall.kind is RecallKind.VOLUNTARY:
        raise Refused(say("A voluntary recall has no decision of an authority."))
    if recall.decision_at is not None:
        raise Conflict(say("The decision is written down already."))
    _write(recall, decision, now=now)
    session.flush()
    facts = {"number": recall.decision_number, "decided_on": recall.decision_on}
    tell_ledger(session, recall, "recall.decision_written", facts, by=by, now=now)
    return recall


def extend_recall(
    session: Session,
    recall: Recall,
    lots: Sequence[str],
    *,
    reason: str,
    within: Reach,
    by: Actor,
    now: datetime,
) -> Recall:
    """Add lots, and whatever was made of those that are in it since; nothing leaves a recall."""
    if recall.state is not RecallState.RUNNING:
        raise Refused(say("Only a recall in progress is extended. Reopen it first."))
    why = clean(reason, longest=rules.LONGEST_REASON, multiline=True)
    _refuse_if(rules.faults_of_words(reason=why))
    roots = [lot.pk for lot in roots_named(session, lots, within)] if lots else []
    if released_in(session, recall.pk).intersection(roots):
        released = say("A lot of this recall that was released is stopped by a new recall.")
        raise refuse("lots", released)
    add_lots(session, recall, roots, roots=roots, now=now)
    touch(session, recall)
    stopped = _spread(session, recall, now=now)
    told = Fact(
        "recall.extended",
        str(recall.uid),
        {"reason": why, "lots": [fact.subject for fact in stopped]},
        organisation=home_of(session, recall).uid,
    )
    record_all(session, [told, *stopped], by=by, now=now)
    ask_receivers(session, recall, now=now)
    return recall


def recall_at_once(
    session: Session,
    lot: HarvestLot,
    *,
    reason: str,
    caller: Caller,
    within: Reach,
    now: datetime,
) -> Recall:
    """Open and decide the recall of one lot in one step."""
    opening = Opening((lot.code,), reason, now)
    recall = open_recall(session, opening, caller=caller, within=within, now=now)
    return decide_recall(session, recall, by=caller.actor, now=now)


def home_of(session: Session, recall: Recall) -> Organisation:
    """The facility whose goods are recalled."""
    return session.get_one(Organisation, recall.organisation_id)


def tell_ledger(
    session: Session,
    recall: Recall,
    kind: str,
    facts: Mapping[str, object],
    *,
    by: Actor,
    now: datetime,
    personal: Mapping[str, object] | None = None,
) -> None:
    """Record a fact about a recall in the history of the facility."""
    fact = Fact(kind, str(recall.uid), facts, personal, home_of(session, recall).uid)
    record_all(session, [fact], by=by, now=now)


def require_next(recall: Recall, state: RecallState) -> None:
    """Refuse what a recall cannot become."""
    if not rules.may_become(recall.state, state):
        words = rules.STATE_WORDS[recall.state]
        raise Conflict(
            say("This cannot be done with a recall that stands as: {state}.", state=words)
        )


def touch(session: Session, recall: Recall) -> None:
    """Count a change that is written beside the recall, so that two at once are noticed."""
    flag_modified(recall, "state")
    session.flush()


def _opened(
    session: Session, recall: Recall, opening: Opening, roots: Sequence[HarvestLot]
) -> Fact:
    return Fact(
        "recall.opened",
        str(recall.uid),
        {
            "kind": recall.kind,
            "lots": [lot.code for lot in roots],
            "reason": recall.reason,
            "grounds": recall.grounds,
            "lab_report": opening.lab_report,
            "shopper_report": opening.shopper_report,
            "determined_at": recall.determined_at,
        },
        organisation=home_of(session, recall).uid,
    )


def _spread(session: Session, recall: Recall, *, now: datetime) -> list[Fact]:
    standing = standing_in(session, recall)
    everything = reached_from(session, standing, beside=released_in(session, recall.pk))
    add_lots(session, recall, everything, roots=(), now=now)
    return stop_lots(session, recall, now=now)


def _write(recall: Recall, decision: Decision, *, now: datetime) -> None:
    number = clean(decision.number, longest=80)
    known = day_of(recall.determined_at)
    _refuse_if(rules.faults_of_decision(number, decision.decided_on, known, day_of(now)))
    recall.decision_number, recall.decision_on, recall.decision_at = (
        number,
        decision.decided_on,
        now,
    )


def _refuse_if(faults: list[FieldError]) -> None:
    if faults:
        raise Refused(faults[0].why, *faults)
