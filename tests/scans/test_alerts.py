"""One alert for a label, however many scans and processes; closed with a reason, quiet for a while."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from app.accounts.reach import Reach
from app.db import open_read_session
from app.errors import Conflict, Refused
from app.ledger.actors import Actor
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot
from app.models.notices import Notice
from app.models.scans import NOT_MADE_HERE, AlertOutcome, ScanAlert
from app.scans.alert_commands import close_alert, signs_in
from app.scans.alert_queries import alerts_due
from app.scans.counting import ScanCounter
from app.scans.rules import Sign
from tests.conftest import Clock
from tests.given import Given
from tests.threads import at_once

Started = Callable[[], ScanCounter]


def crowd(counter: ScanCounter, lot: HarvestLot, serial: int, telephones: int) -> None:
    for number in range(telephones):
        counter.count_label(lot.code, serial, counter.device(f"198.51.100.{number}"))


def alerts(engine: Engine) -> list[ScanAlert]:
    with open_read_session(engine) as session:
        return list(session.execute(select(ScanAlert).order_by(col(ScanAlert.id))).scalars())


def notices(engine: Engine) -> list[Notice]:
    with open_read_session(engine) as session:
        return list(session.execute(select(Notice)).scalars())


def test_the_twenty_first_telephone_of_a_day_raises_one_alert(
    engine: Engine, session: Session, given: Given, process: Started, clock: Clock
) -> None:
    lot = given.lot()
    session.commit()
    counter = process()
    crowd(counter, lot, 5, 20)
    counter.flush(clock())
    assert alerts(engine) == []
    crowd(counter, lot, 5, 21)
    counter.flush(clock())
    for _ in range(3):
        crowd(counter, lot, 5, 40)
        counter.flush(clock())
    [alert] = alerts(engine)
    assert (alert.lot_id, alert.serial, signs_in(alert)) == (lot.pk, 5, (Sign.DEVICES,))
    [notice] = notices(engine)
    assert notice.organisation_id == lot.organisation_id
    assert notice.address == f"/work/scans/alerts/{alert.uid}"
    [due] = alerts_due(session, within=Reach.own(lot.organisation_id))
    assert (due.urgent, due.address) == (True, "/work/scans/alerts")
    assert not list(alerts_due(session, within=Reach.own(given.cooperative().pk)))
    kinds = session.execute(select(col(LedgerEntry.kind))).scalars().all()
    assert kinds.count("label.alert_raised") == 1


def test_processes_that_see_it_at_once_raise_one_together(
    engine: Engine, session: Session, given: Given, process: Started, clock: Clock
) -> None:
    lot = given.lot()
    session.commit()
    session.close()
    processes = [process() for _ in range(4)]
    for counter in processes:
        crowd(counter, lot, 5, 30)
    writing = [lambda counter=counter: counter.flush(clock()) for counter in processes]
    assert at_once(writing) == [None] * 4
    assert len(alerts(engine)) == len(notices(engine)) == 1


def test_something_else_that_is_unusual_is_added_to_the_alert_that_stands(
    engine: Engine, session: Session, given: Given, process: Started, clock: Clock
) -> None:
    lot = given.lot()
    session.commit()
    counter = process()
    counter.count_label(lot.code, 5, 1, [Sign.VOID])
    counter.flush(clock())
    crowd(counter, lot, 5, 30)
    counter.flush(clock())
    [alert] = alerts(engine)
    assert signs_in(alert) == (Sign.DEVICES, Sign.VOID)
    assert alert.version == 2
    assert len(notices(engine)) == 1


def test_numbers_never_made_here_raise_an_alert_when_several_telephones_read_them(
    engine: Engine, session: Session, given: Given, process: Started, clock: Clock
) -> None:
    lot = given.lot()
    session.commit()
    counter = process()
    crowd(counter, lot, NOT_MADE_HERE, 5)
    counter.flush(clock())
    assert alerts(engine) == []
    crowd(counter, lot, NOT_MADE_HERE, 6)
    counter.flush(clock())
    assert [signs_in(alert) for alert in alerts(engine)] == [(Sign.NOT_MADE_HERE,)]


def test_a_closed_alert_is_quiet_for_the_same_and_loud_for_the_new(
    engine: Engine, session: Session, given: Given, clock: Clock
) -> None:
    lot = given.lot()
    session.commit()
    counter = ScanCounter(engine)

    def busy_day(*signs: Sign) -> int:
        counter.open(clock())
        crowd(counter, lot, 5, 30)
        counter.count_label(lot.code, 5, 1, signs)
        counter.flush(clock())
        return len(alerts(engine))

    assert busy_day() == 1
    close(session, clock, AlertOutcome.EXPLAINED)
    clock.forward(days=2)
    assert busy_day() == 1
    assert busy_day(Sign.OPENED) == 2
    close(session, clock, AlertOutcome.EXPLAINED)
    clock.forward(days=31)
    assert busy_day() == 3


def close(session: Session, clock: Clock, outcome: AlertOutcome) -> None:
    standing = session.execute(
        select(ScanAlert).where(col(ScanAlert.closed_at).is_(None))
    ).scalar_one()
    close_alert(
        session,
        alert=standing,
        outcome=outcome,
        reason="Lớp học đi xem ruộng.",
        by=Actor.system(),
        now=clock(),
    )
    session.commit()


def test_closing_takes_a_reason_and_happens_once(
    session: Session, given: Given, process: Started, clock: Clock
) -> None:
    lot = given.lot()
    session.commit()
    counter = process()
    crowd(counter, lot, 5, 30)
    counter.flush(clock())
    alert = session.execute(select(ScanAlert)).scalar_one()
    say = {"alert": alert, "outcome": AlertOutcome.COPIED, "by": Actor.system(), "now": clock()}
    with pytest.raises(Refused):
        close_alert(session, reason="  ", **say)
    close_alert(session, reason="Tem bị chép ở chợ.", **say)
    session.flush()
    assert alert.closed_at == clock() and alert.version == 2
    with pytest.raises(Conflict):
        close_alert(session, reason="Lần nữa", **say)
