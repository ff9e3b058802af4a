"""What is done for the log without being asked: take facts in, publish, look again, sound the alarm."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from app.db import open_read_session, transaction
from app.models.transparency import LogBreak, LogCheck, LogCheckpoint
from app.transparency.alarms import alarm, alarm_of_break, alarm_of_check
from app.transparency.breaks import settle_with_published
from app.transparency.checking import check_log
from app.transparency.faults import Fault, LogAtFault
from app.transparency.publishing import is_due, publish_checkpoint
from app.transparency.queries import ledger_size, newest_checkpoint
from app.transparency.sequencing import AT_ONCE, extend_log
from app.transparency.the_log import TheLog
from app.transparency.tiles import log_size

CHECK_JOB = "log.check"

log_of_events = structlog.get_logger()


class Tender:
    """Done every few seconds by every process; looking costs two small reads and takes no lock."""

    def __init__(self, log: TheLog) -> None:
        self._log = log
        self._settled = False

    def __call__(self, engine: Engine, now: datetime) -> None:
        """Take in what is new, and publish it when it is time."""
        if not self._settled:
            settle(engine, self._log, now)
            self._settled = True
        waiting, due = _work(engine, self._log, now)
        if waiting:
            take_in(engine, self._log, now)
        if due:
            publish(engine, self._log, now)


def take_in(engine: Engine, log: TheLog, now: datetime) -> None:
    """Take every committed fact into the tree; what is in the way is told to the province."""
    try:
        take_in_by_steps(partial(transaction, engine), log, now=now)
    except LogAtFault as fault:
        _sound(engine, fault, now)


def take_in_by_steps(
    steps: Callable[[], AbstractContextManager[Session]], log: TheLog, *, now: datetime
) -> None:
    """The same, some thousands in a transaction each, which `steps` opens. Raises LogAtFault."""
    more = AT_ONCE
    while more == AT_ONCE:
        with steps() as session:
            more = extend_log(session, log, now=now)


def publish(engine: Engine, log: TheLog, now: datetime) -> LogCheckpoint | None:
    """Publish a checkpoint if there is anything new, and look at the new entries once more."""
    settle(engine, log, now)
    try:
        with transaction(engine) as session:
            made = publish_checkpoint(session, log, now=now)
    except LogAtFault as fault:
        _sound(engine, fault, now)
        return None
    if made is not None:
        look_again(engine, now, full=False)
    return made


def publish_now(session: Session, log: TheLog, *, now: datetime) -> LogCheckpoint | None:
    """The same for somebody who asks, in a transaction of theirs; None when there is nothing new.

    What was taken into the tree less than the delay ago is not published yet. Raises LogAtFault.
    """
    broken = settle_with_published(session, log, now=now)
    if broken is not None:
        alarm_of_break(session, broken, now=now)
    return publish_checkpoint(session, log, now=now)


def look_again(engine: Engine, now: datetime, *, full: bool) -> LogCheck:
    """Make the tree anew from the facts; a fault is written down and told to the province."""
    check = _checked(engine, now, full=full)
    with transaction(engine) as session:
        session.add(check)
        session.flush()
        alarm_of_check(session, check, now=now)
    return check


def _checked(engine: Engine, now: datetime, *, full: bool) -> LogCheck:
    try:
        with open_read_session(engine) as session:
            return check_log(session, full=full, now=now)
    except Exception:  # rows that cannot even be read are a fault too, and no way past the check
        log_of_events.exception("log_unreadable")
        return LogCheck(begin=0, size=0, root=b"", fault=Fault.UNREADABLE.value, checked_at=now)


def settle(engine: Engine, log: TheLog, now: datetime) -> LogBreak | LogAtFault | None:
    """Compare with what was published; an older database is declared as a break.

    What came of it: the break, or the fault that is in the way of publishing.
    """
    take_in(engine, log, now)  # what was published may be among the facts all the same
    try:
        with transaction(engine) as session:
            broken = settle_with_published(session, log, now=now)
            if broken is not None:
                log_of_events.warning("log_break_declared", number=broken.number, kept=broken.kept)
                alarm_of_break(session, broken, now=now)
    except LogAtFault as fault:
        _sound(engine, fault, now)
        return fault
    return broken


def _work(engine: Engine, log: TheLog, now: datetime) -> tuple[bool, bool]:
    with open_read_session(engine) as session:
        facts, size, last = ledger_size(session), log_size(session), newest_checkpoint(session)
        new = last is None or last.size < facts
        return facts > size, new and is_due(session, log, now=now)


def _sound(engine: Engine, fault: LogAtFault, now: datetime) -> None:
    log_of_events.error("log_at_fault", fault=fault.fault.value, entry=fault.bad)
    with transaction(engine) as session:
        alarm(session, fault.fault, fault.bad, now=now)
