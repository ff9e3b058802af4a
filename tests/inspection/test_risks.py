"""Whom to visit first: each reason is counted, weighed by rows, and kept with the plan it led to."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given as examples
from hypothesis import strategies as some
from sqlmodel import Session

from app.accounts.caller import Caller
from app.catalogue.commands import RuleAmendment, set_legal_rule
from app.errors import Refused
from app.inspection.lab_rules import Finding
from app.inspection.plan_commands import PlanDetails, drop_plan, plan_visit
from app.inspection.plan_queries import plan_line, plans
from app.inspection.risk_queries import risks
from app.inspection.risk_rules import reasons_for, score_of
from app.inspection.visit_commands import Bearer, save_sheet
from app.models.accounts import Role
from app.models.catalogue import Confidence
from app.models.registry import OrganisationKind
from app.models.visits import PlanState, RiskKind
from app.registry.code_commands import Change, suspend_code
from tests.given import Given
from tests.inspection.visiting import found_at, sheet_of

counts = some.dictionaries(some.sampled_from(RiskKind), some.integers(0, 10**6))
weights = some.fixed_dictionaries({kind: some.integers(0, 100) for kind in RiskKind})


@examples(counts, weights, some.integers(0, 1_000))
def test_no_reason_weighs_more_than_the_most_and_none_is_left_out(
    found: dict[RiskKind, int], by: dict[RiskKind, int], most: int
) -> None:
    reasons = reasons_for(found, by, most=most)
    assert all(one.points <= most and one.count > 0 for one in reasons)
    assert {one.kind for one in reasons} == {k for k, n in found.items() if n and by[k]}
    assert score_of(reasons) == sum(min(found[k] * by[k], most) for k in found)
    assert [one.points for one in reasons] == sorted((r.points for r in reasons), reverse=True)


@pytest.fixture
def officer(given: Given) -> Caller:
    return given.caller(Role.INSPECTOR)


def told(session: Session, given: Given, key: int) -> dict[RiskKind, int]:
    [line] = risks(session, today=given.day(0), organisation_id=key)
    return {one.kind: one.count for one in line.reasons}


def test_every_kind_of_reason_is_counted_for_its_own_organisation(
    session: Session, given: Given, officer: Caller
) -> None:
    home, quiet = given.cooperative(), given.cooperative()
    area = given.area(home)
    code, lot = given.code(area), given.lot(area)
    given.certificate(area, valid_from=given.day(-300), valid_to=given.day(-2))
    given.report(lot)
    given.report(lot)
    over = Finding("Cypermethrin", value=Decimal(9), unit="mg/kg", limit=Decimal(1))
    given.lab_report(lot, over, by=Role.INSPECTOR)
    given.lab_report(lot, over, by=Role.STAFF)  # an own test is no official one
    change = Change(given.day(0), "Kiểm tra thấy sai sót.")
    suspend_code(session, code=code, change=change, by=officer.actor, now=given.now)
    assert told(session, given, home.pk) == {
        RiskKind.FAILED_TESTS: 1,
        RiskKind.CODE_STANDING: 1,
        RiskKind.COMPLAINTS: 2,
        RiskKind.EXPIRED_PAPERS: 1,
        RiskKind.UNVISITED: 1,
    }
    found_at(session, given, home, caller=officer)
    given.now += timedelta(days=8)
    after = told(session, given, home.pk)
    assert (after[RiskKind.PAST_FINDINGS], after[RiskKind.OVERDUE_FINDINGS]) == (1, 1)
    assert RiskKind.UNVISITED not in after
    assert told(session, given, quiet.pk) == {RiskKind.UNVISITED: 1}
    first, *rest = risks(session, today=given.day(0))
    assert first.organisation.pk == home.pk
    assert {line.organisation.kind for line in (first, *rest)} == {OrganisationKind.COOPERATIVE}


def test_weights_are_rows_and_a_weight_of_nothing_leaves_its_reason_out(
    session: Session, given: Given, officer: Caller
) -> None:
    home = given.cooperative()
    nothing = RuleAmendment(given.day(0), 0, "Nguồn Gốc (own term)", Confidence.UNVERIFIED)
    set_legal_rule(
        session,
        key="inspection.risk.unvisited",
        amendment=nothing,
        by=officer.actor,
        now=given.now,
    )
    assert told(session, given, home.pk) == {}


def test_a_plan_keeps_the_reasons_of_its_day(
    session: Session, given: Given, officer: Caller
) -> None:
    home = given.cooperative()
    details = PlanDetails("vietgap", given.day(5), assigned=officer.account_uid, note="Đi sáng.")
    plan = plan_visit(session, organisation=home, details=details, by=officer.actor, now=given.now)
    given.report(given.lot(given.area(home)))
    line = plan_line(session, plan.uid)
    assert [(one.kind, one.points) for one in line.reasons] == [(RiskKind.UNVISITED, 10)]
    assert (line.plan.score, line.checklist.edition) == (10, 2)
    [risk] = risks(session, today=given.day(0), organisation_id=home.pk)
    assert (risk.planned, risk.score) == (True, 16)
    assert plans(session, assigned_id=officer.account_id).items[0].plan.pk == plan.pk
    other = given.caller(Role.INSPECTOR)
    assert plans(session, assigned_id=other.account_id).items == ()
    drop_plan(session, plan=plan, reason="Mưa lũ.", by=officer.actor, now=given.now)
    assert plan.state is PlanState.DROPPED
    with pytest.raises(Refused):
        drop_plan(session, plan=plan, reason="Lần nữa.", by=officer.actor, now=given.now)


def test_what_cannot_be_planned_is_refused(session: Session, given: Given, officer: Caller) -> None:
    home, authority = given.cooperative(), given.organisation(OrganisationKind.AUTHORITY)
    clerk = given.caller(Role.STAFF, home)
    for organisation, details in (
        (home, PlanDetails("vietgap", given.day(-1))),
        (home, PlanDetails("nothing", given.day(1))),
        (home, PlanDetails("vietgap", given.day(1), assigned=clerk.account_uid)),
        (authority, PlanDetails("vietgap", given.day(1))),
    ):
        with pytest.raises(Refused):
            plan_visit(
                session, organisation=organisation, details=details, by=officer.actor, now=given.now
            )


def test_the_former_edition_of_a_checklist_still_serves_a_visit_that_was_begun_by_it(
    session: Session, given: Given, officer: Caller
) -> None:
    home = given.cooperative()
    sheet = sheet_of(session, given, home, checklist="vietgap")
    former = sheet.model_copy(update={"edition": 1})
    assert save_sheet(session, sheet=former, bearer=Bearer(officer, given.now)).finished_at
    with pytest.raises(Refused):
        save_sheet(
            session,
            sheet=sheet_of(session, given, home).model_copy(update={"edition": 9}),
            bearer=Bearer(officer, given.now),
        )
