"""Reports of shoppers where they are answered: who sees what of them, lists, old pages, the lot held."""

from collections.abc import Iterator

import structlog
from sqlalchemy import select
from sqlmodel import Session
from starlette.testclient import TestClient

from app.models.accounts import Role
from app.models.lots import HarvestLot, LotState
from app.models.reports import ReportState, ShopperReport
from tests.conftest import Clock
from tests.given import Given
from tests.reports.shopping import EN, VERSION, Shopper, act, only, ticket_of

CANARY = "0912000111"
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def pages_of(report: ShopperReport, lot: HarvestLot) -> Iterator[tuple[str, str]]:
    for address in (
        "/work",
        "/work/reports",
        f"/work/reports/{report.uid}",
        f"/work/lots/{lot.code}",
        "/work/notices",
        f"/api/v1/reports/{report.uid}",
        "/api/v1/reports",
        "/api/v1/notices",
    ):
        yield "home", address
    for address in (
        "/desk/reports",
        f"/desk/lots/{lot.code}",
        "/work/notices",
        f"/api/v1/reports/{report.uid}",
        "/api/v1/reports",
        "/api/v1/ledger/entries",
        f"/api/v1/lots/{lot.code}/history",
    ):
        yield "desk", address
    for address in (
        f"/r/{report.ticket}",
        f"/t/{lot.code}",
        f"/api/v1/public/lots/{lot.code}",
        f"/api/v1/public/reports/{report.ticket}",
    ):
        yield "nobody", address


def test_a_contact_is_on_the_inspector_s_page_of_the_report_and_nowhere_else(
    client: TestClient,
    session: Session,
    shopper: Shopper,
    lot: HarvestLot,
    home: dict[str, str],
    desk: dict[str, str],
) -> None:
    with structlog.testing.capture_logs() as logs:
        shopper.send(f"/t/{lot.code}/report", contact=CANARY, kind="")  # refused once, then sent
        ticket_of(shopper.send(f"/t/{lot.code}/report", contact=CANARY))
        report = only(session)
        who = {"home": home, "desk": desk, "nobody": EN}
        found = []
        for reader, address in pages_of(report, lot):
            answer = client.get(address, headers=who[reader])
            assert answer.status_code == 200, address
            found += [address] if CANARY in answer.text else []
        assert found == []
    assert CANARY not in str(logs)
    # The control: the one page that shows it.
    mine = f"/desk/reports/{report.uid}"
    assert CANARY in client.get(mine, headers=desk).text
    assert act(client, desk, mine, "forget").status_code == 303
    assert CANARY not in client.get(mine, headers=desk).text


def test_nothing_that_is_typed_becomes_a_script(
    client: TestClient,
    session: Session,
    shopper: Shopper,
    lot: HarvestLot,
    home: dict[str, str],
    desk: dict[str, str],
) -> None:
    refused = shopper.send(f"/t/{lot.code}/report", words=XSS, bought_at=XSS, contact=XSS)
    assert refused.status_code == 422
    unknown = shopper.send("/report", code=XSS, words=XSS, bought_at=XSS)
    ticket = ticket_of(shopper.send(f"/t/{lot.code}/report", words=XSS, bought_at=XSS, serial="x"))
    client.post(f"{ticket}/words", headers=EN, data={"words": f"{XSS} 2"})
    reports = list(session.execute(select(ShopperReport)).scalars())
    session.commit()
    own = next(one for one in reports if one.lot_id)
    act(client, home, f"/work/reports/{own.uid}", "answer", words=f"{XSS} 3")
    shown = [refused.text, client.get(ticket, headers=EN).text]
    shown.append(client.get(unknown.headers["location"], headers=EN).text)
    shown += [client.get(f"/desk/reports/{one.uid}", headers=desk).text for one in reports]
    shown += [client.get("/desk/reports", headers=desk).text]
    shown += [client.get(f"/work/reports/{own.uid}", headers=home).text]
    for page in shown:
        assert "alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_another_cooperative_finds_nothing(
    client: TestClient, session: Session, given: Given, lot: HarvestLot
) -> None:
    report = given.report(lot, photo=given.picture())
    stranger = {**EN, **given.headers(Role.STAFF)}
    session.commit()
    address = f"/work/reports/{report.uid}"
    assert client.get(address, headers=stranger).status_code == 404
    assert client.get(f"{address}/photo", headers=stranger).status_code == 404
    for what in ("look", "answer", "done"):
        data = {"version": "1", "words": "Câu này dài."}
        answer = client.post(f"{address}/{what}", headers=stranger, data=data)
        assert answer.status_code == 404, what
    assert str(report.uid) not in client.get("/work/reports", headers=stranger).text
    assert only(session).state is ReportState.RECEIVED


def test_the_lot_is_held_from_its_report(
    client: TestClient, session: Session, given: Given, lot: HarvestLot, desk: dict[str, str]
) -> None:
    report = given.report(lot)
    session.commit()
    page = client.get(f"/desk/reports/{report.uid}", headers=desk).text
    form = page[page.index(f"/desk/lots/{lot.code}/hold") :]
    version = VERSION.search(form)
    assert version
    data = {"version": version[1], "reason": "Người mua phản ánh."}
    held = client.post(f"/desk/lots/{lot.code}/hold", headers=desk, data=data)
    assert held.status_code == 303
    session.expire_all()
    assert session.get_one(HarvestLot, lot.pk).state is LotState.HELD
    session.commit()
    assert (
        f"/desk/lots/{lot.code}/hold"
        not in client.get(f"/desk/reports/{report.uid}", headers=desk).text
    )


def test_lists_are_filtered_and_what_is_late_stands_out(
    client: TestClient,
    session: Session,
    given: Given,
    clock: Clock,
    lot: HarvestLot,
    desk: dict[str, str],
) -> None:
    one, other = given.report(lot), given.report(given.lot())
    session.commit()
    assert act(client, desk, f"/desk/reports/{one.uid}", "look").status_code == 303
    mine = client.get("/desk/reports?mine=yes", headers=desk).text
    assert str(one.uid) in mine
    assert str(other.uid) not in mine
    received = client.get("/desk/reports?state=received", headers=desk).text
    assert str(one.uid) not in received
    assert str(other.uid) in received
    assert "Overdue" not in received
    clock.forward(days=6)
    assert "Overdue" in client.get("/desk/reports", headers=desk).text


def test_a_change_from_an_old_page_is_refused_and_keeps_what_was_typed(
    client: TestClient, session: Session, given: Given, lot: HarvestLot, home: dict[str, str]
) -> None:
    report = given.report(lot)
    session.commit()
    data = {"version": "99", "words": "Xin đổi hàng cho bạn."}
    answer = client.post(f"/work/reports/{report.uid}/answer", headers=home, data=data)
    assert answer.status_code == 422
    assert "Xin đổi hàng cho bạn." in answer.text
