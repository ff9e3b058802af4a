"""What the offices do with reports: in order, with deadlines, and forgetting what is personal in time."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.caller import Caller
from app.accounts.reach import Reach
from app.errors import NotFound, Refused
from app.ledger.actors import Actor
from app.ledger.queries import history_of
from app.lots.commands import recall_lot
from app.models.accounts import Role
from app.models.lots import HarvestLot
from app.models.notices import Notice
from app.models.registry import Organisation
from app.models.reports import MessageKind, ReportState, ShopperReport
from app.reports.commands import (
    answer_report,
    ask_cooperative,
    close_report,
    forget_contact,
    look_at,
    note_done,
)
from app.reports.daily import forget_what_is_personal, remind_of_reports
from app.reports.due_queries import reports_due
from app.reports.queries import (
    count_late,
    find_contact,
    find_photo,
    messages_of,
    report_by_uid,
    report_line,
    reports,
)
from tests.given import Given

BY = Actor.system()


@pytest.fixture
def lot(given: Given) -> HarvestLot:
    return given.lot()


@pytest.fixture
def officer(given: Given) -> Caller:
    return given.caller(Role.INSPECTOR)


@pytest.fixture
def clerk(given: Given, lot: HarvestLot) -> Caller:
    return given.caller(Role.STAFF, given.session.get_one(Organisation, lot.organisation_id))


def told(session: Session, kind: str) -> list[str]:
    wanted = select(col(Notice.address)).where(col(Notice.kind) == kind).order_by(col(Notice.id))
    return list(session.execute(wanted).scalars())


def listed(given: Given, within: Reach | None = None, **how: object) -> list[ShopperReport]:
    page = reports(given.session, within=within or Reach.all(), today=given.day(0), **how)
    return [line.report for line in page.items]


def test_a_report_goes_through_its_states_in_order_and_into_the_ledger(
    session: Session, given: Given, lot: HarvestLot, clerk: Caller, officer: Caller
) -> None:
    report, now = given.report(lot), given.now
    states = [report.state]
    look_at(session, report=report, caller=officer, now=now)
    states.append(report.state)
    ask_cooperative(session, report=report, words="Lô còn hàng không?", caller=officer, now=now)
    note_done(session, report=report, words="Đã gọi cửa hàng.", caller=clerk, now=now)
    states.append(report.state)
    answer_report(session, report=report, words="Xin đổi hàng.", caller=clerk, now=now)
    states.append(report.state)
    close_report(session, report=report, reason="Đã đổi hàng.", caller=officer, now=now)
    states.append(report.state)
    assert states == [
        ReportState.RECEIVED,
        ReportState.LOOKING,
        ReportState.LOOKING,
        ReportState.ANSWERED,
        ReportState.CLOSED,
    ]
    assert report.assigned_id == officer.account_id
    kinds = [fact.kind for fact in history_of(session, str(report.uid))]
    assert kinds == [
        "report.received",
        "report.looked_at",
        "report.asked",
        "report.done",
        "report.answered",
        "report.closed",
    ]


def test_a_closed_report_is_left_alone(
    session: Session, given: Given, lot: HarvestLot, clerk: Caller, officer: Caller
) -> None:
    report, now = given.report(lot), given.now
    close_report(session, report=report, reason="Báo nhầm lô.", caller=officer, now=now)
    for act in (
        lambda: look_at(session, report=report, caller=officer, now=now),
        lambda: answer_report(session, report=report, words="Câu này.", caller=clerk, now=now),
        lambda: note_done(session, report=report, words="Câu này.", caller=clerk, now=now),
        lambda: ask_cooperative(session, report=report, words="Câu này.", caller=officer, now=now),
        lambda: close_report(session, report=report, reason="Lần nữa.", caller=officer, now=now),
    ):
        with pytest.raises(Refused):
            act()


def test_nobody_is_asked_where_no_cooperative_is_known(
    session: Session, given: Given, officer: Caller
) -> None:
    report = given.report()
    with pytest.raises(Refused):
        ask_cooperative(session, report=report, words="Lô nào vậy?", caller=officer, now=given.now)


def test_each_office_is_told_what_the_other_says(
    session: Session, given: Given, lot: HarvestLot, clerk: Caller, officer: Caller
) -> None:
    report = given.report(lot)
    ask_cooperative(
        session, report=report, words="Lô còn hàng không?", caller=officer, now=given.now
    )
    note_done(session, report=report, words="Đã đổi hàng.", caller=clerk, now=given.now)
    assert told(session, "report.asked") == [f"/work/reports/{report.uid}"]
    assert told(session, "report.done") == [f"/desk/reports/{report.uid}"]


def test_the_shopper_s_side_holds_words_and_answers_only(
    session: Session, given: Given, lot: HarvestLot, clerk: Caller, officer: Caller
) -> None:
    report, now = given.report(lot), given.now
    ask_cooperative(session, report=report, words="Lô còn hàng không?", caller=officer, now=now)
    note_done(session, report=report, words="Đã gọi cửa hàng.", caller=clerk, now=now)
    answer_report(session, report=report, words="Xin đổi hàng.", caller=clerk, now=now)
    public = messages_of(session, report, MessageKind.WORD, MessageKind.ANSWER)
    assert [one.message.words for one in public] == ["Xin đổi hàng."]


def test_several_of_a_lot_and_those_of_a_recalled_lot_come_first(
    session: Session, given: Given, lot: HarvestLot
) -> None:
    recalled = given.lot()
    first = given.report(recalled)
    quiet = given.report(given.lot())
    assert listed(given) == [quiet, first]
    recall_lot(session, lot=recalled, reason="Dư lượng thuốc.", by=BY, now=given.now)
    one, other = given.report(lot), given.report(lot)
    assert listed(given) == [other, one, first, quiet]
    line = report_line(session, one.uid, within=Reach.all(), today=given.day(0))
    assert (bool(line.urgent), line.alike) == (True, 2)


def test_reports_of_a_lot_that_lie_far_apart_are_not_urgent(
    session: Session, given: Given, lot: HarvestLot
) -> None:
    given.report(lot)
    given.now += timedelta(days=15)
    late = given.report(lot)
    line = report_line(session, late.uid, within=Reach.all(), today=given.day(0))
    assert not line.urgent


def test_pages_of_a_list_follow_each_other_across_what_is_urgent(
    session: Session, given: Given, lot: HarvestLot
) -> None:
    made = [given.report(lot), given.report(lot), given.report(), given.report(), given.report()]
    seen, after = [], None
    while True:
        page = reports(session, within=Reach.all(), today=given.day(0), after=after, limit=2)
        seen += [line.report.uid for line in page.items]
        after = page.next
        if after is None:
            break
    assert seen == [made[at].uid for at in (1, 0, 4, 3, 2)]


def test_another_cooperative_finds_nothing(given: Given, lot: HarvestLot) -> None:
    report, unknown = given.report(lot), given.report()
    stranger = Reach.own(given.cooperative().pk)
    assert listed(given, stranger) == []
    for uid in (report.uid, unknown.uid):
        with pytest.raises(NotFound):
            report_by_uid(given.session, uid, within=stranger)
    home = Reach.own(lot.organisation_id)
    assert listed(given, home) == [report]
    with pytest.raises(NotFound):
        report_by_uid(given.session, unknown.uid, within=home)


def test_who_is_late_is_reminded_once_for_each_deadline(
    session: Session, given: Given, lot: HarvestLot, officer: Caller
) -> None:
    report = given.report(lot)
    given.now += timedelta(days=5)  # Wednesday, the last day to look
    assert remind_of_reports(session, now=given.now) == 0
    given.now += timedelta(days=1)
    assert count_late(session, within=Reach.all(), today=given.day(0)) == 1
    assert remind_of_reports(session, now=given.now) == 2
    assert remind_of_reports(session, now=given.now) == 0
    look_at(session, report=report, caller=officer, now=given.now)
    assert count_late(session, within=Reach.all(), today=given.day(0)) == 0
    given.now += timedelta(days=7)  # past the day to answer
    assert remind_of_reports(session, now=given.now) == 2
    assert (
        told(session, "report.late")
        == [
            f"/work/reports/{report.uid}",
            f"/desk/reports/{report.uid}",
        ]
        * 2
    )


def test_the_home_page_says_what_is_overdue_and_what_is_new_each_once(
    session: Session, given: Given, lot: HarvestLot, officer: Caller, clerk: Caller
) -> None:
    def due(within: Reach) -> list[tuple[str, bool, str]]:
        session.flush()
        found = reports_due(session, within=within, today=given.day(0))
        return [(one.kind, one.urgent, str(one.sentence)) for one in found]

    home = Reach.own(lot.organisation_id)
    assert due(home) == []
    old = given.report(lot)
    assert [kind for kind, _, _ in due(home)] == ["reports_new"]
    given.now += timedelta(days=6)
    given.report(lot)
    assert [(kind, urgent) for kind, urgent, _ in due(home)] == [
        ("reports_late", True),
        ("reports_new", False),
    ]
    assert all(": 1." in sentence for _, _, sentence in due(home))
    look_at(session, report=old, caller=clerk, now=given.now)
    assert [kind for kind, _, _ in due(home)] == ["reports_new"]
    assert due(Reach.own(given.cooperative().pk)) == []


def test_contact_and_photograph_go_when_their_days_are_over(
    session: Session, given: Given, lot: HarvestLot, officer: Caller
) -> None:
    report = given.report(lot, contact="0912000111", photo=given.picture())
    close_report(session, report=report, reason="Đã đổi.", caller=officer, now=given.now)
    given.now += timedelta(days=30)
    forget_what_is_personal(session, now=given.now)
    assert find_contact(session, report) is not None
    given.now += timedelta(days=1)
    assert forget_what_is_personal(session, now=given.now) == 1
    assert find_contact(session, report) is None
    assert find_photo(session, report) is not None
    given.now += timedelta(days=335)
    assert forget_what_is_personal(session, now=given.now) == 1
    assert find_photo(session, report) is None
    kinds = [fact.kind for fact in history_of(session, str(report.uid))]
    assert kinds[-2:] == ["report.contact_erased", "report.photo_erased"]


def test_an_open_report_keeps_its_contact_however_old(
    session: Session, given: Given, lot: HarvestLot
) -> None:
    report = given.report(lot, contact="0912000111")
    given.now += timedelta(days=400)
    assert forget_what_is_personal(session, now=given.now) == 0
    assert find_contact(session, report) is not None


def test_erasing_a_contact_that_is_gone_records_nothing(session: Session, given: Given) -> None:
    report = given.report(contact="0912000111")
    for _ in range(2):
        forget_contact(session, report=report, by=BY, now=given.now)
    kinds = [fact.kind for fact in history_of(session, str(report.uid))]
    assert kinds == ["report.received", "report.contact_erased"]
