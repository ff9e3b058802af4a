"""Serials of codes have no gap and no double, however many officers issue at once."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, col

from app.db import open_session
from app.errors import Conflict
from app.ledger.actors import Actor
from app.models.base import new_uid
from app.models.registry import (
    AreaCrop,
    CodeApplication,
    CodeScheme,
    CodeSerial,
    PlantingArea,
)
from app.registry.decision_queries import Decision
from app.registry.issue_commands import issue_code
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


def many_waiting(session, given, count: int) -> list[int]:
    """As many areas that wait for a code, entered as rows: how they came is not what is tested."""
    model = given.area()
    crop = session.execute(select(col(AreaCrop.crop_id))).scalar_one()
    areas = [
        {**columns_of(model), "uid": new_uid(), "name": f"Vùng {at}", "name_key": f"vung {at} x"}
        for at in range(count)
    ]
    session.execute(insert(PlantingArea), areas)
    wanted = select(col(PlantingArea.id)).where(col(PlantingArea.id) != model.pk)
    keys = list(session.execute(wanted.order_by(col(PlantingArea.id))).scalars())
    session.execute(insert(AreaCrop), [{"area_id": key, "crop_id": crop} for key in keys])
    asked = {"market": "VNM", "note": "", "submitted_at": given.now, "version": 1}
    rows = [{**asked, "uid": new_uid(), "area_id": key, "state": "submitted"} for key in keys]
    session.execute(insert(CodeApplication), rows)
    waiting = list(session.execute(select(col(CodeApplication.id))).scalars())
    session.commit()
    return waiting


def columns_of(area: PlantingArea) -> dict[str, object]:
    return {name: value for name, value in area.model_dump().items() if name != "id"}


def test_a_thousand_codes_issued_by_sixteen_clients_have_no_gap_and_no_double(
    engine, session, given, now
):
    decision = Decision(SCHEME, given.day(-60), "12/QĐ-TTBVTV")
    waiting = many_waiting(session, given, 1000)

    def issue(application_id: int) -> str | None:
        with open_session(engine) as own:
            application = own.get_one(CodeApplication, application_id)
            try:
                code = issue_code(
                    own, application=application, decision=decision, by=Actor.system(), now=now
                )
                own.commit()
            except (Conflict, StaleDataError, IntegrityError):
                return None
            return code.code

    def press(application_id: int) -> str | None:
        """On a machine that does much else SQLite may answer that it is busy: one presses again."""
        for _ in range(3):
            try:
                return issue(application_id)
            except OperationalError:
                continue
        return issue(application_id)

    # Two officers take up every fifth application: one of the two must fail and use no serial.
    twice = [*waiting, *waiting[::5]]
    random.Random(7).shuffle(twice)
    with ThreadPoolExecutor(16) as pool:
        codes = [code for code in pool.map(press, twice) if code]
    assert sorted(codes) == [f"15-PUC-BAPCAI01-{serial:06}-VNM" for serial in range(1, 1001)]
