"""Reports as they come in: kept once, told, with deadlines; what is personal stands apart."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlmodel import Session, SQLModel, col

from app.errors import Conflict, Refused, TooMany
from app.kit.tickets import read_ticket
from app.models.accounts import Role
from app.models.ledger import LedgerEntry
from app.models.lots import HarvestLot
from app.models.notices import Notice
from app.models.registry import Organisation
from app.models.reports import DailySalt, ReportContact, ReportState, ShopperReport
from app.reports.commands import answer_report, close_report
from app.reports.queries import find_contact, messages_of
from app.reports.receiving import SentReport, add_word, receive_report
from app.reports.sending_limits import SendingLimits, claim_sending, forget_salts
from tests.given import Given

CANARY = "0912000111"
PLACE = "198.51.100.77"


@pytest.fixture
def lot(given: Given) -> HarvestLot:
    return given.lot()


def send(given: Given, code: str = "", *, place: str = PLACE, **sent: Any) -> ShopperReport:
    token = sent.pop("form_token", None)
    chosen = {"kind": "spoiled", "words": "Thối hết bên trong.", "code": code, **sent}
    return receive_report(
        given.session,
        SentReport(**chosen),
        place=place,
        language="vi",
        now=given.now,
        form_token=token,
    )


def count(session: Session, table: type[SQLModel]) -> int:
    return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def everything(session: Session, *left_out: str) -> Iterator[str]:
    """Every value of every table, as text."""
    for name in SQLModel.metadata.tables:
        if name in left_out:
            continue
        for row in session.execute(text(f'SELECT * FROM "{name}"')):
            yield from (f"{name}: {value!r}" for value in row)


def test_a_report_has_a_ticket_a_lot_and_deadlines_in_working_days(
    given: Given, lot: HarvestLot
) -> None:
    made = send(given, lot.code)
    assert read_ticket(made.ticket) == made.ticket
    assert (made.lot_id, made.organisation_id) == (lot.pk, lot.organisation_id)
    # Friday 20 November 2026: two and seven working days; the 24th is Viet Nam's Culture Day.
    assert (made.look_by, made.answer_by) == (date(2026, 11, 25), date(2026, 12, 2))


def test_the_cooperative_and_every_authority_are_told(
    session: Session, given: Given, lot: HarvestLot
) -> None:
    given.caller(Role.INSPECTOR)
    made = send(given, lot.code)
    told = session.execute(
        select(col(Organisation.kind), col(Notice.address))
        .join(Organisation, col(Organisation.id) == col(Notice.organisation_id))
        .order_by(col(Notice.id))
    ).all()
    assert [(kind.value, address) for kind, address in told] == [
        ("cooperative", f"/work/reports/{made.uid}"),
        ("authority", f"/desk/reports/{made.uid}"),
    ]


def test_a_code_that_is_no_lot_s_goes_to_the_authority_alone(
    session: Session, given: Given, lot: HarvestLot
) -> None:
    given.caller(Role.INSPECTOR)
    made = send(given, "LC12 3456 789A BCD")
    assert (made.lot_id, made.organisation_id) == (None, None)
    assert made.typed_code == "LC12 3456 789A BCD"
    addresses = list(session.execute(select(col(Notice.address))).scalars())
    assert addresses == [f"/desk/reports/{made.uid}"]


def test_everything_that_is_wrong_is_said_at_once(given: Given) -> None:
    with pytest.raises(Refused) as refused:
        send(given, kind="x", words="", contact="gọi", bought_at="x" * 200)
    assert {fault.field for fault in refused.value.fields} == {
        "kind",
        "words",
        "contact",
        "bought_at",
    }


def test_a_form_sent_twice_gives_one_ticket(
    session: Session, given: Given, lot: HarvestLot
) -> None:
    first = send(given, lot.code, form_token="a" * 64)
    again = send(given, lot.code, form_token="a" * 64)
    assert again.ticket == first.ticket
    assert count(session, ShopperReport) == 1


def test_the_same_words_from_the_same_address_are_taken_once_a_day(
    session: Session, given: Given, lot: HarvestLot
) -> None:
    send(given, lot.code)
    with pytest.raises(Conflict):
        send(given, lot.code, words="  THỐI hết bên trong")
    # The controls: other words, another lot, another address, another day.
    send(given, lot.code, words="Có mùi lạ.")
    send(given, given.lot().code)
    send(given, lot.code, place="198.51.100.78")
    given.now += timedelta(days=1)
    send(given, lot.code)
    assert count(session, ShopperReport) == 5


def test_a_contact_stands_in_its_own_table_and_nowhere_else(
    session: Session, given: Given, lot: HarvestLot
) -> None:
    made = send(given, lot.code, contact=CANARY)
    assert find_contact(session, made) == CANARY
    session.flush()
    assert [one for one in everything(session, "report_contact") if CANARY in one] == []
    assert [one for one in everything(session) if CANARY in one] != []  # the search finds it


def test_the_ledger_holds_no_word_of_what_was_written(
    session: Session, given: Given, lot: HarvestLot
) -> None:
    send(given, lot.code, words="Câu riêng tư của tôi.", bought_at="Chợ Cốc Lếu", contact=CANARY)
    bodies = " ".join(session.execute(select(col(LedgerEntry.body))).scalars())
    assert "report.received" in bodies
    for secret in ("riêng tư", "Cốc Lếu", CANARY):
        assert secret not in bodies


def test_no_address_is_stored_anywhere(session: Session, given: Given, lot: HarvestLot) -> None:
    claim_sending(session, PLACE, SendingLimits(5, 5), now=given.now)
    send(given, lot.code)
    session.flush()
    assert [one for one in everything(session) if PLACE in one] == []


def test_an_address_has_so_many_reports_an_hour_and_a_day(session: Session, given: Given) -> None:
    limits = SendingLimits(an_hour=3, a_day=5)

    def refused(place: str = PLACE) -> bool:
        try:
            claim_sending(session, place, limits, now=given.now)
        except TooMany as why:
            assert why.retry_after > 0
            return True
        return False

    assert [refused() for _ in range(5)] == [False, False, False, True, True]
    assert not refused("198.51.100.78")  # the control: somebody else
    given.now += timedelta(minutes=61)
    assert [refused() for _ in range(3)] == [False, False, True]
    given.now += timedelta(days=1)
    assert not refused()


def test_salts_and_counters_are_thrown_away_after_two_days(session: Session, given: Given) -> None:
    claim_sending(session, PLACE, SendingLimits(5, 5), now=given.now)
    forget_salts(session, now=given.now + timedelta(days=1))
    assert count(session, DailySalt) == 1
    forget_salts(session, now=given.now + timedelta(days=2))
    assert count(session, DailySalt) == 0
    assert list(session.execute(text("SELECT key FROM sign_in_throttle"))) == []


def test_a_further_word_opens_an_answered_report_and_none_follows_a_closed_one(
    session: Session, given: Given, lot: HarvestLot
) -> None:
    officer = given.caller(Role.INSPECTOR)
    made = send(given, lot.code)
    add_word(session, report=made, words="Còn nữa: có sâu.", now=given.now)
    add_word(session, report=made, words="Còn nữa: có sâu.", now=given.now)  # pressed twice
    assert made.state is ReportState.RECEIVED
    assert len(messages_of(session, made)) == 1
    answer_report(session, report=made, words="Xin đổi hàng.", caller=officer, now=given.now)
    add_word(session, report=made, words="Vẫn chưa được đổi.", now=given.now)
    assert made.state is ReportState.LOOKING
    close_report(session, report=made, reason="Đã đổi hàng.", caller=officer, now=given.now)
    with pytest.raises(Refused):
        add_word(session, report=made, words="Thêm một câu.", now=given.now)


def test_one_ticket_takes_only_so_many_words(session: Session, given: Given) -> None:
    made = send(given)
    for number in range(20):
        add_word(session, report=made, words=f"Câu thứ {number}.", now=given.now)
    with pytest.raises(Refused):
        add_word(session, report=made, words="Câu nữa thôi.", now=given.now)


def test_no_contact_no_row(session: Session, given: Given) -> None:
    send(given)
    assert count(session, ReportContact) == 0
