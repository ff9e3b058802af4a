"""Findings: evidence, the inspector's word, deadlines, and what is stopped at once, public pages included."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import Session, col
from starlette.testclient import TestClient

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.errors import DomainError, Refused
from app.inspection.daily import tend_findings
from app.inspection.finding_commands import close_finding, send_back, show_evidence
from app.inspection.finding_queries import findings, measures_of, said_of, stoppable
from app.inspection.measure_commands import Measure, take_measure
from app.ledger.queries import history_of
from app.models.accounts import Role
from app.models.certificates import CertificateStatus
from app.models.lots import LotState
from app.models.notices import Notice
from app.models.registry import CodeStatus, Organisation
from app.models.visit_findings import FindingState, MeasureKind
from app.pictures.cleaning import cleaned_picture
from tests.given import Given
from tests.inspection.visiting import found_at

WHY = "Rau mua từ nơi khác mang mã của vùng."


@pytest.fixture
def home(given: Given) -> Organisation:
    return given.cooperative("Hợp tác xã Rau Bản Phố")


@pytest.fixture
def officer(given: Given) -> Caller:
    return given.caller(Role.INSPECTOR)


@pytest.fixture
def clerk(given: Given, home: Organisation) -> Caller:
    return given.caller(Role.STAFF, home)


def addresses(session: Session, kind: str) -> list[str]:
    wanted = select(col(Notice.address)).where(col(Notice.kind) == kind)
    return list(session.execute(wanted.order_by(col(Notice.id))).scalars())


def test_a_finding_is_shown_sent_back_shown_again_and_closed(
    session: Session, given: Given, home: Organisation, officer: Caller, clerk: Caller
) -> None:
    finding, now = found_at(session, given, home), given.now
    assert finding.due_on == given.day(7)  # a critical one
    photo = cleaned_picture(given.picture())
    for by_whom, act in (
        ("clerk", lambda: show_evidence(session, finding=finding, words="Đã dọn kho.", photo=photo,
                                        caller=clerk, now=now)),
        ("officer", lambda: send_back(session, finding=finding, words="Chưa thấy khoá.",
                                      due_on=given.day(9), caller=officer, now=now)),
        ("clerk", lambda: show_evidence(session, finding=finding, words="Đã khoá kho.", photo=None,
                                        caller=clerk, now=now)),
        ("officer", lambda: close_finding(session, finding=finding, words="Đã xem, đạt.",
                                          caller=officer, now=now)),
    ):  # fmt: skip
        act()
        assert by_whom
    session.flush()
    assert (finding.state, finding.due_on) == (FindingState.CLOSED, given.day(9))
    said = said_of(session, finding)
    assert [bool(one.picture) for one in said] == [True, False, False, False]
    assert [fact.kind for fact in history_of(session, str(finding.uid))] == [
        "finding.opened",
        "finding.answered",
        "finding.sent_back",
        "finding.answered",
        "finding.closed",
    ]
    for act in (
        lambda: show_evidence(
            session, finding=finding, words="Thêm nữa.", photo=None, caller=clerk, now=now
        ),
        lambda: close_finding(session, finding=finding, words="Lần nữa.", caller=officer, now=now),
    ):
        with pytest.raises(Refused):
            act()


def test_what_was_not_shown_cannot_be_sent_back_and_words_are_needed(
    session: Session, given: Given, home: Organisation, officer: Caller, clerk: Caller
) -> None:
    finding = found_at(session, given, home)
    with pytest.raises(Refused):
        send_back(
            session, finding=finding, words="Chưa được.", due_on=None, caller=officer, now=given.now
        )
    for words in ("", "ok", "\u202e" * 8):
        with pytest.raises(Refused) as refused:
            show_evidence(
                session, finding=finding, words=words, photo=None, caller=clerk, now=given.now
            )
        assert refused.value.fields[0].field == "words"


def test_deadlines_are_reminded_of_once_for_each_stage_and_escalate(
    session: Session, given: Given, home: Organisation, officer: Caller
) -> None:
    finding = found_at(session, given, home, caller=officer)
    told = [
        tend_findings(session, now=given.now + timedelta(days=days))
        for days in (0, 4, 5, 8, 9, 13, 14, 15)
    ]
    # Three days before: the cooperative. After the day: it and the office. A week later: the office.
    offices = 1
    assert told == [0, 1, 0, 1 + offices, 0, 0, offices, 0]
    work, desk = f"/work/findings/{finding.uid}", f"/desk/findings/{finding.uid}"
    assert addresses(session, "finding.due") == [work, work, desk, desk]


def test_an_answered_finding_is_not_reminded_of_and_overdue_ones_come_first(
    session: Session, given: Given, home: Organisation, clerk: Caller
) -> None:
    later = found_at(session, given, home, severity="minor")
    first = found_at(session, given, home)
    soon = found_at(session, given, home, severity="major")
    given.now += timedelta(days=10)
    today = given.day(0)
    one = findings(session, within=Reach.all(), today=today, limit=2)
    two = findings(session, within=Reach.all(), today=today, after=one.next, limit=2)
    assert [line.finding.pk for line in (*one.items, *two.items)] == [
        first.pk,
        soon.pk,
        later.pk,
    ]
    assert one.items[0].late_on(today)
    show_evidence(
        session, finding=first, words="Đã dọn kho.", photo=None, caller=clerk, now=given.now
    )
    assert tend_findings(session, now=given.now) == 0


def test_measures_stop_codes_certificates_and_lots_at_once(
    session: Session, given: Given, home: Organisation, officer: Caller
) -> None:
    area = given.area(home)
    code, certificate, lot = given.code(area), given.certificate(area), given.lot(area)
    finding, now = found_at(session, given, home, area=area.uid), given.now
    found = stoppable(session, finding, today=given.day(0))
    assert (found.codes, found.certificates, found.lots) == ((code,), (certificate,), (lot,))
    for kind, target in (
        (MeasureKind.WARN_CODE, str(code.uid)),
        (MeasureKind.SUSPEND_CODE, str(code.uid)),
        (MeasureKind.SUSPEND_CERTIFICATE, str(certificate.uid)),
        (MeasureKind.HOLD_LOT, lot.code),
    ):
        measure = Measure(kind, target, WHY)
        take_measure(session, finding=finding, measure=measure, caller=officer, now=now)
    assert (code.status, certificate.status, lot.state) == (
        CodeStatus.SUSPENDED,
        CertificateStatus.SUSPENDED,
        LotState.HELD,
    )
    assert [one.subject for one in measures_of(session, finding)] == [
        code.code,
        code.code,
        certificate.number,
        lot.code,
    ]
    assert stoppable(session, finding, today=given.day(0)).lots == ()


def test_only_what_is_of_the_organisation_is_stopped(
    session: Session, given: Given, home: Organisation, officer: Caller
) -> None:
    finding = found_at(session, given, home)
    strange = given.area()
    code, certificate, lot = given.code(strange), given.certificate(strange), given.lot(strange)
    for kind, target in (
        (MeasureKind.SUSPEND_CODE, str(code.uid)),
        (MeasureKind.SUSPEND_CERTIFICATE, str(certificate.uid)),
        (MeasureKind.HOLD_LOT, lot.code),
        (MeasureKind.WARN_CODE, "no id"),
    ):
        with pytest.raises(DomainError):
            take_measure(
                session,
                finding=finding,
                measure=Measure(kind, target, WHY),
                caller=officer,
                now=given.now,
            )
    assert (code.status, lot.state) == (CodeStatus.ACTIVE, LotState.OPEN)


def test_the_page_behind_the_label_warns_with_the_very_next_request(
    session: Session, given: Given, home: Organisation, client: TestClient
) -> None:
    area = given.area(home)
    code, lot = given.code(area), given.lot(area)
    finding = found_at(session, given, home, area=area.uid)
    headers = given.headers(Role.INSPECTOR)
    session.commit()
    before = client.get(f"/t/{lot.code}").text
    address = f"/api/v1/inspection/findings/{finding.uid}/measures"
    body = {"kind": "hold_lot", "target": lot.code, "reason": WHY}
    answer = client.post(address, json=body, headers={**headers, "If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    held = client.get(f"/t/{lot.code}").text
    assert held != before
    body = {"kind": "suspend_code", "target": str(code.uid), "reason": WHY}
    registered = client.get(f"/register/{code.code_key}").text
    answer = client.post(address, json=body, headers={**headers, "If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    assert client.get(f"/register/{code.code_key}").text != registered


def test_evidence_by_api_takes_a_photograph_of_the_own_organisation_alone(
    session: Session, given: Given, home: Organisation, client: TestClient
) -> None:
    finding = found_at(session, given, home)
    mine, other = given.headers(Role.STAFF, home), given.headers(Role.STAFF, given.cooperative())
    session.commit()

    def sent(headers: dict[str, str]) -> dict[str, str]:
        once = {**headers, "Idempotency-Key": str(uuid4())}
        picture = {"file": ("a.png", given.picture(), "image/png")}
        kept = client.post("/api/v1/pictures", files=picture, headers=once)
        assert kept.status_code == 201, kept.text
        return kept.json()

    address = f"/api/v1/inspection/findings/{finding.uid}/evidence"
    whose = {**mine, "If-Match": '"1"'}
    body = {"words": "Đã khoá kho.", "picture": sent(other)["uid"]}
    assert client.post(address, json=body, headers=whose).status_code == 404
    # The control: the same photograph, sent by who shows it.
    own = sent(mine)["uid"]
    shown = client.post(address, json={**body, "picture": own}, headers=whose)
    assert shown.status_code == 200, shown.text
    assert [one["picture"] for one in shown.json()["said"]] == [own]
