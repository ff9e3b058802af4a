"""The life of codes as a machine that hypothesis drives: only allowed steps, and history that agrees.

The tables below are written from the law (cấp, cảnh báo, đình chỉ, phục hồi, thu hồi, huỷ bỏ, cấp lại)
and not read from the program: what they forbid must be refused, what they allow must happen.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlmodel import Session, col

from app.errors import DomainError
from app.ledger.actors import Actor
from app.models.dossiers import Finding
from app.models.registry import AreaCode, CodeApplication, CodeScheme, CodeStatus
from app.registry import application_commands as asking
from app.registry import code_commands as steps
from app.registry import rules
from app.registry.code_queries import codes_on, steps_of_area, successor_of
from app.registry.codes import parts_of, read
from app.registry.decision_queries import Decision
from app.registry.issue_commands import issue_code, reissue_code
from app.registry.rules import status_on
from tests.given import Given

BY = Actor.system()
# Mostly a day on which a step may take effect; too far ahead and before the last step, too.
DAYS = (0, 0, 0, 1, 3, 30, 31, -2, -40)
ASKED = ("apply", "inspect", "fit", "unfit", "return", "reject", "take_back")
MARKETS = st.sampled_from(["VNM", "CHN"])
OPEN, HOLDING, ENDED = (
    {"submitted", "inspecting", "returned"},
    {"active", "warned"},
    {"revoked", "cancelled", "superseded"},
)
# What may be done with an application, and where it leads.
ASKING = {
    ("submitted", "inspect"): "inspecting",
    ("submitted", "fit"): "submitted",
    ("inspecting", "fit"): "submitted",
    ("submitted", "unfit"): "inspecting",
    ("inspecting", "unfit"): "inspecting",
    ("submitted", "return"): "returned",
    ("inspecting", "return"): "returned",
    ("submitted", "issue"): "issued",
    **{(state, "reject"): "rejected" for state in OPEN},
    **{(state, "take_back"): "cancelled" for state in OPEN},
}
# What may befall a code, and where it leads.
LIVING = {
    ("active", "warn"): "warned",
    ("active", "suspend"): "suspended",
    ("warned", "suspend"): "suspended",
    ("warned", "restore"): "active",
    ("suspended", "restore"): "active",
    **{(status, "revoke"): "revoked" for status in ("active", "warned", "suspended")},
    **{(status, "cancel"): "cancelled" for status in ("active", "warned", "suspended")},
    **{(status, "reissue"): "superseded" for status in ("active", "warned")},
}
STEP = {
    "warn": steps.warn_code,
    "suspend": steps.suspend_code,
    "restore": steps.restore_code,
    "revoke": steps.revoke_code,
    "cancel": steps.cancel_code,
}


@dataclass
class Known:
    """A code as the model knows it: its text and every day on which its status changed."""

    row: AreaCode
    text: str
    market: str
    history: list[tuple[date, str]] = field(default_factory=list)

    @property
    def status(self) -> str:
        return self.history[-1][1]

    def on(self, day: date) -> str | None:
        past = [status for since, status in self.history if since <= day]
        return past[-1] if past else None


class CodeLife(RuleBasedStateMachine):
    """Every run has an area of its own, on one session, and sees no other."""

    session: Session
    given: Given

    @initialize(begun=st.sampled_from(["", "VNM", "VNM CHN"]))
    def an_area(self, begun):
        """A new area; in most runs it begins with codes, so that there is time for what befalls them."""
        self.area, self.now = self.given.area(), self.given.now
        self.asked: dict[str, CodeApplication] = {}
        self.states: dict[str, str] = {}
        self.codes: list[Known] = []
        for market in begun.split():
            self.apply(market)
            self.issue(market, 0)

    @property
    def today(self):
        return (self.now + timedelta(hours=7)).date()

    def attempt(self, allowed, act):
        """Do it in a savepoint; it must happen if it is allowed, and be refused with words if not."""
        try:
            with self.session.begin_nested():
                done = act()
        except DomainError as refused:
            assert not allowed, f"refused, though allowed: {refused}"
            assert str(refused.why)
            self.session.expire_all()
            return None
        assert allowed, "happened, though not allowed"
        return done

    def standing(self, market):
        return [code for code in self.codes if code.market == market and code.status not in ENDED]

    @rule(market=MARKETS, verb=st.sampled_from(ASKED))
    def ask(self, market, verb):
        if verb == "apply" or market not in self.asked:
            self.apply(market)
            return
        target = ASKING.get((self.states[market], verb))
        if self.attempt(target is not None, lambda: self.handled(market, verb)) is not None:
            self.states[market] = target

    def apply(self, market):
        state = self.states.get(market)
        allowed = state not in {"submitted", "inspecting"} and not self.standing(market)
        filed = self.attempt(
            allowed,
            lambda: asking.file_application(
                self.session, area=self.area, market=market, note="", by=BY, now=self.now
            ),
        )
        if filed is not None:
            self.asked[market], self.states[market] = filed, "submitted"

    def handled(self, market, verb):
        common = {"application": self.asked[market], "by": BY, "now": self.now}
        why = {"reason": "Vì lý do đã nêu"}
        match verb:
            case "inspect":
                return asking.order_site_check(self.session, **common)
            case "fit" | "unfit":
                details = asking.CheckDetails(self.today, Finding(verb), "Đã xem tại ruộng")
                return asking.record_site_check(self.session, details=details, **common)
            case "return":
                return asking.return_application(self.session, **common, **why)
            case "reject":
                return asking.reject_application(self.session, **common, **why)
        return asking.cancel_application(self.session, **common)

    @precondition(lambda self: set(self.states.values()) & OPEN)
    @rule(market=MARKETS, back=st.integers(0, 3))
    def issue(self, market, back):
        day = self.today - timedelta(days=back)
        if market not in self.asked:
            return
        former = [code for code in self.codes if code.market == market]
        in_time = all(day >= since for code in former for since, _ in code.history)
        allowed = ASKING.get((self.states[market], "issue")) is not None and in_time
        decision = Decision(CodeScheme.ND38_2026, day, "12/QĐ-TTBVTV")
        made = self.attempt(
            allowed,
            lambda: issue_code(
                self.session, application=self.asked[market], decision=decision, by=BY, now=self.now
            ),
        )
        if made is not None:
            self.states[market] = "issued"
            self.codes.append(Known(made, made.code, market, [(day, "active")]))

    @precondition(lambda self: self.codes)
    @rule(data=st.data(), verb=st.sampled_from(sorted(STEP)), ahead=st.sampled_from(DAYS))
    def befall(self, data, verb, ahead):
        """Any step at any code, also at one that ended, on any day near today."""
        code = data.draw(st.sampled_from(self.codes))
        self.now += timedelta(days=data.draw(st.sampled_from((0, 0, 1, 9, 35))))
        day = self.today + timedelta(days=ahead)
        target = LIVING.get((code.status, verb))
        allowed = target is not None and ahead <= 30 and day >= code.history[-1][0]
        change = steps.Change(day, "Vì lý do đã nêu")
        if self.attempt(
            allowed,
            lambda: STEP[verb](self.session, code=code.row, change=change, by=BY, now=self.now),
        ):
            code.history.append((day, target))

    @precondition(lambda self: self.codes)
    @rule(data=st.data())
    def replace(self, data):
        code = data.draw(st.sampled_from(self.codes))
        target = LIVING.get((code.status, "reissue"))
        allowed = target is not None and self.today >= code.history[-1][0]
        decision = Decision(CodeScheme.ND38_2026, self.today, "13/QĐ-TTBVTV")
        made = self.attempt(
            allowed,
            lambda: reissue_code(
                self.session, code=code.row, decision=decision, by=BY, now=self.now
            ),
        )
        if made is not None:
            code.history.append((self.today, target))
            self.codes.append(Known(made, made.code, code.market, [(self.today, "active")]))
            assert successor_of(self.session, code.row) is made

    @invariant()
    def an_area_holds_one_code_a_market(self):
        for market in ("VNM", "CHN"):
            assert len(self.standing(market)) <= 1

    @invariant()
    def what_the_register_says_of_any_day_is_its_history(self):
        told = {code.pk: history for code, history in steps_of_area(self.session, self.area.pk)}
        for day in (self.today + timedelta(days=ahead) for ahead in range(-45, 46, 5)):
            for code in self.codes:
                assert len(told[code.row.pk]) == len(code.history)
                status = status_on(told[code.row.pk], day)
                assert (status and status.value) == code.on(day)
        now = {
            code.pk: status.value
            for code, status in codes_on(self.session, self.area.pk, self.today)
        }
        assert now == {
            code.row.pk: code.on(self.today) for code in self.codes if code.on(self.today)
        }

    @invariant()
    def what_ended_never_holds_again(self):
        for code in self.codes:
            ended = [since for since, status in code.history if status in ENDED]
            for since in ended:
                later = since + timedelta(days=3650)
                assert code.on(later) == code.status
                assert code.row.status.value in ENDED

    @invariant()
    def a_code_is_never_rewritten_and_stays_readable(self):
        for code in self.codes:
            assert code.row.code == code.text
            assert code.row.status.value == code.status
            assert parts_of(read(code.row.scheme, code.text.lower().replace("-", " ")))

    def teardown(self):
        texts = list(self.session.execute(select(col(AreaCode.code))).scalars())
        assert len(texts) == len(set(texts))


def play(session, given, *, examples):
    run_state_machine_as_test(
        type("Life", (CodeLife,), {"session": session, "given": given}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_life_of_codes_keeps_to_the_law_whatever_is_tried(session, given):
    play(session, given, examples=40)


@pytest.mark.parametrize(
    ("status", "also"),
    [
        (CodeStatus.REVOKED, CodeStatus.ACTIVE),
        (CodeStatus.SUSPENDED, CodeStatus.SUPERSEDED),
    ],
)
def test_the_machine_notices_a_step_too_many(session, given, monkeypatch, status, also):
    monkeypatch.setitem(rules.NEXT_STATUS, status, rules.NEXT_STATUS[status] | {also})
    with pytest.raises(AssertionError, match="happened, though not allowed"):
        play(session, given, examples=60)


def test_the_machine_notices_a_step_too_few(session, given, monkeypatch):
    monkeypatch.setitem(rules.NEXT_STATUS, CodeStatus.WARNED, frozenset())
    with pytest.raises(AssertionError, match="refused, though allowed"):
        play(session, given, examples=60)
