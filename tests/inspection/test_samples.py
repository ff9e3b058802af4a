"""Samples: no hand is missing between the field and the laboratory, and the right report answers."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.errors import DomainError, Refused
from app.inspection.sample_commands import Handing, attach_result, hand_on
from app.inspection.sample_queries import official_reports, samples, steps_of
from app.inspection.sample_rules import NEXT
from app.ledger.queries import history_of
from app.models.accounts import Role
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot
from app.models.registry import Organisation
from app.models.samples import Sample, SampleStepKind
from tests.given import Given
from tests.inspection.visiting import visited


@pytest.fixture
def lot(given: Given) -> HarvestLot:
    return given.lot()


@pytest.fixture
def officer(given: Given) -> Caller:
    return given.caller(Role.INSPECTOR)


def taken(
    session: Session, given: Given, whose: HarvestLot, officer: Caller, **parts: Any
) -> Sample:
    """A sample that was sealed on a visit."""
    home = session.get_one(Organisation, whose.organisation_id)
    told = {"uid": uuid4(), "lot": whose.code, "what": "Bắp cải, 2 kg", "seal": "NP-1", **parts}
    visit = visited(session, given, home, officer, samples=[told])
    [line] = samples(session, within=Reach.all(), visit_id=visit.pk).items
    return line.sample


def count_facts(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(LedgerEntry)).scalar_one())


def step(given: Given, kind: SampleStepKind, giver: str, taker: str, **more: Any) -> Handing:
    return Handing(kind, giver, taker, more.pop("at", given.now), **more)


def test_a_sample_goes_from_hand_to_hand_and_its_report_answers_it(
    session: Session, given: Given, lot: HarvestLot, officer: Caller
) -> None:
    sample = taken(session, given, lot, officer)
    way = (
        step(given, SampleStepKind.HANDED_OVER, officer.name, "Bưu điện"),
        step(given, SampleStepKind.HANDED_OVER, "Bưu điện", "Lái xe"),
        step(given, SampleStepKind.RECEIVED, "Lái xe", "Phòng thử nghiệm", seal_whole=True),
    )
    for handing in way:
        hand_on(session, sample=sample, handing=handing, caller=officer, now=given.now)
    report, _ = given.lab_report(lot, by=Role.INSPECTOR)
    assert official_reports(session, sample) == [report]
    attach_result(session, sample=sample, report=report.uid, caller=officer, now=given.now)
    assert (sample.state, sample.report_id) == (SampleStepKind.RESULTED, report.pk)
    kinds = [one.kind.value for one in steps_of(session, sample)]
    assert kinds == ["taken", "sealed", "handed_over", "handed_over", "received", "resulted"]
    told = [fact.kind for fact in history_of(session, str(sample.uid))]
    assert told == [f"sample.{kind}" for kind in kinds]


def test_no_link_of_the_chain_is_left_out(
    session: Session, given: Given, lot: HarvestLot, officer: Caller
) -> None:
    sample, now = taken(session, given, lot, officer), given.now
    for state, allowed in NEXT.items():
        sample.state = state
        for kind in set(SampleStepKind) - allowed:
            with pytest.raises(Refused):
                hand_on(
                    session,
                    sample=sample,
                    handing=step(given, kind, "Ai", "Ai khác"),
                    caller=officer,
                    now=now,
                )
        if SampleStepKind.RESULTED not in allowed:
            with pytest.raises(Refused):
                attach_result(session, sample=sample, report=uuid4(), caller=officer, now=now)


def test_a_broken_seal_is_refused_and_times_run_forward(
    session: Session, given: Given, lot: HarvestLot, officer: Caller
) -> None:
    sample, now = taken(session, given, lot, officer), given.now
    over = step(given, SampleStepKind.HANDED_OVER, officer.name, "Bưu điện")
    for wrong, field in (
        (step(given, SampleStepKind.HANDED_OVER, "", "Bưu điện"), "giver"),
        (step(given, SampleStepKind.HANDED_OVER, "Ai", ""), "taker"),
        (step(given, SampleStepKind.HANDED_OVER, "A", "B", at=now - timedelta(days=2)), "at"),
        (step(given, SampleStepKind.HANDED_OVER, "A", "B", at=now + timedelta(days=2)), "at"),
    ):
        with pytest.raises(Refused) as refused:
            hand_on(session, sample=sample, handing=wrong, caller=officer, now=now)
        assert refused.value.fields[0].field == field
    hand_on(session, sample=sample, handing=over, caller=officer, now=now)
    broken = step(given, SampleStepKind.RECEIVED, "Bưu điện", "Phòng", seal_whole=False)
    with pytest.raises(Refused):
        hand_on(session, sample=sample, handing=broken, caller=officer, now=now)
    refused_by_lab = step(given, SampleStepKind.REFUSED, "Bưu điện", "", seal_whole=False)
    hand_on(session, sample=sample, handing=refused_by_lab, caller=officer, now=now)
    assert sample.state is SampleStepKind.REFUSED


def test_only_an_official_report_of_its_lot_answers_a_sample(
    session: Session, given: Given, lot: HarvestLot, officer: Caller
) -> None:
    sample, now = taken(session, given, lot, officer), given.now
    for handing in (
        step(given, SampleStepKind.HANDED_OVER, officer.name, "Phòng"),
        step(given, SampleStepKind.RECEIVED, officer.name, "Phòng", seal_whole=True),
    ):
        hand_on(session, sample=sample, handing=handing, caller=officer, now=now)
    own, _ = given.lab_report(lot)
    strange, _ = given.lab_report(given.lot(), by=Role.INSPECTOR)
    for wrong in (own.uid, strange.uid, uuid4()):
        with pytest.raises(DomainError):
            attach_result(session, sample=sample, report=wrong, caller=officer, now=now)


def test_a_seal_is_on_one_sample_and_a_lot_is_of_who_was_visited(
    session: Session, given: Given, lot: HarvestLot, officer: Caller
) -> None:
    taken(session, given, lot, officer)
    facts = count_facts(session)
    with pytest.raises(Refused):
        taken(session, given, lot, officer)
    assert count_facts(session) == facts  # nothing of the refused visit is left
    taken(session, given, lot, officer, seal="NP-2")
    with pytest.raises(Refused) as refused:
        taken(session, given, lot, officer, seal="NP-3", lot=given.lot().code)
    assert refused.value.fields[0].field == "sample_lot_1"
