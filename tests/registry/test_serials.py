"""Serials of codes have no gap and no double, however many officers issue at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app.db import open_session
from app.ledger.actors import Actor
from app.models.registry import CodeApplication, CodeScheme, CodeSerial
from app.registry.issue_commands import Decision, issue_code
from app.registry.serial_commands import next_serial

OFFICERS = 8
EACH = 25
SCOPE = "15-PUC-BAPCAI01-VNM"
SCHEME = CodeScheme.ND38_2026

Draw = Callable[[Session], int]


def drawn(engine: Engine, draw: Draw) -> tuple[list[int], int]:
    """The serials that committed, and how many draws failed, when all officers draw at once."""
    gate = Barrier(OFFICERS)

    def officer(_number: int) -> tuple[list[int], int]:
        got, failed = [], 0
        gate.wait()
        for _ in range(EACH):
            with open_session(engine) as session:
                try:
                    serial = draw(session)
                    session.commit()
                    got.append(serial)
                except IntegrityError:
                    failed += 1
        return got, failed

    with ThreadPoolExecutor(OFFICERS) as pool:
        outcomes = list(pool.map(officer, range(OFFICERS)))
    return sorted(serial for got, _ in outcomes for serial in got), sum(f for _, f in outcomes)


def counted(session: Session) -> int:
    return next_serial(session, SCHEME, SCOPE)


def naively(session: Session) -> int:
    """What one would write first: read the last one, add one, write it back."""
    row = session.execute(
        select(CodeSerial).where(
            col(CodeSerial.scheme) == SCHEME.value, col(CodeSerial.scope) == SCOPE
        )
    ).scalar_one_or_none()
    if row is None:
        row = CodeSerial(scheme=SCHEME.value, scope=SCOPE, last=0)
        session.add(row)
    row.last += 1
    session.flush()
    return row.last


def test_eight_officers_draw_two_hundred_serials_without_a_gap(engine):
    assert drawn(engine, counted) == (list(range(1, OFFICERS * EACH + 1)), 0)


def test_counting_without_a_lock_fails_the_same_test_where_writers_do_not_queue(
    engine, engine_name
):
    serials, failed = drawn(engine, naively)
    wrong = failed > 0 or len(set(serials)) < len(serials)
    assert wrong is (engine_name == "postgres")


def test_a_serial_that_was_not_used_is_given_back(engine, session):
    with open_session(engine) as refused:
        assert next_serial(refused, SCHEME, SCOPE) == 1
    assert next_serial(session, SCHEME, SCOPE) == 1


def test_every_scope_counts_for_itself(session):
    assert [next_serial(session, SCHEME, scope) for scope in ("a", "b", "a")] == [1, 1, 2]


def test_codes_issued_at_once_are_numbered_without_a_gap(engine, session, given, now):
    decision = Decision(SCHEME, given.day(-60), "12/QĐ-TTBVTV")
    waiting = [given.application(given.area()).pk for _ in range(24)]
    session.commit()

    def issue(application_id: int) -> str:
        with open_session(engine) as own:
            application = own.get_one(CodeApplication, application_id)
            code = issue_code(
                own, application=application, decision=decision, by=Actor.system(), now=now
            )
            own.commit()
            return code.code

    with ThreadPoolExecutor(OFFICERS) as pool:
        codes = list(pool.map(issue, waiting))
    assert sorted(codes) == [f"15-PUC-BAPCAI01-{serial:06}-VNM" for serial in range(1, 25)]
