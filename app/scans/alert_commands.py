"""One alert for a label, not one a scan: raised, added to while it is open, closed with a reason."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.db import is_sqlite
from app.errors import Conflict, refuse
from app.kit.clock import day_of
from app.kit.codes import grouped
from app.kit.messages import Message, say
from app.kit.text import clean
from app.ledger.actors import Actor
from app.ledger.commands import record
from app.models.base import new_uid
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from app.models.scans import NOT_MADE_HERE, AlertOutcome, ScanAlert
from app.notices.commands import tell
from app.scans.limit_queries import limits_on
from app.scans.rules import Sign, may_alert
from app.scans.words import SIGNS

LONGEST_REASON = 500


class Unusual(Protocol):
    """A label and what was unusual about it."""

    @property
    def lot_id(self) -> int: ...
    @property
    def serial(self) -> int: ...
    @property
    def signs(self) -> tuple[Sign, ...]: ...


def raise_alerts(session: Session, found: Sequence[Unusual], *, now: datetime) -> list[ScanAlert]:
    """Raise an alert for each label that has none open; the cooperative is told of each once."""
    quiet = timedelta(days=limits_on(session, day_of(now)).quiet_days)
    raised = []
    for odd in sorted(found, key=lambda one: (one.lot_id, one.serial)):
        if _was_settled(session, odd, quiet, now):
            continue
        alert = _opened(session, odd, now)
        if alert is None:
            _add_signs(session, odd)
        else:
            _announce(session, alert, odd, now)
            raised.append(alert)
    return raised


def close_alert(
    session: Session,
    *,
    alert: ScanAlert,
    outcome: AlertOutcome,
    reason: str,
    by: Actor,
    now: datetime,
) -> ScanAlert:
    """Say what an alert turned out to be. It stays; the same signs are quiet for a while."""
    if alert.closed_at is not None:
        raise Conflict(say("This alert was closed already."))
    words = clean(reason, longest=LONGEST_REASON, multiline=True)
    if not words:
        raise refuse("reason", say("Say what you found out."))
    alert.closed_at, alert.outcome, alert.close_reason = now, outcome, words
    session.add(alert)
    lot = session.get_one(HarvestLot, alert.lot_id)
    organisation = session.get_one(Organisation, lot.organisation_id)
    record(
        session,
        kind="label.alert_closed",
        subject=str(alert.uid),
        by=by,
        now=now,
        organisation=organisation.uid,
        facts={"lot": lot.code, "outcome": outcome, "reason": words},
    )
    return alert


def signs_in(alert: ScanAlert) -> tuple[Sign, ...]:
    """What was unusual, in the order of the list of signs."""
    said = set(json.loads(alert.signs))
    return tuple(sign for sign in Sign if sign in said)


def _was_settled(session: Session, odd: Unusual, quiet: timedelta, now: datetime) -> bool:
    wanted = (
        select(ScanAlert)
        .where(
            col(ScanAlert.lot_id) == odd.lot_id,
            col(ScanAlert.serial) == odd.serial,
            col(ScanAlert.closed_at).is_not(None),
        )
        .order_by(col(ScanAlert.closed_at).desc())
        .limit(1)
    )
    last = session.execute(wanted).scalars().first()
    if last is None or last.closed_at is None:
        return False
    return not may_alert(odd.signs, signs_in(last), last.closed_at, quiet, now)


def _opened(session: Session, odd: Unusual, now: datetime) -> ScanAlert | None:
    """A new alert, unless one stands open; of two processes that try, one wins."""
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    uid = new_uid()
    made = insert(ScanAlert).values(
        uid=uid,
        version=1,
        lot_id=odd.lot_id,
        serial=odd.serial,
        signs=_written(odd.signs),
        opened_at=now,
        close_reason="",
    )
    only_open = made.on_conflict_do_nothing(
        index_elements=["lot_id", "serial"], index_where=text("closed_at IS NULL")
    )
    if session.execute(only_open.returning(col(ScanAlert.id))).first() is None:
        return None
    opened: ScanAlert = session.execute(
        select(ScanAlert).where(col(ScanAlert.uid) == uid)
    ).scalar_one()
    return opened


def _add_signs(session: Session, odd: Unusual) -> None:
    wanted = select(ScanAlert).where(
        col(ScanAlert.lot_id) == odd.lot_id,
        col(ScanAlert.serial) == odd.serial,
        col(ScanAlert.closed_at).is_(None),
    )
    standing = session.execute(wanted.with_for_update()).scalar_one_or_none()
    if standing is None:
        return
    known = signs_in(standing)
    if not set(odd.signs) <= set(known):
        standing.signs = _written((*known, *odd.signs))
        session.flush()


def _announce(session: Session, alert: ScanAlert, odd: Unusual, now: datetime) -> None:
    lot = session.get_one(HarvestLot, odd.lot_id)
    organisation = session.get_one(Organisation, lot.organisation_id)
    record(
        session,
        kind="label.alert_raised",
        subject=str(alert.uid),
        by=Actor.system(),
        now=now,
        organisation=organisation.uid,
        facts={"lot": lot.code, "serial": odd.serial, "signs": list(odd.signs)},
    )
    tell(
        session,
        organisation=organisation,
        kind="label.unusual",
        about=f"scan-alert/{alert.uid}",
        sentence=_sentence(lot.code, odd),
        address=f"/work/scans/alerts/{alert.uid}",
        now=now,
    )


def _sentence(code: str, odd: Unusual) -> Message:
    why = SIGNS[odd.signs[0]]
    if odd.serial == NOT_MADE_HERE:
        return say("Lot {lot}: {why}.", lot=grouped(code), why=why)
    return say(
        "Label {number} of lot {lot}: {why}.", number=odd.serial + 1, lot=grouped(code), why=why
    )


def _written(signs: Sequence[Sign]) -> str:
    return json.dumps([sign for sign in Sign if sign in signs])
